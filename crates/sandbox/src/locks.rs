//! Locks after too many strikes: on hosts (`nochg`), and on guesses at secrets.
//!
//! Guesses are counted twice: for the name *and* the client's network, and for the network alone. So a stranger's guesses
//! lock nobody else. The first lock stops wrong secrets only; the right one is let through. The second one stops
//! everything that would have to be checked, since checking is dear.

use std::net::IpAddr;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use crate::clock::timestamp;
use crate::error::SandboxError;
use crate::login_name::key_of;
use crate::options::{LockThreshold, Options};
use crate::token;

/// The longest name that is counted whole, in characters: the longest host name, and longer than any account's.
const MAX_NAME: usize = 253;
/// The number of strikes that are kept: the newest. Expired ones are removed before.
const MAX_STRIKES: i64 = 20_000;

/// A lock in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockState {
    /// The locked subject: `host:NAME` (too many `nochg`), `user:NAME from NETWORK` (too many `badauth`), `login:NAME from
    /// NETWORK` (too many failed log-ins to the portal), or a network with too many of a kind for any names:
    /// `updates from NETWORK`, `logins from NETWORK`, `moves from NETWORK`, `registrations from NETWORK`. `move:NUMBER from
    /// NETWORK` is too many wrong move tokens for one host.
    pub subject: String,
    /// The time when the lock ends.
    pub until: Timestamp,
}

/// The lock subject for a host.
pub(crate) fn of_host(name: &str) -> String {
    format!("host:{name}")
}

/// A place where secrets can be guessed.
#[derive(Clone, Copy)]
pub(crate) enum Guessing {
    /// The update endpoint.
    Updates,
    /// The portal's log-in.
    Logins,
    /// The portal's form for move tokens.
    Moves,
}

/// The lock subjects of a guess.
pub(crate) struct Guess {
    /// The name and the network.
    name: String,
    /// The network, whatever the name.
    network: String,
}

impl Guess {
    /// A guess from a network at the secret of a name.
    pub(crate) fn new(guessing: Guessing, name: &str, network: IpAddr) -> Self {
        // A longer name is nobody's, and a token may have been entered as the name.
        let name = token::masked(&key_of(name)).chars().take(MAX_NAME).collect::<String>();
        let (of_name, of_network) = match guessing {
            Guessing::Updates => ("user", "updates"),
            Guessing::Logins => ("login", "logins"),
            Guessing::Moves => ("move", "moves"),
        };
        Self {
            name: format!("{of_name}:{name} from {network}"),
            network: format!("{of_network} from {network}"),
        }
    }

    /// Returns true if no guess of this network is looked at any more.
    pub(crate) fn is_stopped(&self, db: &Connection, now: i64) -> Result<bool, SandboxError> {
        locked(db, &self.network, now)
    }

    /// Records a wrong guess. Returns true if wrong guesses at this name were locked before.
    pub(crate) fn was_wrong(
        &self,
        db: &Connection,
        now: i64,
        threshold: LockThreshold,
        options: &Options,
    ) -> Result<bool, SandboxError> {
        let locked = locked(db, &self.name, now)?;
        if !locked {
            strike(db, &self.name, now, threshold, options.lock_duration)?;
        }
        strike(db, &self.network, now, options.network_threshold, options.lock_duration)?;
        Ok(locked)
    }

    /// Forgets the wrong guesses at this name before the right one.
    pub(crate) fn was_right(&self, db: &Connection) -> Result<(), SandboxError> {
        for sql in ["DELETE FROM strikes WHERE subject = ?1", "DELETE FROM locks WHERE subject = ?1"] {
            db.execute(sql, [&self.name])?;
        }
        Ok(())
    }
}

/// The lock subject for new accounts from a network.
pub(crate) fn of_registrations(network: IpAddr) -> String {
    format!("registrations from {network}")
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
    db.execute("DELETE FROM strikes WHERE expires_ms <= ?1", [now])?;
    db.execute("INSERT INTO strikes VALUES (?1, ?2)", params![subject, now + ms(threshold.window)])?;
    db.execute("DELETE FROM strikes WHERE rowid <= ?1", [db.last_insert_rowid() - MAX_STRIKES])?;
    let strikes: u32 =
        db.query_row("SELECT count(*) FROM strikes WHERE subject = ?1", [subject], |row| row.get(0))?;
    if strikes >= threshold.count {
        db.execute("DELETE FROM locks WHERE until_ms <= ?1", [now])?;
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
