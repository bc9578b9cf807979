//! What a story needs from the machine, and how it says that something of it isn't there.

use std::path::{Path, PathBuf};

use crate::desktop::PROGRAMS;

/// Where a program lies, found as a shell would find it.
pub fn program(name: &str) -> Option<PathBuf> {
    PROGRAMS.split(':').map(|folder| Path::new(folder).join(name)).find(|path| path.is_file())
}

/// Whether a story has to be skipped here because something is missing. Says so on standard error; where skipping
/// is no option (`DYNTRAY_NO_SKIP` is set), it panics instead.
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
/// As [`skipped`] does.
pub fn skipped_without(story: &str, programs: &[&str]) -> bool {
    let missing: Vec<_> = programs.iter().copied().filter(|name| program(name).is_none()).collect();
    skipped(story, &missing)
}
