//! The time of day, in the form that the database stores.

use jiff::Timestamp;

/// The current time in milliseconds since 1970.
pub(crate) fn now_ms() -> i64 {
    Timestamp::now().as_millisecond()
}

/// A stored time as a timestamp; 1970 when it is out of range.
pub(crate) fn timestamp(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH)
}
