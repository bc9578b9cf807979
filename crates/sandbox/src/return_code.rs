//! What the update endpoint can answer for a host name.

use std::fmt;

use crate::hosts::Addresses;

/// A return code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    Good(Addresses),
    Nochg,
    Badauth,
    NotYours,
    Notfqdn,
    Nohost,
    Fatal,
    Abuse,
    Numhost,
    Badagent,
    /// No return code but HTTP 400, as an empty `myip=` gets it.
    BadRequest,
}

impl Code {
    /// Its first word, as the log keeps it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Good(_) => "good",
            Self::Nochg => "nochg",
            Self::Badauth => "badauth",
            Self::NotYours => "!yours",
            Self::Notfqdn => "notfqdn",
            Self::Nohost => "nohost",
            Self::Fatal => "fatal",
            Self::Abuse => "abuse",
            Self::Numhost => "numhost",
            Self::Badagent => "badagent",
            Self::BadRequest => "400",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Good(addresses) => write!(f, "good {addresses}"),
            other => f.write_str(other.word()),
        }
    }
}
