//! A server's wish to be left alone for a while: `Retry-After` with 429 (too many requests) or 503 (unavailable).
//! Source: RFC 9110, sections 5.6.7 and 10.2.3; RFC 6585, section 4.

use jiff::civil::DateTime;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use crate::types::server::WebAddress;

/// The longest wait that a server is granted.
pub const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(24);

/// A server's wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryAfter {
    /// The server's authority.
    pub server: String,
    /// The HTTP status that came with it.
    pub status: u16,
    /// The wait, at most [`LONGEST_WAIT`].
    pub wait: SignedDuration,
}

impl RetryAfter {
    /// Reads the wish in an answer of `server`: the values of its `Retry-After` headers, of which the longest counts, and
    /// its own `Date`. A date is taken relative to that, so that a wrong clock does no harm; `now` stands in where it is
    /// missing. None where the answer says nothing of the kind, or nothing that can be read.
    pub fn read<'a>(
        server: &WebAddress,
        status: u16,
        values: impl IntoIterator<Item = &'a str>,
        date: Option<&str>,
        now: Timestamp,
    ) -> Option<Self> {
        if !matches!(status, 429 | 503) {
            return None;
        }
        let now = Offset::UTC.to_datetime(now);
        let sent_at = date.and_then(|text| http_date(text, now)).unwrap_or(now);
        let waits = values.into_iter().filter_map(|value| wait(value, sent_at));
        let wait = waits.max().filter(SignedDuration::is_positive)?.min(LONGEST_WAIT);
        Some(RetryAfter { server: server.authority().to_owned(), status, wait })
    }
}

/// The wait of one header: seconds, or the time until a date.
fn wait(value: &str, sent_at: DateTime) -> Option<SignedDuration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a number has are a long wait, too.
        return Some(value.parse().map_or(LONGEST_WAIT, SignedDuration::from_secs));
    }
    Some(http_date(value, sent_at)?.duration_since(sent_at))
}

/// A date in any of HTTP's three formats, in UTC. `near` tells the century of a year of two digits.
fn http_date(text: &str, near: DateTime) -> Option<DateTime> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (day, month, year, time) = match words[..] {
        // Sun, 06 Nov 1994 08:49:37 GMT
        [name, day, month, year, time, "GMT" | "UTC"] if is_day(name.strip_suffix(',')?) => {
            (number(day, 2)?, month_of(month)?, number(year, 4)?, time)
        }
        // Sunday, 06-Nov-94 08:49:37 GMT
        [name, date, time, "GMT" | "UTC"] if is_day(name.strip_suffix(',')?) => {
            let mut parts = date.split('-');
            let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
            let year = if year.len() == 2 { full_year(number(year, 2)?, near) } else { number(year, 4)? };
            (number(day, 2)?, month_of(month)?, year, time)
        }
        // Sun Nov  6 08:49:37 1994
        [name, month, day, time, year] if is_day(name) => {
            (number(day, 2)?, month_of(month)?, number(year, 4)?, time)
        }
        _ => return None,
    };
    let mut parts = time.split(':');
    let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    // A leap second is the second before, as most clocks have it.
    let second = number(second, 2).filter(|second| *second <= 60)?.min(59);
    let narrow = |number: i16| i8::try_from(number).ok();
    let (hour, minute) = (narrow(number(hour, 2)?)?, narrow(number(minute, 2)?)?);
    DateTime::new(year, month, narrow(day)?, hour, minute, narrow(second)?, 0).ok()
}

/// A number of at most so many digits, and nothing else.
fn number(text: &str, digits: usize) -> Option<i16> {
    let is_one = text.len() <= digits && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_one { text.parse().ok() } else { None }
}

/// The first letters of a day's name; which day it is follows from the date.
fn is_day(name: &str) -> bool {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let begins = |day: &str| name.get(..3).is_some_and(|start| start.eq_ignore_ascii_case(day));
    DAYS.into_iter().any(begins) && name.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn month_of(name: &str) -> Option<i8> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let found = MONTHS.iter().position(|month| month.eq_ignore_ascii_case(name))?;
    i8::try_from(found + 1).ok()
}

/// The year of two digits, in the century in which it isn't more than fifty years ahead.
fn full_year(year: i16, near: DateTime) -> i16 {
    let this_year = near.year();
    let same_century = this_year - this_year % 100 + year;
    if same_century > this_year + 50 { same_century - 100 } else { same_century }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Sun, 06 Nov 1994 08:49:37 GMT.
    const THEN: Timestamp = Timestamp::constant(784_111_777, 0);
    const YEARS: SignedDuration = SignedDuration::from_hours(24 * 365 * 12);

    fn read(status: u16, values: &[&str], date: Option<&str>, now: Timestamp) -> Option<i64> {
        let server = WebAddress::parse_server("Update.spdyn.de:443").expect("valid");
        let wish = RetryAfter::read(&server, status, values.iter().copied(), date, now)?;
        assert_eq!((wish.server.as_str(), wish.status), ("update.spdyn.de", status));
        Some(wish.wait.as_secs())
    }

    #[test]
    fn seconds_are_read_and_bounded_to_a_day() {
        const DAY: i64 = 24 * 60 * 60;
        for (value, seconds) in [
            ("1", Some(1)),
            ("3600", Some(3600)),
            (" 120 ", Some(120)),
            ("0086400", Some(DAY)),
            ("86401", Some(DAY)),
            ("999999999999999999999999999999", Some(DAY)),
            ("0", None),
            ("", None),
            ("-5", None),
            ("+5", None),
            ("3.5", None),
            ("1e3", None),
            ("0x10", None),
            ("60s", None),
            ("soon", None),
            ("６０", None),
        ] {
            assert_eq!(read(429, &[value], None, THEN), seconds, "{value:?}");
            assert_eq!(
                read(503, &[value], Some("Sun, 06 Nov 1994 08:49:37 GMT"), THEN),
                seconds,
                "{value:?}"
            );
        }
    }

    #[test]
    fn a_date_is_read_in_all_three_formats_of_rfc_9110() {
        for (value, seconds) in [
            ("Sun, 06 Nov 1994 08:50:37 GMT", Some(60)),
            ("Sunday, 06-Nov-94 08:50:37 GMT", Some(60)),
            ("Sun Nov  6 08:50:37 1994", Some(60)),
            ("Mon, 07 Nov 1994 08:49:37 GMT", Some(86_400)),
            ("Sat, 31 Dec 1994 23:59:60 GMT", Some(86_400)),
            ("Sun Nov 13 08:49:37 1994", Some(86_400)),
            ("Fri, 31 Dec 9999 23:59:59 GMT", Some(86_400)),
            ("sun, 6 nov 1994 08:50:37 GMT", Some(60)),
            // Over already.
            ("Sun, 06 Nov 1994 08:49:37 GMT", None),
            ("Sun, 06 Nov 1994 08:48:37 GMT", None),
            ("Thu, 01 Jan 1970 00:00:00 GMT", None),
            // No dates.
            ("Sun, 31 Feb 1994 08:50:37 GMT", None),
            ("Sun, 06 Nov 1994 24:00:00 GMT", None),
            ("Sun, 06 Nov 1994 08:60:00 GMT", None),
            ("Sun, 06 Nov 1994 08:50:61 GMT", None),
            ("Sun, 06 Nov 1994 08:50 GMT", None),
            ("Sun, 06 Nov 1994 08:50:37:01 GMT", None),
            ("Sun, 06 Nov 1994 08:50:37 CET", None),
            ("Sun, 06 Nov 1994 08:50:37", None),
            ("Xyz, 06 Nov 1994 08:50:37 GMT", None),
            ("Sun, 06 Foo 1994 08:50:37 GMT", None),
            ("1994-11-06T08:50:37Z", None),
            ("Sunday, 06-Nov 08:50:37 GMT", None),
            ("06 Nov 1994 08:50:37 GMT", None),
        ] {
            assert_eq!(read(503, &[value], None, THEN), seconds, "{value}");
        }
    }

    #[test]
    fn a_date_is_relative_to_the_answers_own_so_that_a_wrong_clock_does_no_harm() {
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        let wrong_clocks = [THEN - YEARS, THEN, THEN + YEARS, THEN + YEARS + YEARS];
        for now in wrong_clocks {
            for value in [
                "Sun, 06 Nov 1994 08:51:37 GMT",
                "Sunday, 06-Nov-94 08:51:37 GMT",
                "Sun Nov  6 08:51:37 1994",
            ] {
                assert_eq!(read(429, &[value], Some(date), now), Some(120), "{value} at {now}");
            }
        }
        // Without a date that can be read, this machine's clock has to do; the bound keeps.
        for date in [None, Some("yesterday")] {
            let value = "Sun, 06 Nov 1994 08:51:37 GMT";
            assert_eq!(read(429, &[value], date, THEN), Some(120));
            assert_eq!(read(429, &[value], date, THEN - YEARS), Some(86_400));
            assert_eq!(read(429, &[value], date, THEN + YEARS), None);
        }
    }

    #[test]
    fn a_year_of_two_digits_is_never_more_than_fifty_years_ahead() {
        let near = |year| DateTime::constant(year, 6, 1, 0, 0, 0, 0);
        for (digits, this_year, year) in [
            (94, 1994, 1994),
            (95, 1994, 1995),
            (27, 2026, 2027),
            (76, 2026, 2076),
            (77, 2026, 1977),
            (99, 2026, 1999),
            (0, 1999, 1900),
        ] {
            assert_eq!(full_year(digits, near(this_year)), year, "{digits} in {this_year}");
        }
    }

    proptest! {
        #[test]
        fn whatever_a_server_says_it_is_granted_a_day_at_most(
            value in "[ -~]{0,40}|[A-Z][a-z]{2}, ?[0-9]{1,3} [A-Z][a-z]{2} [0-9]{1,5} [0-9:]{1,10} GMT",
            date in "[ -~]{0,40}|(Mon|Tue), [0-9]{2} (Jan|Dec) [0-9]{4} [0-2][0-9]:[0-5][0-9]:[0-6][0-9] GMT",
            seconds in -8_000_000_000..8_000_000_000_i64,
        ) {
            let now = THEN + SignedDuration::from_secs(seconds);
            for date in [None, Some(date.as_str())] {
                let granted = read(429, &[&value], date, now);
                prop_assert!(granted.is_none_or(|wait| (0..=86_400).contains(&wait)), "{:?}", granted);
            }
        }
    }

    #[test]
    fn only_too_many_requests_and_unavailable_ask_to_wait_and_the_longest_wish_counts() {
        for status in [200, 201, 301, 302, 400, 401, 403, 404, 500, 502, 504] {
            assert_eq!(read(status, &["3600"], None, THEN), None, "{status}");
        }
        assert_eq!(read(429, &[], None, THEN), None);
        assert_eq!(read(429, &["60", "120", "soon"], None, THEN), Some(120));
    }
}
