//! The ways in which the keyring can fail.

use dyntray_control::Rejection;
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

impl From<KeyringError> for Rejection {
    fn from(error: KeyringError) -> Self {
        match error {
            KeyringError::Locked => Rejection::KeyringLocked,
            KeyringError::Absent => Rejection::KeyringAbsent,
            KeyringError::ReadOnly => Rejection::SecretsReadOnly,
        }
    }
}
