//! The settings file: the form as typed, in TOML, written atomically. It never contains a secret.

use std::collections::BTreeSet;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use dyntray_control::{Rejection, owner};
use dyntray_core::settings::Settings;
use dyntray_core::settings::form::{FieldError, Form, check};
use dyntray_core::state::health_issue::HealthIssue;
use dyntray_core::types::entry_id::EntryId;
use jiff::Timestamp;
use toml::{Table, Value};

use crate::disk::{move_aside, open_own, remove_leftovers, target_of, write_private};

/// The version of the file's schema. Older ones will be brought up to date by frozen steps, once there are any.
const SCHEMA_VERSION: i64 = 1;
const VERSION_KEY: &str = "schemaVersion";
/// The entries whose secret is in their second place in the store; absent if there is none.
const SECOND_KEY: &str = "secondSecrets";

/// The settings file of one user.
#[derive(Clone, Debug)]
pub struct SettingsFile {
    path: PathBuf,
}

/// The result of reading the file.
pub struct Loaded {
    /// The form as it was saved, or the defaults.
    pub form: Form,
    /// The valid settings that the form makes.
    pub settings: Settings,
    /// The entries whose secret is in their second place in the store.
    pub(crate) second: BTreeSet<EntryId>,
    /// The problem to report: a damaged file that was moved aside.
    pub health_issue: Option<HealthIssue>,
}

impl SettingsFile {
    /// The file in `folder`.
    pub fn in_folder(folder: &Path) -> Self {
        SettingsFile { path: folder.join("settings.toml") }
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the settings. A file that can't be understood is moved aside and reported, and the defaults are used.
    ///
    /// # Errors
    /// When the file is there and can't be read or moved aside, or is another user's: then nothing may be saved over it.
    pub fn load(&self, now: Timestamp) -> io::Result<Loaded> {
        let bytes = match self.bytes() {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(defaults(None)),
            Err(error) => return Err(error),
        };
        let error = match read_all(&bytes) {
            Ok(Contents { form, settings, second }) => {
                return Ok(Loaded { form, settings, second, health_issue: None });
            }
            Err(error) => error,
        };
        let kept = move_aside(&target_of(&self.path)?, now)?;
        tracing::error!(kept = %kept.display(), %error, "the settings file is damaged");
        Ok(defaults(Some(HealthIssue::SettingsDamaged { kept: kept.display().to_string() })))
    }

    /// Checks the file and leaves it as it is. Without a window to say so, a file that was written by hand mustn't be
    /// moved aside because of a typo.
    ///
    /// # Errors
    /// The mistake in the file. A file that isn't there, or can't be read, passes.
    pub fn check(&self) -> Result<(), SettingsFileError> {
        self.bytes().map_or(Ok(()), |bytes| read(&bytes).map(drop))
    }

    /// The form in the file and its settings, if somebody has changed it by hand: it isn't `known`, which was last read or
    /// saved. A file that was taken away is no change.
    ///
    /// # Errors
    /// [`Rejection::SettingsFileChanged`] when it can't be used as it is: then nothing may be saved over it.
    pub(crate) fn changed_by_hand(&self, known: &Form) -> Result<Option<Contents>, Rejection> {
        let unusable = |why: String| {
            tracing::error!(path = %self.path.display(), why, "the settings file was changed by hand");
            Err(Rejection::SettingsFileChanged { path: self.path.display().to_string(), why })
        };
        let bytes = match self.bytes() {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return unusable(error.to_string()),
        };
        match read_all(&bytes) {
            Ok(contents) => Ok((contents.form != *known).then_some(contents)),
            Err(error) => unusable(error.to_string()),
        }
    }

    /// Writes the form atomically.
    ///
    /// # Errors
    /// When it can't be written; the old file is still there then.
    pub fn save(&self, form: &Form) -> io::Result<()> {
        self.save_with(form, &BTreeSet::new())
    }

    /// The same with the entries whose secret is in its second place from now on.
    pub(crate) fn save_with(&self, form: &Form, second: &BTreeSet<EntryId>) -> io::Result<()> {
        let mut table = to_table(form)?;
        if !second.is_empty() {
            let ids = second.iter().map(|id| Value::from(id.0)).collect();
            table.insert(SECOND_KEY.to_owned(), Value::Array(ids));
        }
        let text = toml::to_string_pretty(&table).map_err(io::Error::other)?;
        if let Some(folder) = self.path.parent() {
            owner::create_folder(folder)?;
        }
        write_private(&self.path, text.as_bytes())
    }

    /// Removes what a save left that was killed.
    pub(crate) fn remove_leftovers(&self) {
        remove_leftovers(&self.path);
    }

    fn bytes(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        open_own(&self.path)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// The form as it is written to the file. It contains no secret.
///
/// # Errors
/// When TOML can't express it, which holds for no form that was typed.
pub fn to_toml(form: &Form) -> io::Result<String> {
    toml::to_string_pretty(&to_table(form)?).map_err(io::Error::other)
}

fn to_table(form: &Form) -> io::Result<Table> {
    let mut table = Table::try_from(form).map_err(io::Error::other)?;
    table.insert(VERSION_KEY.to_owned(), SCHEMA_VERSION.into());
    Ok(table)
}

fn defaults(health_issue: Option<HealthIssue>) -> Loaded {
    let form = Form::default();
    let settings = check(&form).unwrap_or_else(|_| unreachable!("the defaults are valid, as a test shows"));
    Loaded { form, settings, second: BTreeSet::new(), health_issue }
}

/// A mistake in a settings file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsFileError {
    /// It isn't UTF-8.
    #[error("it is no text in UTF-8")]
    NotUtf8,
    /// It isn't valid TOML, or has an unknown shape. The text is the parser's, with the line.
    #[error("{0}")]
    Syntax(String),
    /// Its version is unknown.
    #[error("it is of a version that isn't known: {VERSION_KEY} = {0}")]
    Version(i64),
    /// It has no version.
    #[error("it has no {VERSION_KEY}")]
    NoVersion,
    /// An entry has no number.
    #[error("an entry has no id")]
    NoId,
    /// Some values are invalid.
    #[error("{} of its values can't be used", .0.len())]
    Fields(Vec<FieldError>),
}

/// The form in the bytes of a settings file, and the valid settings that it makes.
///
/// # Errors
/// The first mistake in it.
pub fn read(bytes: &[u8]) -> Result<(Form, Settings), SettingsFileError> {
    read_all(bytes).map(|Contents { form, settings, .. }| (form, settings))
}

/// Everything in a settings file.
pub(crate) struct Contents {
    /// The form.
    pub(crate) form: Form,
    /// The valid settings that it makes.
    pub(crate) settings: Settings,
    /// The entries whose secret is in their second place in the store.
    pub(crate) second: BTreeSet<EntryId>,
}

fn read_all(bytes: &[u8]) -> Result<Contents, SettingsFileError> {
    let text = std::str::from_utf8(bytes).map_err(|_| SettingsFileError::NotUtf8)?;
    let syntax = |error: toml::de::Error| SettingsFileError::Syntax(error.to_string().trim_end().to_owned());
    let mut table: Table = text.parse().map_err(syntax)?;
    let version = table.remove(VERSION_KEY).and_then(|version| version.as_integer());
    match version.ok_or(SettingsFileError::NoVersion)? {
        SCHEMA_VERSION => {}
        other => return Err(SettingsFileError::Version(other)),
    }
    let second =
        table.remove(SECOND_KEY).map(Value::try_into).transpose().map_err(syntax)?.unwrap_or_default();
    let form: Form = table.try_into().map_err(syntax)?;
    let settings = check(&form).map_err(SettingsFileError::Fields)?;
    if form.entries.iter().any(|entry| entry.id.is_none()) {
        return Err(SettingsFileError::NoId);
    }
    Ok(Contents { form, settings, second })
}

#[cfg(test)]
mod tests {
    use super::*;
    use dyntray_core::settings::form::{EntryForm, number_new_entries};
    use std::fs;

    fn file() -> (tempfile::TempDir, SettingsFile) {
        let folder = tempfile::tempdir().expect("a folder");
        let file = SettingsFile::in_folder(&folder.path().join("dyntray"));
        (folder, file)
    }

    fn now() -> Timestamp {
        "2026-11-23T12:00:00Z".parse().expect("a time")
    }

    fn named(hostname: &str) -> Form {
        let mut form = Form {
            entries: vec![EntryForm { hostname: hostname.into(), ..EntryForm::default() }],
            ..Form::default()
        };
        number_new_entries(&mut form, EntryId(0));
        form
    }

    #[test]
    fn what_was_saved_is_read_back() {
        let (_folder, file) = file();
        let form = named("home.spdns.de");
        file.save(&form).expect("saves");
        let loaded = file.load(now()).expect("loads");
        assert_eq!(loaded.form, form);
        assert!(loaded.health_issue.is_none());
        assert_eq!(loaded.settings.entries[0].hostname.as_str(), "home.spdns.de");
    }

    #[test]
    fn the_places_of_secrets_are_kept_beside_the_form_and_belong_to_no_form() {
        let (_folder, file) = file();
        let (form, second) = (named("home.spdns.de"), BTreeSet::from([EntryId(1), EntryId(7)]));
        file.save_with(&form, &second).expect("saves");
        let loaded = file.load(now()).expect("loads");
        assert_eq!((&loaded.form, &loaded.second), (&form, &second));
        assert!(matches!(file.changed_by_hand(&form), Ok(None)));
        file.save(&form).expect("saves");
        let text = fs::read_to_string(&file.path).expect("is there");
        assert_eq!(text, to_toml(&form).expect("TOML"), "nothing is written where there is none");
    }

    #[test]
    fn without_a_file_there_are_defaults() {
        let (_folder, file) = file();
        let loaded = file.load(now()).expect("loads");
        assert_eq!(loaded.form, Form::default());
        assert!(loaded.health_issue.is_none());
    }

    #[test]
    fn a_damaged_file_is_kept_beside_and_reported() {
        for damage in [
            "",
            "schemaVersion = 1\ninterval = 7",
            "schemaVersion = 99",
            "\u{0}\u{1}",
            "schemaVersion = 1\ninterval = \"1 min\"",
        ] {
            let (_folder, file) = file();
            fs::create_dir_all(file.path.parent().expect("a folder")).expect("makes it");
            fs::write(&file.path, damage).expect("writes");
            let loaded = file.load(now()).expect("loads");
            let Some(HealthIssue::SettingsDamaged { kept }) = loaded.health_issue else {
                panic!("{damage:?} was accepted")
            };
            assert_eq!(fs::read_to_string(kept).expect("is kept"), damage);
            assert!(!file.path.exists());
        }
    }

    #[test]
    fn a_saved_form_replaces_the_one_before_and_leaves_nothing_beside() {
        let (_folder, file) = file();
        for name in ["one.spdns.de", "two.spdns.de"] {
            file.save(&named(name)).expect("saves");
            assert_eq!(file.load(now()).expect("loads").form, named(name));
        }
        let folder = file.path.parent().expect("a folder");
        assert_eq!(fs::read_dir(folder).expect("reads").count(), 1);
    }

    #[test]
    fn where_nothing_can_be_written_saving_says_so() {
        let root = tempfile::tempdir().expect("a folder");
        let blocked = root.path().join("dyntray");
        fs::write(&blocked, "a file where the folder should be").expect("writes");
        assert!(SettingsFile::in_folder(&blocked).save(&named("home.spdns.de")).is_err());
        assert_eq!(fs::read_to_string(&blocked).expect("reads"), "a file where the folder should be");
    }

    #[test]
    fn what_is_in_the_way_of_the_file_stays_and_is_reported() {
        let (_folder, file) = file();
        fs::create_dir_all(file.path.join("something")).expect("makes it");
        assert!(file.save(&named("home.spdns.de")).is_err());
        assert!(file.load(now()).is_err(), "neither defaults nor moved aside");
        assert!(file.path.join("something").exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_fifo_in_the_files_place_is_an_error_and_nobody_waits_for_it() {
        let (_folder, file) = file();
        fs::create_dir_all(file.path.parent().expect("a folder")).expect("makes it");
        let made = std::process::Command::new("mkfifo").arg(&file.path).status().expect("mkfifo");
        assert!(made.success());
        assert!(file.load(now()).is_err() && file.check().is_ok());
        assert!(file.path.exists(), "nor is it moved aside");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_the_files_place_is_followed_and_kept_also_when_the_file_is_damaged() {
        let (_folder, file) = file();
        let elsewhere = tempfile::tempdir().expect("a folder");
        let target = elsewhere.path().join("mine.toml");
        fs::create_dir_all(file.path.parent().expect("a folder")).expect("makes it");
        std::os::unix::fs::symlink(&target, &file.path).expect("links");
        fs::write(&target, "damaged").expect("writes");
        let Some(HealthIssue::SettingsDamaged { kept }) = file.load(now()).expect("loads").health_issue
        else {
            panic!("it was accepted")
        };
        assert_eq!(fs::read_to_string(kept).expect("is kept"), "damaged");
        file.save(&named("home.spdns.de")).expect("saves");
        assert!(file.path.is_symlink() && target.is_file());
        assert_eq!(file.load(now()).expect("loads").form, named("home.spdns.de"));
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_its_owners_only() {
        use std::os::unix::fs::PermissionsExt as _;
        let (_folder, file) = file();
        for before in [None, Some(0o644)] {
            if let Some(mode) = before {
                fs::set_permissions(&file.path, fs::Permissions::from_mode(mode)).expect("changes");
            }
            file.save(&named("home.spdns.de")).expect("saves");
            let mode = fs::metadata(&file.path).expect("is there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
