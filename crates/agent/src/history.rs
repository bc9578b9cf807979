//! State and history in one SQLite database. What happened and the state it led to are written in one transaction, or
//! not at all. Each entry's state has a row of its own, and only rows that changed are written. So with two thousand
//! host names, an update of one doesn't write them all.

mod database;
mod entries;
mod error;
mod row;

use std::fs;
use std::path::{Path, PathBuf};

use dyntray_core::record::{HistoryItem, UpdateResult};
use dyntray_core::state::State;
use dyntray_core::state::health_issue::HealthIssue;
use dyntray_core::types::entry_id::EntryId;
use jiff::Timestamp;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OptionalExtension as _, params};

pub use self::error::HistoryError;
use crate::disk::move_aside;

/// The number of history items that are kept.
const MAX_ITEMS: u32 = 10_000;

/// The number of newest items that are read to probe the database when it is opened. SQLite's own check covers the rest:
/// reading ten thousand takes ten times as long, and every command would wait for it.
const PROBED_ITEMS: u32 = 100;

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
    /// Before `save` returns: it survives a power cut.
    Sync,
    /// When the system writes it, usually within half a minute, or with the next [`Durability::Sync`] save. It survives
    /// the end of the program, but not a power cut. For what was only observed, the disk needn't be kept busy.
    Deferred,
}

/// The ways in which the database may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OpenMode {
    ReadWrite,
    /// The folder can't be written, for example on a file system that was remounted read-only after an error.
    ReadOnly,
    /// Nothing is kept.
    DryRun,
    /// It is of a newer version of the program. Neither read nor written.
    Newer {
        /// That version.
        version: u32,
    },
}

/// The result of opening the database.
pub struct Loaded {
    /// The open database.
    pub history: History,
    /// The state as last saved; none in a new database.
    pub state: Option<State>,
    /// The problem to report: a damaged database that was moved aside, or one that can't be written.
    pub health_issue: Option<HealthIssue>,
}

impl History {
    /// Opens the database in `folder`. A damaged one is moved aside and reported, and a new one is created. One that
    /// can't be written is opened for reading, and reported as well. One of a newer version of the program is neither
    /// read nor written, and reported.
    ///
    /// # Errors
    /// When there is a database and it can't be read: then nothing may be written over it.
    pub fn load(folder: &Path, now: Timestamp) -> Result<Loaded, HistoryError> {
        let path = folder.join("history.db");
        match open(&path) {
            Ok((history, state)) => Ok(Loaded { history, state, health_issue: None }),
            Err(error) if error.is_damage() => {
                let kept = move_aside(&path, now)?;
                for suffix in ["-wal", "-shm"] {
                    let companion = PathBuf::from(format!("{}{suffix}", path.display()));
                    if companion.exists() {
                        fs::rename(&companion, format!("{}{suffix}", kept.display()))?;
                    }
                }
                tracing::error!(kept = %kept.display(), %error, "the database is damaged");
                let (history, state) = open(&path)?;
                let health_issue = Some(HealthIssue::HistoryDamaged { kept: kept.display().to_string() });
                Ok(Loaded { history, state, health_issue })
            }
            Err(HistoryError::Newer { version }) => leave_alone(&path, version),
            Err(error) => {
                tracing::error!(%error, "the database can't be written");
                let (history, state) = match open_read_only(&path) {
                    Err(HistoryError::Newer { version }) => return leave_alone(&path, version),
                    opened => opened?,
                };
                let health_issue = Some(HealthIssue::CannotRemember { why: error.to_string() });
                Ok(Loaded { history, state, health_issue })
            }
        }
    }

    /// Opens the database as [`History::load`] does, for a command that mustn't wait for the disk when it ends. What it
    /// writes stays in the write-ahead log; the next program that opens the database takes it over.
    ///
    /// # Errors
    /// The same as those of [`History::load`].
    pub fn load_for_command(folder: &Path, now: Timestamp) -> Result<Loaded, HistoryError> {
        let loaded = Self::load(folder, now)?;
        let connection = &loaded.history.connection;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        Ok(loaded)
    }

    /// Opens the database in `folder` for a dry run: whatever is saved is discarded.
    ///
    /// # Errors
    /// When there is a database and it can't be read.
    pub fn load_for_dry_run(folder: &Path) -> Result<Loaded, HistoryError> {
        let path = folder.join("history.db");
        let (history, state) = match open_read_only(&path) {
            Err(HistoryError::Newer { version }) => return leave_alone(&path, version),
            opened => opened?,
        };
        let history = History { mode: OpenMode::DryRun, ..history };
        Ok(Loaded { history, state, health_issue: None })
    }

    /// True if what is saved is kept, now or as soon as that is possible again.
    pub(crate) fn is_kept(&self) -> bool {
        matches!(self.mode, OpenMode::ReadWrite | OpenMode::ReadOnly)
    }

    /// The problem to report after a save has failed with `error`.
    pub fn health_issue(&self, error: &HistoryError) -> HealthIssue {
        match error {
            HistoryError::Newer { .. } => HealthIssue::HistoryNewer { kept: self.path.display().to_string() },
            error => HealthIssue::CannotRemember { why: error.to_string() },
        }
    }

    /// Writes the state and the items that led to it, in one transaction.
    ///
    /// # Errors
    /// When it can't be written: then none of it was.
    pub fn save(
        &mut self,
        state: &State,
        items: &[HistoryItem],
        durability: Durability,
    ) -> Result<(), HistoryError> {
        match self.mode {
            OpenMode::ReadWrite => {}
            // `state` follows from what the database holds, and replaces it as a whole.
            OpenMode::ReadOnly => *self = open(&self.path)?.0,
            OpenMode::DryRun => return Ok(()),
            // Even if it is a known one by now: `state` doesn't follow from what that holds.
            OpenMode::Newer { version } => return Err(HistoryError::Newer { version }),
        }
        if self.durability != durability {
            // In WAL mode NORMAL keeps the order of writes, and waits for the disk only at a checkpoint.
            let level = if durability == Durability::Sync { "FULL" } else { "NORMAL" };
            self.connection.pragma_update(None, "synchronous", level)?;
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
                .execute("DELETE FROM history WHERE id <= (SELECT max(id) FROM history) - ?1", [MAX_ITEMS])?;
        }
        transaction.commit()?;
        self.rows.committed(changes);
        Ok(())
    }

    /// The newest `limit` items, newest first.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn newest(&self, limit: u32) -> Result<Vec<HistoryItem>, HistoryError> {
        if let OpenMode::Newer { version } = self.mode {
            return Err(HistoryError::Newer { version });
        }
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
            let result: UpdateResult = serde_json::from_str(&what)?;
            let why = serde_json::from_str(&why)?;
            Ok(HistoryItem { at, entry, hostname, addresses, result, why })
        })
        .collect()
    }
}

/// The stand-in for a database of a newer version, which keeps nothing.
fn leave_alone(path: &Path, version: u32) -> Result<Loaded, HistoryError> {
    let error = HistoryError::Newer { version };
    tracing::error!(path = %path.display(), %error, "the database is left alone");
    let history = History {
        path: path.to_owned(),
        connection: database::empty()?,
        rows: entries::Rows::default(),
        mode: OpenMode::Newer { version },
        durability: Durability::Sync,
    };
    let health_issue = Some(history.health_issue(&error));
    Ok(Loaded { history, state: None, health_issue })
}

fn open(path: &Path) -> Result<(History, Option<State>), HistoryError> {
    read(path, database::open(path)?, OpenMode::ReadWrite)
}

fn open_read_only(path: &Path) -> Result<(History, Option<State>), HistoryError> {
    read(path, database::open_read_only(path)?, OpenMode::ReadOnly)
}

fn read(
    path: &Path,
    connection: Connection,
    mode: OpenMode,
) -> Result<(History, Option<State>), HistoryError> {
    let json: Option<String> =
        connection.query_row("SELECT json FROM state WHERE id = 1", [], |row| row.get(0)).optional()?;
    let mut state: Option<State> = json.map(|json| row::read(&json)).transpose()?;
    let rows = entries::read(&connection)?;
    if let Some(state) = &mut state {
        // Up to version 2 they were part of the state itself.
        state.entries.extend(rows);
    }
    let rows = entries::Rows::default();
    let history = History { path: path.to_owned(), connection, rows, mode, durability: Durability::Sync };
    history.newest(PROBED_ITEMS)?;
    database::end_with_checkpoint(&history.connection)?;
    Ok((history, state))
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
            let level: u32 =
                history.connection.query_row("PRAGMA synchronous", [], |row| row.get(0)).expect("a number");
            assert_eq!(level, expected, "{durability:?}");
            // Another process sees it at once, even if this one is killed.
            let seen = History::load_for_dry_run(folder.path()).expect("reads").state.expect("is there");
            assert_eq!(seen, state, "{durability:?}");
        }
    }

    #[test]
    fn what_a_command_leaves_in_the_log_is_taken_over_by_the_next_one_to_come() {
        let folder = tempfile::tempdir().expect("a folder");
        let log = folder.path().join("history.db-wal");
        let state = State { seed: 7, ..State::default() };
        let mut history = History::load_for_command(folder.path(), now()).expect("opens").history;
        history.save(&state, &[item("84.160.12.7")], Durability::Deferred).expect("saves");
        drop(history);
        assert!(log.metadata().is_ok_and(|log| log.len() > 0), "the database itself was not written");
        let seen = History::load_for_dry_run(folder.path()).expect("reads");
        assert_eq!(seen.state.as_ref(), Some(&state), "a dry run sees it too");
        drop(seen);
        let loaded = History::load(folder.path(), now()).expect("opens");
        assert_eq!(loaded.state, Some(state));
        assert_eq!(loaded.history.newest(10).expect("reads"), [item("84.160.12.7")]);
        drop(loaded);
        assert!(!log.exists(), "the daemon cleans up when it ends");
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

    /// Everything in a folder, as bytes.
    fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
        let read = |entry: std::io::Result<fs::DirEntry>| {
            let path = entry.expect("a file").path();
            (path.clone(), fs::read(path).expect("reads"))
        };
        let mut files: Vec<_> = fs::read_dir(folder).expect("reads").map(read).collect();
        // An empty log, and the index of a log, say nothing.
        files.retain(|(path, bytes)| !bytes.is_empty() && !path.to_string_lossy().ends_with("-shm"));
        files.sort();
        files
    }

    #[test]
    fn a_history_of_a_newer_version_or_with_a_newer_row_is_left_as_it_is_and_named() {
        let changes: [&str; 4] = [
            "PRAGMA user_version = 4",
            "PRAGMA user_version = 4; DROP TABLE state; DROP TABLE entry_state",
            r#"UPDATE state SET json = '{"version":2,' || substr(json, 2)"#,
            r#"UPDATE entry_state SET json = '{"halt":"later","version":9}'"#,
        ];
        for (change, in_log) in changes.into_iter().flat_map(|change| [(change, false), (change, true)]) {
            let folder = tempfile::tempdir().expect("a folder");
            let mut history = History::load(folder.path(), now()).expect("opens").history;
            let mut state = State { seed: 42, ..State::default() };
            state.entries.entry(EntryId(1)).or_default().secret_saved = Some(now());
            history.save(&state, &[item("84.160.12.7")], Durability::Sync).expect("saves");
            drop(history);
            let newer = Connection::open(folder.path().join("history.db")).expect("opens");
            newer.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, in_log).expect("sets");
            newer.execute_batch(change).expect("a newer version's");
            drop(newer);
            let before = contents(folder.path());
            assert_eq!(before.len(), if in_log { 2 } else { 1 });
            for load in [History::load, History::load_for_command, |folder: &Path, _| {
                History::load_for_dry_run(folder)
            }] {
                let Loaded { mut history, state, health_issue } = load(folder.path(), now()).expect("starts");
                let kept = folder.path().join("history.db").display().to_string();
                assert_eq!(health_issue, Some(HealthIssue::HistoryNewer { kept }), "{change}");
                assert_eq!(state, None);
                let error = history.save(&State::default(), &[], Durability::Sync).expect_err("is refused");
                assert_eq!(Some(history.health_issue(&error)), health_issue);
                assert!(history.newest(1).is_err());
                drop(history);
                assert!(contents(folder.path()) == before, "{change} was changed");
            }
        }
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
        let many = vec![item("84.160.12.7"); MAX_ITEMS as usize + 50];
        history.save(&State::default(), &many, Durability::Sync).expect("saves");
        assert_eq!(history.newest(u32::MAX).expect("reads").len(), MAX_ITEMS as usize);
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
