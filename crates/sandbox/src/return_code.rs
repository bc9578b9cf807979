//! The return codes of the update endpoint.

use std::fmt;

use crate::addresses::Addresses;

/// A return code, the answer for one host name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReturnCode {
    Good(Addresses),
    Nochg(Addresses),
    Badauth,
    NotYours,
    Notfqdn,
    Nohost,
    Fatal,
    Abuse,
    Numhost,
    Badagent,
    /// HTTP 400 instead of a return code, for an empty or malformed `myip`.
    BadRequest,
}

impl ReturnCode {
    /// The first word of the answer, as the update log keeps it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Good(_) => "good",
            Self::Nochg(_) => "nochg",
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

impl fmt::Display for ReturnCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Good(addresses) | Self::Nochg(addresses) => write!(f, "{} {addresses}", self.word()),
            other => f.write_str(other.word()),
        }
    }
}
