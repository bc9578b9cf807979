//! Locks (`abuse`, refused log-ins): who asked too often for nothing, and until when they must wait.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use crate::accounts::LONGEST;
use crate::error::SandboxError;
use crate::service::moment;

/// How often something may happen within a time before a lock follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// So many times are answered as usual; the next request finds the lock.
    pub times: u32,
    /// Counted over this sliding time.
    pub within: Duration,
}

/// A lock in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockState {
    /// `host:NAME` (too many `nochg`) or `user:NAME` (too many `badauth`) or `login:NAME` (too
    /// many wrong log-ins to the portal).
    pub subject: String,
    /// When it ends.
    pub until: Timestamp,
}

/// What a lock is about.
pub(crate) fn of_host(name: &str) -> String {
    format!("host:{name}")
}

/// See [`of_host`].
pub(crate) fn of_user(name: &str) -> String {
    format!("user:{}", name.to_lowercase())
}

/// See [`of_host`].
pub(crate) fn of_login(name: &str) -> String {
    let start: String = name.trim().chars().take(LONGEST).collect();
    format!("login:{}", start.to_lowercase())
}

/// Whether a lock is in force.
pub(crate) fn locked(db: &Connection, subject: &str, now: i64) -> Result<bool, SandboxError> {
    let until: Option<i64> = db
        .query_row("SELECT until_ms FROM locks WHERE subject = ?1", [subject], |row| row.get(0))
        .optional()?;
    Ok(until.is_some_and(|until| now < until))
}

/// Notes one offence; the one that uses the budget up sets the lock and empties the count.
pub(crate) fn strike(
    db: &Connection,
    subject: &str,
    now: i64,
    budget: Budget,
    lock_for: Duration,
) -> Result<(), SandboxError> {
    db.execute(
        "DELETE FROM strikes WHERE subject = ?1 AND at_ms <= ?2",
        params![subject, now - ms(budget.within)],
    )?;
    db.execute("INSERT INTO strikes VALUES (?1, ?2)", params![subject, now])?;
    let strikes: u32 =
        db.query_row("SELECT count(*) FROM strikes WHERE subject = ?1", [subject], |row| row.get(0))?;
    if strikes >= budget.times {
        db.execute("DELETE FROM strikes WHERE subject = ?1", [subject])?;
        db.execute("INSERT OR REPLACE INTO locks VALUES (?1, ?2)", params![subject, now + ms(lock_for)])?;
    }
    Ok(())
}

/// All locks in force.
pub(crate) fn in_force(db: &Connection, now: i64) -> Result<Vec<LockState>, SandboxError> {
    let mut query = db.prepare("SELECT subject, until_ms FROM locks WHERE until_ms > ?1 ORDER BY subject")?;
    let rows =
        query.query_map([now], |row| Ok(LockState { subject: row.get(0)?, until: moment(row.get(1)?) }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Forgets all locks and offences.
pub(crate) fn clear(db: &Connection) -> Result<(), SandboxError> {
    db.execute_batch("DELETE FROM locks; DELETE FROM strikes;")?;
    Ok(())
}

fn ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX / 4)
}
