//! The responses of the always-on program. None has a place for a secret.

use dyntray_core::import::{ImportElsewhere, ImportPreview};
use dyntray_core::observe::release::Version;
use dyntray_core::present::Snapshot;
use dyntray_core::present::change::SnapshotChange;
use dyntray_core::protocol::retryable::RetryableError;
use dyntray_core::record::HistoryItem;
use dyntray_core::settings::form::{FieldError, Form, FormConflict};
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::token::TokenShape;
use serde::{Deserialize, Serialize};

use crate::activation::ActivationToken;
use crate::log_line::LogLine;
use crate::page::Page;

/// One response: one JSON line from the always-on program.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "answer")]
pub enum Response {
    /// To a watcher, before all else: the version of the program, which may be another one than its own.
    Program {
        /// The version.
        version: Version,
    },
    /// Everything that people see.
    Snapshot {
        /// The snapshot.
        snapshot: Snapshot,
    },
    /// To a watcher, after its first snapshot: what has changed since the one before.
    Changed {
        /// The change.
        change: SnapshotChange,
    },
    /// A piece of a response that is too long for one line: its first entries or items, or the next ones. The last piece
    /// is no part, but the response itself with the rest of them. A [`Client`](crate::Client) puts them together.
    Part {
        /// The piece.
        part: Box<Response>,
    },
    /// To a watching window: show this page and come to the front.
    Show {
        /// The page.
        page: Page,
        /// The token of the person's act, with which the window may come to the front.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "bindings", ts(optional))]
        activation: Option<ActivationToken>,
    },
    /// The form as saved.
    Form {
        /// The form.
        form: Form,
    },
    /// Saved; new entries have their identity now.
    Saved {
        /// The form as saved.
        form: Form,
        /// The identities of the entries that were sent, in that order; none for one that was removed meanwhile.
        #[serde(default)]
        ids: Vec<Option<EntryId>>,
        /// The reason why a secret that nobody needs any more is still where it was kept.
        #[serde(default, rename = "secretStays", skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "bindings", ts(optional))]
        secret_stays: Option<RetryableError>,
    },
    /// The preview of an import.
    Import {
        /// Everything but the secrets.
        preview: ImportPreview,
    },
    /// The entries of a file whose names lead to another line.
    Located {
        /// These entries.
        elsewhere: Vec<ImportElsewhere>,
        /// The number of names of which nothing was found out.
        unknown: u32,
    },
    /// A backup. Without its passphrase nobody can read it.
    BackedUp {
        /// The encrypted file.
        file: String,
        /// The host names that have no secret here.
        #[serde(rename = "withoutSecret")]
        without_secret: Vec<String>,
    },
    /// The shape of a secret.
    SecretShape {
        /// The shape.
        shape: TokenShape,
    },
    /// The newest items first.
    History {
        /// The items.
        items: Vec<HistoryItem>,
    },
    /// The state of autostart, as the system has it.
    Autostart {
        /// True if this program starts with the computer.
        on: bool,
        /// What else a person should know of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "bindings", ts(optional))]
        note: Option<AutostartNote>,
    },
    /// The program's version, system and folders.
    About {
        /// All of them.
        about: About,
    },
    /// Done, with nothing to tell.
    Done,
    /// Not done yet: the program starts again in the session that asks, and is then to be asked again.
    Restarting,
    /// Not done, and nothing changed.
    #[serde(rename = "refused")]
    Rejected {
        /// The reason.
        #[serde(rename = "refusal")]
        rejection: Rejection,
    },
    /// The newest lines of the log, the oldest of them first.
    Log {
        /// The lines.
        lines: Vec<LogLine>,
    },
    /// Everything that helps to find a fault.
    Diagnostics {
        /// The text, in the chosen language.
        text: String,
    },
    /// A file was saved.
    FileSaved {
        /// Its path.
        path: String,
    },
}

/// What a person should know of autostart beyond its state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum AutostartNote {
    /// Another Dyntray starts with the computer, or none any more at that place.
    Another {
        /// Its path.
        program: String,
    },
    /// This program can't be started from where it is later on: it must be moved to the Applications folder first.
    MoveFirst,
}

/// The program's version, its system and its folders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct About {
    /// The program's version.
    pub version: Version,
    /// The operating system, and the desktop on it.
    pub system: String,
    /// The folder with the settings.
    pub settings_folder: String,
    /// The folder with state, history and log.
    pub data_folder: String,
}

/// The reason why a request wasn't carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Rejection {
    /// Mistakes in the form, all at once.
    Fields {
        /// Each at its field.
        errors: Vec<FieldError>,
    },
    /// Somebody else has changed the same places since the form that was sent was read.
    ChangedMeanwhile {
        /// Each of them, in the form's order.
        conflicts: Vec<FormConflict>,
        /// The form as it is saved now.
        form: Box<Form>,
    },
    /// The settings file was changed by hand, and what is in it can't be used.
    SettingsFileChanged {
        /// Its path.
        path: String,
        /// The mistake in it.
        why: String,
    },
    /// The keyring is locked: a prompt may be waiting on the desktop.
    KeyringLocked,
    /// There is no keyring to keep secrets in.
    KeyringAbsent,
    /// The secrets of these hosts are systemd's credentials, which only the service's administrator can change.
    SecretsReadOnly {
        /// The host names.
        hostnames: Vec<String>,
    },
    /// The settings, the state or a file couldn't be written.
    NotWritten {
        /// The system's words.
        why: String,
    },
    /// There is no such entry (any more).
    NoSuchEntry,
    /// Which network this is isn't known yet, so it can't be called home.
    NetworkUnclear,
    /// The window program couldn't be started.
    NoWindow {
        /// The system's words.
        why: String,
    },
    /// The request wasn't understood: the two programs are of different versions.
    NotUnderstood,
    /// The desktop couldn't show a folder.
    NotShown {
        /// The system's words.
        why: String,
    },
    /// The desktop's clipboard didn't take a text.
    NotCopied {
        /// The system's words.
        why: String,
    },
}
