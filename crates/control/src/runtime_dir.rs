//! Where the programs of one user meet: a private directory with the socket and the lock of the running program.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use interprocess::local_socket::{Name, ToFsName, ToNsName};

/// The meeting place of one user's programs.
#[derive(Clone, Debug)]
pub struct RuntimeDir {
    directory: PathBuf,
}

/// Held while the always-on program runs; a second one can't get it. The system lets go of it however the program
/// ends.
#[derive(Debug)]
pub struct Claim {
    _locked: File,
}

/// A profile keeps everything of its own: settings, history, secrets, socket. The usual one has no name; the demo
/// runs in another, beside the person's own Dyntray.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    name: Option<String>,
}

impl Profile {
    /// The profile that the environment variable `DYNTRAY_PROFILE` names; the usual one without it.
    pub fn from_environment() -> Self {
        Profile::named(&std::env::var("DYNTRAY_PROFILE").unwrap_or_default())
    }

    /// The profile of that name; the usual one for an empty name. Only letters, digits and hyphens count, since the
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
    /// The place of this user and profile: in the runtime directory where the system has one, else beside the local
    /// data.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] when the user has no home directory.
    pub fn for_this_user() -> io::Result<Self> {
        RuntimeDir::of(&Profile::from_environment())
    }

    /// The place of this user and that profile.
    ///
    /// # Errors
    /// As [`RuntimeDir::for_this_user`].
    pub fn of(profile: &Profile) -> io::Result<Self> {
        let directories = profile.directories()?;
        Ok(RuntimeDir::at(directories.runtime_dir().unwrap_or_else(|| directories.data_local_dir())))
    }

    /// A place in `directory`.
    pub fn at(directory: impl Into<PathBuf>) -> Self {
        RuntimeDir { directory: directory.into() }
    }

    /// Takes the place for the always-on program; none when one has it already.
    ///
    /// # Errors
    /// Whatever keeps the directory from being made private, or the lock from being taken.
    pub fn claim(&self) -> io::Result<Option<Claim>> {
        make_private(&self.directory)?;
        locked(File::options().write(true).create(true).truncate(false).open(self.lock())?)
    }

    /// Whether a program has the place. Nothing is made for that.
    ///
    /// # Errors
    /// Whatever keeps the lock from being looked at.
    pub fn is_taken(&self) -> io::Result<bool> {
        match File::options().write(true).open(self.lock()) {
            Ok(file) => Ok(locked(file)?.is_none()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn lock(&self) -> PathBuf {
        self.directory.join("dyntray.lock")
    }

    /// The directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The socket file. There is none on Windows, where the pipe's name is made from the same path.
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

/// The lock, unless somebody else has it.
fn locked(file: File) -> io::Result<Option<Claim>> {
    match file.try_lock() {
        Ok(()) => Ok(Some(Claim { _locked: file })),
        Err(fs::TryLockError::WouldBlock) => Ok(None),
        Err(fs::TryLockError::Error(error)) => Err(error),
    }
}

/// Makes `directory` and lets nobody but its owner in.
fn make_private(directory: &Path) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(directory, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}
