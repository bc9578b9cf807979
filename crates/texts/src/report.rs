//! The command line's report.

use std::fmt::Write as _;

use dyntray_core::address::Family;
use dyntray_core::observation::Observation;
use dyntray_core::present::{FamilyStatus, Snapshot, Status};
use jiff::Timestamp;

use crate::catalogue::Texts;

impl Texts {
    /// What `dyntray status` prints.
    pub fn report(&self, snapshot: &Snapshot, now: Timestamp) -> String {
        let mut report = String::new();
        if let Some(pause) = snapshot.pause {
            let line = match pause.until {
                Some(until) => self.say_with("report-paused-until", &[("time", &self.clock(until, now))]),
                None => self.say("report-paused"),
            };
            line_of(&mut report, "", &line);
        }
        if snapshot.entries.is_empty() {
            line_of(&mut report, "", &self.say("report-none"));
        }
        for entry in &snapshot.entries {
            line_of(&mut report, "", &self.entry_line(entry, now));
            for family in &entry.families {
                line_of(&mut report, "  ", &self.family_line(family, now));
            }
            match &entry.status {
                Status::Halted { halt } => {
                    line_of(&mut report, "  ", &self.halt(&halt.reason, entry.login, &entry.hostname));
                    line_of(&mut report, "  ", &self.way_out(&halt.reason, entry.login));
                }
                Status::Troubled { trouble, .. } => line_of(&mut report, "  ", &self.trouble(trouble)),
                _ => {}
            }
        }
        report
    }

    fn family_line(&self, at: &FamilyStatus, now: Timestamp) -> String {
        let family = match at.family {
            Family::Ipv4 => self.say("family-ipv4"),
            Family::Ipv6 => self.say("family-ipv6"),
        };
        let detected = match &at.detected {
            None => self.say("report-not-asked"),
            Some(Observation::Known { address }) => {
                self.say_with("report-detected", &[("address", &address.to_string())])
            }
            Some(other) => self.say_with("report-detected-not", &[("state", &self.observation(other))]),
        };
        let published = at.published.map_or_else(
            || self.say("report-not-published"),
            |published| {
                let (address, since) = (published.address.to_string(), self.clock(published.at, now));
                self.say_with("report-published", &[("address", &address), ("since", &since)])
            },
        );
        self.say_with(
            "report-family",
            &[("family", &family), ("detected", &detected), ("published", &published)],
        )
    }
}

fn line_of(report: &mut String, indent: &str, line: &str) {
    // Writing to a String can't fail.
    let _ = writeln!(report, "{indent}{line}");
}
