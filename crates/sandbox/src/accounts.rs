//! Accounts of the portal.

use std::net::IpAddr;

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::clock::now_ms;
use crate::error::SandboxError;
use crate::hashing::{self, Cost};
use crate::hosts::{self, TokenState};
use crate::limits::MAX_CREDENTIAL;
use crate::locks::{self, Guess, Guessing};
use crate::login_name::key_of;
use crate::options::Options;
use crate::service::Service;

/// An account of the portal.
#[derive(Clone)]
pub(crate) struct Account {
    pub(crate) id: i64,
    pub(crate) name: String,
    /// True once the account is linked to a reseller account: updates then need the host's token, and logging in goes by
    /// [`Door::Reseller`].
    pub(crate) linked: bool,
    /// The account whose hosts this one may look at, in the role Viewer. It has none of its own.
    pub(crate) viewer_of: Option<i64>,
}

impl Account {
    /// The account whose hosts this one sees.
    pub(crate) fn hosts_of(&self) -> i64 {
        self.viewer_of.unwrap_or(self.id)
    }
}

/// The button on the log-in page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    /// The usual one.
    Own,
    /// "Login with Reseller Account".
    Reseller,
}

/// The result of a log-in to the portal.
pub(crate) enum LoginResult {
    Success(Account),
    WrongCredentials,
    /// The credentials are right, but for the other button.
    OtherDoor,
    /// There were too many failed attempts.
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
    /// There were too many new accounts from this network.
    Locked,
}

/// Creates an account for somebody at a network.
pub(crate) fn register(
    service: &Service,
    network: IpAddr,
    name: &str,
    password: &str,
) -> Result<Result<(), RegistrationError>, SandboxError> {
    create(service, network, None, name, password)
}

fn create(
    service: &Service,
    network: IpAddr,
    viewer_of: Option<i64>,
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
    let subject = locks::of_registrations(network);
    let Options { registration_threshold, lock_duration, .. } = service.options;
    let stopped = service.store.with(|db| {
        let stopped = locks::locked(db, &subject, now_ms())?;
        if !stopped {
            locks::strike(db, &subject, now_ms(), registration_threshold, lock_duration)?;
        }
        Ok(stopped)
    })?;
    if stopped {
        return Ok(Err(RegistrationError::Locked));
    }
    let hash = hashing::hash(Cost::Password, password)?;
    service.store.with(|db| {
        let rows = db.execute(
            "INSERT OR IGNORE INTO accounts (key, name, password_hash, viewer_of, linked) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![key_of(name), name, hash, viewer_of, viewer_of.is_some()],
        )?;
        Ok(if rows == 0 { Err(RegistrationError::Taken) } else { Ok(()) })
    })
}

/// Logs in to the portal from a network, unless there were too many failed attempts.
pub(crate) fn log_in(
    service: &Service,
    network: IpAddr,
    door: Door,
    name: &str,
    password: &str,
) -> Result<LoginResult, SandboxError> {
    let guess = Guess::new(Guessing::Logins, name, network);
    if service.store.with(|db| guess.is_stopped(db, now_ms()))? {
        return Ok(LoginResult::Locked);
    }
    if let Some(account) = authenticate(service, name, password)? {
        service.store.with(|db| guess.was_right(db))?;
        let right_door = if account.linked { Door::Reseller } else { Door::Own };
        return Ok(if door == right_door { LoginResult::Success(account) } else { LoginResult::OtherDoor });
    }
    let threshold = service.options.login_threshold;
    let locked = service.store.with(|db| guess.was_wrong(db, now_ms(), threshold, &service.options))?;
    Ok(if locked { LoginResult::Locked } else { LoginResult::WrongCredentials })
}

/// Returns true if every host of an account has a token that has been used once.
pub(crate) fn may_be_linked(db: &Connection, account: i64) -> Result<bool, SandboxError> {
    Ok(hosts::all(db, Some(account))?.iter().all(|host| host.token == TokenState::Used))
}

/// Links an account to a reseller account, if it may be.
pub(crate) fn link(db: &Connection, account: i64) -> Result<(), SandboxError> {
    if may_be_linked(db, account)? {
        db.execute("UPDATE accounts SET linked = 1 WHERE id = ?1", [account])?;
    }
    Ok(())
}

/// Creates an account in the role Viewer for the hosts of another one.
pub(crate) fn add_viewer(
    service: &Service,
    network: IpAddr,
    owner: i64,
    name: &str,
    password: &str,
) -> Result<Result<(), RegistrationError>, SandboxError> {
    create(service, network, Some(owner), name, password)
}

/// The names of those who may look at an account's hosts.
pub(crate) fn viewers(db: &Connection, owner: i64) -> Result<Vec<String>, SandboxError> {
    let mut query = db.prepare("SELECT name FROM accounts WHERE viewer_of = ?1 ORDER BY key")?;
    Ok(query.query_map([owner], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// Deletes one of them.
pub(crate) fn remove_viewer(db: &Connection, owner: i64, name: &str) -> Result<(), SandboxError> {
    db.execute("DELETE FROM accounts WHERE viewer_of = ?1 AND key = ?2", params![owner, key_of(name)])?;
    Ok(())
}

/// Finds the account with this name and password.
pub(crate) fn authenticate(
    service: &Service,
    name: &str,
    password: &str,
) -> Result<Option<Account>, SandboxError> {
    let (account, hash) = service.store.with(|db| with_hash(db, name))?.unzip();
    let matches = hashing::matches(Cost::Password, password, hash.as_deref())?;
    Ok(account.filter(|_| matches))
}

fn with_hash(db: &Connection, name: &str) -> Result<Option<(Account, String)>, SandboxError> {
    let found = db
        .query_row(
            "SELECT id, name, linked, viewer_of, password_hash FROM accounts WHERE key = ?1",
            [key_of(name)],
            |row| {
                let account = Account {
                    id: row.get(0)?,
                    name: row.get(1)?,
                    linked: row.get(2)?,
                    viewer_of: row.get(3)?,
                };
                Ok((account, row.get(4)?))
            },
        )
        .optional()?;
    Ok(found)
}

/// The account that owns hosts created by the library; its hash matches no password.
pub(crate) fn for_seeding(db: &Connection) -> Result<i64, SandboxError> {
    db.execute("INSERT OR IGNORE INTO accounts (key, name, password_hash) VALUES ('demo', 'demo', '')", [])?;
    Ok(db.query_row("SELECT id FROM accounts WHERE key = 'demo'", [], |row| row.get(0))?)
}
