//! Locks (`abuse`, refused log-ins) on hosts, users and log-ins after too many strikes.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use crate::clock::timestamp;
use crate::error::SandboxError;
use crate::limits::MAX_CREDENTIAL;

/// The number of strikes within a time window that leads to a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockThreshold {
    /// The number of strikes. The last of them is still answered as usual; the next request finds the lock.
    pub count: u32,
    /// The sliding window over which strikes are counted.
    pub window: Duration,
}

/// A lock in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockState {
    /// The locked subject: `host:NAME` (too many `nochg`), `user:NAME` (too many `badauth`) or `login:NAME` (too many
    /// failed log-ins to the portal).
    pub subject: String,
    /// The time when the lock ends.
    pub until: Timestamp,
}

/// The lock subject for a host.
pub(crate) fn of_host(name: &str) -> String {
    format!("host:{name}")
}

/// The lock subject for a user of the update endpoint.
pub(crate) fn of_user(name: &str) -> String {
    format!("user:{}", name.to_lowercase())
}

/// The lock subject for log-ins to the portal with an account name.
pub(crate) fn of_login(name: &str) -> String {
    let start: String = name.trim().chars().take(MAX_CREDENTIAL).collect();
    format!("login:{}", start.to_lowercase())
}

/// Returns true while a subject is locked.
pub(crate) fn locked(db: &Connection, subject: &str, now: i64) -> Result<bool, SandboxError> {
    let until: Option<i64> = db
        .query_row("SELECT until_ms FROM locks WHERE subject = ?1", [subject], |row| row.get(0))
        .optional()?;
    Ok(until.is_some_and(|until| now < until))
}

/// Records a strike. The strike that reaches the threshold sets the lock and resets the count.
pub(crate) fn strike(
    db: &Connection,
    subject: &str,
    now: i64,
    threshold: LockThreshold,
    lock_duration: Duration,
) -> Result<(), SandboxError> {
    db.execute(
        "DELETE FROM strikes WHERE subject = ?1 AND at_ms <= ?2",
        params![subject, now - ms(threshold.window)],
    )?;
    db.execute("INSERT INTO strikes VALUES (?1, ?2)", params![subject, now])?;
    let strikes: u32 =
        db.query_row("SELECT count(*) FROM strikes WHERE subject = ?1", [subject], |row| row.get(0))?;
    if strikes >= threshold.count {
        db.execute("DELETE FROM strikes WHERE subject = ?1", [subject])?;
        db.execute(
            "INSERT OR REPLACE INTO locks VALUES (?1, ?2)",
            params![subject, now + ms(lock_duration)],
        )?;
    }
    Ok(())
}

/// All locks in force.
pub(crate) fn in_force(db: &Connection, now: i64) -> Result<Vec<LockState>, SandboxError> {
    let mut query = db.prepare("SELECT subject, until_ms FROM locks WHERE until_ms > ?1 ORDER BY subject")?;
    let rows = query
        .query_map([now], |row| Ok(LockState { subject: row.get(0)?, until: timestamp(row.get(1)?) }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Clears all locks and strikes.
pub(crate) fn clear(db: &Connection) -> Result<(), SandboxError> {
    db.execute_batch("DELETE FROM locks; DELETE FROM strikes;")?;
    Ok(())
}

fn ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX / 4)
}
