//! Errors of the sandbox itself, as opposed to the return codes of the simulated service.

use std::path::PathBuf;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// The reason why the sandbox could not start, or could not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The directory for `sandbox.db` could not be created.
    #[error("the directory {} can't be used: {source}", dir.display())]
    Directory {
        /// The requested directory.
        dir: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
    /// The address and port could not be bound.
    #[error("{address} can't be bound: {source}")]
    Bind {
        /// The requested address and port.
        address: std::net::SocketAddr,
        /// The system's error.
        source: std::io::Error,
    },
    /// The server's thread or runtime failed.
    #[error("the server failed: {0}")]
    Server(#[from] std::io::Error),
    /// The database failed.
    #[error("sandbox.db: {0}")]
    Store(#[from] rusqlite::Error),
    /// The database was made by another version of the sandbox.
    #[error("{} is of another version of the sandbox: delete it to start anew", .0.display())]
    OtherVersion(PathBuf),
    /// The operating system gave no random bytes.
    #[error("no random bytes: {0}")]
    Random(#[from] getrandom::Error),
    /// A password or token could not be hashed.
    #[error("hashing failed: {0}")]
    Hash(String),
    /// A certificate could not be created.
    #[error("certificates: {0}")]
    Certificate(#[from] rcgen::Error),
    /// TLS could not be set up.
    #[error("TLS: {0}")]
    Tls(#[from] rustls::Error),
    /// A page could not be rendered.
    #[error("a page could not be rendered: {0}")]
    Page(#[from] askama::Error),
    /// Too many passwords and tokens are waiting to be checked.
    #[error("too many log-ins at once")]
    Busy,
    /// The sandbox was stopped during the work.
    #[error("the sandbox was stopped")]
    Stopped,
    /// The host name can't be used: it is malformed or taken.
    #[error("host name {0} can't be used")]
    HostName(String),
}

impl IntoResponse for SandboxError {
    fn into_response(self) -> Response {
        tracing::error!(error = %self, "the sandbox itself failed");
        if let Self::Busy = self {
            let text = "too many log-ins at once; please try again";
            return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")], text).into_response();
        }
        (StatusCode::INTERNAL_SERVER_ERROR, "the sandbox itself failed; see its log").into_response()
    }
}
