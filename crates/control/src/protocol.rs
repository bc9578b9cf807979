//! What is asked and answered over the socket. A secret travels one way only: towards the always-on program.

use dyntray_core::import::ImportPreview;
use dyntray_core::observe::release::Version;
use dyntray_core::present::Snapshot;
use dyntray_core::record::HistoryItem;
use dyntray_core::settings::LanguageChoice;
use dyntray_core::settings::form::{FieldError, Form};
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::token::TokenShape;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};

use crate::log_line::LogLine;

/// One request: one JSON line from a client.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "request")]
pub enum Request {
    /// One snapshot. Answered by [`Response::Snapshot`].
    Status,
    /// A snapshot now and after every change, until the client goes. The window says what it shows first, and is
    /// sent [`Response::Show`] when another page is wanted.
    Watch {
        /// Whether the client is the window.
        window: bool,
    },
    /// The form as last saved. Answered by [`Response::Form`].
    Form,
    /// Check and save the whole form and its new secrets in one action. Answered by [`Response::Saved`], or
    /// [`Response::Rejected`] with nothing changed.
    Save(SaveRequest),
    /// What a typed secret looks like. Answered by [`Response::SecretShape`].
    InspectSecret {
        /// The secret as typed.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "exposed")]
        secret: SecretString,
    },
    /// Save one entry's secret, from the lost-token page. Answered like [`Request::Save`].
    SetSecret {
        /// The entry.
        entry: EntryId,
        /// The secret as typed.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "exposed")]
        secret: SecretString,
    },
    /// What importing a file would do. Answered by [`Response::Import`].
    PreviewImport {
        /// The file's text; it holds secrets.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "exposed")]
        text: SecretString,
        /// The file's name, a hint at what it is.
        name: String,
    },
    /// Take entries of a file over, with their secrets, in one action. Answered like [`Request::Save`].
    Import {
        /// The file's text; it holds secrets.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "exposed")]
        text: SecretString,
        /// The file's name, a hint at what it is.
        name: String,
        /// The entries, by their numbers in the preview.
        take: Vec<u32>,
    },
    /// Look up now and update what differs. Answered by [`Response::Done`].
    UpdateNow,
    /// Try a halted entry again. Answered by [`Response::Done`].
    TryAgain {
        /// The entry.
        entry: EntryId,
    },
    /// The network that this machine is in is home, too. Answered by [`Response::Done`].
    ThisIsHome,
    /// Forget all networks that are home: the next one that updates is learnt. Answered by [`Response::Done`].
    ForgetHomes,
    /// Pause all updates. Answered by [`Response::Done`].
    Pause {
        /// When the pause ends by itself; never, without.
        #[cfg_attr(feature = "bindings", ts(type = "string | null"))]
        until: Option<Timestamp>,
    },
    /// Resume. Answered by [`Response::Done`].
    Resume,
    /// Choose the language of all texts, without touching the rest of the form. Answered by [`Response::Done`].
    SetLanguage {
        /// The language.
        language: LanguageChoice,
    },
    /// The newest history items first. Answered by [`Response::History`].
    History {
        /// At most so many.
        limit: u32,
    },
    /// Open the window, or bring the open one to the front. Answered by [`Response::Done`].
    OpenWindow {
        /// The page to show.
        page: Page,
    },
    /// Open the website of an entry's service in the person's browser. Answered by [`Response::Done`].
    OpenWebsite {
        /// The entry.
        entry: EntryId,
    },
    /// What this program is. Answered by [`Response::About`].
    About,
    /// Open the website that new versions of Dyntray are announced on. Answered by [`Response::Done`].
    OpenReleases,
    /// Open the page of the extension that gives GNOME a tray. Answered by [`Response::Done`].
    OpenTrayHelp,
    /// Whether Dyntray starts with the computer. Answered by [`Response::Autostart`].
    Autostart,
    /// Have Dyntray start with the computer, or not. Answered by [`Response::Autostart`].
    SetAutostart {
        /// Whether it is to.
        on: bool,
    },
    /// End the program. Answered by [`Response::Done`].
    Quit,
    /// The newest lines of the log, the oldest of them first. Answered by [`Response::Log`].
    Log {
        /// At most so many.
        limit: u32,
    },
    /// Show the folder with the log in the desktop's file manager. Answered by [`Response::Done`].
    OpenLogFolder,
    /// All that helps to find a fault, in one text without secrets. Answered by [`Response::Diagnostics`].
    Diagnostics,
    /// Save that text among the person's downloads. Answered by [`Response::FileSaved`].
    SaveDiagnostics,
    /// Save the whole history as a table (CSV) among the person's downloads. Answered by [`Response::FileSaved`].
    SaveHistory,
}

/// The form and its new secrets.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
pub struct SaveRequest {
    /// The form as typed.
    pub form: Form,
    /// For each entry of the form, in the same order: what becomes of its secret.
    pub secrets: Vec<SecretChange>,
}

/// What becomes of an entry's secret.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum SecretChange {
    /// It stays as it is.
    #[default]
    Keep,
    /// It is replaced.
    Replace {
        /// The new one, as typed.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "exposed")]
        secret: SecretString,
    },
    /// It is removed from the keyring.
    Remove,
}

/// One answer: one JSON line from the always-on program.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "answer")]
pub enum Response {
    /// All that is to be seen.
    Snapshot {
        /// The snapshot.
        snapshot: Snapshot,
    },
    /// To a watching window: show this page and come to the front.
    Show {
        /// The page.
        page: Page,
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
    },
    /// What importing a file would do.
    Import {
        /// Everything but the secrets.
        preview: ImportPreview,
    },
    /// What a secret looks like.
    SecretShape {
        /// The shape.
        shape: TokenShape,
    },
    /// The newest items first.
    History {
        /// The items.
        items: Vec<HistoryItem>,
    },
    /// What the system's own list says.
    Autostart {
        /// Whether Dyntray starts with the computer.
        on: bool,
    },
    /// What this program is.
    About {
        /// All of it.
        about: About,
    },
    /// Done, nothing to tell.
    Done,
    /// Not done, nothing changed.
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
    /// All that helps to find a fault.
    Diagnostics {
        /// The text, in the chosen language.
        text: String,
    },
    /// A file was saved.
    FileSaved {
        /// Where.
        path: String,
    },
}

/// What the program is, and where it keeps what it keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct About {
    /// Its version.
    pub version: Version,
    /// The operating system, and the desktop on it.
    pub system: String,
    /// The folder with the settings.
    pub settings_folder: String,
    /// The folder with state, history and log.
    pub data_folder: String,
}

/// Why a request wasn't carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Rejection {
    /// Mistakes in the form, all at once.
    Fields {
        /// Each at its field.
        errors: Vec<FieldError>,
    },
    /// The keyring is locked: a prompt may be waiting on the desktop.
    KeyringLocked,
    /// There is no keyring to keep secrets in.
    KeyringAbsent,
    /// Secrets are systemd's credentials: who runs the service puts them there.
    SecretsReadOnly,
    /// The settings or the state couldn't be written.
    NotWritten {
        /// The system's words.
        why: String,
    },
    /// No such entry (any more).
    NoSuchEntry,
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
}

/// A page of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "page")]
pub enum Page {
    /// What each entry is at.
    Status,
    /// The form.
    Settings,
    /// The way to a new token for one entry.
    NewToken {
        /// The entry.
        entry: EntryId,
    },
    /// The log and the diagnostics.
    Diagnostics,
    /// Who is contacted, what version this is, and what it is made of.
    About,
}

/// Secrets leave a client only here, on their way to the keyring.
fn exposed<S: Serializer>(secret: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose_secret())
}
