//! Times as people read them: the time of day, and the date if it isn't today.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::catalogue::{Language, Texts};
use crate::zone::here;

impl Texts {
    /// A time in this machine's time zone: `03:12` today, `22 Nov, 03:12` or `22.11., 03:12` on another day.
    pub(crate) fn clock(&self, at: Timestamp, now: Timestamp) -> String {
        self.clock_in(at, now, &here())
    }

    /// A time for tables and reports, which are read elsewhere and later: `2026-11-23 03:12:00+01:00`.
    pub(crate) fn full(at: Timestamp) -> String {
        at.to_zoned_datetime(here()).strftime("%Y-%m-%d %H:%M:%S%:z").to_string()
    }

    /// A date with its year: `19 Jan 2038` or `19.01.2038`.
    pub(crate) fn date(&self, date: Date) -> String {
        let format = match self.language() {
            Language::De => "%d.%m.%Y",
            Language::En => "%-d %b %Y",
        };
        date.strftime(format).to_string()
    }

    fn clock_in(&self, at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
        let (at, now) = (at.to_zoned_datetime(zone.clone()), now.to_zoned_datetime(zone.clone()));
        let format = match self.language() {
            _ if at.date() == now.date() => "%H:%M",
            Language::De => "%d.%m., %H:%M",
            Language::En => "%-d %b, %H:%M",
        };
        at.strftime(format).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn today_needs_no_date() {
        let time = |text: &str| text.parse::<Timestamp>().expect("a time");
        let (now, yesterday) = (time("2026-11-23T12:00:00Z"), time("2026-11-22T03:12:00Z"));
        let say = |language, at| Texts::of(language).clock_in(at, now, &TimeZone::UTC);
        assert_eq!(say(Language::En, now), "12:00");
        assert_eq!(say(Language::En, yesterday), "22 Nov, 03:12");
        assert_eq!(say(Language::De, yesterday), "22.11., 03:12");
    }
}
