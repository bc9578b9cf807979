//! The settings file: the form as typed, in TOML, written atomically. It never contains a secret.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use dyntray_core::settings::Settings;
use dyntray_core::settings::form::{FieldError, Form, check};
use dyntray_core::state::health_issue::HealthIssue;
use jiff::Timestamp;
use toml::Table;

use crate::disk::{move_aside, open_regular, remove_leftovers, target_of, write_private};

/// The version of the file's schema. Older ones will be brought up to date by frozen steps, once there are any.
const SCHEMA_VERSION: i64 = 1;
const VERSION_KEY: &str = "schemaVersion";

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
    /// The problem to report: a damaged file that was moved aside.
    pub health_issue: Option<HealthIssue>,
}

impl SettingsFile {
    /// The file in `folder`.
    pub fn in_folder(folder: &Path) -> Self {
        SettingsFile { path: folder.join("settings.toml") }
    }

    /// Reads the settings. A file that can't be understood is moved aside and reported, and the defaults are used.
    ///
    /// # Errors
    /// When the file is there and can't be read or moved aside: then nothing may be saved over it.
    pub fn load(&self, now: Timestamp) -> io::Result<Loaded> {
        let bytes = match self.bytes() {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(defaults(None)),
            Err(error) => return Err(error),
        };
        let error = match read(&bytes) {
            Ok((form, settings)) => return Ok(Loaded { form, settings, health_issue: None }),
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

    /// Writes the form atomically.
    ///
    /// # Errors
    /// When it can't be written; the old file is still there then.
    pub fn save(&self, form: &Form) -> io::Result<()> {
        let text = to_toml(form)?;
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        write_private(&self.path, text.as_bytes())
    }

    /// Removes what a save left that was killed.
    pub(crate) fn remove_leftovers(&self) {
        remove_leftovers(&self.path);
    }

    fn bytes(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        open_regular(&self.path)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// The form as it is written to the file. It contains no secret.
///
/// # Errors
/// When TOML can't express it, which holds for no form that was typed.
pub fn to_toml(form: &Form) -> io::Result<String> {
    let mut table = Table::try_from(form).map_err(io::Error::other)?;
    table.insert(VERSION_KEY.to_owned(), SCHEMA_VERSION.into());
    toml::to_string_pretty(&table).map_err(io::Error::other)
}

fn defaults(health_issue: Option<HealthIssue>) -> Loaded {
    let form = Form::default();
    let settings = check(&form).unwrap_or_else(|_| unreachable!("the defaults are valid, as a test shows"));
    Loaded { form, settings, health_issue }
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
    let text = std::str::from_utf8(bytes).map_err(|_| SettingsFileError::NotUtf8)?;
    let syntax = |error: toml::de::Error| SettingsFileError::Syntax(error.to_string().trim_end().to_owned());
    let mut table: Table = text.parse().map_err(syntax)?;
    let version = table.remove(VERSION_KEY).and_then(|version| version.as_integer());
    match version.ok_or(SettingsFileError::NoVersion)? {
        SCHEMA_VERSION => {}
        other => return Err(SettingsFileError::Version(other)),
    }
    let form: Form = table.try_into().map_err(syntax)?;
    let settings = check(&form).map_err(SettingsFileError::Fields)?;
    if form.entries.iter().any(|entry| entry.id.is_none()) {
        return Err(SettingsFileError::NoId);
    }
    Ok((form, settings))
}

#[cfg(test)]
mod tests {
    use super::*;
    use dyntray_core::settings::form::{EntryForm, number_new_entries};
    use dyntray_core::types::entry_id::EntryId;

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
