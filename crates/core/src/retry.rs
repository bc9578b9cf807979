//! How long to wait after which trouble. Delays grow with each failure and carry a little chance, upwards only, so
//! that many clients don't meet and the stated delay is always the shortest.

use std::mem::discriminant;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// What keeps an update from succeeding without anybody having refused it. All of it is tried again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Trouble {
    /// No connection was made, so nothing was sent.
    Unreachable,
    /// The certificate isn't the server's, so nothing was sent.
    NotTrusted,
    /// Sent, and no answer came: the update may have happened.
    Unconfirmed,
    /// The server says that it has trouble: `dnserr`, `911`, or an HTTP status of 500 and up.
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
}

impl Trouble {
    /// The delay after the first failure, and the longest.
    fn bounds(&self) -> (SignedDuration, SignedDuration) {
        let minutes = SignedDuration::from_mins;
        match self {
            Trouble::Unreachable => (SignedDuration::from_secs(15), minutes(15)),
            Trouble::KeyringLocked | Trouble::KeyringAbsent => (SignedDuration::from_secs(30), minutes(15)),
            Trouble::Unconfirmed => (minutes(5), minutes(120)),
            Trouble::NotTrusted | Trouble::Unreadable { .. } => (minutes(10), minutes(360)),
            Trouble::Server { .. } => (minutes(30), minutes(360)),
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

    /// Whether a request left this machine, so that the service may hold what it carried.
    pub fn was_sent(&self) -> bool {
        match self {
            Trouble::Unreachable | Trouble::NotTrusted | Trouble::KeyringLocked | Trouble::KeyringAbsent => {
                false
            }
            Trouble::Unconfirmed | Trouble::Unreadable { .. } | Trouble::Server { .. } => true,
        }
    }

    /// Whether the keyring is in the way, which only a person can clear.
    pub fn is_keyring(&self) -> bool {
        matches!(self, Trouble::KeyringLocked | Trouble::KeyringAbsent)
    }

    /// Whether it counts on from `before`. A night without a connection must not make the server's first `911`
    /// the twentieth failure in a row.
    pub fn continues(&self, before: &Trouble) -> bool {
        (self.was_sent() && before.was_sent())
            || (self.is_keyring() && before.is_keyring())
            || discriminant(self) == discriminant(before)
    }
}

/// The wait before a source that couldn't be reached is asked again: 1 s, doubling, at most `interval`. Nothing
/// reached it, so that it is no burden, and just after a reconnect the way is free within seconds.
pub fn look_up_delay(failures: u32, interval: SignedDuration, chance: u64) -> SignedDuration {
    jittered(doubled(SignedDuration::from_secs(1), failures).min(interval), chance)
}

/// So many changes of an address within an hour are followed at once.
const FREE_CHANGES: usize = 5;

/// The wait after the last of `changes` accepted changes within an hour: none at first, then a minute, doubling, at
/// most a quarter of an hour.
pub fn damping(changes: usize) -> SignedDuration {
    match u32::try_from(changes.saturating_sub(FREE_CHANGES)) {
        Ok(0) => SignedDuration::ZERO,
        more => {
            doubled(SignedDuration::from_mins(1), more.unwrap_or(u32::MAX)).min(SignedDuration::from_mins(15))
        }
    }
}

/// So many bursts of network changes within ten minutes are followed at once.
const FREE_BURSTS: usize = 6;

/// How long the network must be quiet before it is looked at, after `bursts` bursts of changes within ten minutes: a
/// moment at first, then half a minute, doubling, at most ten minutes.
pub fn settling(bursts: usize) -> SignedDuration {
    match u32::try_from(bursts.saturating_sub(FREE_BURSTS)) {
        Ok(0) => SignedDuration::from_millis(200),
        more => doubled(SignedDuration::from_secs(30), more.unwrap_or(u32::MAX))
            .min(SignedDuration::from_mins(10)),
    }
}

/// A burst that never ends is looked at after so long, at the latest.
pub const LONGEST_BURST: SignedDuration = SignedDuration::from_secs(2);

/// When the name servers are asked again, `looks` times after an accepted update without having seen the address:
/// after 1 s, doubling, at most every ten minutes.
pub fn dns_delay(looks: u32) -> SignedDuration {
    doubled(SignedDuration::from_secs(1), looks.saturating_add(1)).min(SignedDuration::from_mins(10))
}

/// The chance that makes a wait longest.
pub const LONGEST_CHANCE: u64 = 100;

/// `base` and up to a tenth more.
pub fn jittered(base: SignedDuration, chance: u64) -> SignedDuration {
    let per_mille = i32::try_from(chance % (LONGEST_CHANCE + 1)).unwrap_or(0);
    base + base * per_mille / 1000
}

/// `first`, doubled for each failure after the first.
fn doubled(first: SignedDuration, failures: u32) -> SignedDuration {
    first * 2i32.pow(failures.saturating_sub(1).min(16))
}

/// Chance for the `count`th use, from an installation's own seed (SplitMix64, public domain).
pub fn chance(seed: u64, count: u64) -> u64 {
    let mut z = seed.wrapping_add(count.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_from_the_first_to_the_longest_and_no_further() {
        let server = Trouble::Server { code: "911".into() };
        let minutes: Vec<i64> = (1..=6).map(|failures| server.delay(failures, 0).as_mins()).collect();
        assert_eq!(minutes, [30, 60, 120, 240, 360, 360]);
        assert_eq!(Trouble::Unreachable.delay(1, 0), SignedDuration::from_secs(15));
        assert_eq!(Trouble::Unreachable.delay(1000, 0), SignedDuration::from_mins(15));
    }

    #[test]
    fn flapping_is_damped_and_never_stopped() {
        let minutes: Vec<i64> = [1, 5, 6, 7, 8, 9, 10, 1000].map(|n| damping(n).as_mins()).to_vec();
        assert_eq!(minutes, [0, 0, 1, 2, 4, 8, 15, 15]);
        let seconds: Vec<i64> = [1, 6, 7, 8, 12, 1000].map(|n| settling(n).as_secs()).to_vec();
        assert_eq!(seconds, [0, 0, 30, 60, 600, 600]);
    }

    #[test]
    fn chance_only_lengthens_a_wait_and_by_a_tenth_at_most() {
        for count in 0..1000 {
            let wait = Trouble::Unconfirmed.delay(1, chance(7, count));
            assert!(
                wait >= SignedDuration::from_mins(5) && wait <= SignedDuration::from_secs(330),
                "{wait:?}"
            );
            assert!(wait <= Trouble::Unconfirmed.longest_delay());
            let last = Trouble::Unconfirmed.delay(1000, chance(7, count));
            assert!(last <= Trouble::Unconfirmed.longest_delay(), "{last:?}");
        }
    }

    #[test]
    fn chances_are_spread_over_a_tenth() {
        let base = SignedDuration::from_secs(1000);
        for (chance, more) in
            [(0, 0), (1, 1), (50, 50), (LONGEST_CHANCE, 100), (LONGEST_CHANCE + 1, 0), (252, 50)]
        {
            assert_eq!(jittered(base, chance), base + SignedDuration::from_secs(more), "{chance}");
        }
    }

    #[test]
    fn only_trouble_of_the_same_kind_counts_on() {
        let server = |code: &str| Trouble::Server { code: code.to_owned() };
        for (before, now, counts_on) in [
            (server("911"), server("dnserr"), true),
            (server("911"), Trouble::Unconfirmed, true),
            (Trouble::Unreachable, Trouble::Unreachable, true),
            (Trouble::KeyringLocked, Trouble::KeyringAbsent, true),
            (Trouble::Unreachable, server("911"), false),
            (server("911"), Trouble::Unreachable, false),
            (Trouble::Unreachable, Trouble::NotTrusted, false),
            (Trouble::KeyringLocked, Trouble::Unreachable, false),
            (Trouble::Unreachable, Trouble::KeyringAbsent, false),
        ] {
            assert_eq!(now.continues(&before), counts_on, "{now:?} after {before:?}");
        }
    }

    /// The first numbers that SplitMix64 gives for the seed 0, as its author published them.
    #[test]
    fn chance_is_splitmix64() {
        let first: Vec<u64> = (1..=3).map(|count| chance(0, count)).collect();
        assert_eq!(first, [0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4, 0x06c4_5d18_8009_454f]);
    }
}
