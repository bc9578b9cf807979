//! State and history in one SQLite database: what happened and what it led to are written in one transaction, or
//! not at all. Each entry's state has a row of its own, and only rows that changed are written: who keeps two thousand
//! host names doesn't have all of them written for each.

mod entries;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use dyntray_core::record::{HistoryItem, UpdateResult};
use dyntray_core::state::State;
use dyntray_core::state::health_issue::HealthIssue;
use dyntray_core::types::entry_id::EntryId;
use jiff::Timestamp;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, params};

use crate::settings_file::put_aside;

/// So many lines are kept.
const KEPT: u32 = 10_000;

/// So many of the newest are read as a trial when the database is opened. SQLite itself looks through the rest: reading
/// ten thousand takes ten times as long, and each command would wait for it.
const TRIED: u32 = 100;

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

/// What [`SCHEMA`] is: it was 1 and 2 before.
const VERSION: u32 = 3;

/// What version 2 added: the reasons for what was sent.
const TO_VERSION_2: &str = "ALTER TABLE history ADD COLUMN why TEXT NOT NULL DEFAULT '[]'";

/// Why the database can't be used.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// SQLite's own words.
    #[error("{0}")]
    Database(#[from] rusqlite::Error),
    /// A value in it isn't what was written.
    #[error("{0}")]
    Value(#[from] serde_json::Error),
    /// The file system's words.
    #[error("{0}")]
    Files(#[from] io::Error),
    /// The file is damaged.
    #[error("the database is damaged")]
    Damaged,
}

/// The open database.
pub struct History {
    path: PathBuf,
    connection: Connection,
    rows: entries::Rows,
    mode: OpenMode,
    durability: Durability,
}

/// The time when a save reaches the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Before it is acted upon: a power cut doesn't take it.
    Sync,
    /// When the system writes it, within half a minute or so, or with the next that is there at once. Only a power cut
    /// takes it, not the end of the program. A disk isn't kept busy with what was merely seen.
    Deferred,
}

/// The ways in which the database may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OpenMode {
    ReadWrite,
    /// Its folder can't be written, as on a file system that was mounted read-only after an error.
    ReadOnly,
    /// Nothing of what happens is to be kept.
    DryRun,
}

/// What was read.
pub struct Loaded {
    /// The open database.
    pub history: History,
    /// The state as last saved; none in a new database.
    pub state: Option<State>,
    /// A damaged database that was put aside.
    pub health_issue: Option<HealthIssue>,
}

impl History {
    /// Opens the database in `folder`. A damaged one is kept beside under another name, reported, and a new one is
    /// begun. One that can't be written is read, and reported as well.
    ///
    /// # Errors
    /// When there is a database and it can't be read: nothing must be written over it then.
    pub fn load(folder: &Path, now: Timestamp) -> Result<Loaded, HistoryError> {
        let path = folder.join("history.db");
        match open(&path) {
            Ok((history, state)) => Ok(Loaded { history, state, health_issue: None }),
            Err(error) if is_damage(&error) => {
                let kept = put_aside(&path, now)?;
                for suffix in ["-wal", "-shm"] {
                    let beside = PathBuf::from(format!("{}{suffix}", path.display()));
                    if beside.exists() {
                        fs::rename(&beside, format!("{}{suffix}", kept.display()))?;
                    }
                }
                tracing::error!(kept = %kept.display(), %error, "the database is damaged");
                let (history, state) = open(&path)?;
                let health_issue = Some(HealthIssue::HistoryDamaged { kept: kept.display().to_string() });
                Ok(Loaded { history, state, health_issue })
            }
            Err(error) => {
                tracing::error!(%error, "the database can't be written");
                let (history, state) = open_to_read(&path)?;
                let health_issue = Some(HealthIssue::CannotRemember { why: error.to_string() });
                Ok(Loaded { history, state, health_issue })
            }
        }
    }

    /// The same for a command, which waits for no disk when it ends: what it wrote stays in the log beside the database,
    /// and is taken over by whoever opens that next.
    ///
    /// # Errors
    /// As above.
    pub fn load_for_a_moment(folder: &Path, now: Timestamp) -> Result<Loaded, HistoryError> {
        let loaded = Self::load(folder, now)?;
        let connection = &loaded.history.connection;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        Ok(loaded)
    }

    /// Opens the database in `folder` only to look at it: what is saved is forgotten.
    ///
    /// # Errors
    /// When there is a database and it can't be read.
    pub fn look(folder: &Path) -> Result<Loaded, HistoryError> {
        let (history, state) = open_to_read(&folder.join("history.db"))?;
        let history = History { mode: OpenMode::DryRun, ..history };
        Ok(Loaded { history, state, health_issue: None })
    }

    /// Writes the state and what led to it, in one transaction.
    ///
    /// # Errors
    /// When it can't be written: then nothing of it was.
    pub fn save(
        &mut self,
        state: &State,
        items: &[HistoryItem],
        durability: Durability,
    ) -> Result<(), HistoryError> {
        match self.mode {
            OpenMode::ReadWrite => {}
            // What stands there led to `state`, which goes over it as a whole.
            OpenMode::ReadOnly => *self = open(&self.path)?.0,
            OpenMode::DryRun => return Ok(()),
        }
        if self.durability != durability {
            // In WAL mode NORMAL writes in order, and waits for the disk only when the log is taken over.
            let waits = if durability == Durability::Sync { "FULL" } else { "NORMAL" };
            self.connection.pragma_update(None, "synchronous", waits)?;
            self.durability = durability;
        }
        let transaction = self.connection.transaction()?;
        transaction.execute(
            "INSERT INTO state (id, json) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET json = excluded.json",
            [serde_json::to_string(state)?],
        )?;
        let changes = self.rows.write(&transaction, &state.entries)?;
        for item in items {
            let (what, why) = (serde_json::to_string(&item.result)?, serde_json::to_string(&item.why)?);
            transaction.execute(
                "INSERT INTO history (at, entry, hostname, addresses, what, why) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![item.at.to_string(), item.entry.0, item.hostname, item.addresses, what, why],
            )?;
        }
        if !items.is_empty() {
            transaction
                .execute("DELETE FROM history WHERE id <= (SELECT max(id) FROM history) - ?1", [KEPT])?;
        }
        transaction.commit()?;
        self.rows.committed(changes);
        Ok(())
    }

    /// The newest `limit` lines, newest first.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn newest(&self, limit: u32) -> Result<Vec<HistoryItem>, HistoryError> {
        let mut query = self.connection.prepare(
            "SELECT at, entry, hostname, addresses, what, why FROM history ORDER BY id DESC LIMIT ?1",
        )?;
        let rows = query.query_map([limit], |row| {
            Ok((
                row.get::<_, String>(0)?,
                EntryId(row.get(1)?),
                row.get::<_, String>(2)?,
                row.get::<_, String>(3)?,
                row.get::<_, String>(4)?,
                row.get::<_, String>(5)?,
            ))
        })?;
        rows.map(|row| {
            let (at, entry, hostname, addresses, what, why) = row?;
            let at: Timestamp = at.parse().map_err(|_| HistoryError::Damaged)?;
            let what: UpdateResult = serde_json::from_str(&what)?;
            let why = serde_json::from_str(&why)?;
            Ok(HistoryItem { at, entry, hostname, addresses, result: what, why })
        })
        .collect()
    }
}

/// Opens the database to read it alone; where there is none, an empty one in memory.
fn open_to_read(path: &Path) -> Result<(History, Option<State>), HistoryError> {
    let connection = if path.exists() {
        // Nobody can write it, so nobody changes it. But what stands in the log beside it belongs to it.
        let log = PathBuf::from(format!("{}-wal", path.display()));
        let parameters = if log.exists() { "mode=ro" } else { "immutable=1" };
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        Connection::open_with_flags(uri(path, parameters), flags)?
    } else {
        let empty = Connection::open_in_memory()?;
        empty.execute_batch(SCHEMA)?;
        empty
    };
    read(path, connection, OpenMode::ReadOnly)
}

/// As SQLite reads it: what has a meaning in a URI is escaped.
fn uri(path: &Path, parameters: &str) -> String {
    let path = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    format!("file:{path}?{parameters}")
}

fn open(path: &Path) -> Result<(History, Option<State>), HistoryError> {
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    begin_private(path)?;
    let connection = Connection::open(path)?;
    // WAL: the command line may read while the program writes.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "cache_size", -256)?;
    // In pages: a log that is taken over late takes long to be read by the next command.
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
    read(path, connection, OpenMode::ReadWrite)
}

fn read(
    path: &Path,
    connection: Connection,
    mode: OpenMode,
) -> Result<(History, Option<State>), HistoryError> {
    let json: Option<String> =
        connection.query_row("SELECT json FROM state WHERE id = 1", [], |row| row.get(0)).optional()?;
    let mut state: Option<State> = json.map(|json| serde_json::from_str(&json)).transpose()?;
    let rows = entries::read(&connection)?;
    if let Some(state) = &mut state {
        // Until version 2 they were part of the state itself.
        state.entries.extend(rows);
    }
    let rows = entries::Rows::default();
    let history = History { path: path.to_owned(), connection, rows, mode, durability: Durability::Sync };
    history.newest(TRIED)?;
    Ok((history, state))
}

/// Makes the file, for its owner only, where there is none. SQLite gives the files beside it the same rights.
fn begin_private(path: &Path) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// Whether the file itself is at fault. A full disk or a missing right isn't damage: nothing is put aside for it.
fn is_damage(error: &HistoryError) -> bool {
    use rusqlite::Error::{InvalidColumnType, SqlInputError, SqliteFailure};
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    match error {
        HistoryError::Database(SqliteFailure(failure, _)) => {
            matches!(failure.code, DatabaseCorrupt | NotADatabase)
        }
        HistoryError::Database(error) => matches!(error, SqlInputError { .. } | InvalidColumnType(..)),
        HistoryError::Damaged | HistoryError::Value(_) => true,
        HistoryError::Files(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dyntray_core::protocol::reply::Accepted;

    fn now() -> Timestamp {
        "2026-11-23T12:00:00Z".parse().expect("a time")
    }

    fn item(addresses: &str) -> HistoryItem {
        HistoryItem {
            at: now(),
            entry: EntryId(1),
            hostname: "home.spdns.de".into(),
            addresses: addresses.into(),
            result: UpdateResult::Accepted { how: Accepted::Good },
            why: Vec::new(),
        }
    }

    #[test]
    fn the_disk_is_waited_for_only_where_a_power_cut_must_not_take_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut history = History::load(folder.path(), now()).expect("opens").history;
        // SQLite's numbers: 1 is NORMAL, 2 is FULL.
        for (seed, durability, expected) in
            [(1, Durability::Deferred, 1), (2, Durability::Sync, 2), (3, Durability::Deferred, 1)]
        {
            let state = State { seed, ..State::default() };
            history.save(&state, &[], durability).expect("saves");
            let waits: u32 =
                history.connection.query_row("PRAGMA synchronous", [], |row| row.get(0)).expect("a number");
            assert_eq!(waits, expected, "{durability:?}");
            // Another process sees it at once, whether this one ends in order or not.
            let seen = History::look(folder.path()).expect("reads").state.expect("is there");
            assert_eq!(seen, state, "{durability:?}");
        }
    }

    #[test]
    fn what_a_command_leaves_in_the_log_is_taken_over_by_the_next_one_to_come() {
        let folder = tempfile::tempdir().expect("a folder");
        let log = folder.path().join("history.db-wal");
        let state = State { seed: 7, ..State::default() };
        let mut history = History::load_for_a_moment(folder.path(), now()).expect("opens").history;
        history.save(&state, &[item("84.160.12.7")], Durability::Deferred).expect("saves");
        drop(history);
        assert!(log.metadata().is_ok_and(|log| log.len() > 0), "nobody waited for the database itself");
        let seen = History::look(folder.path()).expect("reads");
        assert_eq!(seen.state.as_ref(), Some(&state), "who only looks sees it, too");
        drop(seen);
        let loaded = History::load(folder.path(), now()).expect("opens");
        assert_eq!(loaded.state, Some(state));
        assert_eq!(loaded.history.newest(10).expect("reads"), [item("84.160.12.7")]);
        drop(loaded);
        assert!(!log.exists(), "the program that stays tidies up at its end");
    }

    #[test]
    fn state_and_history_are_read_back_newest_first() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut history = History::load(folder.path(), now()).expect("opens").history;
        let mut state = State { seed: 42, ..State::default() };
        for number in 1..=3 {
            state.entries.entry(EntryId(number)).or_default().secret_saved = Some(now());
        }
        history.save(&state, &[item("84.160.12.7")], Durability::Sync).expect("saves");
        state.entries.remove(&EntryId(1));
        state.entries.entry(EntryId(2)).or_default().secret_saved = None;
        history.save(&state, &[item("84.160.12.8")], Durability::Sync).expect("saves");
        drop(history);
        let loaded = History::load(folder.path(), now()).expect("opens");
        assert_eq!(loaded.state, Some(state));
        assert!(loaded.health_issue.is_none());
        assert_eq!(loaded.history.newest(10).expect("reads"), [item("84.160.12.8"), item("84.160.12.7")]);
    }

    #[test]
    fn a_history_from_before_reasons_were_kept_is_read_and_goes_on() {
        let folder = tempfile::tempdir().expect("a folder");
        let old = Connection::open(folder.path().join("history.db")).expect("opens");
        old.execute_batch(
            r#"CREATE TABLE state (id INTEGER PRIMARY KEY CHECK (id = 1), json TEXT NOT NULL) STRICT;
            CREATE TABLE history (id INTEGER PRIMARY KEY, at TEXT NOT NULL, entry INTEGER NOT NULL,
                hostname TEXT NOT NULL, addresses TEXT NOT NULL, what TEXT NOT NULL) STRICT;
            INSERT INTO history (at, entry, hostname, addresses, what) VALUES
                ('2026-11-23T12:00:00Z', 1, 'home.spdns.de', '84.160.12.7', '{"kind":"accepted","how":"good"}');
            INSERT INTO state VALUES (1, '{"seed":7,"drawn":1,"last_entry":1,"sources":{"interfaceIpv4":{"asked":null,"last":null,"failures":0,"next":null}},"entries":{},"pause":null}');
            PRAGMA user_version = 1;"#,
        )
        .expect("the first version's tables");
        drop(old);
        let mut loaded = History::load(folder.path(), now()).expect("opens");
        assert!(loaded.health_issue.is_none());
        assert_eq!(loaded.state.as_ref().map(|state| state.seed), Some(7));
        loaded.history.save(&State::default(), &[item("84.160.12.8")], Durability::Sync).expect("saves");
        assert_eq!(loaded.history.newest(10).expect("reads"), [item("84.160.12.8"), item("84.160.12.7")]);
    }

    #[test]
    fn a_damaged_database_is_kept_beside_and_reported() {
        let good = tempfile::tempdir().expect("a folder");
        let mut history = History::load(good.path(), now()).expect("opens").history;
        history.save(&State::default(), &[item("84.160.12.7")], Durability::Sync).expect("saves");
        drop(history);
        let mut torn = fs::read(good.path().join("history.db")).expect("reads");
        torn.truncate(torn.len() / 2);
        for damage in [b"not a database, surely not one".repeat(100), torn] {
            let folder = tempfile::tempdir().expect("a folder");
            fs::write(folder.path().join("history.db"), &damage).expect("writes");
            let mut loaded = History::load(folder.path(), now()).expect("opens");
            let Some(HealthIssue::HistoryDamaged { kept }) = loaded.health_issue else {
                panic!("damage was accepted")
            };
            assert_eq!(fs::read(kept).expect("is kept"), damage);
            assert!(loaded.state.is_none());
            loaded
                .history
                .save(&State::default(), &[item("84.160.12.7")], Durability::Sync)
                .expect("the new one works");
        }
    }

    #[test]
    fn the_oldest_lines_make_room() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut history = History::load(folder.path(), now()).expect("opens").history;
        let many = vec![item("84.160.12.7"); KEPT as usize + 50];
        history.save(&State::default(), &many, Durability::Sync).expect("saves");
        assert_eq!(history.newest(u32::MAX).expect("reads").len(), KEPT as usize);
    }

    #[cfg(unix)]
    #[test]
    fn the_database_and_the_files_beside_it_are_their_owners_only() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let mut history = History::load(folder.path(), now()).expect("opens").history;
        history.save(&State::default(), &[item("84.160.12.7")], Durability::Sync).expect("saves");
        let files: Vec<_> = fs::read_dir(folder.path()).expect("reads").map(|e| e.expect("a file")).collect();
        assert!(files.len() > 1, "the write-ahead log is there: {files:?}");
        for file in files {
            let mode = file.metadata().expect("is there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{file:?}");
        }
    }
}
