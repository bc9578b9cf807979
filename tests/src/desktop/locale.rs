//! The person's locale, made where the machine doesn't have it: without it the C library, GTK and web views fall
//! back to English, whatever `LANG` says.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
};

/// The folder in which the C library finds the locale. `None` when it needs no such folder (C) or the sources
/// (Debian's package `locales`) aren't installed.
pub(super) fn folder_with(locale: &str) -> Option<PathBuf> {
    let (language, encoding) = locale.split_once('.')?;
    if language == "C" {
        return None;
    }
    // Made once for all stories, beside the built programs.
    let folder = std::env::current_exe().ok()?.parent()?.join("story-locales");
    let made = folder.join(locale);
    if made.is_dir() {
        return Some(folder);
    }
    fs::create_dir_all(&folder).ok()?;
    let draft = tempfile::Builder::new().prefix("draft-").tempdir_in(&folder).ok()?;
    let draft_locale = draft.path().join(locale);
    let status = Command::new("localedef")
        .args(["--no-archive", "-i", language, "-f", encoding])
        .arg(&draft_locale)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    // Another story may have been faster.
    let complete = status.is_ok_and(|status| status.success());
    (complete && (fs::rename(draft_locale, &made).is_ok() || made.is_dir())).then_some(folder)
}
