//! The program behind the secret service, by name. Several can be installed, and each has other secrets.

use std::fs;
use std::path::Path;

use zbus::blocking::Connection;
use zbus::blocking::fdo::DBusProxy;
use zbus::names::{BusName, OwnedUniqueName};

use super::names::NAME;

/// The longest name of a program that is shown.
const LONGEST: usize = 40;
/// Bus names that only these programs own.
const KNOWN: [(&str, &str); 4] = [
    ("org.kde.kwalletd6", "kwalletd6"),
    ("org.kde.kwalletd5", "kwalletd5"),
    ("org.keepassxc.KeePassXC.MainWindow", "keepassxc"),
    ("org.gnome.keyring", "gnome-keyring-daemon"),
];

/// The name of the program that owns the secret service; none where nobody does, or it has no name.
pub(super) fn name(bus: &Connection) -> Option<String> {
    let bus = DBusProxy::new(bus).ok()?;
    let owner = owner(&bus, NAME)?;
    let process = bus.get_connection_unix_process_id(BusName::from(owner.inner().clone())).ok();
    let known = || KNOWN.into_iter().find(|(known, _)| self::owner(&bus, known).as_ref() == Some(&owner));
    let name = process.and_then(of_process).or_else(|| known().map(|(_, program)| program.to_owned()))?;
    Some(name.chars().filter(|c| !c.is_control()).take(LONGEST).collect())
}

fn owner(bus: &DBusProxy<'_>, name: &str) -> Option<OwnedUniqueName> {
    bus.get_name_owner(BusName::try_from(name).ok()?).ok()
}

/// The name of a process's program. gnome-keyring hides the file that it runs, but not its command line.
fn of_process(process: u32) -> Option<String> {
    let about = |what: &str| Path::new("/proc").join(process.to_string()).join(what);
    let program = fs::read_link(about("exe")).ok().or_else(|| {
        let line = fs::read(about("cmdline")).ok()?;
        let program = line.split(|byte| *byte == 0).next()?;
        Some(String::from_utf8_lossy(program).into_owned().into())
    })?;
    let name = program.file_name()?.to_string_lossy();
    let name = name.trim_end_matches(" (deleted)");
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_known_by_its_program() {
        let own = std::env::current_exe().expect("it has a file");
        let own = own.file_name().expect("it has a name").to_string_lossy().into_owned();
        assert_eq!(of_process(std::process::id()), Some(own));
        assert_eq!(of_process(u32::MAX), None);
    }
}
