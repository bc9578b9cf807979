//! A wall clock that a story can set, to simulate sleep and wrong clocks.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::{Error, Result};

/// The library of faketime for programs with threads, in the folder of libraries.
const LIBRARY: &str = "faketime/libfaketimeMT.so.1";

/// The wall clock of all programs that were started with its environment. Their monotonic clock stays the system's,
/// which stands still while a machine sleeps.
#[derive(Debug)]
pub struct WallClock {
    library: PathBuf,
    file: PathBuf,
    ahead: Duration,
}

impl WallClock {
    /// A correct clock, kept in `folder`. None where faketime isn't installed.
    pub fn start(folder: &Path) -> Result<Option<Self>> {
        let Some(library) = library() else { return Ok(None) };
        let clock = Self { library, file: folder.join("wall-clock"), ahead: Duration::ZERO };
        clock.write()?;
        Ok(Some(clock))
    }

    /// The entries that a program needs in its environment.
    pub fn environment(&self) -> Vec<(String, String)> {
        [
            ("LD_PRELOAD", self.library.display().to_string()),
            ("FAKETIME_TIMESTAMP_FILE", self.file.display().to_string()),
            ("FAKETIME_NO_CACHE", "1".to_owned()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
            ("DONT_FAKE_MONOTONIC", "1".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }

    /// Moves it forward.
    pub fn advance(&mut self, by: Duration) -> Result<()> {
        self.ahead += by;
        self.write()
    }

    /// Sets it to a time, from which it goes on.
    pub fn set(&mut self, time: jiff::Timestamp) -> Result<()> {
        let ahead = time.duration_since(jiff::Timestamp::now()).as_secs();
        self.put(&format!("{ahead:+}"))
    }

    /// Sets it back to the system's clock.
    pub fn put_right(&mut self) -> Result<()> {
        self.ahead = Duration::ZERO;
        self.write()
    }

    fn write(&self) -> Result<()> {
        self.put(&format!("+{}", self.ahead.as_secs()))
    }

    /// Writes a draft and moves it into place: programs may read the file at any moment.
    fn put(&self, offset: &str) -> Result<()> {
        let draft = self.file.with_extension("draft");
        fs::write(&draft, format!("{offset}\n"))
            .and_then(|()| fs::rename(&draft, &self.file))
            .map_err(|source| Error::File { path: self.file.clone(), source })
    }
}

fn library() -> Option<PathBuf> {
    let folders = fs::read_dir("/usr/lib").into_iter().flatten().flatten().map(|entry| entry.path());
    folders
        .chain(["/usr/lib64".into(), "/usr/lib".into()])
        .map(|folder| folder.join(LIBRARY))
        .find(|file| file.exists())
}
