//! The text in a backup: TOML with the settings as their file has them, and the secrets by the numbers of their entries.

use std::io;

use dyntray_core::types::entry_id::EntryId;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize, Serializer};
use toml::Table;

use super::parts::{Backup, BackupError};
use crate::settings_file::{self, SettingsFileError};

/// The version of the format.
const VERSION: i64 = 1;
const VERSION_KEY: &str = "dyntrayBackup";

/// The text. Secrets and settings are two texts in it, so that each is read by its own rules.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Contents {
    /// The version of this format.
    dyntray_backup: i64,
    /// The settings file.
    settings: String,
    /// The secrets.
    #[serde(default)]
    secrets: Vec<Kept>,
}

/// One secret.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// The number of its entry.
    entry: EntryId,
    /// The host name, for people who look into the text.
    hostname: String,
    /// The secret.
    #[serde(serialize_with = "exposed")]
    secret: SecretString,
}

/// Writes the text.
///
/// # Errors
/// When TOML can't express it, which holds for no form that was typed.
pub(super) fn write(backup: &Backup) -> io::Result<Zeroizing<String>> {
    let hostname = |id: EntryId| {
        let entry = backup.form.entries.iter().find(|entry| entry.id == Some(id));
        entry.map(|entry| entry.hostname.clone()).unwrap_or_default()
    };
    let kept = |(id, secret): &(EntryId, SecretString)| Kept {
        entry: *id,
        hostname: hostname(*id),
        secret: secret.clone(),
    };
    let contents = Contents {
        dyntray_backup: VERSION,
        settings: settings_file::to_toml(&backup.form)?,
        secrets: backup.secrets.iter().map(kept).collect(),
    };
    toml::to_string_pretty(&contents).map(Zeroizing::new).map_err(io::Error::other)
}

/// Reads the text. No error quotes it.
///
/// # Errors
/// The reason why it can't be used.
pub(super) fn read(text: &[u8]) -> Result<Backup, BackupError> {
    let text = std::str::from_utf8(text).map_err(|_| BackupError::NotABackup)?;
    // The version comes first: a newer one may say the rest otherwise.
    let table: Table = text.parse().map_err(|_| BackupError::NotABackup)?;
    match table.get(VERSION_KEY).and_then(toml::Value::as_integer) {
        Some(VERSION) => {}
        Some(newer) if newer > VERSION => return Err(BackupError::Newer(newer)),
        _ => return Err(BackupError::NotABackup),
    }
    let contents: Contents = table.try_into().map_err(|_| BackupError::NotABackup)?;
    let form = match settings_file::read(contents.settings.as_bytes()) {
        Ok((form, _)) => form,
        Err(SettingsFileError::Version(newer)) => return Err(BackupError::Newer(newer)),
        Err(error) => return Err(BackupError::Unusable(error.to_string())),
    };
    let secrets = contents.secrets.into_iter().map(|kept| (kept.entry, kept.secret)).collect();
    Ok(Backup { form, secrets })
}

/// A secret leaves the program only here, on its way into what is encrypted next.
fn exposed<S: Serializer>(secret: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose_secret())
}

#[cfg(test)]
mod tests {
    use super::*;
    use dyntray_core::settings::form::{EntryForm, Form, number_new_entries};

    fn text() -> String {
        let entry = EntryForm { hostname: "home.spdns.de".into(), ..EntryForm::default() };
        let mut form = Form { entries: vec![entry], ..Form::default() };
        number_new_entries(&mut form, EntryId(0));
        let secrets = vec![(EntryId(1), "abcd-efgh-ijkl".into())];
        write(&Backup { form, secrets }).expect("TOML").to_string()
    }

    #[test]
    fn a_newer_format_or_newer_settings_are_called_that_whatever_else_is_in_them() {
        let newer = text().replace("dyntrayBackup = 1", "dyntrayBackup = 7\nsealed = true");
        assert_eq!(read(newer.as_bytes()).expect_err("newer"), BackupError::Newer(7));
        let newer = text().replace("schemaVersion = 1", "schemaVersion = 9");
        assert_eq!(read(newer.as_bytes()).expect_err("newer"), BackupError::Newer(9));
    }

    #[test]
    fn other_texts_are_no_backup_and_settings_that_cant_be_used_have_their_reason() {
        for other in [&b""[..], b"\xff", b"a = 1", b"dyntrayBackup = \"x\"", b"dyntrayBackup = 1"] {
            assert_eq!(read(other).expect_err("another text"), BackupError::NotABackup);
        }
        let unusable = text().replace("webresolver = true", "webresolver = 7");
        assert!(matches!(read(unusable.as_bytes()), Err(BackupError::Unusable(_))), "{unusable}");
    }
}
