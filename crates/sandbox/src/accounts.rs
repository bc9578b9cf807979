//! Accounts of the portal.

use rusqlite::{Connection, OptionalExtension as _};

use crate::error::SandboxError;
use crate::hashing::{self, Cost};
use crate::hosts::{self, TokenState};
use crate::locks;
use crate::options::Options;
use crate::service::{Service, now_ms};

/// The longest name or password taken; longer ones only cost hashing time.
pub(crate) const LONGEST: usize = 200;

/// Somebody with an account.
#[derive(Clone)]
pub(crate) struct Account {
    pub(crate) id: i64,
    pub(crate) name: String,
    /// Linked to a reseller account: updates need the host's token.
    pub(crate) linked: bool,
}

/// What became of a log-in to the portal.
pub(crate) enum LogIn {
    Welcome(Account),
    Wrong,
    /// There were too many wrong ones.
    TooMany,
}

/// Why an account was not made.
pub(crate) enum NotRegistered {
    /// The name is empty or too long.
    BadName,
    /// The password is shorter than eight characters or too long.
    BadPassword,
    /// The name is taken.
    Taken,
}

/// Makes an account.
pub(crate) fn register(
    service: &Service,
    name: &str,
    password: &str,
) -> Result<Result<(), NotRegistered>, SandboxError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST || name.chars().any(char::is_control) {
        return Ok(Err(NotRegistered::BadName));
    }
    if !(8..=LONGEST).contains(&password.chars().count()) {
        return Ok(Err(NotRegistered::BadPassword));
    }
    let hash = hashing::hash(Cost::Password, password)?;
    service.store.with(|db| {
        let rows = db
            .execute("INSERT OR IGNORE INTO accounts (name, password_hash) VALUES (?1, ?2)", [name, &hash])?;
        Ok(if rows == 0 { Err(NotRegistered::Taken) } else { Ok(()) })
    })
}

/// Logs in to the portal, unless there were too many wrong attempts.
pub(crate) fn log_in(service: &Service, name: &str, password: &str) -> Result<LogIn, SandboxError> {
    let subject = locks::of_login(name);
    if service.store.with(|db| locks::locked(db, &subject, now_ms()))? {
        return Ok(LogIn::TooMany);
    }
    if let Some(account) = authenticate(service, name, password)? {
        return Ok(LogIn::Welcome(account));
    }
    let Options { login_budget, lock_for, .. } = service.options;
    service.store.with(|db| locks::strike(db, &subject, now_ms(), login_budget, lock_for))?;
    Ok(LogIn::Wrong)
}

/// Links an account to a reseller account; false while a host lacks a token that has been used once.
pub(crate) fn link(db: &Connection, account: i64) -> Result<bool, SandboxError> {
    let ready = hosts::all(db, Some(account))?.iter().all(|host| host.token == TokenState::Used);
    if ready {
        db.execute("UPDATE accounts SET linked = 1 WHERE id = ?1", [account])?;
    }
    Ok(ready)
}

/// The account with this name and password, if there is one.
pub(crate) fn authenticate(
    service: &Service,
    name: &str,
    password: &str,
) -> Result<Option<Account>, SandboxError> {
    let found = service.store.with(|db| with_hash(db, name))?;
    let Some((account, hash)) = found else {
        hashing::hash(Cost::Password, password)?; // an unknown name takes as long as a wrong password
        return Ok(None);
    };
    Ok(hashing::matches(password, &hash).then_some(account))
}

fn with_hash(db: &Connection, name: &str) -> Result<Option<(Account, String)>, SandboxError> {
    let found = db
        .query_row(
            "SELECT id, name, linked, password_hash FROM accounts WHERE name = ?1",
            [name.trim()],
            |row| Ok((Account { id: row.get(0)?, name: row.get(1)?, linked: row.get(2)? }, row.get(3)?)),
        )
        .optional()?;
    Ok(found)
}

/// The account that owns hosts made by the library; its hash matches no password.
pub(crate) fn for_seeding(db: &Connection) -> Result<i64, SandboxError> {
    db.execute("INSERT OR IGNORE INTO accounts (name, password_hash) VALUES ('demo', '')", [])?;
    Ok(db.query_row("SELECT id FROM accounts WHERE name = 'demo'", [], |row| row.get(0))?)
}
