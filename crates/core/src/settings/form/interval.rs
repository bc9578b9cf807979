//! The time between two look-ups, as typed.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::settings::SHORTEST_INTERVAL;

/// The reason why a text is no interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum IntervalError {
    /// Not a time span.
    Shape,
    /// Below what services allow.
    TooShort {
        /// The shortest allowed, in minutes.
        minutes: u32,
    },
    /// Above a day.
    TooLong,
}

/// Reads `10`, `10 min`, `30 s`, `1 h`; a bare number is minutes. Only services on this machine may be asked
/// more often than every ten minutes.
pub(super) fn parse(typed: &str, resolvers_are_here: bool) -> Result<SignedDuration, IntervalError> {
    let text = typed.trim().to_lowercase();
    let digits_end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, unit) = text.split_at(digits_end);
    let count: i64 = digits.parse().map_err(|_| IntervalError::Shape)?;
    let seconds_each = match unit.trim() {
        "s" | "sec" | "sek" => 1,
        "" | "m" | "min" => 60,
        "h" | "std" => 3600,
        _ => return Err(IntervalError::Shape),
    };
    let interval = SignedDuration::from_secs(count.checked_mul(seconds_each).ok_or(IntervalError::TooLong)?);
    let shortest = if resolvers_are_here { SignedDuration::from_secs(1) } else { SHORTEST_INTERVAL };
    if interval < shortest {
        return Err(IntervalError::TooShort { minutes: 10 });
    }
    if interval > SignedDuration::from_hours(24) {
        return Err(IntervalError::TooLong);
    }
    Ok(interval)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_spans_are_read_in_both_languages() {
        for (typed, seconds) in [("10", 600), ("10 min", 600), ("600s", 600), ("1 h", 3600), ("2 Std", 7200)]
        {
            assert_eq!(parse(typed, false), Ok(SignedDuration::from_secs(seconds)), "{typed}");
        }
        assert_eq!(parse("2 s", true), Ok(SignedDuration::from_secs(2)));
        assert_eq!(parse("0", true), Err(IntervalError::TooShort { minutes: 10 }));
        assert_eq!(parse("soon", true), Err(IntervalError::Shape));
        assert_eq!(parse("24 h", true), Ok(SignedDuration::from_hours(24)));
        assert_eq!(parse("25 h", true), Err(IntervalError::TooLong));
        assert_eq!(parse("9223372036854775807 h", true), Err(IntervalError::TooLong));
    }
}
