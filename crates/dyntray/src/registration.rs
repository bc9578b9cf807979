//! What the installer enters in the person's own registry: the program's folder in the search path of shells. The program
//! does it itself, because the installer cuts texts that are longer than a thousand letters.

use std::io;
use std::path::{Path, PathBuf};

use windows_registry::{CURRENT_USER, Key, Type, Value};

use crate::own_program;

/// The key of the person's own environment.
const ENVIRONMENT: &str = "Environment";
const PATH: &str = "Path";
/// Between two folders of the search path.
const SEPARATOR: char = ';';

/// The code of "there is no such key or value".
const NOT_FOUND: i32 = 0x8007_0002_u32.cast_signed();

/// Enters everything. What is there already stays as it is.
pub fn register() -> io::Result<()> {
    change_path(ENVIRONMENT, |path| with(path, &folder()?))
}

/// Takes everything out.
pub fn unregister() -> io::Result<()> {
    change_path(ENVIRONMENT, |path| without(path, &folder()?))
}

fn folder() -> io::Result<PathBuf> {
    let program = own_program::path()?;
    program.parent().map(Path::to_owned).ok_or_else(|| io::ErrorKind::NotFound.into())
}

/// Changes the search path in `key`, if `change` says so. Its kind stays: it may name variables.
fn change_path(key: &str, change: impl Fn(&str) -> io::Result<Option<String>>) -> io::Result<()> {
    let key: Key = CURRENT_USER.options().read().write().create().open(key)?;
    let (before, kind) = match key.get_value(PATH) {
        // It must be understood as a whole, or nothing is written.
        Ok(value) => (String::try_from(value.clone())?, value.ty()),
        Err(error) if error.code().0 == NOT_FOUND => (String::new(), Type::ExpandString),
        Err(error) => return Err(error.into()),
    };
    if let Some(changed) = change(&before)? {
        let mut value = Value::from(changed.as_str());
        value.set_ty(kind);
        key.set_value(PATH, &value)?;
    }
    Ok(())
}

/// `path` with `folder` at its end, unless that is in it.
fn with(path: &str, folder: &Path) -> io::Result<Option<String>> {
    let new = folder.to_str().filter(|folder| !folder.contains(SEPARATOR));
    let new = new.ok_or_else(|| io::Error::other("the program's folder can't be in a search path"))?;
    if path.split(SEPARATOR).any(|part| is_same(part, new)) {
        return Ok(None);
    }
    let before = path.trim_end_matches(SEPARATOR);
    Ok(Some(if before.is_empty() { new.to_owned() } else { format!("{before}{SEPARATOR}{new}") }))
}

/// `path` without `folder`, if that is in it.
#[expect(clippy::unnecessary_wraps, reason = "the same shape as the other change")]
fn without(path: &str, folder: &Path) -> io::Result<Option<String>> {
    let old = folder.to_string_lossy();
    let left: Vec<_> = path.split(SEPARATOR).filter(|part| !is_same(part, &old)).collect();
    let left = left.join(&SEPARATOR.to_string());
    Ok((left != path).then_some(left))
}

/// Folders are the same in whatever case they are written, and with or without a backslash at the end.
fn is_same(part: &str, folder: &str) -> bool {
    let plain = |folder: &str| folder.trim().trim_matches('"').trim_end_matches('\\').to_lowercase();
    plain(part) == plain(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOLDER: &str = r"C:\Users\Ann\AppData\Local\Dyntray";

    fn added(path: &str) -> Option<String> {
        with(path, Path::new(FOLDER)).expect("it can be in a path")
    }

    fn removed(path: &str) -> Option<String> {
        without(path, Path::new(FOLDER)).expect("it can be left out")
    }

    #[test]
    fn a_folder_comes_to_the_end_of_the_search_path_once_and_goes_without_a_trace() {
        for before in [r"%USERPROFILE%\bin", r"C:\a;;C:\b", "C:\\long;".repeat(1000).trim_end_matches(';')] {
            let path = added(before).expect("a change");
            assert_eq!(path, format!("{before};{FOLDER}"));
            assert_eq!(added(&path), None);
            assert_eq!(removed(&path).as_deref(), Some(before));
        }
        assert_eq!(added("").as_deref(), Some(FOLDER));
        assert_eq!(removed(FOLDER).as_deref(), Some(""));
        assert_eq!(removed(r"C:\a;"), None);
    }

    #[test]
    fn a_folder_is_known_in_another_spelling() {
        let written = r#"C:\a;"c:\users\ann\appdata\local\DYNTRAY\";C:\b"#;
        assert_eq!(added(written), None);
        assert_eq!(removed(written).as_deref(), Some(r"C:\a;C:\b"));
    }

    #[test]
    fn the_kind_of_the_search_path_stays_as_it_is() {
        let key = format!(r"Software\dyntray-test-{}", std::process::id());
        let open = || CURRENT_USER.create(&key).expect("a key");
        change_path(&key, added_to).expect("adds");
        assert_eq!(open().get_type(PATH).expect("a type"), Type::ExpandString);
        open().set_string(PATH, r"C:\a").expect("writes");
        change_path(&key, added_to).expect("adds");
        assert_eq!(open().get_type(PATH).expect("a type"), Type::String);
        assert_eq!(open().get_string(PATH).expect("a path"), format!(r"C:\a;{FOLDER}"));
        open().set_u32(PATH, 7).expect("writes");
        assert!(change_path(&key, added_to).is_err(), "what isn't a text is left alone");
        assert_eq!(open().get_u32(PATH).expect("as it was"), 7);
        CURRENT_USER.remove_tree(&key).expect("removed");
    }

    fn added_to(path: &str) -> io::Result<Option<String>> {
        with(path, Path::new(FOLDER))
    }
}
