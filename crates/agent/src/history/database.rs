//! The database file: its schema, and the ways to open it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::error::HistoryError;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS state (id INTEGER PRIMARY KEY CHECK (id = 1), json TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS history (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        entry INTEGER NOT NULL,
        hostname TEXT NOT NULL,
        addresses TEXT NOT NULL,
        what TEXT NOT NULL,
        why TEXT NOT NULL DEFAULT '[]'
    ) STRICT;
    CREATE TABLE IF NOT EXISTS entry_state (entry INTEGER PRIMARY KEY, json TEXT NOT NULL) STRICT;
";

/// The version of [`SCHEMA`]. Versions 1 and 2 came before. A later one is left alone.
const VERSION: u32 = 3;

/// The step from version 1 to 2: the reasons for what was sent.
const TO_VERSION_2: &str = "ALTER TABLE history ADD COLUMN why TEXT NOT NULL DEFAULT '[]'";

/// Opens the database for reading and writing. Creates it if there is none, and brings an old one up to date. What is in
/// its log stays there until [`end_with_checkpoint`], since a row may still turn out to be newer.
pub(super) fn open(path: &Path) -> Result<Connection, HistoryError> {
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    create_private(path)?;
    let connection = Connection::open(path)?;
    // Nothing is written to a newer one, not even what is in its log.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    refuse_newer(&connection)?;
    // WAL lets the command line read while the program writes.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "cache_size", -256)?;
    // In pages. A long log takes the next command long to read.
    connection.pragma_update(None, "wal_autocheckpoint", 200)?;
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict != "ok" {
        return Err(HistoryError::Damaged);
    }
    let version: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if version == 1 {
        connection.execute_batch(TO_VERSION_2)?;
    }
    if version != VERSION {
        connection.execute_batch(SCHEMA)?;
        connection.pragma_update(None, "user_version", VERSION)?;
    }
    Ok(connection)
}

/// Lets the last connection to the database take over what is in its log.
pub(super) fn end_with_checkpoint(connection: &Connection) -> Result<(), HistoryError> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok(())
}

/// Opens the database for reading only. If there is none, opens an empty one in memory.
pub(super) fn open_read_only(path: &Path) -> Result<Connection, HistoryError> {
    if !path.exists() {
        return empty();
    }
    // The file can't be written, so it is immutable, unless it has a write-ahead log, which is part of the database.
    let log = PathBuf::from(format!("{}-wal", path.display()));
    let parameters = if log.exists() { "mode=ro" } else { "immutable=1" };
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(uri(path, parameters), flags)?;
    refuse_newer(&connection)?;
    Ok(connection)
}

/// An empty database in memory, for one that is left alone.
pub(super) fn empty() -> Result<Connection, HistoryError> {
    let empty = Connection::open_in_memory()?;
    empty.execute_batch(SCHEMA)?;
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
    options.open(path).map(drop)
}
