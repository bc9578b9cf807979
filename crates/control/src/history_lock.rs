//! The lock beside the history. One history has one program, whatever its environment says: cron, `su` and another session
//! have another runtime directory, or none, and a home may be shared between machines. While it is locked, the file says
//! who has it, and where to reach that program.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::owner;

/// A look at the lock holds it for a moment. Whoever wants it tries again so often, with a pause in between.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_millis(10);
/// More than anybody writes into the file.
const MAX_SIZE: u64 = 16 * 1024;

/// The holder of the lock, as it says itself.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Holder {
    machine: Machine,
    /// The number of its process, for people.
    process: u32,
    /// The directory of its socket.
    directory: PathBuf,
}

/// A machine since its last start.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Machine {
    /// Its name, for people.
    name: String,
    /// A hash of its number; empty where it has none.
    id: String,
    /// The number of this start of it; empty where it has none.
    boot: String,
}

/// The program that has a history, seen from this machine.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum HeldBy {
    /// One on this machine, with its socket in this directory.
    Here(PathBuf),
    /// One on another machine of this name.
    Elsewhere(String),
}

/// Takes the lock of the history in `folder`; none while another program has it.
///
/// # Errors
/// When there can be no lock, for example in a home that can't be written. Where the folder or the lock belongs to another
/// user, the error holds a [`ForeignOwner`](crate::ForeignOwner), and nothing is made or changed.
pub(crate) fn take(folder: &Path) -> io::Result<Option<File>> {
    owner::create_folder(folder)?;
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = owner::open_own(&path(folder), &mut options)?;
    for _ in 1..TRIES {
        if is_free(&file)? {
            return Ok(Some(file));
        }
        sleep(PAUSE);
    }
    Ok(is_free(&file)?.then_some(file))
}

/// Says in the locked file who has it, and that its socket is in `directory`.
///
/// # Errors
/// When it can't be written. Then it is locked all the same.
pub(crate) fn sign(file: &mut File, directory: &Path) -> io::Result<()> {
    let holder =
        Holder { machine: Machine::this(), process: std::process::id(), directory: directory.to_owned() };
    file.set_len(0)?;
    file.seek(SeekFrom::Start(0))?;
    file.write_all(&serde_json::to_vec(&holder)?)
}

/// True while a program has the lock of the history in `folder`. Nothing is created to find out.
pub(crate) fn is_taken(folder: &Path) -> bool {
    // Some network file systems lock only what may be written.
    let file = File::options().read(true).write(true).open(path(folder));
    let locked = file.and_then(|file| Ok(!is_free(&file)?));
    locked.unwrap_or(false)
}

/// The program that has the history in `folder`; none where nobody has it, or where it doesn't say who. What a program
/// left behind that has ended doesn't count: somebody else may have its place by now.
pub(crate) fn held_by(folder: &Path) -> Option<HeldBy> {
    let mut text = Vec::new();
    // A FIFO in its place would be waited for.
    if !fs::metadata(path(folder)).ok()?.is_file() {
        return None;
    }
    File::open(path(folder)).ok()?.take(MAX_SIZE).read_to_end(&mut text).ok()?;
    let Holder { machine, directory, .. } = serde_json::from_slice(&text).ok()?;
    if !is_taken(folder) {
        return None;
    }
    let this = Machine::this();
    if machine.id != this.id {
        return Some(HeldBy::Elsewhere(machine.name));
    }
    // Before a restart of the machine, somebody else had it.
    (machine.boot == this.boot).then_some(HeldBy::Here(directory))
}

fn path(folder: &Path) -> PathBuf {
    folder.join("history.lock")
}

/// True if the file wasn't locked. Then it is now, until it is closed.
fn is_free(file: &File) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(fs::TryLockError::WouldBlock) => Ok(false),
        Err(fs::TryLockError::Error(error)) => Err(error),
    }
}

impl Machine {
    /// This machine. Only Linux says its numbers; elsewhere a home is hardly ever shared.
    fn this() -> Self {
        let read = |path: &str| {
            let text = if cfg!(target_os = "linux") { fs::read_to_string(path).ok() } else { None };
            text.map(|text| text.trim().to_owned()).unwrap_or_default()
        };
        let id = read("/etc/machine-id");
        Machine {
            name: read("/proc/sys/kernel/hostname"),
            id: if id.is_empty() { id } else { hashed(&id) },
            boot: read("/proc/sys/kernel/random/boot_id"),
        }
    }
}

/// The number of a machine is confidential, says machine-id(5), so only its hash is written (64-bit FNV-1a).
fn hashed(id: &str) -> String {
    let salted = "dyntray ".bytes().chain(id.bytes());
    let hash = salted.fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    fn signed_by(folder: &Path, holder: &Holder) -> File {
        let mut file = take(folder).expect("can be locked").expect("is free");
        file.write_all(&serde_json::to_vec(holder).expect("JSON")).expect("writes");
        file
    }

    fn holder(machine: Machine) -> Holder {
        Holder { machine, process: 7, directory: "/run/user/1000/dyntray".into() }
    }

    #[test]
    fn who_has_a_history_is_known_on_this_machine_and_on_others() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(held_by(folder.path()), None);
        assert!(!folder.path().join("history.lock").exists(), "looking makes nothing");
        let here = signed_by(folder.path(), &holder(Machine::this()));
        assert_eq!(held_by(folder.path()), Some(HeldBy::Here("/run/user/1000/dyntray".into())));
        assert!(is_taken(folder.path()) && take(folder.path()).expect("can be locked").is_none());
        drop(here);
        assert_eq!(held_by(folder.path()), None, "what is left behind doesn't count");

        let folder = tempfile::tempdir().expect("a folder");
        let other = Machine { name: "attic".into(), id: "7".into(), boot: "8".into() };
        let _elsewhere = signed_by(folder.path(), &holder(other));
        assert_eq!(held_by(folder.path()), Some(HeldBy::Elsewhere("attic".into())));

        let folder = tempfile::tempdir().expect("a folder");
        let before = Machine { boot: "8".into(), ..Machine::this() };
        let _before = signed_by(folder.path(), &holder(before));
        assert_eq!(held_by(folder.path()), None, "before the machine was started again");
    }

    #[test]
    fn the_lock_is_its_owners_only_and_tells_no_number_of_the_machine() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let mut file = take(folder.path()).expect("can be locked").expect("is free");
        sign(&mut file, Path::new("/run/user/1000/dyntray")).expect("writes");
        sign(&mut file, Path::new("/run/dyntray")).expect("writes");
        let path = folder.path().join("history.lock");
        assert_eq!(path.metadata().expect("is there").permissions().mode() & 0o777, 0o600);
        let text = fs::read_to_string(path).expect("reads");
        let said: Holder = serde_json::from_str(&text).expect("JSON");
        assert_eq!((said.process, said.directory.as_path()), (std::process::id(), Path::new("/run/dyntray")));
        if let Ok(id) = fs::read_to_string("/etc/machine-id") {
            assert!(id.trim().is_empty() || !text.contains(id.trim()));
        }
    }
}
