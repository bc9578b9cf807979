//! The contents of a file: entries that can be used, and parts that are left out, with the reason.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::settings::form::EntryForm;

/// The largest file that is read, in bytes.
pub const LARGEST_FILE: usize = 1024 * 1024;
/// The most entries that are taken from one file.
pub const MOST_ENTRIES: usize = 2_000;
/// The most complaints that are listed; the rest is counted.
pub const MOST_LEFT_OUT: usize = 200;

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum ImportSource {
    /// A table of host names and tokens, such as SPDYN's `spdyn_update_token.csv`.
    Table,
    /// `ddclient.conf`.
    Ddclient,
    /// `inadyn.conf` of inadyn 2 or 1.
    Inadyn,
    /// Update URLs of a FRITZ!Box, or OpenWrt's file `ddns`.
    UpdateUrl,
}

/// The contents of a file.
#[derive(Debug)]
pub struct Import {
    /// The kind of file.
    pub source: ImportSource,
    /// The entries that can be used, in the file's order.
    pub found: Vec<Found>,
    /// The parts that can't, in the file's order; at most [`MOST_LEFT_OUT`].
    pub left_out: Vec<LeftOut>,
    /// The number of further parts that can't.
    pub left_out_more: u32,
    /// What is different in Dyntray, in the file's order; at most [`MOST_LEFT_OUT`].
    pub remarks: Vec<Remark>,
}

/// One usable entry of a file.
#[derive(Debug)]
pub struct Found {
    /// Its line, from 1.
    pub line: u32,
    /// The entry, valid, without its identity.
    pub form: EntryForm,
    /// Its token or password.
    pub secret: SecretString,
    /// True where the file itself names the server.
    pub(super) names_server: bool,
}

/// A part of a file that can't be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct LeftOut {
    /// Its line, from 1; none when it is about the whole file.
    pub line: Option<u32>,
    /// The host name or protocol that it is about; empty when there is none.
    pub what: String,
    /// The host names, where `what` is a protocol or nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    /// The reason.
    pub why: LeftOutWhy,
}

impl LeftOut {
    /// What it is about: its host names, its protocol, or both.
    pub fn named(&self) -> String {
        match (self.hostname.as_deref(), self.what.as_str()) {
            (None, what) => what.to_owned(),
            (Some(hostname), "") => hostname.to_owned(),
            (Some(hostname), what) => format!("{hostname} ({what})"),
        }
    }
}

/// The reason why a part of a file can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum LeftOutWhy {
    /// The file is longer than [`LARGEST_FILE`].
    FileTooLarge,
    /// The file isn't text.
    NotText,
    /// Nothing in the file was recognised.
    NotRecognised,
    /// The file has more than [`MOST_ENTRIES`].
    TooMany,
    /// No host name.
    NoHostname,
    /// Not a host name.
    NotAHostname,
    /// Letters beyond ASCII whose spelling in DNS isn't certain.
    OtherLetters,
    /// An asterisk: any name below a domain.
    Wildcard,
    /// No token or password.
    NoSecret,
    /// A placeholder where the token or password should be.
    Placeholder,
    /// A move token: it transfers a host to another user.
    MoveToken,
    /// A control character in the token or password.
    NotASecret,
    /// Not a server, or not one that Dyntray can talk to.
    NotAServer,
    /// A colon in the user name (RFC 7617).
    NotAUser,
    /// Another protocol than dyndns2, or a request with parts that Dyntray can't make or that may be secret.
    OtherProtocol,
    /// A login in base64 within the update URL of a service that isn't known.
    Base64,
    /// The same host appears earlier in the file.
    Twice,
    /// The same host appears later in the file, and that one counts.
    Again,
    /// Several entries of the form have this host name, so it is unclear whose secret it is.
    Ambiguous,
    /// Words behind a password without quotation marks: they may belong to it.
    Unclear,
    /// Another file is included, which isn't read.
    OtherFile,
    /// Switched off in the file.
    SwitchedOff,
}

/// A setting of an entry that is different in Dyntray.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Remark {
    /// Its line, from 1.
    pub line: u32,
    /// The entry's host name.
    pub hostname: String,
    /// The difference.
    pub what: RemarkWhat,
}

/// The difference between a file's setting and Dyntray's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum RemarkWhat {
    /// SPDYN's server of old became its server of today.
    ServerMoved,
    /// The host name has letters that DNS spells in another way.
    Spelling,
    /// The name of a network interface: Dyntray finds the interface itself.
    Interface,
    /// One source for IPv4 and another for IPv6: an entry has one for both.
    OneSource,
    /// A command or a page of a router told the address.
    OtherSource,
    /// Another web page told the address than those that Dyntray asks.
    OtherWebPage,
    /// Any name below the host name was to follow it.
    Wildcard,
    /// The prefix of the home network was sent, too.
    Prefix,
    /// The password ends with a comma, which may have been meant as a separator.
    EndsWithComma,
    /// The token has capitals or other separators.
    TokenMisspelt,
    /// The token is too short.
    TokenUnfinished,
}
