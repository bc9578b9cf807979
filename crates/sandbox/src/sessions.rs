//! Sessions of the portal: an unguessable cookie, stored only as a hash, and its CSRF token.
//!
//! Visitors who aren't logged in have a session too, since the log-in form itself carries a CSRF token.

use rusqlite::{Connection, OptionalExtension as _, params};
use sha2::{Digest as _, Sha256};

use crate::accounts::Account;
use crate::clock::now_ms;
use crate::error::SandboxError;
use crate::random;

/// The number of sessions of visitors who aren't logged in: the newest.
const MAX_VISITORS: i64 = 1_000;
/// The number of sessions of an account: the newest.
const MAX_OF_ACCOUNT: i64 = 20;
const LIFETIME_MS: i64 = 12 * 60 * 60 * 1000;

/// The session of one browser.
#[derive(Clone)]
pub(crate) struct Session {
    /// The token that every form must send back.
    pub(crate) csrf: String,
    /// The account that is logged in.
    pub(crate) account: Option<Account>,
}

/// Opens a session and returns it with its cookie's value. Also deletes expired sessions, and the oldest beyond a number.
pub(crate) fn open(db: &Connection, account: Option<Account>) -> Result<(String, Session), SandboxError> {
    let now = now_ms();
    db.execute("DELETE FROM sessions WHERE expires_ms < ?1", [now])?;
    let id = account.as_ref().map(|account| account.id);
    let cookie = random::hex()?;
    let csrf = random::hex()?;
    db.execute(
        "INSERT INTO sessions (id_hash, account, csrf, expires_ms) VALUES (?1, ?2, ?3, ?4)",
        params![digest(&cookie), id, csrf, now + LIFETIME_MS],
    )?;
    let max = if id.is_some() { MAX_OF_ACCOUNT } else { MAX_VISITORS };
    db.execute(
        "DELETE FROM sessions WHERE account IS ?1 AND rowid <=
         (SELECT rowid FROM sessions WHERE account IS ?1 ORDER BY rowid DESC LIMIT 1 OFFSET ?2)",
        params![id, max],
    )?;
    Ok((cookie, Session { csrf, account }))
}

/// Finds the session of a cookie.
pub(crate) fn find(db: &Connection, cookie: &str) -> Result<Option<Session>, SandboxError> {
    let found = db
        .query_row(
            "SELECT csrf, accounts.id, accounts.name, linked, viewer_of FROM sessions LEFT JOIN accounts ON accounts.id = account
             WHERE id_hash = ?1 AND expires_ms >= ?2",
            params![digest(cookie), now_ms()],
            |row| {
                let account = match (row.get(1)?, row.get(2)?, row.get(3)?) {
                    (Some(id), Some(name), Some(linked)) => Some(Account { id, name, linked, viewer_of: row.get(4)? }),
                    _ => None,
                };
                Ok(Session { csrf: row.get(0)?, account })
            },
        )
        .optional()?;
    Ok(found)
}

/// Ends the session of a cookie.
pub(crate) fn close(db: &Connection, cookie: &str) -> Result<(), SandboxError> {
    db.execute("DELETE FROM sessions WHERE id_hash = ?1", [digest(cookie)])?;
    Ok(())
}

fn digest(cookie: &str) -> String {
    random::to_hex(&Sha256::digest(cookie.as_bytes()))
}
