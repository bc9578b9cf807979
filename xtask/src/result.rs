//! The result of every command.

/// A result whose error is a text for the person who typed the command.
pub type Result<T, E = String> = std::result::Result<T, E>;
