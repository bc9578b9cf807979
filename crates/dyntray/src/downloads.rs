//! Saves texts as files among the person's downloads. The window can't write files, and doesn't choose what is written.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use directories::UserDirs;
use jiff::Timestamp;

/// The greatest number of files of one minute.
const MOST: u32 = 100;

/// Saves `text` as a new file among the person's downloads, and returns its path.
///
/// # Errors
/// When it can't be written.
pub fn save(kind: &str, ending: &str, text: &str) -> io::Result<PathBuf> {
    let none = || io::Error::new(io::ErrorKind::NotFound, "no home directory");
    let user = UserDirs::new().ok_or_else(none)?;
    let there = user.download_dir().filter(|folder| folder.is_dir());
    save_in(there.unwrap_or_else(|| user.home_dir()), kind, ending, text, &minute(Timestamp::now()))
}

fn minute(now: Timestamp) -> String {
    now.to_zoned_datetime(dyntray_texts::here()).strftime("%Y-%m-%d-%H%M").to_string()
}

/// Saves `text` as a new file in `folder`. A file that is there is never replaced.
fn save_in(folder: &Path, kind: &str, ending: &str, text: &str, minute: &str) -> io::Result<PathBuf> {
    let name = format!("dyntray-{kind}-{minute}");
    for number in 1..=MOST {
        let number = if number == 1 { String::new() } else { format!("-{number}") };
        let path = folder.join(format!("{name}{number}.{ending}"));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(&path) {
            Ok(mut file) => return file.write_all(text.as_bytes()).map(|()| path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn what_is_saved_has_the_time_in_its_name_and_never_replaces_another_file() {
        let folder = tempfile::tempdir().expect("a folder");
        for (text, name) in [
            ("first", "dyntray-history-2026-11-23-1205.csv"),
            ("second", "dyntray-history-2026-11-23-1205-2.csv"),
        ] {
            let path = save_in(folder.path(), "history", "csv", text, "2026-11-23-1205").expect("saves");
            assert_eq!(path, folder.path().join(name));
        }
        let first = folder.path().join("dyntray-history-2026-11-23-1205.csv");
        assert_eq!(fs::read_to_string(first).expect("reads"), "first");
    }

    #[test]
    fn a_folder_that_can_t_be_written_is_told() {
        let nowhere = tempfile::tempdir().expect("a folder").path().join("gone");
        assert!(save_in(&nowhere, "history", "csv", "text", "2026-11-23-1205").is_err());
    }
}
