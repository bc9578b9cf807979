//! This program's own file: its path as it was at the start, and whether another file is there by now. An upgrade puts
//! a new file in the place of the one that runs, and from then on the system names that one `… (deleted)`.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::SystemTime;

/// The extension of the console program on Windows. Its shells look for it before they look for `.exe`.
const CONSOLE_PROGRAM: &str = "com";

/// The file as it was at the start.
struct Own {
    path: PathBuf,
    identity: Option<Identity>,
}

static OWN: OnceLock<Own> = OnceLock::new();

/// What tells one file from another in the same place. A file that runs keeps its number, so no other one has it.
#[cfg(unix)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Identity {
    device: u64,
    number: u64,
}

/// What tells one file from another in the same place.
#[cfg(not(unix))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Identity {
    modified: Option<SystemTime>,
    length: u64,
}

impl Identity {
    #[cfg(unix)]
    fn of(about: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Identity { device: about.dev(), number: about.ino() }
    }

    #[cfg(not(unix))]
    fn of(about: &Metadata) -> Self {
        Identity { modified: about.modified().ok(), length: about.len() }
    }
}

/// Another file in this program's place, as it was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replacement {
    identity: Identity,
    modified: Option<SystemTime>,
    length: u64,
}

/// Keeps the path for later. To be called first of all.
pub fn keep() {
    if let Ok(named) = std::env::current_exe() {
        let path = without_mark(named);
        // On Linux the running file itself, even if another one has its path already. Elsewhere that path may be anything.
        let itself = cfg!(target_os = "linux").then_some("/proc/self/exe");
        let itself = itself.and_then(|itself| fs::metadata(itself).ok());
        let running = itself.map_or_else(|| fs::metadata(&path), Ok);
        let identity = running.ok().map(|about| Identity::of(&about));
        // It is kept once; whatever comes later is the same.
        let _ = OWN.set(Own { path, identity });
    }
}

/// The path that this program was started from.
///
/// # Errors
/// Where the system didn't tell it.
pub fn path() -> io::Result<PathBuf> {
    match OWN.get() {
        Some(own) => Ok(own.path.clone()),
        None => std::env::current_exe().map(without_mark),
    }
}

/// The program that has the tray: this one, or the one beside it if this is the console program of Windows.
///
/// # Errors
/// Where the system didn't tell this program's path.
pub fn tray_program() -> io::Result<PathBuf> {
    path().map(|path| tray_program_beside(&path).unwrap_or(path))
}

/// The tray program that belongs to the console program at `path`; none if that is no console program.
pub fn tray_program_beside(path: &Path) -> Option<PathBuf> {
    let is_console_program = path.extension().is_some_and(|it| it.eq_ignore_ascii_case(CONSOLE_PROGRAM));
    (cfg!(windows) && is_console_program).then(|| path.with_extension("exe"))
}

/// The other file that is in this program's place by now, if there is one. A file that is gone is none: it is being
/// replaced, or was removed for good.
pub fn replacement() -> Option<Replacement> {
    let own = OWN.get()?;
    replacement_of(&own.path, own.identity?)
}

fn replacement_of(path: &Path, running: Identity) -> Option<Replacement> {
    let about = fs::metadata(path).ok().filter(Metadata::is_file)?;
    let identity = Identity::of(&about);
    (identity != running).then(|| Replacement {
        identity,
        modified: about.modified().ok(),
        length: about.len(),
    })
}

/// The path without what Linux adds once the file is gone.
fn without_mark(path: PathBuf) -> PathBuf {
    match path.to_str().and_then(|path| path.strip_suffix(" (deleted)")) {
        Some(before) if cfg!(target_os = "linux") && !path.exists() => PathBuf::from(before),
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_file_in_its_place_is_a_replacement_and_none_at_all_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, new) = (folder.path().join("program"), folder.path().join("new"));
        fs::write(&path, "old").expect("writes");
        // On Unix a file that runs keeps its number. Windows lets nobody replace one that is open.
        let held = cfg!(unix).then(|| fs::File::open(&path).expect("opens"));
        let running = Identity::of(&fs::metadata(&path).expect("is there"));
        assert_eq!(replacement_of(&path, running), None);
        fs::write(&new, "newer").expect("writes");
        fs::rename(&new, &path).expect("renames");
        assert!(replacement_of(&path, running).is_some());
        fs::remove_file(&path).expect("removes");
        assert_eq!(replacement_of(&path, running), None);
        drop(held);
    }

    #[test]
    fn the_console_program_of_windows_belongs_to_the_tray_program_beside_it() {
        let there = |name: &str| Path::new("Program Files").join(name);
        let beside = |name: &str| tray_program_beside(&there(name));
        assert_eq!(beside("dyntray.com"), cfg!(windows).then(|| there("dyntray.exe")));
        assert_eq!(beside("DYNTRAY.COM"), cfg!(windows).then(|| there("DYNTRAY.exe")));
        assert_eq!(beside("dyntray.exe"), None);
        assert_eq!(beside("dyntray"), None);
    }

    #[test]
    fn the_systems_mark_is_no_part_of_the_path_unless_a_file_is_called_that() {
        let marked = PathBuf::from("/nowhere/dyntray (deleted)");
        let wanted =
            if cfg!(target_os = "linux") { "/nowhere/dyntray" } else { "/nowhere/dyntray (deleted)" };
        assert_eq!(without_mark(marked), PathBuf::from(wanted));
        let folder = tempfile::tempdir().expect("a folder");
        let odd = folder.path().join("dyntray (deleted)");
        fs::write(&odd, "").expect("writes");
        assert_eq!(without_mark(odd.clone()), odd);
    }
}
