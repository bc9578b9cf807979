//! The settings file: the form as typed, in TOML, written atomically. No secret is ever in it.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use dyntray_core::settings::Settings;
use dyntray_core::settings::form::{FieldError, Form, check};
use dyntray_core::state::health_issue::HealthIssue;
use jiff::Timestamp;
use toml::Table;

/// The version of the file's shape. Older ones are brought up to date by frozen steps, once there are any.
const SCHEMA_VERSION: i64 = 1;
const VERSION_KEY: &str = "schemaVersion";

/// The settings file of one user.
#[derive(Clone, Debug)]
pub struct SettingsFile {
    path: PathBuf,
}

/// What was read.
pub struct Loaded {
    /// The form as it was saved; the defaults where there is none.
    pub form: Form,
    /// The same, checked.
    pub settings: Settings,
    /// A damaged file that was put aside.
    pub health_issue: Option<HealthIssue>,
}

impl SettingsFile {
    /// The file in `folder`.
    pub fn in_folder(folder: &Path) -> Self {
        SettingsFile { path: folder.join("settings.toml") }
    }

    /// Reads the settings. A file that can't be understood is kept beside under another name, reported, and the
    /// defaults are used.
    ///
    /// # Errors
    /// When the file is there and can't be read or put aside: then nothing must be saved over it.
    pub fn load(&self, now: Timestamp) -> io::Result<Loaded> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(defaults(None)),
            Err(error) => return Err(error),
        };
        let error = match read(&bytes) {
            Ok((form, settings)) => return Ok(Loaded { form, settings, health_issue: None }),
            Err(error) => error,
        };
        let kept = put_aside(&self.path, now)?;
        tracing::error!(kept = %kept.display(), %error, "the settings file is damaged");
        Ok(defaults(Some(HealthIssue::SettingsDamaged { kept: kept.display().to_string() })))
    }

    /// Looks at the file and leaves it as it is. Where nobody sees a window, settings that were written by hand are not
    /// to be put aside for a typing mistake.
    ///
    /// # Errors
    /// What is wrong with it; a file that isn't there, or can't be read, isn't judged.
    pub fn understand(&self) -> Result<(), NotUnderstood> {
        fs::read(&self.path).map_or(Ok(()), |bytes| read(&bytes).map(drop))
    }

    /// Writes the form: wholly or not at all.
    ///
    /// # Errors
    /// Whatever keeps it from being written; the old file is still there then.
    pub fn save(&self, form: &Form) -> io::Result<()> {
        let text = text_of(form)?;
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = private().open(&self.path)?;
        file.write_all(text.as_bytes())?;
        file.commit()
    }
}

/// The form as it is written to the file. There is no secret in it.
///
/// # Errors
/// When it can't be put into words; no form that was typed is like that.
pub fn text_of(form: &Form) -> io::Result<String> {
    let mut table = Table::try_from(form).map_err(io::Error::other)?;
    table.insert(VERSION_KEY.to_owned(), SCHEMA_VERSION.into());
    toml::to_string_pretty(&table).map_err(io::Error::other)
}

/// A file that replaces another wholly or not at all, and that nobody but its owner can read.
#[cfg(unix)]
pub(crate) fn private() -> atomic_write_file::OpenOptions {
    use atomic_write_file::unix::OpenOptionsExt as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = atomic_write_file::AtomicWriteFile::options();
    // Whose host names these are is nobody else's business on a shared machine.
    options.preserve_mode(false).mode(0o600);
    options
}

/// A file that replaces another wholly or not at all.
#[cfg(not(unix))]
pub(crate) fn private() -> atomic_write_file::OpenOptions {
    atomic_write_file::AtomicWriteFile::options()
}

fn defaults(health_issue: Option<HealthIssue>) -> Loaded {
    let form = Form::default();
    let settings = check(&form).unwrap_or_else(|_| unreachable!("the defaults are valid, as a test shows"));
    Loaded { form, settings, health_issue }
}

/// Why a settings file isn't understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotUnderstood {
    /// It is no text.
    #[error("it is no text in UTF-8")]
    NoText,
    /// It isn't written as settings are, in the words of the reader, with the line.
    #[error("{0}")]
    Written(String),
    /// It is of another version.
    #[error("it is of a version that isn't known: {VERSION_KEY} = {0}")]
    Version(i64),
    /// It has no version.
    #[error("it has no {VERSION_KEY}")]
    NoVersion,
    /// An entry has no number.
    #[error("an entry has no id")]
    NoId,
    /// Its values can't be used.
    #[error("{} of its values can't be used", .0.len())]
    Fields(Vec<FieldError>),
}

/// The form in the bytes of a settings file, and the valid settings that it makes.
///
/// # Errors
/// What is wrong with it.
pub fn read(bytes: &[u8]) -> Result<(Form, Settings), NotUnderstood> {
    let text = std::str::from_utf8(bytes).map_err(|_| NotUnderstood::NoText)?;
    let written = |error: toml::de::Error| NotUnderstood::Written(error.to_string().trim_end().to_owned());
    let mut table: Table = text.parse().map_err(written)?;
    let version = table.remove(VERSION_KEY).and_then(|version| version.as_integer());
    match version.ok_or(NotUnderstood::NoVersion)? {
        SCHEMA_VERSION => {}
        other => return Err(NotUnderstood::Version(other)),
    }
    let form: Form = table.try_into().map_err(written)?;
    let settings = check(&form).map_err(NotUnderstood::Fields)?;
    if form.entries.iter().any(|entry| entry.id.is_none()) {
        return Err(NotUnderstood::NoId);
    }
    Ok((form, settings))
}

/// Renames a damaged file, so that it is kept beside.
///
/// # Errors
/// When it can't be renamed.
pub fn put_aside(path: &Path, now: Timestamp) -> io::Result<PathBuf> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let stamp = now.strftime("%Y%m%d-%H%M%S");
    let kept = (0..1000)
        .map(|count| if count == 0 { String::new() } else { format!("-{count}") })
        .map(|suffix| path.with_file_name(format!("{name}.damaged-{stamp}{suffix}")))
        .find(|kept| !kept.exists())
        .ok_or(io::ErrorKind::AlreadyExists)?;
    fs::rename(path, &kept)?;
    Ok(kept)
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
        assert!(file.load(now()).is_err(), "neither defaults nor put aside");
        assert!(file.path.join("something").exists());
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
