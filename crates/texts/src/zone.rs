//! This machine's time zone.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;

/// The time after which the zone is looked up again: people travel.
const LOOKED_UP_AGAIN: Duration = Duration::from_mins(5);

/// The time zone and the time when it was looked up.
static HERE: Mutex<Option<(Instant, TimeZone)>> = Mutex::new(None);

/// This machine's time zone.
pub fn here() -> TimeZone {
    // A panic elsewhere can't have left half a value.
    let mut here = HERE.lock().unwrap_or_else(PoisonError::into_inner);
    match &*here {
        Some((at, zone)) if at.elapsed() < LOOKED_UP_AGAIN => zone.clone(),
        _ => here.insert((Instant::now(), look_up())).1.clone(),
    }
}

/// The time zone, read from the one file with its rules. Given a name, jiff would read the folders of all zones.
fn look_up() -> TimeZone {
    let is_chosen = std::env::var_os("TZ").is_some();
    let rules = if cfg!(unix) && !is_chosen { std::fs::read("/etc/localtime").ok() } else { None };
    rules.and_then(|rules| TimeZone::tzif("here", &rules).ok()).unwrap_or_else(TimeZone::system)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    #[test]
    fn it_is_the_systems_all_year_round() {
        for at in ["2026-01-15T12:00:00Z", "2026-07-15T12:00:00Z", "2045-07-15T12:00:00Z"] {
            let at: Timestamp = at.parse().expect("a time");
            assert_eq!(here().to_offset(at), TimeZone::system().to_offset(at), "{at}");
        }
    }
}
