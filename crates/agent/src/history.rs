//! State and history in one SQLite database. What happened and the state it led to are written in one transaction, or
//! not at all. Each entry's state has a row of its own, and only rows that changed are written. So with two thousand
//! host names, an update of one doesn't write them all.

mod database;
mod entries;
mod error;
mod lines;
mod open_mode;
mod reader;
mod row;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use dyntray_core::record::HistoryItem;
use dyntray_core::state::State;
use dyntray_core::state::health_issue::HealthIssue;
use jiff::Timestamp;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OptionalExtension as _};

pub use self::error::HistoryError;
use self::lines::Lines;
use self::open_mode::OpenMode;
pub use self::reader::HistoryReader;
use crate::disk::move_aside;

/// The number of newest items that are read to probe the database when it is opened. SQLite's own check covers the rest:
/// reading ten thousand takes ten times as long, and every command would wait for it.
const PROBED_ITEMS: u32 = 100;

/// The time for which another process that writes is waited for when the database is opened, and by commands.
const PATIENCE: Duration = Duration::from_secs(5);

/// The open database.
pub struct History {
    path: PathBuf,
    connection: Connection,
    rows: entries::Rows,
    /// Counted before the first line is added.
    lines: Option<Lines>,
    mode: OpenMode,
    durability: Durability,
    patience: Duration,
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
        match open(&path, PATIENCE) {
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
                let (history, state) = open(&path, PATIENCE)?;
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
            OpenMode::ReadOnly => *self = open(&self.path, self.patience)?.0,
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
        let lines = if items.is_empty() {
            None
        } else {
            let mut lines = match self.lines.take() {
                Some(lines) => lines,
                None => Lines::count(&transaction)?,
            };
            for item in items {
                lines.add(&transaction, item)?;
            }
            lines.make_room(&transaction, |id| state.entries.contains_key(&id))?;
            Some(lines)
        };
        transaction.commit()?;
        self.rows.committed(changes);
        self.lines = lines.or(self.lines.take());
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
        lines::newest(&self.connection, limit)
    }

    /// A reader for another thread.
    pub(crate) fn reader(&self) -> HistoryReader {
        HistoryReader { path: self.path.clone(), mode: self.mode }
    }

    /// Limits the time that a save waits while another process writes.
    ///
    /// # Errors
    /// When SQLite doesn't take it.
    pub(crate) fn set_patience(&mut self, patience: Duration) -> Result<(), HistoryError> {
        self.connection.busy_timeout(patience)?;
        self.patience = patience;
        Ok(())
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
        lines: None,
        mode: OpenMode::Newer { version },
        durability: Durability::Sync,
        patience: PATIENCE,
    };
    let health_issue = Some(history.health_issue(&error));
    Ok(Loaded { history, state: None, health_issue })
}

fn open(path: &Path, patience: Duration) -> Result<(History, Option<State>), HistoryError> {
    let (history, state) = read(path, database::open(path, patience)?, OpenMode::ReadWrite)?;
    Ok((History { patience, ..history }, state))
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
    let durability = Durability::Sync;
    let path = path.to_owned();
    let history = History { path, connection, rows, lines: None, mode, durability, patience: PATIENCE };
    history.newest(PROBED_ITEMS)?;
    database::end_with_checkpoint(&history.connection)?;
    Ok((history, state))
}

#[cfg(test)]
mod tests {
    use super::lines::{MAX_LINES, MIN_OF_ENTRY};
    use super::*;
    use dyntray_core::protocol::reply::Accepted;
    use dyntray_core::protocol::retryable::RetryableError;
    use dyntray_core::record::UpdateResult;
    use dyntray_core::types::cow_arc::CowArc;
    use dyntray_core::types::entry_id::EntryId;
    use rusqlite::params;

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
            repeated: None,
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
            "PRAGMA user_version = 5",
            "PRAGMA user_version = 5; DROP TABLE state; DROP TABLE entry_state",
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
        let many = vec![item("84.160.12.7"); MAX_LINES as usize + 50];
        history.save(&State::default(), &many, Durability::Sync).expect("saves");
        assert_eq!(history.newest(u32::MAX).expect("reads").len(), MAX_LINES as usize);
    }

    /// A line of an entry, so many minutes after noon.
    fn line(entry: u32, minutes: i64, result: UpdateResult) -> HistoryItem {
        let at = now() + jiff::SignedDuration::from_mins(minutes);
        HistoryItem { at, entry: EntryId(entry), result, ..item("84.160.12.7") }
    }

    fn accepted() -> UpdateResult {
        UpdateResult::Accepted { how: Accepted::Good }
    }

    fn failed(error: RetryableError) -> UpdateResult {
        UpdateResult::Failed { error }
    }

    /// Each line's time in minutes after noon, and where it was repeated that of its first, with the number.
    fn times(items: &[HistoryItem], entry: u32) -> Vec<(i64, Option<(i64, u32)>)> {
        let minutes = |at: Timestamp| at.duration_since(now()).as_mins();
        let of_entry = items.iter().filter(|item| item.entry == EntryId(entry));
        of_entry
            .map(|item| (minutes(item.at), item.repeated.map(|again| (minutes(again.first), again.times))))
            .collect()
    }

    #[test]
    fn trouble_that_repeats_itself_is_one_line_with_its_first_and_last_time_and_its_number() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut history = History::load(folder.path(), now()).expect("opens").history;
        let unreachable = || failed(RetryableError::Unreachable);
        let lines = [
            line(1, 0, accepted()),
            line(1, 1, unreachable()),
            line(2, 2, unreachable()),
            line(1, 3, failed(RetryableError::Unconfirmed)),
            line(1, 4, unreachable()),
            HistoryItem { addresses: "84.160.12.8".into(), ..line(1, 5, unreachable()) },
            line(1, 6, unreachable()),
            line(1, 7, accepted()),
            line(1, 8, unreachable()),
        ];
        let mut state = State::default();
        for line in &lines {
            state.seed += 1;
            history.save(&state, std::slice::from_ref(line), Durability::Sync).expect("saves");
        }
        let expected = [(8, None), (7, None), (6, Some((1, 3))), (5, None), (3, None), (0, None)];
        let items = history.newest(u32::MAX).expect("reads");
        assert_eq!((times(&items, 1), times(&items, 2)), (expected.to_vec(), vec![(2, None)]));
        drop(history);
        let history = History::load(folder.path(), now()).expect("opens").history;
        assert_eq!(history.newest(u32::MAX).expect("reads"), items);
        assert_eq!(history.reader().newest(u32::MAX).expect("reads"), items);
    }

    #[test]
    fn a_days_outage_of_a_hundred_host_names_empties_nobodys_months() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut history = History::load(folder.path(), now()).expect("opens").history;
        let mut state = State::default();
        for entry in 1..=100 {
            state.entries.insert(EntryId(entry), CowArc::default());
        }
        // Three months of a change a day.
        let months: Vec<_> =
            (0..90).flat_map(|day| (1..=100).map(move |entry| line(entry, day * 1440, accepted()))).collect();
        history.save(&state, &months, Durability::Sync).expect("saves");
        // Every ten minutes a request of each fails, in one of two ways.
        let day: Vec<_> = (0..144)
            .flat_map(|round| {
                let error =
                    if round % 2 == 0 { RetryableError::Unreachable } else { RetryableError::Unconfirmed };
                (1..=100)
                    .map(move |entry| line(entry, 90 * 1440 + i64::from(round) * 10, failed(error.clone())))
            })
            .collect();
        history.save(&state, &day, Durability::Sync).expect("saves");
        let items = history.newest(u32::MAX).expect("reads");
        for entry in 1..=100 {
            let lines = times(&items, entry);
            assert_eq!(lines.len(), 92, "entry {entry}");
            assert_eq!(lines[0], (90 * 1440 + 1430, Some((90 * 1440 + 10, 72))));
        }
    }

    #[test]
    fn an_entry_whose_lines_are_many_makes_room_with_its_own() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut history = History::load(folder.path(), now()).expect("opens").history;
        let mut state = State::default();
        for entry in 1..=3 {
            state.entries.insert(EntryId(entry), CowArc::default());
        }
        let of = |entry, count| vec![line(entry, 0, accepted()); count];
        history
            .save(&state, &[of(1, 100), of(9, 100), of(2, 9_800)].concat(), Durability::Sync)
            .expect("saves");
        history.save(&state, &of(3, 150), Durability::Sync).expect("saves");
        let count = |entry| {
            let items = history.newest(u32::MAX).expect("reads");
            items.iter().filter(|item| item.entry == EntryId(entry)).count()
        };
        assert_eq!([1, 2, 3].map(count), [100, 9_750, 150]);
        assert_eq!(count(9), 0, "an entry that is gone goes first");
    }

    #[test]
    fn with_thousands_of_host_names_each_keeps_its_newest_lines() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut history = History::load(folder.path(), now()).expect("opens").history;
        let mut state = State::default();
        for entry in 1..=500 {
            state.entries.insert(EntryId(entry), CowArc::default());
        }
        for round in 0..40 {
            let round: Vec<_> = (1..=500).map(|entry| line(entry, round, accepted())).collect();
            history.save(&state, &round, Durability::Sync).expect("saves");
        }
        let items = history.newest(u32::MAX).expect("reads");
        for entry in 1..=500 {
            let lines = times(&items, entry);
            assert_eq!((lines.len(), lines[0].0), (MIN_OF_ENTRY as usize, 39));
        }
    }

    /// A database as the version before left it: each failure is a line of its own.
    fn of_version_3(folder: &Path) {
        let old = Connection::open(folder.join("history.db")).expect("opens");
        old.execute_batch(
            r#"PRAGMA journal_mode = WAL;
            CREATE TABLE state (id INTEGER PRIMARY KEY CHECK (id = 1), json TEXT NOT NULL) STRICT;
            CREATE TABLE history (id INTEGER PRIMARY KEY, at TEXT NOT NULL, entry INTEGER NOT NULL,
                hostname TEXT NOT NULL, addresses TEXT NOT NULL, what TEXT NOT NULL,
                why TEXT NOT NULL DEFAULT '[]') STRICT;
            CREATE TABLE entry_state (entry INTEGER PRIMARY KEY, json TEXT NOT NULL) STRICT;
            INSERT INTO state VALUES (1, '{"seed":7,"drawn":1,"last_entry":1,"sources":{},"pause":null}');
            PRAGMA user_version = 3;"#,
        )
        .expect("the tables of version 3");
        let unreachable = || failed(RetryableError::Unreachable);
        for line in [
            line(1, 0, unreachable()),
            line(1, 1, unreachable()),
            line(1, 2, accepted()),
            line(1, 3, unreachable()),
            line(2, 4, unreachable()),
            line(1, 5, failed(RetryableError::Server { code: "911".into() })),
            line(1, 6, unreachable()),
            line(1, 7, unreachable()),
            line(2, 8, accepted()),
        ] {
            old.execute(
                "INSERT INTO history (at, entry, hostname, addresses, what) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![
                    line.at.to_string(),
                    line.entry.0,
                    line.hostname,
                    line.addresses,
                    serde_json::to_string(&line.result).expect("JSON")
                ],
            )
            .expect("inserts");
        }
    }

    #[test]
    fn a_history_from_before_trouble_was_folded_is_folded_and_one_that_cant_be_written_is_read_as_it_is() {
        let folder = tempfile::tempdir().expect("a folder");
        of_version_3(folder.path());
        let unfolded = History::load_for_dry_run(folder.path()).expect("opens").history;
        assert_eq!(unfolded.newest(u32::MAX).expect("reads").len(), 9);
        drop(unfolded);
        for _ in 0..2 {
            let loaded = History::load(folder.path(), now()).expect("opens");
            assert_eq!((loaded.health_issue, loaded.state.map(|state| state.seed)), (None, Some(7)));
            let items = loaded.history.newest(u32::MAX).expect("reads");
            let first = [(7, Some((3, 3))), (5, None), (2, None), (1, Some((0, 2)))];
            assert_eq!((times(&items, 1), times(&items, 2)), (first.to_vec(), vec![(8, None), (4, None)]));
        }
        let mut history = History::load(folder.path(), now()).expect("opens").history;
        let again = line(1, 9, failed(RetryableError::Unreachable));
        history.save(&State::default(), &[again], Durability::Sync).expect("saves");
        let items = history.newest(u32::MAX).expect("reads");
        assert_eq!(times(&items, 1)[0], (9, Some((3, 4))), "it goes on");
    }

    #[test]
    fn while_another_process_writes_a_save_fails_soon_and_changes_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut history = History::load(folder.path(), now()).expect("opens").history;
        history.set_patience(Duration::from_millis(10)).expect("sets");
        history.save(&State::default(), &[item("84.160.12.7")], Durability::Sync).expect("saves");
        let other = Connection::open(folder.path().join("history.db")).expect("opens");
        other.execute_batch("BEGIN IMMEDIATE").expect("locks");
        let began = std::time::Instant::now();
        let error =
            history.save(&State::default(), &[item("84.160.12.8")], Durability::Sync).expect_err("is locked");
        assert!(error.is_busy() && began.elapsed() < Duration::from_secs(2), "{error}");
        assert_eq!(history.newest(10).expect("reads"), [item("84.160.12.7")]);
        other.execute_batch("ROLLBACK").expect("unlocks");
        history.save(&State::default(), &[item("84.160.12.8")], Durability::Sync).expect("saves");
        assert_eq!(history.newest(10).expect("reads"), [item("84.160.12.8"), item("84.160.12.7")]);
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
