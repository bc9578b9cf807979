//! The requests of the window, the command line, the tray and notifications. A secret travels in requests only: towards
//! the always-on program.

use dyntray_core::settings::LanguageChoice;
use dyntray_core::settings::form::{EntryForm, Form};
use dyntray_core::types::address::PublicAddress;
use dyntray_core::types::entry_id::EntryId;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};

use crate::activation::ActivationToken;
use crate::desktop_session::DesktopSession;
use crate::page::Page;
#[cfg(doc)]
use crate::response::Response;

/// One request. Its type says which part of the always-on program answers it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(untagged)]
pub enum Request {
    /// A request that the agent answers.
    Agent(Box<AgentRequest>),
    /// A request that the shell around the agent answers.
    Shell(ShellRequest),
}

/// A request about settings, secrets, updates and the history.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "request")]
pub enum AgentRequest {
    /// The current snapshot. Answered by [`Response::Snapshot`].
    Status,
    /// The form as last saved. Answered by [`Response::Form`].
    Form,
    /// Check and save the whole form and its new secrets in one action, on top of what was saved since the form that it
    /// was made from. Answered by [`Response::Saved`], or [`Response::Rejected`] with nothing
    /// changed.
    Save(Box<SaveRequest>),
    /// Add one entry, whatever else is saved at the time. Answered like [`AgentRequest::Save`].
    AddEntry {
        /// The entry, without an identity.
        entry: EntryForm,
        /// Its secret, if it gets one.
        secret: SecretChange,
    },
    /// Remove one entry and its secret. Answered like [`AgentRequest::Save`].
    RemoveEntry {
        /// Its host name, however it is spelt.
        hostname: String,
    },
    /// The shape of a typed secret. Answered by [`Response::SecretShape`].
    InspectSecret {
        /// The secret as typed.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "exposed")]
        secret: SecretString,
    },
    /// Save one entry's secret, from the lost-token page. Answered like [`AgentRequest::Save`].
    SetSecret {
        /// The entry.
        entry: EntryId,
        /// The secret as typed.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "exposed")]
        secret: SecretString,
    },
    /// Save one entry's secret, as long as it would go where the person has seen. Answered like [`AgentRequest::Save`].
    SetSecretOf {
        /// The entry as the person has seen it.
        seen: EntryForm,
        /// The secret as typed.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "exposed")]
        secret: SecretString,
    },
    /// Preview the import of a file. Answered by [`Response::Import`].
    PreviewImport {
        /// The file's text; it holds secrets.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "exposed")]
        text: SecretString,
        /// The file's name, a hint at its format.
        name: String,
    },
    /// Find out which new names of a file lead to another line today, as far as their name servers tell within some seconds.
    /// Answered by [`Response::Located`].
    LocateImport {
        /// The file's text; it holds secrets.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "exposed")]
        text: SecretString,
        /// The file's name, a hint at its format.
        name: String,
    },
    /// Import entries of a file with their secrets, in one action. Answered like [`AgentRequest::Save`].
    Import {
        /// The file's text; it holds secrets.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "exposed")]
        text: SecretString,
        /// The file's name, a hint at its format.
        name: String,
        /// The entries, by their numbers in the preview.
        take: Vec<u32>,
        /// The new ones of them that are imported switched off.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(feature = "bindings", ts(optional, as = "Option<Vec<u32>>"))]
        off: Vec<u32>,
    },
    /// Everything that another computer needs, secrets included, encrypted with a passphrase. Answered by
    /// [`Response::BackedUp`]. Only the command line may ask this: whoever chooses the passphrase can read the answer.
    BackUp {
        /// The passphrase.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "exposed")]
        passphrase: SecretString,
    },
    /// Look up now and update what differs. Answered by [`Response::Done`].
    UpdateNow,
    /// Look up now and update what differs, as a clock asks and no person: the wait after an answer that was no success
    /// stays as it is. Answered by [`Response::Done`].
    UpdateWhenDue,
    /// Try a halted entry again. Answered by [`Response::Done`].
    TryAgain {
        /// The entry.
        entry: EntryId,
    },
    /// Unlock the keyring, which asks the person for its password. Answered by [`Response::Done`],
    /// once the person has answered or cancelled; the next snapshot tells whether it is open.
    UnlockKeyring,
    /// Treat the network that this machine is in as home, too. Answered by
    /// [`Response::Done`].
    ThisIsHome,
    /// Forget all home networks: the next one that updates is learnt. Answered by
    /// [`Response::Done`].
    ForgetHomes,
    /// Pause all updates. Answered by [`Response::Done`].
    Pause {
        /// The time when the pause ends by itself, at most a year from now; without one it lasts until
        /// [`AgentRequest::Resume`].
        #[cfg_attr(feature = "bindings", ts(type = "string | null"))]
        until: Option<Timestamp>,
    },
    /// Resume updates. Answered by [`Response::Done`].
    Resume,
    /// Choose the language of all texts, without touching the rest of the form. Answered by
    /// [`Response::Done`].
    SetLanguage {
        /// The language.
        language: LanguageChoice,
    },
    /// The newest history items first. Answered by [`Response::History`].
    History {
        /// The greatest number of items.
        limit: u32,
    },
}

/// A request about the program itself and the desktop around it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "request")]
pub enum ShellRequest {
    /// Open the window, or bring the open one to the front. Answered by [`Response::Done`], or by
    /// [`Response::Restarting`] where the program moves to another session first.
    OpenWindow {
        /// The page to show.
        page: Page,
        /// The token of the person's act, with which the window may come to the front.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "bindings", ts(optional))]
        activation: Option<ActivationToken>,
        /// The session that asks, if it isn't the program's own for sure: the window opens there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "bindings", ts(optional))]
        session: Option<DesktopSession>,
    },
    /// Pause all updates until six in the morning of the next day, by this machine's time zone. Answered by
    /// [`Response::Done`].
    PauseUntilTomorrow,
    /// Open the website of an entry's service in the person's browser. Answered by
    /// [`Response::Done`].
    OpenWebsite {
        /// The entry.
        entry: EntryId,
    },
    /// Open SPDYN's website, for a person who has no entry yet. Answered by [`Response::Done`].
    OpenSpdyn,
    /// Open an entry's host name itself in the person's browser, to see what answers there. Answered by
    /// [`Response::Done`].
    OpenHost {
        /// The entry.
        entry: EntryId,
    },
    /// Open the website that new versions of Dyntray are announced on. Answered by
    /// [`Response::Done`].
    OpenReleases,
    /// Open the page of the extension that gives GNOME a tray. Answered by [`Response::Done`].
    OpenTrayHelp,
    /// Copy an address to the desktop's clipboard. Answered by [`Response::Done`].
    CopyAddress {
        /// The address.
        address: PublicAddress,
    },
    /// The program's version, system and folders. Answered by [`Response::About`].
    About,
    /// The state of autostart. Answered by [`Response::Autostart`].
    Autostart,
    /// Switch autostart on or off. Answered by [`Response::Autostart`].
    SetAutostart {
        /// On, or off.
        on: bool,
    },
    /// The newest lines of the log, the oldest of them first. Answered by [`Response::Log`].
    Log {
        /// The greatest number of lines.
        limit: u32,
    },
    /// Show the folder with the log in the desktop's file manager. Answered by
    /// [`Response::Done`].
    OpenLogFolder,
    /// Everything that helps to find a fault, in one text without secrets. Answered by
    /// [`Response::Diagnostics`].
    Diagnostics,
    /// Save that text among the person's downloads. Answered by [`Response::FileSaved`].
    SaveDiagnostics,
    /// Save the whole history as a table (CSV) among the person's downloads. Answered by
    /// [`Response::FileSaved`].
    SaveHistory,
    /// Start the program again, as the version that is installed by now. Answered by [`Response::Restarting`].
    Restart,
    /// End the program. Answered by [`Response::Done`].
    Quit,
}

impl From<AgentRequest> for Request {
    fn from(request: AgentRequest) -> Self {
        Request::Agent(Box::new(request))
    }
}

impl From<ShellRequest> for Request {
    fn from(request: ShellRequest) -> Self {
        Request::Shell(request)
    }
}

/// The form and its new secrets.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
pub struct SaveRequest {
    /// The saved form that this one was made from. Whatever was saved since then stays.
    pub base: Form,
    /// The form as typed.
    pub form: Form,
    /// The change of each entry's secret, in the order of the form's entries.
    pub secrets: Vec<SecretChange>,
}

/// The change of an entry's secret.
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

/// Secrets leave a client only here, on their way to the keyring.
fn exposed<S: Serializer>(secret: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose_secret())
}
