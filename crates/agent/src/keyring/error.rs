//! The ways in which the keyring can fail.

use dyntray_core::protocol::retryable::RetryableError;

/// An error of the store of secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyringError {
    /// It is locked; it may be showing a prompt to unlock it.
    Locked,
    /// There is none, or it failed.
    Absent,
    /// It can only be read; its secrets are managed elsewhere.
    ReadOnly,
}

impl From<KeyringError> for RetryableError {
    fn from(error: KeyringError) -> Self {
        match error {
            KeyringError::Locked => RetryableError::KeyringLocked,
            KeyringError::Absent | KeyringError::ReadOnly => RetryableError::KeyringAbsent,
        }
    }
}
