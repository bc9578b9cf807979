//! Sums of times. They end where the calendar does: times come from settings, files and other programs, too.

use jiff::{SignedDuration, Timestamp};

/// Sums that saturate at the first and the last moment that a [`Timestamp`] can hold.
pub trait Moment {
    /// The moment that is so much later; earlier where `wait` is negative.
    #[must_use]
    fn later(self, wait: SignedDuration) -> Timestamp;

    /// The moment that is so much earlier; later where `span` is negative.
    #[must_use]
    fn earlier(self, span: SignedDuration) -> Timestamp;
}

impl Moment for Timestamp {
    fn later(self, wait: SignedDuration) -> Timestamp {
        let end = if wait.is_negative() { Timestamp::MIN } else { Timestamp::MAX };
        self.checked_add(wait).unwrap_or(end)
    }

    fn earlier(self, span: SignedDuration) -> Timestamp {
        let end = if span.is_negative() { Timestamp::MAX } else { Timestamp::MIN };
        self.checked_sub(span).unwrap_or(end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_end_where_the_calendar_does() {
        let (first, last, day) = (Timestamp::MIN, Timestamp::MAX, SignedDuration::from_hours(24));
        for (sum, expected) in [
            (last.later(day), last),
            (last.later(-day), last - day),
            (last.later(SignedDuration::MAX), last),
            (last.later(SignedDuration::MIN), first),
            (first.earlier(day), first),
            (first.earlier(-day), first + day),
            (first.earlier(SignedDuration::MAX), first),
            (first.earlier(SignedDuration::MIN), last),
            (Timestamp::UNIX_EPOCH.later(day).earlier(day), Timestamp::UNIX_EPOCH),
        ] {
            assert_eq!(sum, expected);
        }
    }
}
