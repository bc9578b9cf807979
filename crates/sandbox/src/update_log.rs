//! The log of update requests, which the portal shows. It never contains a secret.

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};

use crate::clock::timestamp;
use crate::error::SandboxError;
use crate::token;

/// The number of entries that are kept: the newest.
const MAX_ENTRIES: i64 = 100_000;
/// The longest text of a request that is kept whole, in characters.
const MAX_TEXT: usize = 300;

/// A log entry: one host name of one update request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoggedUpdate {
    /// The time of the request.
    pub at: Timestamp,
    /// The requested host name, as sent (lower case).
    pub hostname: String,
    /// `myip` as sent; none if it was left out.
    pub myip: Option<String>,
    /// The user name as sent, never the secret.
    pub user: Option<String>,
    /// The `User-Agent` as sent.
    pub user_agent: String,
    /// The first word of the answer; `400` for a bad request; `(hang)`, `(body)`, `(hotel)`, `(offline)` or the fault's
    /// name, such as `(reset)`, if a fault took the place of an answer.
    pub code: String,
}

impl LoggedUpdate {
    /// Appends the entry to the log. A text of a token's shape, sent in the wrong field, is redacted.
    pub(crate) fn append(&self, db: &Connection) -> Result<(), SandboxError> {
        db.prepare(
            "INSERT INTO update_log (at_ms, hostname, myip, user, user_agent, code) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            self.at.as_millisecond(),
            redacted(&self.hostname),
            self.myip.as_deref().map(redacted),
            self.user.as_deref().map(redacted),
            redacted(&self.user_agent),
            self.code,
        ])?;
        db.prepare("DELETE FROM update_log WHERE id <= ?1")?
            .execute([db.last_insert_rowid() - MAX_ENTRIES])?;
        Ok(())
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            at: timestamp(row.get(0)?),
            hostname: row.get(1)?,
            myip: row.get(2)?,
            user: row.get(3)?,
            user_agent: row.get(4)?,
            code: row.get(5)?,
        })
    }
}

/// The newest `limit` entries, oldest first.
pub(crate) fn newest(db: &Connection, limit: u32) -> Result<Vec<LoggedUpdate>, SandboxError> {
    let mut query = db.prepare(
        "SELECT at_ms, hostname, myip, user, user_agent, code FROM update_log ORDER BY id DESC LIMIT ?1",
    )?;
    let mut entries: Vec<_> = query.query_map([limit], LoggedUpdate::from_row)?.collect::<Result<_, _>>()?;
    entries.reverse();
    Ok(entries)
}

/// The newest `limit` entries of one host name, newest first.
pub(crate) fn of_host(
    db: &Connection,
    hostname: &str,
    limit: u32,
) -> Result<Vec<LoggedUpdate>, SandboxError> {
    let mut query = db.prepare(
        "SELECT at_ms, hostname, myip, user, user_agent, code FROM update_log WHERE hostname = ?1
         ORDER BY id DESC LIMIT ?2",
    )?;
    let rows = query.query_map(params![hostname, limit], LoggedUpdate::from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The time of the last request for a host name, in milliseconds since 1970.
pub(crate) fn last_of(db: &Connection, hostname: &str) -> Result<Option<i64>, SandboxError> {
    Ok(db.query_row("SELECT max(at_ms) FROM update_log WHERE hostname = ?1", [hostname], |row| row.get(0))?)
}

fn redacted(text: &str) -> String {
    if token::is_token_shaped(text) {
        "****-****-****".to_owned()
    } else {
        text.chars().take(MAX_TEXT).collect()
    }
}
