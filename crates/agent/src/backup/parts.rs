//! The parts of a backup, and the reasons why a file is none.

use dyntray_core::settings::form::Form;
use dyntray_core::types::entry_id::EntryId;
use secrecy::SecretString;

/// Settings and secrets. Every entry has a number here, and the secrets belong to those.
#[derive(Clone, Debug)]
pub struct Backup {
    /// The form.
    pub form: Form,
    /// The secrets of its entries, as far as they have one.
    pub secrets: Vec<(EntryId, SecretString)>,
}

/// The reason why a file can't be opened as a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BackupError {
    /// It is a settings file, which holds no secrets and isn't encrypted.
    PlainSettings,
    /// It is no backup of Dyntray.
    NotABackup,
    /// It can't be opened with this passphrase.
    WrongPassphrase,
    /// It is cut off, or damaged in another way.
    Damaged,
    /// A newer version has made it, whose number of the format is this one.
    Newer(i64),
    /// The settings in it can't be used, with the reason.
    Unusable(String),
}
