//! The log of update requests, which the portal shows. It never contains a secret.
//!
//! An entry belongs to the host and to the account that owned it at that time, and goes with either. Requests of strangers
//! are counted apart, so that no number of them pushes the owner's out.

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};

use crate::clock::timestamp;
use crate::error::SandboxError;
use crate::hosts::HostState;
use crate::token;

/// The number of a host's entries that are kept, of requests with the right login: the newest.
const MAX_OWN: i64 = 10_000;
/// The same, of all other requests for the host.
const MAX_OTHERS: i64 = 1_000;
/// The number of entries for no host at all that are kept: the newest.
const MAX_NOBODYS: i64 = 10_000;
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

/// The host that an entry is about.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) host: &'a HostState,
    /// True if the request had the right login for it.
    pub(crate) own: bool,
}

impl LoggedUpdate {
    /// Appends the entry to the log. Whatever has a token's shape is masked, except for the name of the host itself.
    pub(crate) fn append(&self, db: &Connection, subject: Option<Subject<'_>>) -> Result<(), SandboxError> {
        let (host, own) = (subject.map(|subject| subject.host), subject.is_some_and(|subject| subject.own));
        let id = host.map(|host| host.id);
        let kept = |text: &str| {
            if host.is_some_and(|host| host.name == text) { text.to_owned() } else { masked(text) }
        };
        db.prepare(
            "INSERT INTO update_log (at_ms, host, account, own, hostname, myip, user, user_agent, code)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            self.at.as_millisecond(),
            id,
            host.map(|host| host.account),
            own,
            kept(&self.hostname),
            self.myip.as_deref().map(masked),
            self.user.as_deref().map(kept),
            masked(&self.user_agent),
            masked(&self.code),
        ])?;
        let max = match (id, own) {
            (None, _) => MAX_NOBODYS,
            (Some(_), false) => MAX_OTHERS,
            (Some(_), true) => MAX_OWN,
        };
        db.prepare(
            "DELETE FROM update_log WHERE host IS ?1 AND own = ?2 AND id <=
             (SELECT id FROM update_log WHERE host IS ?1 AND own = ?2 ORDER BY id DESC LIMIT 1 OFFSET ?3)",
        )?
        .execute(params![id, own, max])?;
        Ok(())
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            at: timestamp(row.get("at_ms")?),
            hostname: row.get("hostname")?,
            myip: row.get("myip")?,
            user: row.get("user")?,
            user_agent: row.get("user_agent")?,
            code: row.get("code")?,
        })
    }
}

/// The newest `limit` entries, oldest first.
pub(crate) fn newest(db: &Connection, limit: u32) -> Result<Vec<LoggedUpdate>, SandboxError> {
    let mut query = db.prepare("SELECT * FROM update_log ORDER BY id DESC LIMIT ?1")?;
    let mut entries: Vec<_> = query.query_map([limit], LoggedUpdate::from_row)?.collect::<Result<_, _>>()?;
    entries.reverse();
    Ok(entries)
}

/// A host's newest entries of its present owner's time, newest first: `own` with the right login, `others` without. An A
/// and an AAAA host of one name share them.
pub(crate) fn of_host(
    db: &Connection,
    host: &HostState,
    own: u32,
    others: u32,
) -> Result<Vec<LoggedUpdate>, SandboxError> {
    let mut query = db.prepare(
        "WITH mine AS (SELECT update_log.* FROM update_log JOIN hosts ON hosts.id = host
                       WHERE hosts.name = ?1 AND hosts.account = ?2 AND update_log.account = ?2)
         SELECT * FROM (SELECT * FROM mine WHERE own ORDER BY id DESC LIMIT ?3)
         UNION ALL SELECT * FROM (SELECT * FROM mine WHERE NOT own ORDER BY id DESC LIMIT ?4)
         ORDER BY id DESC",
    )?;
    let rows = query.query_map(params![host.name, host.account, own, others], LoggedUpdate::from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A text of a request for logs: of bounded length, and without anything of a token's shape.
pub(crate) fn masked(text: &str) -> String {
    token::masked(text).chars().take(MAX_TEXT).collect()
}
