//! Accounts of the portal.

use rusqlite::{Connection, OptionalExtension as _};

use crate::clock::now_ms;
use crate::error::SandboxError;
use crate::hashing::{self, Cost};
use crate::hosts::{self, TokenState};
use crate::limits::MAX_CREDENTIAL;
use crate::locks;
use crate::options::Options;
use crate::service::Service;

/// An account of the portal.
#[derive(Clone)]
pub(crate) struct Account {
    pub(crate) id: i64,
    pub(crate) name: String,
    /// True once the account is linked to a reseller account: updates then need the host's token.
    pub(crate) linked: bool,
}

/// The result of a log-in to the portal.
pub(crate) enum LoginResult {
    Success(Account),
    WrongCredentials,
    /// The account name is locked after too many failed attempts.
    Locked,
}

/// The reason why an account could not be created.
pub(crate) enum RegistrationError {
    /// The name is empty or too long.
    BadName,
    /// The password is shorter than eight characters or too long.
    BadPassword,
    /// The name is taken.
    Taken,
}

/// Creates an account.
pub(crate) fn register(
    service: &Service,
    name: &str,
    password: &str,
) -> Result<Result<(), RegistrationError>, SandboxError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > MAX_CREDENTIAL || name.chars().any(char::is_control) {
        return Ok(Err(RegistrationError::BadName));
    }
    if !(8..=MAX_CREDENTIAL).contains(&password.chars().count()) {
        return Ok(Err(RegistrationError::BadPassword));
    }
    let hash = hashing::hash(Cost::Password, password)?;
    service.store.with(|db| {
        let rows = db
            .execute("INSERT OR IGNORE INTO accounts (name, password_hash) VALUES (?1, ?2)", [name, &hash])?;
        Ok(if rows == 0 { Err(RegistrationError::Taken) } else { Ok(()) })
    })
}

/// Logs in to the portal, unless there were too many failed attempts.
pub(crate) fn log_in(service: &Service, name: &str, password: &str) -> Result<LoginResult, SandboxError> {
    let subject = locks::of_login(name);
    if service.store.with(|db| locks::locked(db, &subject, now_ms()))? {
        return Ok(LoginResult::Locked);
    }
    if let Some(account) = authenticate(service, name, password)? {
        return Ok(LoginResult::Success(account));
    }
    let Options { login_threshold, lock_duration, .. } = service.options;
    service.store.with(|db| locks::strike(db, &subject, now_ms(), login_threshold, lock_duration))?;
    Ok(LoginResult::WrongCredentials)
}

/// Links an account to a reseller account. Returns false while a host lacks a token that has been used once.
pub(crate) fn link(db: &Connection, account: i64) -> Result<bool, SandboxError> {
    let ready = hosts::all(db, Some(account))?.iter().all(|host| host.token == TokenState::Used);
    if ready {
        db.execute("UPDATE accounts SET linked = 1 WHERE id = ?1", [account])?;
    }
    Ok(ready)
}

/// Finds the account with this name and password.
pub(crate) fn authenticate(
    service: &Service,
    name: &str,
    password: &str,
) -> Result<Option<Account>, SandboxError> {
    let found = service.store.with(|db| with_hash(db, name))?;
    let Some((account, hash)) = found else {
        hashing::hash(Cost::Password, password)?; // an unknown name must take as long as a wrong password
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

/// The account that owns hosts created by the library; its hash matches no password.
pub(crate) fn for_seeding(db: &Connection) -> Result<i64, SandboxError> {
    db.execute("INSERT OR IGNORE INTO accounts (name, password_hash) VALUES ('demo', '')", [])?;
    Ok(db.query_row("SELECT id FROM accounts WHERE name = 'demo'", [], |row| row.get(0))?)
}
