//! The log's file: two halves, of which the older one is dropped when the newer one is full.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dyntray_control::{LogLevel, LogLine, owner};
use jiff::Timestamp;

/// The greatest size of a half in bytes: 2 MB in total.
const HALF: u64 = 1_000_000;
/// The greatest length of a line in bytes. A longer one is cut off: it quotes something that isn't meant for people.
const LONGEST_LINE: usize = 4_000;
/// The greatest number of lines that are read at once.
const MOST: usize = 5_000;

/// Stands between a line's sentence and its details.
pub(super) const DETAILS: &str = " | ";

const NEWER: &str = "dyntray.log";
const OLDER: &str = "dyntray.1.log";

/// The log's file, shared by writers and readers. It keeps nothing until it is opened, because only the running program
/// may write it.
#[derive(Clone, Default)]
pub struct LogFile {
    open: Arc<Mutex<Option<Open>>>,
}

struct Open {
    folder: PathBuf,
    newer: File,
    length: u64,
}

impl LogFile {
    /// Continues the log in `folder`. If that fails, the log goes to stderr only.
    pub fn open(&self, folder: &Path) {
        match Open::in_folder(folder) {
            Ok(open) => *self.lock() = Some(open),
            Err(error) => tracing::warn!(%error, "the log can't be kept"),
        }
    }

    /// Adds one line, which ends in a line break.
    pub(super) fn append(&self, line: &str) {
        let mut at = self.lock();
        // A log that can't be written can't say so; the next start tries again.
        if at.as_mut().is_some_and(|open| open.append(line).is_err()) {
            *at = None;
        }
    }

    /// The newest `limit` lines, the oldest of them first; none where no log is kept.
    pub fn newest(&self, limit: u32) -> Vec<LogLine> {
        self.folder().map(|folder| newest_in(&folder, limit)).unwrap_or_default()
    }

    /// The log's folder; none where no log is kept.
    pub fn folder(&self) -> Option<PathBuf> {
        self.lock().as_ref().map(|open| open.folder.clone())
    }

    fn lock(&self) -> MutexGuard<'_, Option<Open>> {
        // A panic elsewhere leaves no half-made state behind.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn in_folder(folder: &Path) -> io::Result<Self> {
        owner::create_folder(folder)?;
        let newer = begin(&folder.join(NEWER))?;
        let length = newer.metadata()?.len();
        Ok(Open { folder: folder.to_owned(), newer, length })
    }

    fn append(&mut self, line: &str) -> io::Result<()> {
        let short = shortened(line);
        let more = short.len() as u64;
        if self.length + more > HALF && self.length > 0 {
            fs::rename(self.folder.join(NEWER), self.folder.join(OLDER))?;
            self.newer = begin(&self.folder.join(NEWER))?;
            self.length = 0;
        }
        self.newer.write_all(short.as_bytes())?;
        self.length += more;
        Ok(())
    }
}

/// Opens the file to append to it; a new one is readable by its owner only.
fn begin(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    owner::open_own(path, &mut options)
}

fn shortened(line: &str) -> std::borrow::Cow<'_, str> {
    if line.len() <= LONGEST_LINE {
        return line.into();
    }
    format!("{} …\n", &line[..line.floor_char_boundary(LONGEST_LINE)]).into()
}

/// The newest `limit` lines of the log in `folder`, the oldest of them first; none where there is no log.
pub fn newest_in(folder: &Path, limit: u32) -> Vec<LogLine> {
    let limit = usize::try_from(limit).unwrap_or(MOST).min(MOST);
    // From the newest line back.
    let mut lines = Vec::new();
    for half in [NEWER, OLDER] {
        let text = fs::read(folder.join(half)).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        lines.extend(text.lines().rev().filter_map(parse).take(limit - lines.len()));
    }
    lines.reverse();
    lines
}

/// Parses a line such as `2026-11-23T12:00:00.123456Z  INFO dyntray_agent::run: looked up …`. Anything else isn't ours.
fn parse(line: &str) -> Option<LogLine> {
    let (at, rest) = line.split_once(' ')?;
    let (level, text) = rest.trim_start().split_once(' ')?;
    Some(LogLine {
        at: at.parse::<Timestamp>().ok()?,
        level: LogLevel::of(level)?,
        message: sentence(text.trim()).to_owned(),
        text: text.trim().to_owned(),
    })
}

/// The sentence of a line, without the part of the program before it and the details behind it.
fn sentence(text: &str) -> &str {
    let (before, said) = text.split_once(": ").unwrap_or(("", text));
    let said = if before.contains(' ') { text } else { said };
    said.split(DETAILS).next().unwrap_or(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(number: u32) -> String {
        format!("2026-11-23T12:00:00.{number:06}Z  INFO dyntray_agent::run: looked up number={number}\n")
    }

    fn opened() -> (tempfile::TempDir, LogFile) {
        let folder = tempfile::tempdir().expect("a folder");
        let file = LogFile::default();
        file.open(folder.path());
        (folder, file)
    }

    #[test]
    fn the_newest_lines_are_told_in_their_order_also_after_a_restart() {
        let (folder, file) = opened();
        (1..=3).for_each(|number| file.append(&line(number)));
        let again = LogFile::default();
        again.open(folder.path());
        again.append(&line(4));
        let told: Vec<_> = again.newest(3).into_iter().map(|line| line.text).collect();
        let expected = [2, 3, 4].map(|number| format!("dyntray_agent::run: looked up number={number}"));
        assert_eq!(told, expected);
        assert_eq!(again.newest(10)[0].level, LogLevel::Info);
        assert_eq!(again.newest(10)[0].at.to_string(), "2026-11-23T12:00:00.000001Z");
    }

    #[test]
    fn the_log_never_outgrows_its_bounds_and_reads_on_across_its_halves() {
        let (folder, file) = opened();
        let many = 40_000;
        (0..many).for_each(|number| file.append(&line(number)));
        let size: u64 = fs::read_dir(folder.path())
            .expect("reads")
            .map(|file| file.and_then(|file| file.metadata()).expect("a file").len())
            .sum();
        assert!(size > HALF && size <= 2 * HALF, "{size}");
        let told = file.newest(u32::MAX);
        assert_eq!(told.len(), MOST);
        let numbers = (many - 5_000..many).map(|number| format!("number={number}"));
        assert!(told.iter().zip(numbers).all(|(line, number)| line.text.ends_with(&number)));
    }

    #[test]
    fn a_line_without_an_end_is_cut_off() {
        let (folder, file) = opened();
        file.append(&format!("2026-11-23T12:00:00Z  WARN dyntray: {}\n", "ä".repeat(10_000)));
        file.append(&line(1));
        assert_eq!(file.newest(10).len(), 2);
        assert!(fs::metadata(folder.path().join(NEWER)).expect("is there").len() < 5_000);
    }

    #[test]
    fn nothing_is_kept_before_there_is_a_folder_and_what_is_no_line_is_left_out() {
        let file = LogFile::default();
        file.append(&line(1));
        assert!(file.newest(10).is_empty());
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join(NEWER), "half a line\n\n2026-11-23T12:00:00Z LOUD x y\n")
            .expect("writes");
        file.open(folder.path());
        file.append(&line(2));
        assert_eq!(file.newest(10).len(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn root_keeps_no_log_in_another_users_place() {
        use std::os::unix::fs::{MetadataExt as _, chown};
        const NOBODY: u32 = 65534;
        let folder = tempfile::tempdir().expect("a folder");
        if folder.path().metadata().expect("is there").uid() != 0 {
            eprintln!("SKIPPED root_keeps_no_log_in_another_users_place: only root can be two users");
            return;
        }
        let theirs = folder.path().join("theirs");
        fs::create_dir(&theirs).expect("makes it");
        chown(&theirs, Some(NOBODY), Some(NOBODY)).expect("gives it away");
        for place in [theirs.clone(), theirs.join("deep/data")] {
            let file = LogFile::default();
            file.open(&place);
            file.append(&line(1));
            assert_eq!(file.folder(), None);
        }
        assert_eq!(fs::read_dir(&theirs).expect("reads").count(), 0);
        // Nor in a file of theirs in its own.
        let left = folder.path().join(NEWER);
        fs::write(&left, "left").expect("writes");
        chown(&left, Some(NOBODY), Some(NOBODY)).expect("gives it away");
        let file = LogFile::default();
        file.open(folder.path());
        file.append(&line(1));
        assert_eq!(fs::read_to_string(&left).expect("is there"), "left");
    }

    #[cfg(unix)]
    #[test]
    fn the_log_is_its_owner_s_only() {
        use std::os::unix::fs::PermissionsExt as _;
        let (folder, file) = opened();
        (0..20_000).for_each(|number| file.append(&line(number)));
        for half in [NEWER, OLDER] {
            let mode = fs::metadata(folder.path().join(half)).expect("is there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{half}");
        }
    }
}
