//! Notices that the machine slept: its wall clock went on while nothing else did. Linux says when that may be; elsewhere
//! the clocks are compared all the time.

mod clock_change;

use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::time::{Interval, MissedTickBehavior, interval};

use clock_change::ClockChange;

/// How often the clocks are compared without a word from the system.
const PERIOD: Duration =
    if cfg!(target_os = "linux") { Duration::from_mins(5) } else { Duration::from_secs(5) };
/// How far the clocks may drift apart, or a look be late, without a sleep: more than a busy machine or a time server's
/// correction makes.
const SLACK: Duration = Duration::from_secs(20);

/// Both clocks at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clocks {
    /// The wall clock: goes on in sleep, and jumps when it is set.
    pub wall: Timestamp,
    /// The monotonic clock. `std`'s stops in sleep on Linux (`CLOCK_MONOTONIC`) and macOS (`CLOCK_UPTIME_RAW`) but
    /// goes on in sleep on Windows (`QueryPerformanceCounter`).
    pub monotonic: Instant,
}

impl Clocks {
    /// Reads this machine's clocks.
    pub fn now() -> Self {
        Clocks { wall: Timestamp::now(), monotonic: Instant::now() }
    }
}

/// Whether the machine slept between two looks. So it did when the wall clock advanced by more than 20 s beyond the
/// monotonic one (Linux, macOS), or when the second look came more than 20 s late (Windows). A wall clock that was set forward looks the same, which costs a reading; one that was set back
/// doesn't.
pub fn slept(before: Clocks, now: Clocks) -> bool {
    let awake = now.monotonic.saturating_duration_since(before.monotonic);
    let passed = Duration::try_from(now.wall.duration_since(before.wall)).unwrap_or_default();
    passed.saturating_sub(awake) > SLACK || awake > PERIOD + SLACK
}

/// Compares the clocks when the system says so, and now and then.
pub struct WakeWatch<C = fn() -> Clocks> {
    clock: C,
    last: Clocks,
    looks: Interval,
    nudge: ClockChange,
}

impl WakeWatch {
    /// Begins to watch this machine's clocks. Needs a tokio runtime with time and events.
    pub fn start() -> Self {
        WakeWatch { nudge: ClockChange::start(), ..WakeWatch::with_clock(Clocks::now) }
    }
}

impl<C: FnMut() -> Clocks> WakeWatch<C> {
    /// Begins to watch what `clock` tells.
    pub fn with_clock(mut clock: C) -> Self {
        let mut looks = interval(PERIOD);
        // Looks that were missed in sleep aren't made up for.
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        WakeWatch { last: clock(), clock, looks, nudge: ClockChange::default() }
    }

    /// Returns when the machine woke from sleep since the last look: at once on Linux, elsewhere within five seconds.
    /// May be dropped and called again at any time; left alone for long, it can't tell that from sleep.
    pub async fn woke(&mut self) {
        loop {
            tokio::select! {
                _ = self.looks.tick() => {}
                () = self.nudge.nudged() => {}
            }
            let now = (self.clock)();
            if slept(std::mem::replace(&mut self.last, now), now) {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;
    use std::cell::Cell;
    use tokio::time::timeout;

    const A_MOMENT: Duration = Duration::from_secs(1);

    fn period() -> i64 {
        i64::try_from(PERIOD.as_secs()).expect("some seconds")
    }

    fn start() -> Clocks {
        Clocks { wall: Timestamp::from_second(1_800_000_000).expect("a time"), monotonic: Instant::now() }
    }

    fn later(clocks: Clocks, wall: i64, monotonic: u64) -> Clocks {
        Clocks {
            wall: clocks.wall + SignedDuration::from_secs(wall),
            monotonic: clocks.monotonic + Duration::from_secs(monotonic),
        }
    }

    #[test]
    fn a_wall_clock_that_ran_ahead_or_a_look_that_came_late_is_sleep() {
        let (before, period) = (start(), period());
        for (wall, monotonic, expected, what) in [
            (5, 5, false, "an ordinary look"),
            (12, 12, false, "a busy machine"),
            (300, 300, !cfg!(target_os = "linux"), "five minutes between two looks"),
            (25, 5, false, "twenty seconds ahead, just not enough"),
            (26, 5, true, "twenty-one seconds ahead"),
            (8 * 3600, 5, true, "a night on Linux or macOS"),
            (8 * 3600, 8 * 3600, true, "a night on Windows"),
            (period + 21, period + 21, true, "a short sleep on Windows"),
            (period + 20, period + 20, false, "a very busy machine"),
            (-3600, 5, false, "a wall clock that was set back"),
            (3600, 5, true, "a wall clock that was set forward"),
            (-3600, 3600, true, "a night on Windows, and the clock set back"),
        ] {
            assert_eq!(
                slept(before, later(before, wall, u64::try_from(monotonic).expect("forward"))),
                expected,
                "{what}"
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn one_sleep_is_told_once_and_at_the_next_look() {
        let clocks = Cell::new(start());
        let mut watch =
            WakeWatch::with_clock(|| clocks.replace(later(clocks.get(), period(), PERIOD.as_secs())));
        assert!(timeout(20 * PERIOD, watch.woke()).await.is_err(), "nobody slept");
        clocks.set(later(clocks.get(), 600, 0));
        assert!(timeout(PERIOD + A_MOMENT, watch.woke()).await.is_ok(), "ten minutes of sleep");
        assert!(timeout(20 * PERIOD, watch.woke()).await.is_err(), "once is enough");
    }

    #[tokio::test(start_paused = true)]
    async fn a_watch_that_is_dropped_over_and_over_still_looks() {
        let clocks = Cell::new(start());
        let mut watch = WakeWatch::with_clock(|| clocks.get());
        for _ in 0..20 {
            clocks.set(later(clocks.get(), period() / 5, PERIOD.as_secs() / 5));
            assert!(timeout(PERIOD / 5, watch.woke()).await.is_err(), "nobody slept");
        }
        clocks.set(later(clocks.get(), 60, 0));
        assert!(timeout(PERIOD + A_MOMENT, watch.woke()).await.is_ok(), "a minute of sleep");
    }
}
