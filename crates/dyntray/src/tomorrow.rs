//! The end of a pause "until tomorrow".

use dyntray_core::types::moment::Moment;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// The hour at which tomorrow begins: nobody who pauses until tomorrow means midnight.
const MORNING: i8 = 6;

/// Six in the morning of the day after `now` in a time zone.
pub fn tomorrow(now: Timestamp, zone: TimeZone) -> Timestamp {
    let day = now.to_zoned_datetime(zone.clone()).date().tomorrow();
    let morning = day.and_then(|day| day.at(MORNING, 0, 0, 0).to_zoned_datetime(zone));
    morning.map_or(now.later(SignedDuration::from_hours(24)), |morning| morning.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Summer time begins on 29 March 2026 and ends on 25 October 2026.
    #[test]
    fn tomorrow_is_six_in_the_morning_here_also_when_the_clocks_change() {
        let berlin = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").expect("a time zone");
        for (now, until) in [
            ("2026-11-28T12:30:00Z", "2026-11-29T05:00:00Z"),
            ("2026-11-28T23:30:00Z", "2026-11-30T05:00:00Z"),
            ("2026-03-28T12:00:00Z", "2026-03-29T04:00:00Z"),
            ("2026-03-28T23:30:00Z", "2026-03-30T04:00:00Z"),
            ("2026-10-24T12:00:00Z", "2026-10-25T05:00:00Z"),
            ("2026-10-24T22:30:00Z", "2026-10-26T05:00:00Z"),
        ] {
            let now: Timestamp = now.parse().expect("a time");
            assert_eq!(tomorrow(now, berlin.clone()).to_string(), until, "{now}");
        }
    }

    /// Where six o'clock itself is skipped, the pause ends an hour later.
    #[test]
    fn an_hour_that_does_not_exist_is_the_next_one() {
        let odd = TimeZone::posix("XST0XDT,M3.5.0/5:30,M10.5.0/7").expect("a time zone");
        let now: Timestamp = "2026-03-28T12:00:00Z".parse().expect("a time");
        assert_eq!(tomorrow(now, odd).to_string(), "2026-03-29T06:00:00Z");
    }

    #[test]
    fn on_the_last_day_of_the_calendar_there_is_no_tomorrow_and_no_panic() {
        assert_eq!(tomorrow(Timestamp::MAX, TimeZone::UTC), Timestamp::MAX);
    }
}
