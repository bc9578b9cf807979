//! The log of update requests, as the portal shows it. A secret never gets in here.

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};

use crate::error::SandboxError;
use crate::service::moment;
use crate::token;

/// So many entries are kept, the newest.
const KEPT: i64 = 100_000;
/// What is kept of one text of a request.
const LONGEST: usize = 300;

/// One logged update: one host name of one request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoggedUpdate {
    /// When it came in.
    pub at: Timestamp,
    /// The host name asked for, as sent (lower case).
    pub hostname: String,
    /// `myip` as sent; none when it was left out.
    pub myip: Option<String>,
    /// The user name given, never the secret.
    pub user: Option<String>,
    /// The `User-Agent` given.
    pub user_agent: String,
    /// The first word of the answer; `400` for a bad request; for what never was an answer of the service, what
    /// happened instead: `(hang)`, `(body)`, `(hotel)`, `(offline)` or the fault's name, such as `(reset)`.
    pub code: String,
}

impl LoggedUpdate {
    /// Writes it down. Texts of a token's shape in the wrong field are blacked out.
    pub(crate) fn append(&self, db: &Connection) -> Result<(), SandboxError> {
        db.prepare(
            "INSERT INTO update_log (at_ms, hostname, myip, user, user_agent, code) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            self.at.as_millisecond(),
            presentable(&self.hostname),
            self.myip.as_deref().map(presentable),
            self.user.as_deref().map(presentable),
            presentable(&self.user_agent),
            self.code,
        ])?;
        db.prepare("DELETE FROM update_log WHERE id <= ?1")?.execute([db.last_insert_rowid() - KEPT])?;
        Ok(())
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            at: moment(row.get(0)?),
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

/// When a host name was last asked for.
pub(crate) fn last_of(db: &Connection, hostname: &str) -> Result<Option<i64>, SandboxError> {
    Ok(db.query_row("SELECT max(at_ms) FROM update_log WHERE hostname = ?1", [hostname], |row| row.get(0))?)
}

fn presentable(text: &str) -> String {
    if token::looks_like_one(text) {
        "****-****-****".to_owned()
    } else {
        text.chars().take(LONGEST).collect()
    }
}
