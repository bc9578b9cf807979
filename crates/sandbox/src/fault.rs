//! Faults ordered for coming requests.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

/// Which requests a fault is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// `/nic/update`.
    Update,
    /// `/checkip`, `/checkip4`, `/checkip6` and their `/json`.
    Checkip,
}

/// What is to go wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Fault {
    /// Answer this text, as plain text with status 200, and change nothing.
    Code {
        /// The return code, for example `badauth`, or any other text.
        code: String,
    },
    /// Answer this page and change nothing.
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
    /// Say nothing for this long, then break the connection off.
    Hang {
        /// How long.
        hang_seconds: u64,
    },
    /// Answer as usual, but later.
    Delay {
        /// How much later.
        delay_ms: u64,
    },
    /// A fault without details.
    Plain(PlainFault),
}

/// Faults without details. The last four are of TLS: the next connections get that certificate, whatever the
/// target says, since a handshake comes before the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlainFault {
    /// Break the connection off.
    Reset,
    /// Promise a longer body than comes, then close.
    Truncated,
    /// HTTP status 500.
    Error,
    /// The usual kind of text with the media type of a picture.
    WrongType,
    /// A web page that says "good".
    Html,
    /// A body of 64 MiB that begins like a good answer.
    Huge,
    /// A body that comes one byte a second, for two minutes.
    Drip,
    /// Send the caller to another host.
    Redirect,
    /// Answer as usual, with a `Date` of ten years ago.
    Clock,
    /// A certificate that has run out.
    Expired,
    /// A certificate that isn't valid yet, as seen by a clock that is right.
    NotYetValid,
    /// A certificate for another name.
    WrongName,
    /// A certificate that no authority signed.
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

    /// As forms, the control endpoint and the log have it.
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
    /// Break the connection off.
    pub const RESET: Self = Self::Plain(PlainFault::Reset);
}

struct Order {
    /// None for the next TLS handshakes.
    target: Option<Target>,
    fault: Fault,
    left: u32,
}

/// The faults still to come.
#[derive(Default)]
pub(crate) struct Faults(Mutex<VecDeque<Order>>);

impl Faults {
    fn orders(&self) -> MutexGuard<'_, VecDeque<Order>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Orders a fault for the next `count` requests, after those ordered before.
    pub(crate) fn order(&self, target: Target, fault: Fault, count: u32) {
        let certificate = matches!(fault, Fault::Plain(plain) if plain.is_certificate());
        let target = if certificate { None } else { Some(target) };
        if count > 0 {
            self.orders().push_back(Order { target, fault, left: count });
        }
    }

    /// Forgets all faults.
    pub(crate) fn clear(&self) {
        self.orders().clear();
    }

    /// How many requests are still to go wrong.
    pub(crate) fn left(&self) -> u32 {
        self.orders().iter().fold(0, |sum, order| sum.saturating_add(order.left))
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
        let mut orders = self.orders();
        let at = orders.iter().position(|order| order.target == target)?;
        let order = orders.get_mut(at)?;
        order.left -= 1;
        let fault = order.fault.clone();
        if order.left == 0 {
            orders.remove(at);
        }
        Some(fault)
    }
}
