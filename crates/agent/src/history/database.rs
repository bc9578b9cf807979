//! The database file: its schema, and the ways to open it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use dyntray_control::owner;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::error::HistoryError;
use crate::disk::open_own;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS state (id INTEGER PRIMARY KEY CHECK (id = 1), json TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS history (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        entry INTEGER NOT NULL,
        hostname TEXT NOT NULL,
        addresses TEXT NOT NULL,
        what TEXT NOT NULL,
        why TEXT NOT NULL DEFAULT '[]',
        first TEXT,
        times INTEGER NOT NULL DEFAULT 1
    ) STRICT;
    CREATE INDEX IF NOT EXISTS history_of_entry ON history (entry);
    CREATE TABLE IF NOT EXISTS entry_state (entry INTEGER PRIMARY KEY, json TEXT NOT NULL) STRICT;
";

/// The version of [`SCHEMA`]. Versions 1 to 3 came before. A later one is left alone.
const VERSION: u32 = 4;

/// The step from version 1 to 2: the reasons for what was sent.
const TO_VERSION_2: &str = "ALTER TABLE history ADD COLUMN why TEXT NOT NULL DEFAULT '[]'";

/// The step from version 2 or 3 to 4: trouble that was repeated, with nothing but trouble of its entry between, becomes
/// one line, the last of them.
const TO_VERSION_4: &str = r#"
    ALTER TABLE history ADD COLUMN first TEXT;
    ALTER TABLE history ADD COLUMN times INTEGER NOT NULL DEFAULT 1;
    CREATE TEMP TABLE folded AS
        WITH spans AS (
            SELECT id, entry, hostname, addresses, what, what LIKE '{"kind":"troubled"%' AS failed,
                sum(what NOT LIKE '{"kind":"troubled"%') OVER (PARTITION BY entry ORDER BY id) AS span
            FROM history
        ), alike AS (
            SELECT id, min(id) OVER same AS first, max(id) OVER same AS last, count(*) OVER same AS times
            FROM spans WHERE failed
            WINDOW same AS (PARTITION BY entry, hostname, addresses, what, span)
        )
        SELECT * FROM alike WHERE times > 1;
    UPDATE history
        SET times = folded.times, first = (SELECT at FROM history AS earliest WHERE earliest.id = folded.first)
        FROM folded WHERE history.id = folded.id AND folded.id = folded.last;
    DELETE FROM history WHERE id IN (SELECT id FROM folded WHERE id < last);
    DROP TABLE folded;
"#;

/// Opens the database for reading and writing. Creates it if there is none, and brings an old one up to date. What is in
/// its log stays there until [`end_with_checkpoint`], since a row may still turn out to be newer. While another process
/// writes, it is waited for as long as `patience`.
pub(super) fn open(path: &Path, patience: Duration) -> Result<Connection, HistoryError> {
    path.parent().map_or(Ok(()), owner::create_folder)?;
    create_private(path)?;
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(patience)?;
    // Nothing is written to a newer one, not even what is in its log.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    refuse_newer(&connection)?;
    // WAL lets the command line read while the program writes.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // macOS' fsync leaves what was written to the disk's own memory; SQLite asks for more only then (pragma.html, 3.50).
    connection.pragma_update(None, "fullfsync", cfg!(target_os = "macos"))?;
    connection.pragma_update(None, "cache_size", -256)?;
    // In pages. A long log takes the next command long to read.
    connection.pragma_update(None, "wal_autocheckpoint", 250)?;
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict != "ok" {
        return Err(HistoryError::Damaged);
    }
    bring_up_to_date(&mut connection)?;
    Ok(connection)
}

/// Makes the tables, or takes those of an older version to this one: all steps or none.
fn bring_up_to_date(connection: &mut Connection) -> Result<(), HistoryError> {
    let version: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if version == VERSION {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if version == 1 {
        transaction.execute_batch(TO_VERSION_2)?;
    }
    if (1..4).contains(&version) {
        transaction.execute_batch(TO_VERSION_4)?;
    }
    transaction.execute_batch(SCHEMA)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()?;
    Ok(())
}

/// Lets the last connection to the database take over what is in its log.
pub(super) fn end_with_checkpoint(connection: &Connection) -> Result<(), HistoryError> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok(())
}

/// Opens the database for reading only. If there is none, opens an empty one in memory.
pub(super) fn open_read_only(path: &Path) -> Result<Connection, HistoryError> {
    match open_own(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return empty(),
        opened => drop(opened?),
    }
    // The file can't be written, so it is immutable, unless it has a write-ahead log, which is part of the database.
    let log = PathBuf::from(format!("{}-wal", path.display()));
    let connection = read_only(path, if log.exists() { "mode=ro" } else { "immutable=1" })?;
    refuse_newer(&connection)?;
    Ok(connection)
}

/// Opens a database for reading that this process has open for writing.
pub(super) fn open_beside(path: &Path) -> Result<Connection, HistoryError> {
    read_only(path, "mode=ro")
}

fn read_only(path: &Path, parameters: &str) -> Result<Connection, HistoryError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    Ok(Connection::open_with_flags(uri(path, parameters), flags)?)
}

/// An empty database in memory, for one that is left alone.
pub(super) fn empty() -> Result<Connection, HistoryError> {
    let mut empty = Connection::open_in_memory()?;
    bring_up_to_date(&mut empty)?;
    Ok(empty)
}

/// Fails for a database of a newer version.
fn refuse_newer(connection: &Connection) -> Result<(), HistoryError> {
    let version: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if version > VERSION {
        return Err(HistoryError::Newer { version });
    }
    Ok(())
}

/// The URI that SQLite opens, with every character escaped that has a meaning in one.
fn uri(path: &Path, parameters: &str) -> String {
    let path = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    format!("file:{path}?{parameters}")
}

/// Creates the file, readable by its owner only, if there is none. SQLite gives its companion files the same mode.
fn create_private(path: &Path) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    owner::open_own(path, &mut options).map(drop)
}
