//! How long to wait before the always-on program is looked for again.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(5);

/// The waits between attempts: each twice the one before, up to five seconds.
pub fn delays() -> impl Iterator<Item = Duration> {
    std::iter::successors(Some(FIRST), |last| Some((*last * 2).min(LONGEST)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_attempts_follow_quickly() {
        let milliseconds: Vec<_> = delays().take(6).map(|delay| delay.as_millis()).collect();
        assert_eq!(milliseconds, [250, 500, 1_000, 2_000, 4_000, 5_000]);
    }

    #[test]
    fn they_never_end_and_never_exceed_five_seconds() {
        assert!(delays().take(10_000).all(|delay| delay <= LONGEST));
        assert_eq!(delays().nth(10_000), Some(LONGEST));
    }
}
