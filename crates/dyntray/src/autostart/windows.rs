//! The user's `Run` key on Windows: one value per program. The task manager switches an entry off with a value in
//! another key, and leaves the entry there.

use std::io;
use std::path::Path;

use windows_registry::{CURRENT_USER, Key, Value};

use super::entry::{State, is_same_on_windows, program_of_command};
use crate::own_program;

/// The key of the programs that start at log-on.
const RUN: &str = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Run";
/// The task manager's key: the first byte of a value is even while its entry is enabled.
const APPROVED: &str = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run";

/// The code of "there is no such file, key or value".
const NOT_FOUND: i32 = 0x8007_0002_u32.cast_signed();

pub fn state(name: &str) -> io::Result<State> {
    let own = own_program::path()?.display().to_string();
    state_for(name, &own)
}

/// The state as it is to the program at the path `own`.
fn state_for(name: &str, own: &str) -> io::Result<State> {
    let command = found(CURRENT_USER.open(RUN).and_then(|key| key.get_string(name)))?;
    let approved = found(CURRENT_USER.open(APPROVED).and_then(|key| key.get_value(name)))?;
    match command {
        Some(command) if approved.as_ref().is_none_or(is_approved) => {
            let program = program_of_command(&command);
            Ok(State::of_entry(Some(program), |program| is_same_on_windows(program, own)))
        }
        _ => Ok(false.into()),
    }
}

pub fn enable(name: &str, program: &Path) -> io::Result<()> {
    CURRENT_USER.create(RUN).and_then(|key| key.set_string(name, quoted(program)))?;
    // Otherwise an entry that was switched off once would stay off.
    remove(APPROVED, name)
}

pub fn disable(name: &str) -> io::Result<()> {
    remove(RUN, name)?;
    remove(APPROVED, name)
}

fn remove(path: &str, name: &str) -> io::Result<()> {
    let open = |path| -> windows_registry::Result<Key> { CURRENT_USER.options().read().write().open(path) };
    found(open(path).and_then(|key| key.remove_value(name))).map(|_| ())
}

/// The value, or none if it isn't there.
fn found<T>(result: windows_registry::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.code().0 == NOT_FOUND => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn is_approved(approved: &Value) -> bool {
    approved.first().is_none_or(|state| state % 2 == 0)
}

/// Quotes the path for a command line, where a blank would split it. Paths on Windows have no quotes in them.
fn quoted(program: &Path) -> String {
    format!("\"{}\"", program.display())
}

#[cfg(test)]
mod tests {
    use super::*;
    use dyntray_control::AutostartNote;
    use windows_registry::Type;

    #[test]
    fn an_entry_is_put_in_switched_off_by_the_task_manager_put_in_again_and_taken_out() {
        let name = format!("dyntray-test-{}", std::process::id());
        let own = r"C:\Program Files\Dyntray\dyntray.exe";
        let is_on = |own| state_for(&name, own).expect("reads").on;
        assert!(!is_on(own));
        enable(&name, Path::new(own)).expect("puts in");
        assert!(is_on(own));
        let moved = state_for(&name, r"D:\Dyntray\dyntray.exe").expect("reads");
        let another = AutostartNote::Another { program: own.to_owned() };
        assert_eq!(moved, State { on: false, note: Some(another) }, "a stale path is seen");
        let command = CURRENT_USER.open(RUN).and_then(|key| key.get_string(&name)).expect("the command");
        assert_eq!(command, r#""C:\Program Files\Dyntray\dyntray.exe""#);

        let off = [3, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8];
        let approved = CURRENT_USER.create(APPROVED).expect("the key");
        approved.set_bytes(&name, Type::Bytes, &off).expect("switches off");
        assert!(!is_on(own));
        enable(&name, Path::new(r"C:\dyntray.exe")).expect("puts in");
        assert!(is_on(r"C:\dyntray.exe"));

        disable(&name).expect("takes out");
        assert!(!is_on(own));
        disable(&name).expect("what isn't there is out");
    }
}
