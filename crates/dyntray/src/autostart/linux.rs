//! Freedesktop's Desktop Application Autostart Specification: one file per program. A desktop that switches an entry
//! off leaves the file there and sets a key in it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use dyntray_control::owner;

use super::entry::State;

fn file(name: &str) -> io::Result<PathBuf> {
    let folders = directories::BaseDirs::new();
    let folders = folders.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "no home directory"))?;
    Ok(folders.config_dir().join("autostart").join(format!("{name}.desktop")))
}

pub fn state(name: &str) -> io::Result<State> {
    match fs::read_to_string(file(name)?) {
        Ok(text) => Ok(is_entry_enabled(&text).into()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false.into()),
        Err(error) => Err(error),
    }
}

pub fn enable(name: &str, program: &Path) -> io::Result<()> {
    let file = file(name)?;
    if let Some(folder) = file.parent() {
        owner::create_folder(folder)?;
    }
    fs::write(file, entry(program))
}

pub fn disable(name: &str) -> io::Result<()> {
    match fs::remove_file(file(name)?) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// True if a desktop starts the entry's program.
fn is_entry_enabled(text: &str) -> bool {
    let is_off = |line: &str| {
        let line = line.replace(' ', "");
        line == "Hidden=true" || line == "X-GNOME-Autostart-enabled=false"
    };
    !text.lines().any(is_off)
}

fn entry(program: &Path) -> String {
    let program = quoted(&program.display().to_string());
    format!("[Desktop Entry]\nType=Application\nName=Dyntray\nExec={program}\nIcon=dyntray\nTerminal=false\n")
}

/// Quotes an argument as the Desktop Entry Specification demands. A backslash is escaped twice: for the quotes, and for
/// the file.
fn quoted(argument: &str) -> String {
    let mut quoted = String::from("\"");
    for character in argument.chars() {
        match character {
            '\\' => quoted.push_str("\\\\\\\\"),
            '"' | '`' | '$' => quoted.extend(['\\', '\\', character]),
            '%' => quoted.push_str("%%"),
            _ => quoted.push(character),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_that_a_desktop_switched_off_does_not_count() {
        let entry = entry(Path::new("/opt/dyntray/dyntray"));
        assert!(is_entry_enabled(&entry));
        assert!(!is_entry_enabled(&format!("{entry}Hidden=true\n")));
        assert!(!is_entry_enabled(&format!("{entry}X-GNOME-Autostart-enabled = false\n")));
    }

    #[test]
    fn odd_paths_are_quoted() {
        assert_eq!(quoted("/home/ann a/50%/dyntray"), "\"/home/ann a/50%%/dyntray\"");
        assert_eq!(quoted("/a\"b$c"), "\"/a\\\\\"b\\\\$c\"");
    }
}
