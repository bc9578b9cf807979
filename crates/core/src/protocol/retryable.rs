//! Failures that are tried again by themselves, and how long each kind waits.

use std::mem::discriminant;

use jiff::SignedDuration;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::types::backoff::{LONGEST_CHANCE, doubled, jittered};

/// The wait after a server's first report of trouble. Source: the general dyndns2 rule for `911` and `dnserr`.
pub const SERVER_WAIT: SignedDuration = SignedDuration::from_mins(30);

/// A failure of an update that nobody refused. The update is tried again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum RetryableError {
    /// No connection was made, so nothing was sent.
    Unreachable,
    /// The certificate isn't the server's, so nothing was sent.
    NotTrusted,
    /// This system has no root certificates, so no server can be verified. Nothing was sent.
    NoCertificates,
    /// The certificate isn't valid on the date that this computer's clock shows, and that date looks wrong. Nothing was
    /// sent.
    WrongClock {
        /// The date that the clock shows.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        shows: Date,
    },
    /// The server's certificate has expired, so nothing was sent.
    CertificateExpired,
    /// The server's certificate isn't valid yet, so nothing was sent.
    CertificateNotYetValid,
    /// Sent, and no answer came: the update may have happened.
    Unconfirmed,
    /// The server has trouble: `dnserr`, `911`, or the HTTP status 429 or one of 500 and up. They share one wait, [`SERVER_WAIT`].
    Server {
        /// The return code or status.
        code: String,
    },
    /// An answer that is none: a sign-in page, HTML, or something unknown.
    Unreadable {
        /// The first line of the answer, cleaned.
        line: String,
    },
    /// The keyring is locked or didn't answer.
    KeyringLocked,
    /// There is no keyring.
    KeyringAbsent,
    /// The file that keeps the secrets can't be used.
    SecretsUnusable {
        /// Its path, and the system's words.
        why: String,
    },
}

impl RetryableError {
    /// The delay after the first failure, and the longest.
    fn bounds(&self) -> (SignedDuration, SignedDuration) {
        let minutes = SignedDuration::from_mins;
        match self {
            RetryableError::Unreachable => (SignedDuration::from_secs(15), minutes(15)),
            RetryableError::KeyringLocked
            | RetryableError::KeyringAbsent
            | RetryableError::SecretsUnusable { .. }
            | RetryableError::NoCertificates => (SignedDuration::from_secs(30), minutes(15)),
            RetryableError::Unconfirmed => (minutes(5), minutes(120)),
            RetryableError::NotTrusted
            | RetryableError::WrongClock { .. }
            | RetryableError::CertificateExpired
            | RetryableError::CertificateNotYetValid
            | RetryableError::Unreadable { .. } => (minutes(10), minutes(360)),
            RetryableError::Server { .. } => (SERVER_WAIT, minutes(360)),
        }
    }

    /// The wait after `failures` failures in a row (at least 1). `chance` is any number.
    pub fn delay(&self, failures: u32, chance: u64) -> SignedDuration {
        let (first, longest) = self.bounds();
        jittered(doubled(first, failures).min(longest), chance)
    }

    /// The longest wait there can be.
    pub fn longest_delay(&self) -> SignedDuration {
        let (_, longest) = self.bounds();
        jittered(longest, LONGEST_CHANCE)
    }

    /// The shortest time between two attempts when a person asks for one. Nothing was sent: at once.
    pub fn shortest_delay_when_asked(&self) -> SignedDuration {
        if self.was_sent() { SignedDuration::from_mins(1) } else { SignedDuration::ZERO }
    }

    /// True when a request left this machine, so that the service may hold what it carried.
    pub fn was_sent(&self) -> bool {
        match self {
            RetryableError::Unreachable
            | RetryableError::NotTrusted
            | RetryableError::NoCertificates
            | RetryableError::WrongClock { .. }
            | RetryableError::CertificateExpired
            | RetryableError::CertificateNotYetValid
            | RetryableError::KeyringLocked
            | RetryableError::KeyringAbsent
            | RetryableError::SecretsUnusable { .. } => false,
            RetryableError::Unconfirmed
            | RetryableError::Unreadable { .. }
            | RetryableError::Server { .. } => true,
        }
    }

    /// True when the keyring, or what takes its place, is in the way, which only a person can clear.
    pub fn is_keyring(&self) -> bool {
        matches!(
            self,
            RetryableError::KeyringLocked
                | RetryableError::KeyringAbsent
                | RetryableError::SecretsUnusable { .. }
        )
    }

    /// True when another clock may end it.
    pub fn is_of_the_clock(&self) -> bool {
        matches!(
            self,
            RetryableError::WrongClock { .. }
                | RetryableError::CertificateExpired
                | RetryableError::CertificateNotYetValid
        )
    }

    /// True when it counts on from `before`. A night without a connection must not make the server's first `911`
    /// the twentieth failure in a row.
    pub fn continues(&self, before: &RetryableError) -> bool {
        (self.was_sent() && before.was_sent())
            || (self.is_keyring() && before.is_keyring())
            || (self.is_of_the_clock() && before.is_of_the_clock())
            || discriminant(self) == discriminant(before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::backoff::chance;

    #[test]
    fn waits_grow_from_the_first_to_the_longest_and_no_further() {
        let server = RetryableError::Server { code: "911".into() };
        let minutes: Vec<i64> = (1..=6).map(|failures| server.delay(failures, 0).as_mins()).collect();
        assert_eq!(minutes, [30, 60, 120, 240, 360, 360]);
        assert_eq!(RetryableError::Unreachable.delay(1, 0), SignedDuration::from_secs(15));
        assert_eq!(RetryableError::Unreachable.delay(1000, 0), SignedDuration::from_mins(15));
    }

    #[test]
    fn chance_only_lengthens_a_wait_and_by_a_tenth_at_most() {
        for count in 0..1000 {
            let wait = RetryableError::Unconfirmed.delay(1, chance(7, count));
            assert!(
                wait >= SignedDuration::from_mins(5) && wait <= SignedDuration::from_secs(330),
                "{wait:?}"
            );
            assert!(wait <= RetryableError::Unconfirmed.longest_delay());
            let last = RetryableError::Unconfirmed.delay(1000, chance(7, count));
            assert!(last <= RetryableError::Unconfirmed.longest_delay(), "{last:?}");
        }
    }

    #[test]
    fn only_trouble_of_the_same_kind_counts_on() {
        let server = |code: &str| RetryableError::Server { code: code.to_owned() };
        for (before, now, counts_on) in [
            (server("911"), server("dnserr"), true),
            (server("911"), RetryableError::Unconfirmed, true),
            (RetryableError::Unreachable, RetryableError::Unreachable, true),
            (RetryableError::KeyringLocked, RetryableError::KeyringAbsent, true),
            (RetryableError::SecretsUnusable { why: "x".into() }, RetryableError::KeyringLocked, true),
            (RetryableError::CertificateExpired, RetryableError::CertificateNotYetValid, true),
            (RetryableError::NotTrusted, RetryableError::CertificateExpired, false),
            (RetryableError::Unreachable, server("911"), false),
            (server("911"), RetryableError::Unreachable, false),
            (RetryableError::Unreachable, RetryableError::NotTrusted, false),
            (RetryableError::KeyringLocked, RetryableError::Unreachable, false),
            (RetryableError::Unreachable, RetryableError::KeyringAbsent, false),
        ] {
            assert_eq!(now.continues(&before), counts_on, "{now:?} after {before:?}");
        }
    }
}
