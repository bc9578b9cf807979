//! A certificate that isn't valid at this time: either it is too old or too new, or this computer's clock is wrong.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rustls::CertificateError;
use rustls::pki_types::UnixTime;

/// A day before which this version wasn't made, so that no right clock shows it. A release sets it to its own day.
const MADE: Date = Date::constant(2026, 1, 1);
/// The time after which nobody uses a version any more.
const YEARS_OF_USE: i16 = 10;
/// A difference that is no matter of a slow clock. A certificate counts from the hour of its issue, and is in use only after
/// that.
const A_DAY: SignedDuration = SignedDuration::from_hours(24);
/// The time after which somebody has renewed an expired certificate. None is valid for much longer than a year.
const OLD: SignedDuration = SignedDuration::from_hours(366 * 24);

/// The reason why a certificate isn't valid at this time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OutOfDate {
    /// The clock looks wrong.
    WrongClock {
        /// The date that it shows here.
        shows: Date,
    },
    /// The certificate has expired.
    Expired,
    /// The certificate isn't valid yet.
    NotYetValid,
}

/// Judges an error of TLS by the clock, which shows `now`. None where the error has nothing to do with dates.
pub(crate) fn judge(error: &rustls::Error, now: Timestamp) -> Option<OutOfDate> {
    let rustls::Error::InvalidCertificate(error) = error else { return None };
    let (out_of_date, is_far) = match error {
        CertificateError::Expired => (OutOfDate::Expired, false),
        CertificateError::ExpiredContext { time, not_after } => {
            (OutOfDate::Expired, between(*not_after, *time) > OLD)
        }
        CertificateError::NotValidYet => (OutOfDate::NotYetValid, false),
        CertificateError::NotValidYetContext { time, not_before } => {
            (OutOfDate::NotYetValid, between(*time, *not_before) > A_DAY)
        }
        _ => return None,
    };
    let shows = date_here(now);
    let is_impossible = shows < MADE || shows.year() > MADE.year() + YEARS_OF_USE;
    Some(if is_far || is_impossible { OutOfDate::WrongClock { shows } } else { out_of_date })
}

/// The date that the clock shows here at `now`, if it is wrong beside the one that an answer had just now.
pub(crate) fn wrong_beside(answered: Timestamp, now: Timestamp) -> Option<Date> {
    (answered.duration_since(now).abs() > A_DAY).then(|| date_here(now))
}

fn date_here(now: Timestamp) -> Date {
    now.to_zoned_datetime(TimeZone::system()).date()
}

fn between(earlier: UnixTime, later: UnixTime) -> SignedDuration {
    let seconds = later.as_secs().saturating_sub(earlier.as_secs());
    SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn at(text: &str) -> Timestamp {
        format!("{text}T12:00:00Z").parse().expect("a time")
    }

    fn unix(text: &str) -> UnixTime {
        let seconds = u64::try_from(at(text).as_second()).expect("after 1970");
        UnixTime::since_unix_epoch(Duration::from_secs(seconds))
    }

    fn judged(error: CertificateError, now: &str) -> Option<OutOfDate> {
        judge(&rustls::Error::InvalidCertificate(error), at(now))
    }

    fn expired(not_after: &str, now: &str) -> Option<OutOfDate> {
        judged(CertificateError::ExpiredContext { time: unix(now), not_after: unix(not_after) }, now)
    }

    fn not_yet(not_before: &str, now: &str) -> Option<OutOfDate> {
        judged(CertificateError::NotValidYetContext { time: unix(now), not_before: unix(not_before) }, now)
    }

    #[test]
    fn a_date_that_cant_be_is_the_clocks_fault_and_any_other_the_certificates() {
        let wrong = |text: &str| {
            Some(OutOfDate::WrongClock { shows: at(text).to_zoned_datetime(TimeZone::system()).date() })
        };
        for (not_after, now, expected) in [
            ("2027-03-01", "2027-03-02", Some(OutOfDate::Expired)),
            ("2027-03-01", "2028-02-01", Some(OutOfDate::Expired)),
            ("2027-03-01", "2028-04-01", wrong("2028-04-01")),
            ("2027-03-01", "2038-01-19", wrong("2038-01-19")),
            // Expired before this version was made.
            ("1999-01-01", "2001-01-01", wrong("2001-01-01")),
        ] {
            assert_eq!(expired(not_after, now), expected, "{not_after} {now}");
        }
        for (not_before, now, expected) in [
            ("2027-03-01", "2027-02-28", Some(OutOfDate::NotYetValid)),
            ("2027-03-01", "2027-02-27", wrong("2027-02-27")),
            ("2026-03-01", "1970-01-02", wrong("1970-01-02")),
        ] {
            assert_eq!(not_yet(not_before, now), expected, "{not_before} {now}");
        }
    }

    #[test]
    fn a_system_that_names_no_dates_is_judged_by_the_clock_alone() {
        let shows = at("1980-01-01").to_zoned_datetime(TimeZone::system()).date();
        for (error, named) in [
            (CertificateError::Expired, OutOfDate::Expired),
            (CertificateError::NotValidYet, OutOfDate::NotYetValid),
        ] {
            assert_eq!(judged(error.clone(), "2027-03-01"), Some(named));
            assert_eq!(judged(error, "1980-01-01"), Some(OutOfDate::WrongClock { shows }));
        }
    }

    #[test]
    fn other_errors_are_no_matter_of_dates() {
        assert_eq!(judged(CertificateError::UnknownIssuer, "1970-01-02"), None);
        assert_eq!(judge(&rustls::Error::HandshakeNotComplete, at("1970-01-02")), None);
    }

    /// It would call every clock wrong.
    #[test]
    fn this_version_wasnt_made_in_the_future() {
        assert!(Timestamp::now().to_zoned_datetime(TimeZone::UTC).date() >= MADE);
    }
}
