//! The explanation of an address in words: the answer to "Why this address?".

use dyntray_core::observe::finding::{Basis, Outcome, SourceReport, Weight};
use dyntray_core::present::{Next, NextStep, NextWhy};
use dyntray_core::types::source::Origin;
use jiff::Timestamp;

use crate::catalogue::Texts;

impl Texts {
    /// A source's name, with its host.
    pub fn source(&self, origin: Origin, host: Option<&str>) -> String {
        let origin = self.say(origin_id(origin));
        match host {
            Some(host) => self.say_with("report-source-host", &[("origin", &origin), ("host", host)]),
            None => origin,
        }
    }

    /// A source's report: the source, its answer, the time, and the weight of the answer.
    pub fn source_report(&self, report: &SourceReport, now: Timestamp) -> String {
        let values = [
            ("source", self.source(report.origin, report.host.as_deref())),
            ("said", self.observation(&report.observation)),
            ("when", self.clock(report.at, now)),
            ("weight", self.say(weight_id(report.weight))),
        ];
        self.say_with("report-said", &values.each_ref().map(|(name, value)| (*name, value.as_str())))
    }

    /// The outcome of all reports and its reason, in a sentence or two.
    pub fn outcome(&self, outcome: &Outcome) -> String {
        match outcome {
            Outcome::Unknown => self.say("outcome-unknown"),
            Outcome::Publish { address, basis } => {
                let basis = self.say(basis_id(*basis));
                self.say_with("outcome-publish", &[("address", &address.to_string()), ("because", &basis)])
            }
            Outcome::Held { address: Some(address), hold } => {
                let hold = self.hold_reason(*hold);
                self.say_with("outcome-held", &[("address", &address.to_string()), ("hold", &hold)])
            }
            Outcome::Held { address: None, hold } => {
                self.say_with("outcome-held-nothing", &[("hold", &self.hold_reason(*hold))])
            }
            Outcome::NoAddress => self.say("outcome-no-address"),
            Outcome::Nothing { why } => {
                self.say_with("outcome-nothing", &[("why", &self.look_up_problem(why))])
            }
        }
    }

    /// The next step, with its reason.
    pub fn next(&self, next: Option<Next>, now: Timestamp) -> String {
        let Some(next) = next else {
            return self.say("report-next-none");
        };
        let what = self.say(match next.step {
            NextStep::LookUp => "next-step",
            NextStep::Update => "next-try",
        });
        let when = self.clock(next.at, now);
        // That nothing changed is how it should be, so it needs no reason.
        if next.why == NextWhy::Round {
            return self.say_with("report-next-plain", &[("what", &what), ("when", &when)]);
        }
        let why = self.say(next_why_id(next.why));
        self.say_with("report-next", &[("what", &what), ("when", &when), ("why", &why)])
    }
}

fn origin_id(origin: Origin) -> &'static str {
    match origin {
        Origin::WebResolver => "origin-web-resolver",
        Origin::FallBack { .. } => "origin-fall-back",
        Origin::Router => "origin-router",
        Origin::Interface => "origin-interface",
        Origin::Fixed => "origin-fixed",
    }
}

fn weight_id(weight: Weight) -> &'static str {
    match weight {
        Weight::Taken => "weight-taken",
        Weight::Agrees => "weight-agrees",
        Weight::Differs => "weight-differs",
        Weight::Unused => "weight-unused",
    }
}

fn basis_id(basis: Basis) -> &'static str {
    match basis {
        Basis::WebResolver => "because-web-resolver",
        Basis::TwoSources => "because-two-sources",
        Basis::SecondLook => "because-second-look",
        Basis::StableOfPrefix => "because-stable-of-prefix",
        Basis::RoutersPrefix => "because-routers-prefix",
        Basis::OwnInterface => "because-own-interface",
        Basis::Fixed => "because-fixed",
        Basis::DoubleNat => "because-double-nat",
        Basis::Allowed => "because-allowed",
        Basis::HomePrefix => "because-home-prefix",
    }
}

fn next_why_id(why: NextWhy) -> &'static str {
    match why {
        NextWhy::Round => "next-why-round",
        NextWhy::NotReached => "next-why-not-reached",
        NextWhy::SecondLook => "next-why-second-look",
        NextWhy::Settling => "next-why-settling",
        NextWhy::Flapping => "next-why-flapping",
        NextWhy::Retry => "next-why-retry",
        NextWhy::RetryAfter => "next-why-retry-after",
        NextWhy::Pace => "next-why-pace",
        NextWhy::OtherFamily => "next-why-other-family",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Language;
    use dyntray_core::observe::finding::HoldReason;
    use dyntray_core::observe::observation::{LookUpProblem, Observation};

    #[test]
    fn every_code_of_an_answer_has_its_words_in_both_languages() {
        let origins = [
            Origin::WebResolver,
            Origin::FallBack { number: 1 },
            Origin::Router,
            Origin::Interface,
            Origin::Fixed,
        ]
        .map(origin_id);
        let weights = [Weight::Taken, Weight::Agrees, Weight::Differs, Weight::Unused].map(weight_id);
        let bases = [
            Basis::WebResolver,
            Basis::TwoSources,
            Basis::SecondLook,
            Basis::StableOfPrefix,
            Basis::RoutersPrefix,
            Basis::OwnInterface,
            Basis::Fixed,
            Basis::DoubleNat,
            Basis::Allowed,
            Basis::HomePrefix,
        ]
        .map(basis_id);
        let steps = [
            NextWhy::Round,
            NextWhy::NotReached,
            NextWhy::SecondLook,
            NextWhy::Settling,
            NextWhy::Flapping,
            NextWhy::Retry,
            NextWhy::RetryAfter,
            NextWhy::Pace,
            NextWhy::OtherFamily,
        ]
        .map(next_why_id);
        for texts in [Texts::of(Language::De), Texts::of(Language::En)] {
            for id in origins.iter().chain(&weights).chain(&bases).chain(&steps) {
                assert_ne!(texts.say(id), *id);
            }
        }
    }

    #[test]
    fn a_source_is_told_with_its_host_its_answer_its_time_and_what_was_made_of_it() {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().expect("a time");
        let report = SourceReport {
            origin: Origin::WebResolver,
            host: Some("checkip4.spdyn.de".into()),
            observation: Observation::Unavailable { why: LookUpProblem::TimedOut },
            at: now,
            weight: Weight::Unused,
        };
        let told = Texts::of(Language::En).source_report(&report, now);
        assert!(told.starts_with("web resolver checkip4.spdyn.de, "), "{told}");
        assert!(told.ends_with(" – not used: No answer in time."), "{told}");
    }

    #[test]
    fn every_outcome_says_why() {
        let address = "84.160.12.7".parse().ok();
        for texts in [Texts::of(Language::De), Texts::of(Language::En)] {
            let held = texts.outcome(&Outcome::Held { address: None, hold: HoldReason::Shared });
            let nothing = texts.outcome(&Outcome::Nothing { why: LookUpProblem::TimedOut });
            assert!(held.ends_with(&texts.hold_reason(HoldReason::Shared)), "{held}");
            assert!(nothing.ends_with(&texts.look_up_problem(&LookUpProblem::TimedOut)), "{nothing}");
            for plain in [Outcome::Unknown, Outcome::NoAddress] {
                assert!(!texts.outcome(&plain).starts_with("outcome-"));
            }
        }
        let address = address.and_then(|ip: std::net::IpAddr| ip.try_into().ok()).expect("a public address");
        let said = Texts::of(Language::En).outcome(&Outcome::Publish { address, basis: Basis::TwoSources });
        assert_eq!(said, "84.160.12.7 is used, because two sources say the same.");
    }
}
