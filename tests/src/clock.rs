//! A wall clock that a story can push: for machines that sleep.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::{Error, Result};

/// The library of faketime for programs with threads, in the folder of libraries.
const LIBRARY: &str = "faketime/libfaketimeMT.so.1";

/// The wall clock of the programs that were started with its environment. Their monotonic clock is the system's: it
/// stands still while a machine sleeps, and so doesn't jump with the wall clock.
#[derive(Debug)]
pub struct WallClock {
    library: PathBuf,
    file: PathBuf,
    ahead: Duration,
}

impl WallClock {
    /// A clock that is right, kept in `folder`. None where faketime isn't installed.
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

    /// Pushes it.
    pub fn advance(&mut self, by: Duration) -> Result<()> {
        self.ahead += by;
        self.write()
    }

    /// Sets it: it is that time now, and goes on from there.
    pub fn set(&mut self, time: jiff::Timestamp) -> Result<()> {
        let ahead = time.duration_since(jiff::Timestamp::now()).as_secs();
        self.put(&format!("{ahead:+}"))
    }

    /// Pushes it back to where the system's clock is.
    pub fn put_right(&mut self) -> Result<()> {
        self.ahead = Duration::ZERO;
        self.write()
    }

    fn write(&self) -> Result<()> {
        self.put(&format!("+{}", self.ahead.as_secs()))
    }

    /// Written beside and moved into place: programs read it at any moment.
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
