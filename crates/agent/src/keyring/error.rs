//! The ways in which the keyring can fail.

use std::io;
use std::path::Path;

use dyntray_control::Rejection;
use dyntray_core::protocol::retryable::RetryableError;

/// An error of the store of secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyringError {
    /// It is locked; it may be showing a prompt to unlock it.
    Locked,
    /// There is none, or it failed.
    Absent,
    /// The file of secrets, or a credential, can't be used.
    Unusable {
        /// Its path, and the system's words.
        why: String,
    },
}

impl KeyringError {
    /// The error of a job that a fault of the program's own ended.
    pub(super) fn of_fault() -> Self {
        KeyringError::Unusable { why: "panicked, as the log says".to_owned() }
    }

    /// The error of a file.
    pub(super) fn of_file(path: &Path, error: &io::Error) -> Self {
        KeyringError::Unusable { why: format!("{}: {error}", path.display()) }
    }
}

impl From<KeyringError> for RetryableError {
    fn from(error: KeyringError) -> Self {
        match error {
            KeyringError::Locked => RetryableError::KeyringLocked,
            KeyringError::Absent => RetryableError::KeyringAbsent,
            KeyringError::Unusable { why } => RetryableError::SecretsUnusable { why },
        }
    }
}

impl From<KeyringError> for Rejection {
    fn from(error: KeyringError) -> Self {
        match error {
            KeyringError::Locked => Rejection::KeyringLocked,
            KeyringError::Absent => Rejection::KeyringAbsent,
            KeyringError::Unusable { why } => Rejection::NotWritten { why },
        }
    }
}
