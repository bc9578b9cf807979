//! The waits before the next try. They grow with each failure. Jitter spreads clients out; it only lengthens, so a
//! stated wait is always the shortest.

use jiff::SignedDuration;

/// The wait before a source that couldn't be reached is asked again: 1 s, doubling, at most `interval`. It is a
/// burden to nobody, because nothing reached the source, and after a reconnect the line is back within seconds.
pub fn look_up_delay(failures: u32, interval: SignedDuration, chance: u64) -> SignedDuration {
    jittered(doubled(SignedDuration::from_secs(1), failures).min(interval), chance)
}

/// The number of address changes within an hour that are followed at once.
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

/// The number of bursts of network changes within ten minutes that are followed at once.
const FREE_BURSTS: usize = 6;

/// The quiet time that ends a burst, after `bursts` bursts of network changes within ten minutes: 200 ms at first,
/// then half a minute, doubling, at most ten minutes.
pub fn debounce_time(bursts: usize) -> SignedDuration {
    match u32::try_from(bursts.saturating_sub(FREE_BURSTS)) {
        Ok(0) => SignedDuration::from_millis(200),
        more => doubled(SignedDuration::from_secs(30), more.unwrap_or(u32::MAX))
            .min(SignedDuration::from_mins(10)),
    }
}

/// True where the quiet time after `bursts` bursts is a long one, because the network doesn't settle.
pub fn is_restless(bursts: usize) -> bool {
    bursts > FREE_BURSTS
}

/// The time after the quiet time of a restless network within which look-ups and requests under way are finished, whatever changes. So a
/// network that never settles gets its address published every [`debounce_time`] or so, and at least every eleven minutes.
pub const UNDISTURBED: SignedDuration = SignedDuration::from_mins(1);

/// The time after which a burst that never ends is followed all the same, unless its quiet time is longer.
pub const LONGEST_BURST: SignedDuration = SignedDuration::from_secs(2);

/// The wait before the name servers are asked again, after they were asked `looks` times since an accepted update
/// without having its address: 1 s, doubling, at most six hours.
pub fn dns_delay(looks: u32) -> SignedDuration {
    doubled(SignedDuration::from_secs(1), looks.saturating_add(1)).min(SignedDuration::from_hours(6))
}

/// The value of `chance` that makes a wait longest.
pub const LONGEST_CHANCE: u64 = 100;

/// `base`, lengthened by up to a tenth.
pub fn jittered(base: SignedDuration, chance: u64) -> SignedDuration {
    let per_mille = i32::try_from(chance % (LONGEST_CHANCE + 1)).unwrap_or(0);
    base.saturating_add(base / 1000 * per_mille)
}

/// `first`, doubled for each failure after the first.
pub fn doubled(first: SignedDuration, failures: u32) -> SignedDuration {
    first.saturating_mul(2i32.pow(failures.saturating_sub(1).min(16)))
}

/// The `count`th random number of an installation's seed (SplitMix64, public domain).
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
    fn flapping_is_damped_and_never_stopped() {
        let minutes: Vec<i64> = [1, 5, 6, 7, 8, 9, 10, 1000].map(|n| damping(n).as_mins()).to_vec();
        assert_eq!(minutes, [0, 0, 1, 2, 4, 8, 15, 15]);
        let seconds: Vec<i64> = [1, 6, 7, 8, 12, 1000].map(|n| debounce_time(n).as_secs()).to_vec();
        assert_eq!(seconds, [0, 0, 30, 60, 600, 600]);
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

    /// The first numbers of SplitMix64 for the seed 0, as its author published them.
    #[test]
    fn chance_is_splitmix64() {
        let first: Vec<u64> = (1..=3).map(|count| chance(0, count)).collect();
        assert_eq!(first, [0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4, 0x06c4_5d18_8009_454f]);
    }
}
