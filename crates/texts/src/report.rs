//! The command line's reports.

use std::fmt::Write as _;

use dyntray_core::observe::dns::Live;
use dyntray_core::observe::finding::{DeviceAddress, HoldReason, Outcome};
use dyntray_core::present::{EntryStatus, FamilyStatus, Snapshot, Status};
use dyntray_core::record::HistoryItem;
use dyntray_core::types::address::Family;
use jiff::Timestamp;

use crate::catalogue::Texts;
use crate::history_table::Logins;

impl Texts {
    /// The text that `dyntray status` prints.
    pub fn report(&self, snapshot: &Snapshot, now: Timestamp) -> String {
        let mut report = String::new();
        if let Some(pause) = snapshot.pause {
            let line = match pause.until {
                Some(until) => self.say_with("report-paused-until", &[("time", &self.clock(until, now))]),
                None => self.say("report-paused"),
            };
            line_of(&mut report, "", &line);
        }
        for issue in &snapshot.health_issues {
            line_of(&mut report, "", &self.health_issue(issue));
        }
        for diagnosis in &snapshot.diagnoses {
            let (what, way) = (self.diagnosis(diagnosis), self.diagnosis_way_out(diagnosis));
            line_of(&mut report, "", &self.say_with("report-diagnosis", &[("what", &what), ("way", &way)]));
        }
        if snapshot.entries.is_empty() {
            line_of(&mut report, "", &self.no_host_name());
        }
        for entry in &snapshot.entries {
            line_of(&mut report, "", &self.entry_line(entry, now));
            for family in &entry.families {
                line_of(&mut report, "  ", &self.family_line(family, now));
            }
            for line in self.what_to_do(entry).into_iter().chain(self.command_after_status(entry)) {
                line_of(&mut report, "  ", &line);
            }
            line_of(&mut report, "  ", &self.next(entry.next, now));
        }
        report
    }

    /// The text that `dyntray history` prints: a line for each request, or for all that repeat the same trouble.
    pub fn history_report(&self, items: &[HistoryItem], snapshot: &Snapshot) -> String {
        let (mut report, logins) = (String::new(), Logins::of(snapshot));
        for item in items {
            let at = Texts::full(item.at);
            let result = self.history_result(item, logins.of_entry(item.entry));
            let addresses = item.addresses.replace(',', ", ");
            line_of(&mut report, "", &format!("{at}  {}  {addresses}  {result}", item.hostname));
        }
        if items.is_empty() {
            line_of(&mut report, "", &self.say("report-no-history"));
        }
        report
    }

    /// The answer to "Why this address?", for each entry and family.
    pub fn why_report(&self, snapshot: &Snapshot, now: Timestamp) -> String {
        let mut report = String::new();
        if snapshot.entries.is_empty() {
            line_of(&mut report, "", &self.no_host_name());
        }
        for entry in &snapshot.entries {
            line_of(&mut report, "", &entry.hostname);
            for FamilyStatus { family, why, .. } in &entry.families {
                line_of(&mut report, "  ", &self.family(*family));
                for said in &why.said {
                    line_of(&mut report, "    ", &self.source_report(said, now));
                }
                line_of(&mut report, "    ", &self.outcome(&why.outcome));
                if let Some(DeviceAddress { prefix, id, .. }) = why.device {
                    let parts = [("prefix", prefix.to_string()), ("id", id.to_string())];
                    let parts = parts.each_ref().map(|(name, value)| (*name, value.as_str()));
                    line_of(&mut report, "    ", &self.say_with("outcome-device", &parts));
                }
                if let Some(kept) = why.kept {
                    let kept = self.say_with("outcome-kept", &[("address", &kept.to_string())]);
                    line_of(&mut report, "    ", &kept);
                }
            }
            line_of(&mut report, "  ", &self.next(entry.next, now));
        }
        report
    }

    /// The reason why an entry isn't up to date, and the way out.
    fn what_to_do(&self, entry: &EntryStatus) -> Vec<String> {
        let host = entry.hostname.as_str();
        match &entry.status {
            Status::Halted { halt } => {
                vec![self.halt(&halt.reason, entry.login, host), self.way_out(&halt.reason, entry.login)]
            }
            Status::Held { hold } => vec![self.hold_reason(*hold), self.hold_reason_way_out(*hold)],
            Status::ChangedElsewhere => vec![
                self.say_with("status-changed-elsewhere-what", &[("hostname", host)]),
                self.say("status-changed-elsewhere-way-out"),
            ],
            Status::Failed { error, .. } => vec![self.retryable_error(error)],
            _ => Vec::new(),
        }
    }

    fn family(&self, family: Family) -> String {
        match family {
            Family::Ipv4 => self.say("family-ipv4"),
            Family::Ipv6 => self.say("family-ipv6"),
        }
    }

    fn family_line(&self, at: &FamilyStatus, now: Timestamp) -> String {
        let published = at.published.map_or_else(
            || self.say("report-not-published"),
            |published| {
                let (address, since) = (published.address.to_string(), self.clock(published.at, now));
                self.say_with("report-published", &[("address", &address), ("since", &since)])
            },
        );
        let state = match &at.live {
            Live::Live { .. } if at.is_outdated => self.say("live-outdated"),
            Live::Live { .. } => match at.why.outcome.hold() {
                Some(HoldReason::NewRouter) => self.say("live-unsure"),
                Some(hold) if hold.is_about_home() => self.say("live-away"),
                _ => self.live(&at.live, now),
            },
            live => self.live(live, now),
        };
        let live = self.say_with("report-live", &[("state", &state)]);
        self.say_with(
            "report-family",
            &[
                ("family", &self.family(at.family)),
                ("detected", &self.detected(&at.why.outcome)),
                ("published", &published),
                ("live", &live),
            ],
        )
    }

    fn detected(&self, outcome: &Outcome) -> String {
        match outcome {
            Outcome::Unknown => self.say("report-not-asked"),
            Outcome::Publish { address, .. } => {
                self.say_with("report-detected", &[("address", &address.to_string())])
            }
            Outcome::Held { address: Some(address), hold } => {
                let hold = self.hold_reason_in_short(*hold);
                self.say_with("report-held", &[("address", &address.to_string()), ("hold", &hold)])
            }
            Outcome::Held { address: None, hold } => self.hold_reason_in_short(*hold),
            Outcome::NoAddress => self.say("observation-no-address"),
            Outcome::Nothing { why } => self.look_up_problem(why),
        }
    }
}

fn line_of(report: &mut String, indent: &str, line: &str) {
    // Writing to a String can't fail.
    let _ = writeln!(report, "{indent}{line}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Language;
    use dyntray_core::observe::dns::Live;
    use dyntray_core::observe::finding::{Basis, Explanation, SourceReport, Weight};
    use dyntray_core::observe::observation::Observation;
    use dyntray_core::present::diagnose::Diagnosis;
    use dyntray_core::present::{Mood, Next, NextWhy, SecretStatus};
    use dyntray_core::protocol::retryable::RetryableError;
    use dyntray_core::settings::{LanguageChoice, LoginKind, ThemeChoice};
    use dyntray_core::state::entry::Published;
    use dyntray_core::types::address::PublicAddress;
    use dyntray_core::types::entry_id::EntryId;
    use dyntray_core::types::network::Prefix;
    use dyntray_core::types::source::Origin;

    fn now() -> Timestamp {
        "2026-11-23T12:00:00Z".parse().expect("a time")
    }

    fn address() -> PublicAddress {
        "84.160.12.7".parse::<std::net::IpAddr>().ok().and_then(|ip| ip.try_into().ok()).expect("an address")
    }

    fn snapshot(outcome: Outcome, status: Status, diagnoses: Vec<Diagnosis>) -> Snapshot {
        let said = |origin, weight| SourceReport {
            origin,
            host: None,
            observation: Observation::Known { address: address() },
            at: now(),
            weight,
        };
        let said = vec![said(Origin::WebResolver, Weight::Taken), said(Origin::Router, Weight::Agrees)];
        let family = FamilyStatus {
            family: Family::Ipv4,
            why: Explanation { family: Family::Ipv4, said, outcome, kept: None, device: None }.into(),
            detected_at: Some(now()),
            published: Some(Published { address: address(), at: now() }),
            live: Live::Live { since: now() },
            is_outdated: false,
        };
        let entry = EntryStatus {
            revision: 1,
            id: EntryId(1),
            hostname: "home.spdns.de".into(),
            login: LoginKind::Token,
            mood: Mood::Fine,
            status,
            families: vec![family],
            last_reply: None,
            next: Some(Next::look_up(now(), NextWhy::Round)),
            secret: SecretStatus::default(),
        };
        Snapshot {
            revision: 1,
            mood: Mood::Fine,
            pause: None,
            entries: vec![entry],
            diagnoses,
            homes: 1,
            has_no_identity: false,
            health_issues: Vec::new(),
            language: LanguageChoice::En,
            theme: ThemeChoice::System,
            newer: None,
        }
    }

    #[test]
    fn the_report_goes_from_the_detected_address_to_dns_and_on_to_the_next_step() {
        let outcome = Outcome::Publish { address: address(), basis: Basis::TwoSources };
        let texts = Texts::of(Language::En);
        let report = texts.report(&snapshot(outcome, Status::Fine, Vec::new()), now());
        let then = texts.clock(now(), now());
        assert_eq!(
            report,
            format!(
                "home.spdns.de → 84.160.12.7, live since {then}\n  IPv4: detected 84.160.12.7 → published \
                 84.160.12.7 (since {then}) → in DNS: live since {then}\n  Next check: {then}.\n"
            )
        );
    }

    #[test]
    fn a_record_that_may_be_out_of_date_and_the_parts_of_a_devices_address_are_told() {
        let texts = Texts::of(Language::En);
        let outcome = Outcome::Held { address: Some(address()), hold: HoldReason::NewRouter };
        let mut held = snapshot(outcome, Status::Held { hold: HoldReason::NewRouter }, Vec::new());
        assert!(
            texts
                .report(&held, now())
                .contains("in DNS: published from the network known so far; probably out of date")
        );
        held.entries[0].families[0].why.outcome =
            Outcome::Held { address: Some(address()), hold: HoldReason::Elsewhere };
        assert!(
            texts.report(&held, now()).contains("in DNS: published from home; can't be checked from here")
        );
        held.entries[0].families[0].why.outcome =
            Outcome::Held { address: Some(address()), hold: HoldReason::NewRouter };
        held.entries[0].families[0].why.device = Some(DeviceAddress {
            prefix: Prefix::of("2003:e1:1:2::".parse().expect("an address"), 64),
            id: "::7".parse().expect("an identifier"),
            address: "2003:e1:1:2::7".parse().expect("an address"),
        });
        let why = texts.why_report(&held, now());
        assert!(why.contains("2003:e1:1:2::/64 is your home network's prefix, ::7 is the device."), "{why}");
    }

    #[test]
    fn the_network_s_state_stands_first_and_a_held_address_has_its_way_out() {
        let outcome = Outcome::Held { address: Some(address()), hold: HoldReason::Vpn };
        let held = snapshot(outcome, Status::Held { hold: HoldReason::Vpn }, vec![Diagnosis::Vpn]);
        let texts = Texts::of(Language::En);
        let report = texts.report(&held, now());
        assert!(report.starts_with(&texts.diagnosis(&Diagnosis::Vpn)), "{report}");
        assert!(report.contains("84.160.12.7 held back (held back because of a VPN)"), "{report}");
        assert!(report.contains(&texts.hold_reason_way_out(HoldReason::Vpn)), "{report}");
    }

    #[test]
    fn a_server_that_asked_to_wait_is_named_as_the_reason_with_the_time() {
        let at = now() + jiff::SignedDuration::from_mins(125);
        let error = RetryableError::Server { code: "429".to_owned() };
        let status = Status::Failed { error, retry_at: at, failed_at: None };
        let outcome = Outcome::Publish { address: address(), basis: Basis::TwoSources };
        let mut waits = snapshot(outcome, status, Vec::new());
        let update = Next::update(at, NextWhy::RetryAfter);
        // A web resolver asks to wait, too, and what comes then is no attempt.
        let look_up = Next::look_up(at, NextWhy::RetryAfter);
        for (language, next, step) in [
            (Language::En, update, "Next attempt: {then}, because the server asked to wait until then."),
            (
                Language::De,
                update,
                "Nächster Versuch: {then}, weil der Server darum bat, bis dahin zu warten.",
            ),
            (Language::En, look_up, "Next check: {then}, because the server asked to wait until then."),
            (
                Language::De,
                look_up,
                "Nächste Prüfung: {then}, weil der Server darum bat, bis dahin zu warten.",
            ),
        ] {
            waits.entries[0].next = Some(next);
            let texts = Texts::of(language);
            let (report, then) = (texts.report(&waits, now()), texts.clock(at, now()));
            assert!(report.contains(&step.replace("{then}", &then)), "{report}");
            assert!(report.contains("(429)"), "{report}");
        }
    }

    #[test]
    fn why_this_address_names_each_source_and_the_reason() {
        let outcome = Outcome::Publish { address: address(), basis: Basis::TwoSources };
        let texts = Texts::of(Language::En);
        let report = texts.why_report(&snapshot(outcome, Status::Fine, Vec::new()), now());
        let then = texts.clock(now(), now());
        assert_eq!(
            report,
            format!(
                "home.spdns.de\n  IPv4\n    web resolver, {then} – used: 84.160.12.7\n    router, {then} – \
                 agrees: 84.160.12.7\n    84.160.12.7 is used, because two sources say the same.\n  Next check: \
                 {then}.\n"
            )
        );
    }
}
