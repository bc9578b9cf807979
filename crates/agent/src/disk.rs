//! What the settings file, the secrets file and the database share: private files that are written atomically, and
//! damaged ones that are moved aside. A person may have put a symbolic link in a file's place; it is followed and kept.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use dyntray_control::owner;
use jiff::Timestamp;

/// The most links that are followed, one after the other.
const MOST_LINKS: usize = 40;
/// The number of letters and digits that end a temporary file's name.
const RANDOM: usize = 6;

/// The waits between the tries to replace a file that another program holds: a quarter of a second in all.
const WAITS: [Duration; 5] = [
    Duration::from_millis(10),
    Duration::from_millis(20),
    Duration::from_millis(40),
    Duration::from_millis(80),
    Duration::from_millis(100),
];
/// Windows' codes for it: access denied, sharing violation, lock violation (Microsoft's "System Error Codes", November
/// 2026).
const HELD: [i32; 3] = [5, 32, 33];

/// Opens a file for reading. What isn't a regular file is refused, without waiting for anybody to write into it.
///
/// # Errors
/// When there is none, or it is something else.
pub(crate) fn open_regular(path: &Path) -> io::Result<File> {
    let refuse = || Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"));
    // Opening a device may have consequences.
    if !fs::metadata(path)?.is_file() {
        return refuse();
    }
    let mut options = File::options();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    }
    let file = options.read(true).open(path)?;
    // It may be another one by now.
    if !file.metadata()?.is_file() {
        return refuse();
    }
    Ok(file)
}

/// Opens a file for reading as [`open_regular`] does. One of another user than this program's, or root, is refused.
///
/// # Errors
/// When there is none, or it is something else or somebody else's.
pub(crate) fn open_own(path: &Path) -> io::Result<File> {
    let file = open_regular(path).map_err(|error| owner::because_of_owner(path, error))?;
    owner::refuse_strangers(path, &file.metadata()?)?;
    Ok(file)
}

/// The file that symbolic links at `path` lead to, whether it is there or not.
///
/// # Errors
/// When they lead in a circle, or can't be read.
pub(crate) fn target_of(path: &Path) -> io::Result<PathBuf> {
    let mut target = path.to_owned();
    for _ in 0..MOST_LINKS {
        match fs::symlink_metadata(&target) {
            Ok(about) if about.is_symlink() => target = folder_of(&target).join(fs::read_link(&target)?),
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => return Ok(target),
        }
    }
    Err(io::Error::other("its symbolic links lead in a circle"))
}

/// The folder of a file.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Writes a file that only its owner can read, as a whole or not at all. A symbolic link stays, and what it leads to is
/// replaced.
///
/// # Errors
/// When it can't be written; what was there before is still there then. Where it or its folder belongs to another user,
/// nothing is written.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = target_of(path)?;
    owner::may_write_in(folder_of(&target))?;
    match fs::metadata(&target) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        about => owner::refuse_strangers(&target, &about?)?,
    }
    replace(&target, bytes)
}

/// Writes a file that only its owner can read, as a whole or not at all, over whatever is there. Nobody else may be saving
/// it.
///
/// # Errors
/// When it can't be written; what was there before is still there then, and nothing else.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    patiently(|| {
        let mut file = atomic_private().open(path)?;
        file.write_all(bytes)?;
        // Where the last step fails, the library leaves what it has written (atomic-write-file 0.3.1, its source).
        file.commit().inspect_err(|_| remove_leftovers(path))
    })
}

/// Tries again for a moment where another program holds a file. On Windows, scanners and backups open what was just
/// written, and nobody may replace it meanwhile.
///
/// # Errors
/// The last try's.
fn patiently<T>(mut replace: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    for wait in WAITS {
        match replace() {
            Err(error) if is_held(&error) => std::thread::sleep(wait),
            done => return done,
        }
    }
    replace()
}

/// Whether the system says that another program holds a file. A missing right is told in the same way.
fn is_held(error: &io::Error) -> bool {
    cfg!(windows) && error.raw_os_error().is_some_and(|code| HELD.contains(&code))
}

/// Removes what a save of this file left beside it when it was killed or failed. Nobody else may be saving it.
pub(crate) fn remove_leftovers(path: &Path) {
    let Ok(target) = target_of(path) else { return };
    let Some(name) = target.file_name().and_then(|name| name.to_str()) else { return };
    if owner::may_write_in(folder_of(&target)).is_err() {
        return;
    }
    let Ok(folder) = fs::read_dir(folder_of(&target)) else { return };
    let start = format!(".{name}.");
    for entry in folder.flatten() {
        let found = entry.file_name();
        let random = found.to_str().and_then(|found| found.strip_prefix(&start));
        let is_leftover =
            random.is_some_and(|end| end.len() == RANDOM && end.bytes().all(|b| b.is_ascii_alphanumeric()));
        if is_leftover && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            match fs::remove_file(entry.path()) {
                Ok(()) => {
                    tracing::info!(path = %entry.path().display(), "removed what an unfinished save left");
                }
                Err(error) => {
                    tracing::warn!(path = %entry.path().display(), %error, "what an unfinished save left stays");
                }
            }
        }
    }
}

/// Options for a file that replaces another atomically, and that only its owner can read.
#[cfg(unix)]
fn atomic_private() -> atomic_write_file::OpenOptions {
    use atomic_write_file::unix::OpenOptionsExt as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = atomic_write_file::AtomicWriteFile::options();
    // Host names are private on a shared machine too.
    options.preserve_mode(false).mode(0o600);
    options
}

/// Options for a file that replaces another atomically.
#[cfg(not(unix))]
fn atomic_private() -> atomic_write_file::OpenOptions {
    atomic_write_file::AtomicWriteFile::options()
}

/// Renames a damaged file, so that it is kept, and returns its new path.
///
/// # Errors
/// When it can't be renamed.
pub(crate) fn move_aside(path: &Path, now: Timestamp) -> io::Result<PathBuf> {
    owner::may_write_in(folder_of(path))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let stamp = now.strftime("%Y%m%d-%H%M%S");
    let kept = (0..1000)
        .map(|count| if count == 0 { String::new() } else { format!("-{count}") })
        .map(|suffix| path.with_file_name(format!("{name}.damaged-{stamp}{suffix}")))
        .find(|kept| !kept.exists())
        .ok_or(io::ErrorKind::AlreadyExists)?;
    patiently(|| fs::rename(path, &kept))?;
    Ok(kept)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::{MetadataExt as _, symlink};
    use std::time::Instant;

    #[test]
    fn a_link_is_kept_and_what_it_leads_to_is_replaced_so_that_no_old_secret_stays() {
        let (folder, elsewhere) = (tempfile::tempdir().expect("one"), tempfile::tempdir().expect("another"));
        let (link, middle, target) =
            (folder.path().join("secrets"), folder.path().join("middle"), elsewhere.path().join("kept"));
        symlink("middle", &link).expect("links");
        symlink(&target, &middle).expect("links");
        for text in ["new, where the links lead nowhere yet", "newer"] {
            write_private(&link, text.as_bytes()).expect("writes");
            assert_eq!(fs::read_to_string(&target).expect("is there"), text);
            assert_eq!(fs::metadata(&target).expect("is there").mode() & 0o777, 0o600);
        }
        assert!([&link, &middle].iter().all(|path| path.is_symlink()));
        assert_eq!(fs::read_dir(elsewhere.path()).expect("reads").count(), 1);
        fs::remove_file(&middle).expect("removes");
        symlink(&link, &middle).expect("links");
        assert!(write_private(&link, b"x").is_err(), "a circle");
    }

    #[test]
    fn what_is_no_file_is_refused_at_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let fifo = folder.path().join("fifo");
        let made = std::process::Command::new("mkfifo").arg(&fifo).status().expect("mkfifo");
        assert!(made.success());
        let began = Instant::now();
        for path in [&fifo, Path::new("/dev/zero"), Path::new("/dev/tty"), folder.path()] {
            assert!(open_regular(path).is_err(), "{}", path.display());
        }
        assert!(began.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn what_a_killed_save_left_is_removed_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let stay = ["secrets", ".secrets.bak", ".secrets.a-b-c-", ".other.Ab12Cd", "secrets.Ab12Cd"];
        for name in stay.iter().chain(&[".secrets.Ab12Cd", ".secrets.xyzXYZ"]) {
            fs::write(folder.path().join(name), "x").expect("writes");
        }
        remove_leftovers(&folder.path().join("secrets"));
        let mut left: Vec<String> = fs::read_dir(folder.path())
            .expect("reads")
            .map(|entry| entry.expect("a file").file_name().to_string_lossy().into_owned())
            .collect();
        left.sort_unstable();
        let mut stay = stay.map(str::to_owned).to_vec();
        stay.sort_unstable();
        assert_eq!(left, stay);
    }
}

#[cfg(all(test, windows))]
mod on_windows {
    use super::*;
    use std::os::windows::fs::OpenOptionsExt as _;
    use std::time::Instant;

    /// Opens a file as scanners do: others may read it, and nobody may replace it.
    fn held(path: &Path) -> File {
        const ONLY_READ: u32 = 1;
        File::options().read(true).share_mode(ONLY_READ).open(path).expect("opens")
    }

    #[test]
    fn a_file_that_another_program_holds_for_a_moment_is_replaced_after_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("settings.toml");
        write_private(&path, b"old").expect("writes");
        let file = held(&path);
        let holder = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(60));
            drop(file);
        });
        write_private(&path, b"new").expect("writes");
        holder.join().expect("ends");
        assert_eq!(fs::read(&path).expect("reads"), b"new");
    }

    #[test]
    fn a_file_that_stays_held_is_left_as_it_is_after_a_quarter_of_a_second() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("settings.toml");
        write_private(&path, b"old").expect("writes");
        let file = held(&path);
        let began = Instant::now();
        let error = write_private(&path, b"new").expect_err("it is held");
        assert!(is_held(&error), "{error:?}");
        assert!(began.elapsed() >= WAITS.iter().sum(), "{:?}", began.elapsed());
        drop(file);
        assert_eq!(fs::read(&path).expect("reads"), b"old");
        assert_eq!(fs::read_dir(folder.path()).expect("reads").count(), 1, "nothing is left beside it");
    }
}
