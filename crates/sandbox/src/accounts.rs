//! Accounts of the portal.

use rusqlite::{Connection, OptionalExtension as _};

use crate::error::SandboxError;
use crate::hashing::{self, Cost};
use crate::service::Service;

/// The longest name or password taken; longer ones only cost hashing time.
pub(crate) const LONGEST: usize = 200;

/// Somebody with an account.
#[derive(Clone)]
pub(crate) struct Account {
    pub(crate) id: i64,
    pub(crate) name: String,
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
        .query_row("SELECT id, name, password_hash FROM accounts WHERE name = ?1", [name.trim()], |row| {
            Ok((Account { id: row.get(0)?, name: row.get(1)? }, row.get(2)?))
        })
        .optional()?;
    Ok(found)
}

/// The account that owns hosts made by the library; its hash matches no password.
pub(crate) fn for_seeding(db: &Connection) -> Result<i64, SandboxError> {
    db.execute("INSERT OR IGNORE INTO accounts (name, password_hash) VALUES ('demo', '')", [])?;
    Ok(db.query_row("SELECT id FROM accounts WHERE name = 'demo'", [], |row| row.get(0))?)
}
