//! The database `sandbox.db`: one SQLite file in WAL mode. Everything here blocks: call it off the async threads.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::error::SandboxError;

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS accounts (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, password_hash TEXT NOT NULL,
    linked INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS sessions (
    id_hash TEXT PRIMARY KEY, account INTEGER REFERENCES accounts ON DELETE CASCADE,
    csrf TEXT NOT NULL, expires_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS hosts (
    id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
    name TEXT NOT NULL, records TEXT NOT NULL, active INTEGER NOT NULL DEFAULT 1,
    ipv4 TEXT, ipv6 TEXT, updated_ms INTEGER,
    ipv4_on INTEGER NOT NULL DEFAULT 1, ipv6_on INTEGER NOT NULL DEFAULT 1, UNIQUE (name, records)
) STRICT;
CREATE TABLE IF NOT EXISTS tokens (
    host INTEGER PRIMARY KEY REFERENCES hosts ON DELETE CASCADE,
    hash TEXT NOT NULL, made_ms INTEGER NOT NULL, used_ms INTEGER
) STRICT;
CREATE TABLE IF NOT EXISTS update_log (
    id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, hostname TEXT NOT NULL, myip TEXT, user TEXT,
    user_agent TEXT NOT NULL, code TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS update_log_by_host ON update_log (hostname, id);
CREATE TABLE IF NOT EXISTS strikes (subject TEXT NOT NULL, at_ms INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS strikes_by_subject ON strikes (subject, at_ms);
CREATE TABLE IF NOT EXISTS locks (subject TEXT PRIMARY KEY, until_ms INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS line (
    id INTEGER PRIMARY KEY CHECK (id = 1), ipv4 TEXT, ipv6 TEXT, router_ipv4 TEXT, mode TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS counts (what TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT;
";

/// Columns that older databases lack.
const ADDED_COLUMNS: [(&str, &str); 3] = [("hosts", "ipv4_on"), ("hosts", "ipv6_on"), ("accounts", "linked")];

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
    /// Opens or creates `sandbox.db` in a directory, which is created if missing. The file grows to `max_size` bytes
    /// at most.
    pub(crate) fn open(dir: &Path, max_size: Option<u64>) -> Result<Self, SandboxError> {
        std::fs::create_dir_all(dir)
            .map_err(|source| SandboxError::Directory { dir: dir.to_owned(), source })?;
        let connection = Connection::open(dir.join("sandbox.db"))?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.execute_batch(SCHEMA)?;
        for (table, column) in ADDED_COLUMNS {
            if !connection.column_exists(None, table, column)? {
                let initially = i64::from(table == "hosts"); // switched on; not linked
                connection.execute_batch(&format!(
                    "ALTER TABLE {table} ADD COLUMN {column} INTEGER NOT NULL DEFAULT {initially}"
                ))?;
            }
        }
        connection.execute_batch(SERIAL)?;
        if let Some(bytes) = max_size {
            let page: u32 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
            let pages = i64::try_from((bytes / u64::from(page.max(1))).max(1)).unwrap_or(i64::MAX);
            // SQLite returns the limit in force, which is never below the present size.
            connection.pragma_update_and_check(None, "max_page_count", pages, |row| row.get::<_, i64>(0))?;
        }
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
