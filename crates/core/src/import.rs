//! Entries and their secrets from files of other programs: SPDYN's own export, ddclient, inadyn, and the update
//! URL of a router. [`read`] finds them, [`preview`] says what they would do to the form, [`take`] does it.
//!
//! A file is never believed: its size, entries and complaints are bounded, what can't be used is named with its
//! reason, and nothing that might be a secret is ever repeated.

mod csv;
mod ddclient;
mod fit;
mod inadyn;
mod reading;
mod text;
mod update_url;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

pub use self::fit::{preview, take};
use self::reading::Reading;
pub use self::text::decode;
use crate::settings::LoginKind;
use crate::settings::Records;
use crate::settings::form::EntryForm;

/// Longer files are not read, in bytes.
pub const LARGEST_FILE: usize = 1024 * 1024;
/// No more entries are taken from one file.
pub const MOST_ENTRIES: usize = 2_000;
/// No more complaints are listed; the rest is counted.
pub const MOST_LEFT_OUT: usize = 200;

/// Where a file comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum ImportSource {
    /// A table of host names and tokens, as SPDYN's `spdyn_update_token.csv`.
    Table,
    /// `ddclient.conf`.
    Ddclient,
    /// `inadyn.conf` of inadyn 2.
    Inadyn,
    /// Update URLs, as a FRITZ!Box has them.
    UpdateUrl,
}

/// All that a file holds.
#[derive(Debug)]
pub struct Import {
    /// Where it comes from.
    pub source: ImportSource,
    /// What can be used, in the file's order.
    pub found: Vec<Found>,
    /// What can't, in the file's order; at most [`MOST_LEFT_OUT`].
    pub left_out: Vec<LeftOut>,
    /// How much more couldn't be used.
    pub left_out_more: u32,
}

/// One usable entry of a file.
#[derive(Debug)]
pub struct Found {
    /// Its line, from 1.
    pub line: u32,
    /// The entry, valid, without identity.
    pub form: EntryForm,
    /// Its token or password.
    pub secret: SecretString,
    /// Whether the file itself names the server.
    names_server: bool,
}

/// Something in a file that can't be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct LeftOut {
    /// Its line, from 1; none when it is about the whole file.
    pub line: Option<u32>,
    /// The host name or protocol that it is about; empty when there is none.
    pub what: String,
    /// Explanation.
    pub why: LeftOutWhy,
}

/// Why something in a file can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum LeftOutWhy {
    /// The file is longer than [`LARGEST_FILE`].
    FileTooLarge,
    /// The file isn't text.
    NotText,
    /// Nothing in the file is known.
    NotRecognised,
    /// The file has more than [`MOST_ENTRIES`].
    TooMany,
    /// No host name.
    NoHostname,
    /// Not a host name.
    NotAHostname,
    /// No token or password.
    NoSecret,
    /// A placeholder where the token or password should be.
    Placeholder,
    /// A move token: it transfers a host to another user.
    MoveToken,
    /// A control character in the token or password.
    NotASecret,
    /// Not a server, or not one that can be spoken to.
    NotAServer,
    /// A colon in the user name (RFC 7617).
    NotAUser,
    /// Another protocol than dyndns2.
    OtherProtocol,
    /// The same host is in the file before.
    Twice,
    /// Several entries of the form have this host name: it can't be known whose secret it is.
    Ambiguous,
}

/// What a file would do to the form. It holds no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ImportPreview {
    /// Where the file comes from.
    pub source: ImportSource,
    /// What can be taken over.
    pub entries: Vec<ImportEntry>,
    /// What can't.
    pub left_out: Vec<LeftOut>,
    /// How much more can't.
    pub left_out_more: u32,
}

impl ImportPreview {
    /// Whether the file is of a known kind at all.
    pub fn is_recognised(&self) -> bool {
        self.left_out.iter().all(|left_out| left_out.line.is_some())
    }
}

/// One entry that can be taken over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ImportEntry {
    /// Its number in the file, to take it by.
    pub number: u32,
    /// The host name.
    pub hostname: String,
    /// Token or account.
    pub login: LoginKind,
    /// The account's user name; empty with a token.
    pub user: String,
    /// The update server.
    pub server: String,
    /// Which records it keeps.
    pub protocol: Records,
    /// What taking it does.
    pub effect: ImportEffect,
}

/// What taking an entry over does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum ImportEffect {
    /// The form gets a new entry.
    New,
    /// An entry of the form gets another secret, and the login that goes with it.
    ReplacesSecret,
}

/// Reads a file. `name` is its name, a hint only.
pub fn read(text: &str, name: &str) -> Import {
    let source = text::source(text, name);
    let mut reading = Reading::default();
    if text.len() > LARGEST_FILE {
        reading.leave_out_file(LeftOutWhy::FileTooLarge);
    } else if text.contains('\0') {
        reading.leave_out_file(LeftOutWhy::NotText);
    } else {
        let text = text.trim_start_matches('\u{feff}');
        match source {
            ImportSource::Table => csv::read(text, &mut reading),
            ImportSource::Ddclient => ddclient::read(text, &mut reading),
            ImportSource::Inadyn => inadyn::read(text, &mut reading),
            ImportSource::UpdateUrl => update_url::read(text, &mut reading),
        }
    }
    reading.finish(source)
}
