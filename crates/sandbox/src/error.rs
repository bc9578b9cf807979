//! What can go wrong inside the sandbox itself (never a return code of the pretended service).

use std::path::PathBuf;

/// Why the sandbox could not start or do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The directory for `sandbox.db` could not be made.
    #[error("the directory {} can't be used: {source}", dir.display())]
    Directory {
        /// The directory asked for.
        dir: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The address and port could not be bound.
    #[error("{address} can't be bound: {source}")]
    Bind {
        /// The address and port asked for.
        address: std::net::SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The server's thread or runtime failed.
    #[error("the server failed: {0}")]
    Server(#[from] std::io::Error),
    /// The database failed.
    #[error("sandbox.db: {0}")]
    Store(#[from] rusqlite::Error),
    /// The operating system gave no random bytes.
    #[error("no random bytes: {0}")]
    Random(#[from] getrandom::Error),
    /// A password or token could not be hashed.
    #[error("hashing failed: {0}")]
    Hash(String),
    /// A certificate could not be made.
    #[error("certificates: {0}")]
    Certificate(#[from] rcgen::Error),
    /// TLS could not be set up.
    #[error("TLS: {0}")]
    Tls(#[from] rustls::Error),
    /// A page could not be rendered.
    #[error("a page could not be rendered: {0}")]
    Page(#[from] askama::Error),
    /// Too many passwords and tokens wait to be checked.
    #[error("too many log-ins at once")]
    Busy,
    /// The sandbox was stopped while the work was under way.
    #[error("the sandbox was stopped")]
    Stopped,
    /// No host of this name exists, or it exists already.
    #[error("host name {0} can't be used")]
    HostName(String),
}

impl SandboxError {
    /// Whether the disk, or the size that the database is allowed, is used up.
    pub(crate) fn is_full(&self) -> bool {
        match self {
            Self::Store(error) => error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull),
            Self::Server(error) => error.kind() == std::io::ErrorKind::StorageFull,
            _ => false,
        }
    }
}
