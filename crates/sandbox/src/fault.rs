//! Faults for injection into coming requests.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

/// The requests that a fault is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// `/nic/update`.
    Update,
    /// `/checkip`, `/checkip4`, `/checkip6` and their `/json`.
    Checkip,
}

/// A fault: what goes wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Fault {
    /// Respond with this text, as plain text with status 200, and change nothing.
    Code {
        /// A return code, such as `badauth`, or any other text.
        code: String,
    },
    /// Respond with this page and change nothing.
    Body {
        /// The text.
        body: String,
        /// Its media type.
        #[serde(default = "html")]
        content_type: String,
        /// The HTTP status.
        #[serde(default = "ok")]
        status: u16,
    },
    /// Stay silent for some time, then reset the connection.
    Hang {
        /// The time.
        hang_seconds: u64,
    },
    /// Respond as usual, but later.
    Delay {
        /// The delay.
        delay_ms: u64,
    },
    /// A fault without parameters.
    Plain(PlainFault),
}

/// A fault without parameters. The last four concern TLS: the next connections get that certificate, whatever the
/// target, since the handshake comes before the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlainFault {
    /// Reset the connection.
    Reset,
    /// Announce a longer body than is sent, then close the connection.
    Truncated,
    /// HTTP status 500.
    Error,
    /// A good answer with the media type of a picture.
    WrongType,
    /// A web page that says "good".
    Html,
    /// A body of 64 MiB that begins like a good answer.
    Huge,
    /// A body sent at one byte a second, for two minutes.
    Drip,
    /// A redirect to another host.
    Redirect,
    /// A usual response with a `Date` of ten years ago.
    Clock,
    /// An expired certificate.
    Expired,
    /// A certificate that isn't valid yet, by a correct clock.
    NotYetValid,
    /// A certificate for another name.
    WrongName,
    /// A certificate that no CA signed.
    SelfSigned,
}

impl PlainFault {
    pub(crate) const ALL: [Self; 13] = [
        Self::Reset,
        Self::Truncated,
        Self::Error,
        Self::WrongType,
        Self::Html,
        Self::Huge,
        Self::Drip,
        Self::Redirect,
        Self::Clock,
        Self::Expired,
        Self::NotYetValid,
        Self::WrongName,
        Self::SelfSigned,
    ];

    /// The name in forms, at the control endpoint and in the update log.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Truncated => "truncated",
            Self::Error => "error",
            Self::WrongType => "wrong-type",
            Self::Html => "html",
            Self::Huge => "huge",
            Self::Drip => "drip",
            Self::Redirect => "redirect",
            Self::Clock => "clock",
            Self::Expired => "expired",
            Self::NotYetValid => "not-yet-valid",
            Self::WrongName => "wrong-name",
            Self::SelfSigned => "self-signed",
        }
    }

    pub(crate) fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.key() == key)
    }

    fn is_certificate(self) -> bool {
        matches!(self, Self::Expired | Self::NotYetValid | Self::WrongName | Self::SelfSigned)
    }
}

fn html() -> String {
    "text/html; charset=utf-8".to_owned()
}

fn ok() -> u16 {
    200
}

impl Fault {
    /// Reset the connection.
    pub const RESET: Self = Self::Plain(PlainFault::Reset);
}

/// A fault and the number of requests that still get it.
struct PendingFault {
    /// None for TLS handshakes.
    target: Option<Target>,
    fault: Fault,
    remaining: u32,
}

/// The queue of pending faults.
#[derive(Default)]
pub(crate) struct Faults(Mutex<VecDeque<PendingFault>>);

impl Faults {
    fn pending(&self) -> MutexGuard<'_, VecDeque<PendingFault>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Injects a fault into the next `count` requests, after the faults that are already pending.
    pub(crate) fn inject(&self, target: Target, fault: Fault, count: u32) {
        let certificate = matches!(fault, Fault::Plain(plain) if plain.is_certificate());
        let target = if certificate { None } else { Some(target) };
        if count > 0 {
            self.pending().push_back(PendingFault { target, fault, remaining: count });
        }
    }

    /// Clears all pending faults.
    pub(crate) fn clear(&self) {
        self.pending().clear();
    }

    /// The number of requests that will still get a fault.
    pub(crate) fn remaining(&self) -> u32 {
        self.pending().iter().fold(0, |sum, pending| sum.saturating_add(pending.remaining))
    }

    /// The fault for the next request to a target.
    pub(crate) fn next(&self, target: Target) -> Option<Fault> {
        self.take(Some(target))
    }

    /// The fault for the next TLS handshake.
    pub(crate) fn next_certificate(&self) -> Option<PlainFault> {
        match self.take(None) {
            Some(Fault::Plain(plain)) => Some(plain),
            _ => None,
        }
    }

    fn take(&self, target: Option<Target>) -> Option<Fault> {
        let mut queue = self.pending();
        let at = queue.iter().position(|pending| pending.target == target)?;
        let pending = queue.get_mut(at)?;
        pending.remaining -= 1;
        let fault = pending.fault.clone();
        if pending.remaining == 0 {
            queue.remove(at);
        }
        Some(fault)
    }
}
