//! The programs that a story needs on the machine, and skipping it where one is missing.

use std::path::{Path, PathBuf};

/// The folders that programs are looked for in.
pub(crate) const SEARCH_PATH: &str = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin";

/// The error of a program that needs what [`skipped`] has named.
pub const NOT_INSTALLED: &str = "install the parts named above";

/// Finds a program as a shell would.
pub fn program(name: &str) -> Option<PathBuf> {
    SEARCH_PATH.split(':').map(|folder| Path::new(folder).join(name)).find(|path| path.is_file())
}

/// Tells whether a story has to be skipped here because something is missing, and says so on standard error. Where
/// skipping is no option (`DYNTRAY_NO_SKIP` is set), it panics instead.
///
/// # Panics
/// When something is missing and the environment has `DYNTRAY_NO_SKIP`.
pub fn skipped(story: &str, missing: &[&str]) -> bool {
    if missing.is_empty() {
        return false;
    }
    let word = format!("SKIPPED {story}: not installed: {}", missing.join(", "));
    assert!(std::env::var_os("DYNTRAY_NO_SKIP").is_none(), "{word}");
    eprintln!("{word}");
    true
}

/// The same for programs.
///
/// # Panics
/// See [`skipped`].
pub fn skipped_without(story: &str, programs: &[&str]) -> bool {
    skipped(story, &missing(programs))
}

/// Those of the programs that aren't installed.
pub(crate) fn missing<'a>(programs: &[&'a str]) -> Vec<&'a str> {
    programs.iter().copied().filter(|name| program(name).is_none()).collect()
}
