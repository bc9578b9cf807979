//! The state of the network, reasons to hold an address back, and what name servers answer, in words.

use dyntray_core::observe::dns::{DnsProblem, Live};
use dyntray_core::observe::finding::HoldReason;
use dyntray_core::present::diagnose::Diagnosis;
use jiff::Timestamp;

use crate::catalogue::Texts;

impl Texts {
    /// A diagnosis of the network, in a sentence or two.
    pub fn diagnosis(&self, diagnosis: &Diagnosis) -> String {
        match diagnosis {
            Diagnosis::WrongClock { shows } => {
                self.say_with(diagnosis_id(diagnosis), &[("shows", &self.date(*shows))])
            }
            _ => self.say(diagnosis_id(diagnosis)),
        }
    }

    /// The way out of a diagnosed state.
    pub fn diagnosis_way_out(&self, diagnosis: &Diagnosis) -> String {
        self.say(&format!("{}-way-out", diagnosis_id(diagnosis)))
    }

    /// A diagnosis of the network, in a few words.
    pub fn diagnosis_in_short(&self, diagnosis: &Diagnosis) -> String {
        let id = match diagnosis {
            // The longer texts also say whether IPv6 works.
            Diagnosis::SharedAddress { .. } => "diagnosis-shared-address",
            other => diagnosis_id(other),
        };
        self.say(&format!("{id}-short"))
    }

    /// The reason why an address is held back, in a sentence.
    pub fn hold_reason(&self, reason: HoldReason) -> String {
        self.say(hold_reason_id(reason))
    }

    /// The way to have a held address published.
    pub fn hold_reason_way_out(&self, reason: HoldReason) -> String {
        self.say(&format!("{}-way-out", hold_reason_id(reason)))
    }

    /// The reason why an address is held back, in a few words.
    pub fn hold_reason_in_short(&self, reason: HoldReason) -> String {
        self.say(&format!("{}-short", hold_reason_id(reason)))
    }

    /// The answer of the zone's name servers.
    pub fn live(&self, live: &Live, now: Timestamp) -> String {
        match live {
            Live::Unknown => self.say("live-unknown"),
            Live::Pending => self.say("live-pending"),
            Live::Live { since } => self.say_with("live-live", &[("since", &self.clock(*since, now))]),
            Live::Foreign { there, .. } if there.is_empty() => self.say("live-foreign-gone"),
            Live::Foreign { there, .. } => self.say_with("live-foreign", &[("there", &spaced(there))]),
            Live::CantVerify { why } => {
                self.say_with("live-cant-verify", &[("why", &self.say(dns_problem_id(*why)))])
            }
        }
    }
}

/// Addresses with a space after each comma.
pub(crate) fn spaced(addresses: &str) -> String {
    addresses.replace(',', ", ")
}

fn diagnosis_id(diagnosis: &Diagnosis) -> &'static str {
    match diagnosis {
        Diagnosis::NoInternet => "diagnosis-no-internet",
        Diagnosis::SignInPage => "diagnosis-sign-in-page",
        Diagnosis::WrongClock { .. } => "diagnosis-wrong-clock",
        Diagnosis::DnsBlocked => "diagnosis-dns-blocked",
        Diagnosis::Elsewhere => "diagnosis-elsewhere",
        Diagnosis::NewRouter => "diagnosis-new-router",
        Diagnosis::Unrecognised => "diagnosis-unrecognised",
        Diagnosis::Vpn => "diagnosis-vpn",
        Diagnosis::SharedAddress { ipv6: false } => "diagnosis-shared-address",
        Diagnosis::SharedAddress { ipv6: true } => "diagnosis-shared-address-ipv6",
        Diagnosis::DoubleNat => "diagnosis-double-nat",
        Diagnosis::AddressKept => "diagnosis-address-kept",
        Diagnosis::Ipv6Only => "diagnosis-ipv6-only",
    }
}

fn hold_reason_id(reason: HoldReason) -> &'static str {
    match reason {
        HoldReason::Elsewhere => "hold-elsewhere",
        HoldReason::NewRouter => "hold-new-router",
        HoldReason::WhichNetwork => "hold-which-network",
        HoldReason::Unrecognised => "hold-unrecognised",
        HoldReason::Vpn => "hold-vpn",
        HoldReason::Conflict => "hold-conflict",
        HoldReason::Shared => "hold-shared",
        HoldReason::AddressKept => "hold-address-kept",
        HoldReason::Unconfirmed => "hold-unconfirmed",
        HoldReason::NoStableAddress => "hold-no-stable-address",
        HoldReason::NoPrefix => "hold-no-prefix",
    }
}

fn dns_problem_id(problem: DnsProblem) -> &'static str {
    match problem {
        DnsProblem::NoNameServers => "dns-problem-no-name-servers",
        DnsProblem::NoAnswer => "dns-problem-no-answer",
        DnsProblem::Refused => "dns-problem-refused",
        DnsProblem::Disagree => "dns-problem-disagree",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Language;

    fn is_said(text: &str) -> bool {
        let an_id = ["diagnosis-", "hold-", "live-", "dns-problem-"].iter().any(|id| text.starts_with(id));
        !an_id && !text.contains('{')
    }

    #[test]
    fn every_state_of_the_network_has_its_words_and_its_way_out_in_both_languages() {
        let all = [
            Diagnosis::NoInternet,
            Diagnosis::SignInPage,
            Diagnosis::WrongClock { shows: jiff::civil::date(2038, 1, 19) },
            Diagnosis::DnsBlocked,
            Diagnosis::Elsewhere,
            Diagnosis::NewRouter,
            Diagnosis::Unrecognised,
            Diagnosis::Vpn,
            Diagnosis::SharedAddress { ipv6: false },
            Diagnosis::SharedAddress { ipv6: true },
            Diagnosis::DoubleNat,
            Diagnosis::AddressKept,
            Diagnosis::Ipv6Only,
        ];
        for texts in [Texts::of(Language::De), Texts::of(Language::En)] {
            for diagnosis in &all {
                let said = [
                    texts.diagnosis(diagnosis),
                    texts.diagnosis_way_out(diagnosis),
                    texts.diagnosis_in_short(diagnosis),
                ];
                assert!(said.iter().all(|text| is_said(text)), "{said:?}");
            }
        }
    }

    #[test]
    fn every_reason_to_hold_an_address_has_its_words_and_its_way_out_in_both_languages() {
        let all = [
            HoldReason::Elsewhere,
            HoldReason::NewRouter,
            HoldReason::WhichNetwork,
            HoldReason::Unrecognised,
            HoldReason::Vpn,
            HoldReason::Conflict,
            HoldReason::Shared,
            HoldReason::AddressKept,
            HoldReason::Unconfirmed,
            HoldReason::NoStableAddress,
            HoldReason::NoPrefix,
        ];
        for texts in [Texts::of(Language::De), Texts::of(Language::En)] {
            for reason in all {
                let said = [
                    texts.hold_reason(reason),
                    texts.hold_reason_way_out(reason),
                    texts.hold_reason_in_short(reason),
                ];
                assert!(said.iter().all(|text| is_said(text)), "{said:?}");
            }
        }
    }

    #[test]
    fn what_the_name_servers_have_is_told_with_its_time_its_address_or_its_reason() {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().expect("a time");
        let texts = Texts::of(Language::En);
        let foreign = |there: &str| Live::Foreign { there: there.to_owned(), since: now };
        assert_eq!(
            texts.live(&foreign("198.51.100.7,198.51.100.8"), now),
            "changed to 198.51.100.7, 198.51.100.8 elsewhere"
        );
        assert_eq!(texts.live(&foreign(""), now), "the record is gone");
        let problems =
            [DnsProblem::NoNameServers, DnsProblem::NoAnswer, DnsProblem::Refused, DnsProblem::Disagree];
        let mut all = vec![Live::Unknown, Live::Pending, Live::Live { since: now }];
        all.extend(problems.map(|why| Live::CantVerify { why }));
        for texts in [texts, Texts::of(Language::De)] {
            for live in &all {
                let said = texts.live(live, now);
                assert!(is_said(&said) || said.starts_with("live s"), "{said}");
            }
        }
    }
}
