//! The meeting place of one user's programs: a private directory with the socket and the lock of the running program.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use interprocess::local_socket::{Name, ToFsName, ToNsName};

#[cfg(unix)]
use crate::owner;

/// The private directory with the socket and the lock.
#[derive(Clone, Debug)]
pub struct RuntimeDir {
    directory: PathBuf,
}

/// The lock of the always-on program, held while it runs. Only one program can have it, and the system releases it
/// however the program ends.
#[derive(Debug)]
pub struct Claim {
    _locked: File,
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
        Ok(RuntimeDir::at(directories.runtime_dir().unwrap_or_else(|| directories.data_local_dir())))
    }

    /// The directory at that path.
    pub fn at(directory: impl Into<PathBuf>) -> Self {
        RuntimeDir { directory: directory.into() }
    }

    /// Takes the lock for the always-on program; none when another program has it.
    ///
    /// # Errors
    /// When the directory can't be made private, or the lock can't be opened. Where either belongs to another user, the
    /// error holds a [`ForeignOwner`](crate::ForeignOwner), and nothing is changed.
    pub fn claim(&self) -> io::Result<Option<Claim>> {
        if let Err(error) = self.make_own() {
            // Root may find a user's running program there.
            return if self.is_taken().unwrap_or(false) { Ok(None) } else { Err(error) };
        }
        locked(lock_options().create(true).truncate(false).open(self.lock())?)
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

    /// True while a program has the lock. Nothing is created to find out.
    ///
    /// # Errors
    /// When the lock can't be opened.
    pub fn is_taken(&self) -> io::Result<bool> {
        match lock_options().open(self.lock()) {
            Ok(file) => Ok(locked(file)?.is_none()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
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
fn locked(file: File) -> io::Result<Option<Claim>> {
    match file.try_lock() {
        Ok(()) => Ok(Some(Claim { _locked: file })),
        Err(fs::TryLockError::WouldBlock) => Ok(None),
        Err(fs::TryLockError::Error(error)) => Err(error),
    }
}
