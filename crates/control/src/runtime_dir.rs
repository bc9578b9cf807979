//! The meeting place of one user's programs: a private directory with the socket and a lock of the running program. A
//! second lock is beside its history, where programs find each other that have different runtime directories.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use interprocess::local_socket::{Name, ToFsName, ToNsName};

use crate::foreign_owner::ForeignOwner;
use crate::history_lock::{self, HeldBy};
#[cfg(unix)]
use crate::owner;

/// The private directory with the socket and the lock.
#[derive(Clone, Debug)]
pub struct RuntimeDir {
    directory: PathBuf,
    /// The folder of the history.
    history: Option<PathBuf>,
}

/// The locks of the always-on program, held while it runs. Only one program can have them, and the system releases them
/// however the program ends.
#[derive(Debug)]
pub struct Claim {
    /// That of the history; none where there can be none. Then nothing can be remembered there, and nothing is sent.
    _history: Option<File>,
    _place: File,
}

/// A profile with settings, history, secrets and socket of its own. The default one has no name; the demo runs in
/// another, beside the person's own Dyntray.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    name: Option<String>,
}

impl Profile {
    /// The profile that the environment variable `DYNTRAY_PROFILE` names; without it the default one.
    pub fn from_environment() -> Self {
        Profile::named(&std::env::var("DYNTRAY_PROFILE").unwrap_or_default())
    }

    /// The profile of that name; for an empty name the default one. Only letters, digits and hyphens count, since the
    /// name becomes part of file names.
    pub fn named(wanted: &str) -> Self {
        let name: String = wanted.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        Profile { name: Some(name).filter(|name| !name.is_empty()) }
    }

    /// `dyntray`, or `dyntray-NAME`.
    pub fn program_name(&self) -> String {
        self.name.as_ref().map_or_else(|| "dyntray".to_owned(), |name| format!("dyntray-{name}"))
    }

    /// The profile's directories.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] when the user has no home directory.
    pub fn directories(&self) -> io::Result<ProjectDirs> {
        ProjectDirs::from("de", "Dyntray", &self.program_name())
            .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "no home directory"))
    }
}

impl RuntimeDir {
    /// The directory of this user and profile: in the system's runtime directory where there is one, else beside the
    /// local data.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] when the user has no home directory.
    pub fn for_this_user() -> io::Result<Self> {
        RuntimeDir::of(&Profile::from_environment())
    }

    /// The directory of this user and that profile.
    ///
    /// # Errors
    /// As [`RuntimeDir::for_this_user`].
    pub fn of(profile: &Profile) -> io::Result<Self> {
        let directories = profile.directories()?;
        let data = directories.data_local_dir();
        Ok(RuntimeDir::at(directories.runtime_dir().unwrap_or(data)).with_history_in(data))
    }

    /// The directory at that path.
    pub fn at(directory: impl Into<PathBuf>) -> Self {
        RuntimeDir { directory: directory.into(), history: None }
    }

    /// The same directory, for a program whose history is in `folder`. Nobody else may have that history meanwhile.
    #[must_use]
    pub fn with_history_in(self, folder: impl Into<PathBuf>) -> Self {
        RuntimeDir { history: Some(folder.into()), ..self }
    }

    /// Takes the locks for the always-on program; none when another program has one of them.
    ///
    /// # Errors
    /// When the directory can't be made private, or its lock can't be opened. Where either, or the history's folder or lock,
    /// belongs to another user, the error holds a [`ForeignOwner`], and nothing is changed.
    pub fn claim(&self) -> io::Result<Option<Claim>> {
        let mut history = match self.history.as_deref().map(history_lock::take) {
            Some(Ok(None)) => return Ok(None),
            Some(Ok(taken)) => taken,
            Some(Err(error)) if ForeignOwner::of(&error).is_some() => return self.refused(error),
            // The home can't be written. The program starts and says so.
            Some(Err(_)) | None => None,
        };
        if let Err(error) = self.make_own() {
            drop(history);
            return self.refused(error);
        }
        let place = lock_options().create(true).truncate(false).open(self.lock())?;
        let Some(place) = locked(place)? else { return Ok(None) };
        if let Some(file) = &mut history {
            // On a full disk it is locked all the same.
            let _ = history_lock::sign(file, &self.directory);
        }
        Ok(Some(Claim { _history: history, _place: place }))
    }

    /// The end of a claim in another user's place: root may find a user's running program there.
    fn refused(&self, error: io::Error) -> io::Result<Option<Claim>> {
        if self.is_taken().unwrap_or(false) { Ok(None) } else { Err(error) }
    }

    /// Makes the directory, for this user only, and refuses one with another user's files.
    #[cfg(unix)]
    fn make_own(&self) -> io::Result<()> {
        owner::make_private(&self.directory)?;
        for path in [self.lock(), self.socket()] {
            match fs::symlink_metadata(&path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                about => owner::refuse_foreign(&path, &about?)?,
            }
        }
        Ok(())
    }

    #[cfg(not(unix))]
    fn make_own(&self) -> io::Result<()> {
        fs::create_dir_all(&self.directory)
    }

    /// True while a program has one of the locks. Nothing is created to find out.
    ///
    /// # Errors
    /// When the directory's lock can't be opened.
    pub fn is_taken(&self) -> io::Result<bool> {
        if self.history.as_deref().is_some_and(history_lock::is_taken) {
            return Ok(true);
        }
        match lock_options().open(self.lock()) {
            Ok(file) => Ok(locked(file)?.is_none()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The name of the other machine on which a program has this history, if one has it.
    pub fn other_machine(&self) -> Option<String> {
        match self.held_by()? {
            HeldBy::Elsewhere(machine) => Some(machine),
            HeldBy::Here(_) => None,
        }
    }

    /// The program that has this history, as far as that is known.
    pub(crate) fn held_by(&self) -> Option<HeldBy> {
        history_lock::held_by(self.history.as_deref()?)
    }

    fn lock(&self) -> PathBuf {
        self.directory.join("dyntray.lock")
    }

    /// The directory's path.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The path of the socket. On Windows there is no such file: the pipe's name is made from the path.
    pub(crate) fn socket(&self) -> PathBuf {
        self.directory.join("control.sock")
    }

    pub(crate) fn name(&self) -> io::Result<Name<'static>> {
        if cfg!(windows) {
            let flat: String = self
                .socket()
                .to_string_lossy()
                .chars()
                .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
                .collect();
            flat.to_ns_name::<interprocess::local_socket::GenericNamespaced>()
        } else {
            self.socket().to_fs_name::<interprocess::local_socket::GenericFilePath>()
        }
    }
}

/// Options to open the lock file, or to be refused: a FIFO in its place isn't waited for.
fn lock_options() -> fs::OpenOptions {
    let mut options = File::options();
    options.write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    }
    options
}

/// The lock on the file; none while another program has it.
fn locked(file: File) -> io::Result<Option<File>> {
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(fs::TryLockError::WouldBlock) => Ok(None),
        Err(fs::TryLockError::Error(error)) => Err(error),
    }
}
