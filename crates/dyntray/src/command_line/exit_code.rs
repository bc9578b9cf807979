//! Exit codes. The table in `docs/en/command-line.md` is the specification.

use std::process::ExitCode;

use dyntray_core::Snapshot;
use dyntray_core::observe::finding::{HoldReason, Outcome};
use dyntray_core::present::{EntryStatus, FamilyStatus, Mood, Status};

/// The program isn't running.
pub(super) const NOT_RUNNING: u8 = 3;
/// A person is needed.
const NEEDS_YOU: u8 = 4;
/// An address isn't published.
const NOT_PUBLISHED: u8 = 5;

/// The exit code of a command that shows how things are.
pub(super) fn of(seen: &Snapshot) -> ExitCode {
    number(seen).into()
}

/// The exit code of a command that only explains: whether a person is needed.
pub(super) fn of_explanation(seen: &Snapshot) -> ExitCode {
    if is_a_person_asked(seen) { NEEDS_YOU.into() } else { ExitCode::SUCCESS }
}

/// True when something needs attention. An unknown network is such a thing, too: only a person knows whether it is a new
/// router at home or a café.
fn is_a_person_asked(seen: &Snapshot) -> bool {
    let is_asked =
        |entry: &EntryStatus| matches!(entry.status, Status::Held { hold } if hold.is_about_home());
    seen.mood == Mood::NeedsYou || seen.entries.iter().any(is_asked)
}

fn number(seen: &Snapshot) -> u8 {
    let mut enabled = seen.entries.iter().filter(|entry| entry.status != Status::Disabled).peekable();
    if is_a_person_asked(seen) {
        NEEDS_YOU
    } else if enabled.peek().is_some() && enabled.all(is_kept) {
        0
    } else {
        NOT_PUBLISHED
    }
}

/// True when the service has what belongs there.
fn is_kept(entry: &EntryStatus) -> bool {
    let is_published = entry.families.iter().any(|family| family.published.is_some());
    let is_settled = matches!(entry.status, Status::Fine | Status::Paused);
    is_settled && is_published && entry.families.iter().all(is_family_kept)
}

fn is_family_kept(family: &FamilyStatus) -> bool {
    let is_published = family.published.is_some();
    match &family.why.outcome {
        Outcome::Publish { address, .. } => family.published.is_some_and(|there| there.address == *address),
        // A line that shares its address never had one to publish. Where it lacks a family, nobody can be asked about it.
        Outcome::Held { hold: HoldReason::Shared, .. } | Outcome::Nothing { .. } => !is_published,
        Outcome::Held { .. } => false,
        Outcome::NoAddress | Outcome::Unknown => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dyntray_core::observe::dns::Live;
    use dyntray_core::observe::finding::{Basis, Explanation};
    use dyntray_core::observe::observation::LookUpProblem;
    use dyntray_core::present::SecretStatus;
    use dyntray_core::protocol::retryable::RetryableError;
    use dyntray_core::settings::{LanguageChoice, LoginKind, ThemeChoice};
    use dyntray_core::state::entry::Published;
    use dyntray_core::types::address::{Family, PublicAddress};
    use dyntray_core::types::entry_id::EntryId;
    use jiff::Timestamp;

    const HERE: &str = "84.160.12.7";

    fn public(text: &str) -> PublicAddress {
        text.parse::<std::net::IpAddr>().expect("an address").try_into().expect("a public one")
    }

    fn family(outcome: Outcome, published: Option<&str>) -> FamilyStatus {
        let at = Timestamp::UNIX_EPOCH;
        FamilyStatus {
            family: Family::Ipv4,
            why: Explanation { family: Family::Ipv4, said: Vec::new(), outcome, kept: None, device: None }
                .into(),
            detected_at: None,
            published: published.map(|text| Published { address: public(text), at }),
            live: Live::Unknown,
            is_outdated: false,
        }
    }

    fn found() -> Outcome {
        Outcome::publish(public(HERE), Basis::WebResolver)
    }

    fn nothing() -> Outcome {
        Outcome::Nothing { why: LookUpProblem::NoRouter }
    }

    fn seen(mood: Mood, entries: Vec<(Status, Vec<FamilyStatus>)>) -> Snapshot {
        let entry = |(status, families)| EntryStatus {
            revision: 1,
            id: EntryId(1),
            hostname: "home.spdns.de".into(),
            login: LoginKind::Token,
            mood,
            status,
            families,
            last_reply: None,
            next: None,
            secret: SecretStatus::default(),
        };
        Snapshot {
            revision: 1,
            mood,
            pause: None,
            entries: entries.into_iter().map(entry).collect(),
            diagnoses: Vec::new(),
            homes: 0,
            has_no_identity: false,
            health_issues: Vec::new(),
            language: LanguageChoice::default(),
            theme: ThemeChoice::default(),
            newer: None,
        }
    }

    fn one(status: Status, families: Vec<FamilyStatus>) -> u8 {
        number(&seen(Mood::Fine, vec![(status, families)]))
    }

    #[test]
    fn zero_means_that_every_host_name_is_kept() {
        assert_eq!(one(Status::Fine, vec![family(found(), Some(HERE))]), 0);
        assert_eq!(one(Status::Paused, vec![family(found(), Some(HERE))]), 0);
        let held = Outcome::Held { address: None, hold: HoldReason::Shared };
        for other in [held, nothing(), Outcome::NoAddress] {
            assert_eq!(one(Status::Fine, vec![family(found(), Some(HERE)), family(other, None)]), 0);
        }
        let off = (Status::Disabled, Vec::new());
        let kept = (Status::Fine, vec![family(found(), Some(HERE))]);
        assert_eq!(number(&seen(Mood::Fine, vec![off, kept])), 0);
    }

    #[test]
    fn five_means_that_an_address_is_due_was_not_found_or_is_held() {
        let failed = Status::Failed {
            error: RetryableError::Unreachable,
            retry_at: Timestamp::UNIX_EPOCH,
            failed_at: None,
        };
        let statuses = [
            Status::Queued,
            Status::Sending,
            Status::LookingUp,
            failed,
            Status::NoAddress { why: None },
            Status::NoAddress { why: Some(LookUpProblem::NoRouter) },
            Status::Held { hold: HoldReason::Vpn },
        ];
        for status in statuses {
            assert_eq!(one(status.clone(), vec![family(found(), Some(HERE))]), 5, "{status:?}");
        }
        let held = |hold| Outcome::Held { address: Some(public("84.160.12.8")), hold };
        for outcome in [nothing(), held(HoldReason::Vpn), held(HoldReason::Unconfirmed)] {
            let lost = family(outcome.clone(), Some(HERE));
            assert_eq!(one(Status::Fine, vec![family(found(), Some(HERE)), lost]), 5, "{outcome:?}");
        }
        assert_eq!(one(Status::Paused, vec![family(found(), Some("84.160.12.8"))]), 5);
    }

    #[test]
    fn nothing_published_is_never_zero() {
        assert_eq!(number(&seen(Mood::Empty, Vec::new())), 5);
        assert_eq!(number(&seen(Mood::Empty, vec![(Status::Disabled, Vec::new())])), 5);
        for status in [Status::Fine, Status::Paused, Status::NoAddress { why: None }] {
            assert_eq!(one(status, vec![family(Outcome::NoAddress, None)]), 5);
        }
    }

    #[test]
    fn four_also_means_an_unknown_network_which_only_a_person_can_call_home() {
        let away = || (Status::Held { hold: HoldReason::Elsewhere }, vec![family(found(), Some(HERE))]);
        let kept = (Status::Fine, vec![family(found(), Some(HERE))]);
        let unknown = seen(Mood::Paused, vec![kept, away()]);
        assert_eq!(number(&unknown), 4);
        assert!(is_a_person_asked(&unknown), "`why` says so, too");
        // Whether it is another network isn't known yet.
        let unsure = (Status::Held { hold: HoldReason::WhichNetwork }, vec![family(found(), Some(HERE))]);
        assert_eq!(number(&seen(Mood::Working, vec![unsure])), 5);
    }

    #[test]
    fn four_means_that_a_person_is_needed_whatever_else_is_due() {
        let due = (Status::Queued, vec![family(found(), None)]);
        assert_eq!(number(&seen(Mood::NeedsYou, vec![due])), 4);
        assert_eq!(number(&seen(Mood::NeedsYou, Vec::new())), 4, "a grave fault of the program");
    }
}
