//! Names that people log in with.

/// The name by which an account is found, and by which hosts are: white space around it and capitals make no difference.
pub(crate) fn key_of(name: &str) -> String {
    name.trim().to_lowercase()
}
