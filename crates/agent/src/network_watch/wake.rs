//! Detects a wake from sleep, during which the wall clock went on while nothing else did. Linux reports when that may have
//! happened; elsewhere the clocks are compared all the time.

mod clock_change;

use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::time::{Interval, MissedTickBehavior, interval};

use clock_change::ClockChange;

/// The interval at which the clocks are compared without a report from the system.
const PERIOD: Duration =
    if cfg!(target_os = "linux") { Duration::from_mins(5) } else { Duration::from_secs(5) };
/// The largest drift of the clocks, or delay of a comparison, that counts as no sleep: more than a busy machine or a time
/// server causes.
const SLACK: Duration = Duration::from_secs(20);

/// Both clocks at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clocks {
    /// The wall clock, which goes on during sleep and jumps when it is set.
    pub wall: Timestamp,
    /// The monotonic clock. The one of `std` stops during sleep on Linux (`CLOCK_MONOTONIC`) and macOS (`CLOCK_UPTIME_RAW`),
    /// and goes on on Windows (`QueryPerformanceCounter`).
    pub monotonic: Instant,
}

impl Clocks {
    /// Reads this machine's clocks.
    pub fn now() -> Self {
        Clocks { wall: Timestamp::now(), monotonic: Instant::now() }
    }
}

/// The meaning of a comparison that comes late by the monotonic clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LateComparison {
    /// The machine slept, or the process was stopped.
    Sleep,
    /// Nothing: macOS puts off the timers of programs that nobody looks at (App Nap), and its clock shows sleep by itself.
    PutOff,
}

/// The meaning of a late comparison on this system.
const LATE: LateComparison =
    if cfg!(target_os = "macos") { LateComparison::PutOff } else { LateComparison::Sleep };

/// True if the machine slept between two comparisons: the wall clock advanced more than 20 s further than the monotonic one
/// (Linux, macOS), or the second comparison came more than 20 s late (Windows, and a stopped process on Linux). A wall
/// clock that was set forward looks the same, which costs a reading; one that was set back doesn't.
pub fn slept(before: Clocks, now: Clocks) -> bool {
    slept_where(LATE, before, now)
}

fn slept_where(late: LateComparison, before: Clocks, now: Clocks) -> bool {
    let awake = now.monotonic.saturating_duration_since(before.monotonic);
    let passed = Duration::try_from(now.wall.duration_since(before.wall)).unwrap_or_default();
    passed.saturating_sub(awake) > SLACK || (late == LateComparison::Sleep && awake > PERIOD + SLACK)
}

/// A watch on the clocks, which are compared when the system reports a change, and at intervals.
pub struct WakeWatch<C = fn() -> Clocks> {
    clock: C,
    last: Clocks,
    checks: Interval,
    clock_change: ClockChange,
}

impl WakeWatch {
    /// Watches this machine's clocks. Needs a tokio runtime with time and I/O.
    pub fn start() -> Self {
        WakeWatch { clock_change: ClockChange::start(), ..WakeWatch::with_clock(Clocks::now) }
    }
}

impl<C: FnMut() -> Clocks> WakeWatch<C> {
    /// Watches the clocks that `clock` reads.
    pub fn with_clock(mut clock: C) -> Self {
        let mut checks = interval(PERIOD);
        // Comparisons that were missed during sleep aren't made up for.
        checks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        WakeWatch { last: clock(), clock, checks, clock_change: ClockChange::default() }
    }

    /// Returns when the machine has woken from sleep: at once on Linux, elsewhere within five seconds. May be dropped and
    /// called again at any time, but a long time without a call counts as sleep.
    pub async fn woke(&mut self) {
        loop {
            tokio::select! {
                _ = self.checks.tick() => {}
                () = self.clock_change.changed() => {}
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
    fn a_wall_clock_that_ran_ahead_or_a_late_comparison_is_sleep() {
        let (before, period) = (start(), period());
        for (wall, monotonic, expected, what) in [
            (5, 5, false, "an ordinary comparison"),
            (12, 12, false, "a busy machine"),
            (300, 300, !cfg!(target_os = "linux"), "five minutes between two comparisons"),
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
                slept_where(
                    LateComparison::Sleep,
                    before,
                    later(before, wall, u64::try_from(monotonic).expect("forward"))
                ),
                expected,
                "{what}"
            );
        }
    }

    #[test]
    fn a_comparison_that_macos_put_off_by_minutes_is_no_sleep_and_a_night_is() {
        let before = start();
        let slept =
            |wall, monotonic| slept_where(LateComparison::PutOff, before, later(before, wall, monotonic));
        assert!(!slept(600, 600), "App Nap");
        assert!(slept(8 * 3600, 5), "a night");
        assert!(slept(8 * 3600, 600), "a night after App Nap");
    }

    #[tokio::test(start_paused = true)]
    async fn one_sleep_is_reported_once_and_at_the_next_comparison() {
        let clocks = Cell::new(start());
        let mut watch =
            WakeWatch::with_clock(|| clocks.replace(later(clocks.get(), period(), PERIOD.as_secs())));
        assert!(timeout(20 * PERIOD, watch.woke()).await.is_err(), "nobody slept");
        clocks.set(later(clocks.get(), 600, 0));
        assert!(timeout(PERIOD + A_MOMENT, watch.woke()).await.is_ok(), "ten minutes of sleep");
        assert!(timeout(20 * PERIOD, watch.woke()).await.is_err(), "once is enough");
    }

    #[tokio::test(start_paused = true)]
    async fn a_watch_that_is_dropped_over_and_over_still_compares() {
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
