//! A file of secrets that only its owner can read, for machines without a keyring, if the user chooses so. It has a line
//! for each entry: the number, a space, the secret; `7.2` is the second place of entry 7.

use std::collections::BTreeSet;
use std::fs::{self, File, Metadata};
use std::io::{self, Read as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

use super::error::KeyringError;
use super::item::Item;
use crate::disk::{folder_of, open_regular, target_of, write_private};

/// The largest file, in bytes: room for far more host names than anybody has.
const MAX_SIZE: u64 = 4 * 1024 * 1024;

/// The file of secrets.
pub(super) struct SecretsFile {
    path: PathBuf,
}

/// Checks that the file may be used: it is private to its owner, or it isn't there yet but its folder is.
pub(super) fn check(path: &Path) -> io::Result<()> {
    match open(path)? {
        Some(_) => Ok(()),
        None => fs::read_dir(folder_of(&target_of(path)?)).map(drop),
    }
}

impl SecretsFile {
    pub(super) fn new(path: PathBuf) -> Self {
        SecretsFile { path }
    }

    /// The file's path.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn read(&self, item: Item) -> Result<Option<SecretString>, KeyringError> {
        let text = self.text()?;
        let found = lines(&text).find(|(of, _)| *of == item);
        Ok(found.map(|(_, secret)| secret.into()))
    }

    /// All items that it has a secret of.
    pub(super) fn items(&self) -> Result<BTreeSet<Item>, KeyringError> {
        let text = self.text()?;
        Ok(lines(&text).map(|(item, _)| item).collect())
    }

    pub(super) fn write(&self, item: Item, secret: &SecretString) -> Result<(), KeyringError> {
        self.replace(item, Some(secret))
    }

    pub(super) fn remove(&self, item: Item) -> Result<(), KeyringError> {
        self.replace(item, None)
    }

    fn replace(&self, item: Item, secret: Option<&SecretString>) -> Result<(), KeyringError> {
        let before = self.text()?;
        // Room for the whole text, so that it never moves and leaves a copy in memory.
        let more = secret.map_or(0, |secret| secret.expose_secret().len() + 16);
        let mut after = Zeroizing::new(String::with_capacity(before.len() + more));
        let others = lines(&before).filter(|(of, _)| *of != item);
        for (of, kept) in others.chain(secret.map(|secret| (item, secret.expose_secret()))) {
            after.push_str(&of.to_string());
            after.push(' ');
            after.push_str(kept);
            after.push('\n');
        }
        write_private(&self.path, after.as_bytes()).map_err(|error| self.failed(&error))
    }

    fn text(&self) -> Result<Zeroizing<String>, KeyringError> {
        read(&self.path).map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &io::Error) -> KeyringError {
        tracing::error!(path = %self.path.display(), %error, "the file of secrets can't be used");
        KeyringError::of_file(&self.path, error)
    }
}

fn read(path: &Path) -> io::Result<Zeroizing<String>> {
    let Some((file, about)) = open(path)? else { return Ok(Zeroizing::default()) };
    let length = usize::try_from(about.len()).map_err(io::Error::other)?;
    let mut text = Zeroizing::new(String::with_capacity(length + 1));
    file.take(MAX_SIZE).read_to_string(&mut text)?;
    Ok(text)
}

/// Opens the file and checks what was opened; none if there is no file.
fn open(path: &Path) -> io::Result<Option<(File, Metadata)>> {
    let path = target_of(path)?;
    let file = match open_regular(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let about = file.metadata()?;
    let refuse = |why: &str| Err(io::Error::new(io::ErrorKind::PermissionDenied, why.to_owned()));
    if about.len() > MAX_SIZE {
        return refuse("it is no file of secrets");
    }
    if about.permissions().mode() & 0o077 != 0 {
        return refuse("others than its owner may read it (chmod 600)");
    }
    // The owner of the folder could replace the file anyway. A file of anybody else but root is refused.
    let folder_owner = fs::metadata(folder_of(&path))?.uid();
    if about.uid() != folder_owner && about.uid() != 0 {
        return refuse("it belongs to somebody else than its folder");
    }
    Ok(Some((file, about)))
}

fn lines(text: &str) -> impl Iterator<Item = (Item, &str)> {
    text.lines().filter_map(|line| {
        let (number, secret) = line.split_once(' ')?;
        Some((number.parse().ok()?, secret))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use dyntray_core::types::entry_id::EntryId;

    fn file() -> (tempfile::TempDir, SecretsFile) {
        let folder = tempfile::tempdir().expect("a folder");
        let file = SecretsFile::new(folder.path().join("secrets"));
        (folder, file)
    }

    fn read(file: &SecretsFile, entry: u32) -> Option<String> {
        let secret = file.read(EntryId(entry).into()).expect("reads");
        secret.map(|secret| secret.expose_secret().to_owned())
    }

    #[test]
    fn each_entry_has_its_own_secret_and_nobody_else_may_read_the_file() {
        let (_folder, file) = file();
        assert_eq!(read(&file, 1), None, "without a file there is no secret");
        file.write(EntryId(1).into(), &"abcd-efgh-ijkl".into()).expect("writes");
        file.write(EntryId(12).into(), &"a secret with blanks".into()).expect("writes");
        file.write(EntryId(1).into(), &"mnop-qrst-uvwx".into()).expect("writes");
        assert_eq!(read(&file, 1).as_deref(), Some("mnop-qrst-uvwx"));
        assert_eq!(read(&file, 12).as_deref(), Some("a secret with blanks"));
        assert_eq!(fs::metadata(&file.path).expect("is there").mode() & 0o777, 0o600);
        file.remove(EntryId(1).into()).expect("removes");
        assert_eq!((read(&file, 1), read(&file, 12).is_some()), (None, true));
    }

    #[test]
    fn a_file_that_others_may_read_is_refused_and_left_alone() {
        let (_folder, file) = file();
        fs::write(&file.path, "1 abcd-efgh-ijkl\n").expect("writes");
        fs::set_permissions(&file.path, fs::Permissions::from_mode(0o640)).expect("sets");
        told(file.read(EntryId(1).into()).map(drop), "chmod 600");
        told(file.write(EntryId(1).into(), &"x".into()), "chmod 600");
        let why = check(&file.path).expect_err("refused").to_string();
        assert!(why.contains("chmod 600") && !why.contains("abcd"), "{why}");
        assert_eq!(fs::read_to_string(&file.path).expect("is there"), "1 abcd-efgh-ijkl\n");
    }

    /// Asserts that the reason is told, with the file's path.
    fn told(result: Result<(), KeyringError>, reason: &str) {
        match result.expect_err("refused") {
            KeyringError::Unusable { why } => {
                assert!(why.contains(reason) && why.contains("secrets: "), "{why}");
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_wrong_with_the_file_is_told_and_never_called_a_missing_keyring() {
        let (folder, file) = file();
        fs::write(&file.path, b"1 \xff\xfe\n").expect("writes");
        fs::set_permissions(&file.path, fs::Permissions::from_mode(0o600)).expect("sets");
        told(file.read(EntryId(1).into()).map(drop), "UTF-8");
        told(file.write(EntryId(1).into(), &"x".into()), "UTF-8");
        fs::remove_file(&file.path).expect("removes");
        let made = std::process::Command::new("mkfifo").arg(&file.path).status().expect("mkfifo");
        assert!(made.success());
        told(file.read(EntryId(1).into()).map(drop), "no regular file");
        assert!(check(&file.path).is_err(), "and a start doesn't wait for it");
        drop(folder);
        told(file.write(EntryId(1).into(), &"x".into()), "No such file");
    }

    #[test]
    fn behind_a_link_the_file_itself_is_read_checked_and_replaced() {
        let (folder, file) = file();
        let target = folder.path().join("elsewhere");
        fs::write(&target, "1 abcd-efgh-ijkl\n").expect("writes");
        fs::set_permissions(&target, fs::Permissions::from_mode(0o600)).expect("sets");
        std::os::unix::fs::symlink(&target, &file.path).expect("links");
        assert_eq!(read(&file, 1).as_deref(), Some("abcd-efgh-ijkl"));
        file.write(EntryId(1).into(), &"mnop-qrst-uvwx".into()).expect("writes");
        assert!(file.path.is_symlink());
        assert_eq!(fs::read_to_string(&target).expect("is there"), "1 mnop-qrst-uvwx\n");
        fs::set_permissions(&target, fs::Permissions::from_mode(0o644)).expect("sets");
        told(file.read(EntryId(1).into()).map(drop), "chmod 600");
    }

    #[test]
    fn a_folder_that_isnt_there_is_said_at_once() {
        let (folder, _file) = file();
        assert!(check(&folder.path().join("missing/secrets")).is_err());
        assert!(check(&folder.path().join("secrets")).is_ok());
        assert!(check(folder.path()).is_err(), "a folder is no file");
    }
}
