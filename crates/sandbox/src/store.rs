//! The database `sandbox.db`: one SQLite file in WAL mode. Everything here blocks: call it off the async threads.

use std::fs::OpenOptions;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::error::SandboxError;

/// The version of the schema. Nothing in a sandbox is worth a migration: a file of another version is refused.
const VERSION: i64 = 1;

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS accounts (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, password_hash TEXT NOT NULL,
    linked INTEGER NOT NULL DEFAULT 0, viewer_of INTEGER REFERENCES accounts ON DELETE CASCADE
) STRICT;
CREATE TABLE IF NOT EXISTS sessions (
    id_hash TEXT PRIMARY KEY, account INTEGER REFERENCES accounts ON DELETE CASCADE,
    csrf TEXT NOT NULL, expires_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS sessions_by_account ON sessions (account);
CREATE INDEX IF NOT EXISTS sessions_by_end ON sessions (expires_ms);
CREATE TABLE IF NOT EXISTS hosts (
    id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    name TEXT NOT NULL, records TEXT NOT NULL, active INTEGER NOT NULL DEFAULT 1,
    ipv4 TEXT, ipv6 TEXT, updated_ms INTEGER,
    ipv4_on INTEGER NOT NULL DEFAULT 1, ipv6_on INTEGER NOT NULL DEFAULT 1, UNIQUE (name, records)
) STRICT;
CREATE TABLE IF NOT EXISTS tokens (
    host INTEGER NOT NULL REFERENCES hosts ON DELETE CASCADE, kind TEXT NOT NULL,
    hash TEXT NOT NULL, made_ms INTEGER NOT NULL, used_ms INTEGER, PRIMARY KEY (host, kind)
) STRICT;
CREATE TABLE IF NOT EXISTS update_log (
    id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, host INTEGER REFERENCES hosts ON DELETE CASCADE,
    account INTEGER REFERENCES accounts ON DELETE CASCADE, own INTEGER NOT NULL,
    hostname TEXT NOT NULL, myip TEXT, user TEXT, user_agent TEXT NOT NULL, code TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS update_log_by_host ON update_log (host, own, id);
CREATE TABLE IF NOT EXISTS strikes (subject TEXT NOT NULL, expires_ms INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS strikes_by_subject ON strikes (subject);
CREATE INDEX IF NOT EXISTS strikes_by_end ON strikes (expires_ms);
CREATE TABLE IF NOT EXISTS locks (subject TEXT PRIMARY KEY, until_ms INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS line (
    id INTEGER PRIMARY KEY CHECK (id = 1), ipv4 TEXT, ipv6 TEXT, router_ipv4 TEXT, mode TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS counts (what TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT;
";

/// The zones' serial, which grows with each change that a DNS response could show.
const SERIAL: &str = "
INSERT OR IGNORE INTO counts VALUES ('serial', 1);
CREATE TRIGGER IF NOT EXISTS serial_update AFTER UPDATE OF ipv4, ipv6, active, ipv4_on, ipv6_on ON hosts
    BEGIN UPDATE counts SET n = n + 1 WHERE what = 'serial'; END;
CREATE TRIGGER IF NOT EXISTS serial_insert AFTER INSERT ON hosts
    BEGIN UPDATE counts SET n = n + 1 WHERE what = 'serial'; END;
CREATE TRIGGER IF NOT EXISTS serial_delete AFTER DELETE ON hosts
    BEGIN UPDATE counts SET n = n + 1 WHERE what = 'serial'; END;
";

/// The open database.
pub(crate) struct Store {
    connection: Mutex<Connection>,
}

impl Store {
    /// Opens or creates `sandbox.db` in a directory, which is created if missing.
    pub(crate) fn open(dir: &Path) -> Result<Self, SandboxError> {
        std::fs::create_dir_all(dir)
            .map_err(|source| SandboxError::Directory { dir: dir.to_owned(), source })?;
        let file = dir.join("sandbox.db");
        keep_private(dir)?;
        let connection = Connection::open(file)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let is_new = !connection.table_exists(None, "accounts")?;
        if !is_new && version != VERSION {
            return Err(SandboxError::OtherVersion(dir.join("sandbox.db")));
        }
        connection.pragma_update(None, "user_version", VERSION)?;
        connection.execute_batch(SCHEMA)?;
        connection.execute_batch(SERIAL)?;
        Ok(Self { connection: Mutex::new(connection) })
    }

    /// Does some work in one transaction, which is rolled back if the work fails.
    pub(crate) fn with<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, SandboxError>,
    ) -> Result<T, SandboxError> {
        // A panic rolls its transaction back, so a poisoned lock guards no half-done work.
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let outcome = work(&transaction)?;
        transaction.commit()?;
        Ok(outcome)
    }
}

/// Creates the database's file for its owner only, and takes others' permissions away from older ones. SQLite gives its
/// further files the same permissions.
fn keep_private(dir: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(dir.join("sandbox.db"))?;
    #[cfg(unix)]
    for name in ["sandbox.db", "sandbox.db-wal", "sandbox.db-shm"] {
        let private = <std::fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o600);
        match std::fs::set_permissions(dir.join(name), private) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// A counter over the life of a database.
#[derive(Clone, Copy)]
pub(crate) enum Counter {
    /// Address look-ups received.
    Lookups,
    /// Update requests received.
    Updates,
}

impl Counter {
    fn key(self) -> &'static str {
        match self {
            Self::Lookups => "lookups",
            Self::Updates => "updates",
        }
    }
}

/// Adds one to a counter.
pub(crate) fn increment(db: &Connection, counter: Counter) -> Result<(), SandboxError> {
    db.prepare("INSERT INTO counts VALUES (?1, 1) ON CONFLICT (what) DO UPDATE SET n = n + 1")?
        .execute([counter.key()])?;
    Ok(())
}

/// Reads a counter.
pub(crate) fn read_counter(db: &Connection, counter: Counter) -> Result<u64, SandboxError> {
    let n: i64 =
        db.query_row("SELECT coalesce((SELECT n FROM counts WHERE what = ?1), 0)", [counter.key()], |row| {
            row.get(0)
        })?;
    Ok(u64::try_from(n).unwrap_or(0))
}
