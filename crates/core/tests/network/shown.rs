//! The status that is shown: the next step, and health issues.

use dyntray_core::observe::finding::HoldReason;
use dyntray_core::observe::observation::LookUpProblem;
use dyntray_core::present::{EntryStatus, Mood, Next, NextWhy, Status};
use dyntray_core::protocol::reply::HaltReason;
use dyntray_core::protocol::retryable::RetryableError;
use dyntray_core::settings::form::AddressChoice;
use dyntray_core::settings::{Records, Settings};
use dyntray_core::state::entry::{Attempt, EntryState, Halt, Published, Superseded};
use dyntray_core::state::health_issue::HealthIssue;
use dyntray_core::state::{Pause, State};
use dyntray_core::types::address::Addresses;
use dyntray_core::types::backoff::damping;
use dyntray_core::types::entry_id::EntryId;
use jiff::SignedDuration;

use crate::assessed::present;
use crate::told::{
    NOW, ROUTER4, WEB4, WEB6, address, fails, failure, home, known, read, settings, state, told,
};

const IPV4: &str = "84.160.12.7";

fn shown(settings: &Settings, state: &State) -> EntryStatus {
    present(settings, state, &[], NOW).entries.remove(0)
}

/// A web resolver that reported an address, and is asked again in ten minutes.
fn asked_again_later() -> (State, Next) {
    let mut at = state(vec![told(WEB4, known(IPV4))], read(home()));
    let next = NOW + SignedDuration::from_mins(10);
    at.sources.get_mut(&WEB4).expect("it was asked").next = Some(next);
    (at, Next::look_up(next, NextWhy::Round))
}

fn published() -> EntryState {
    let mut at = EntryState::default();
    at.published.ipv4 = Some(Published { address: address(IPV4), at: NOW });
    at
}

#[test]
fn the_next_look_up_is_named_with_its_reason() {
    let settings = settings(AddressChoice::Web, Records::Ipv4, |_| {});
    for (failures, what, why) in [
        (0, known("84.160.12.7"), NextWhy::Round),
        (1, fails(LookUpProblem::Unreachable), NextWhy::NotReached),
        (2, fails(LookUpProblem::Unreachable), NextWhy::NotReached),
    ] {
        let mut at = state(vec![told(WEB4, what)], read(home()));
        let next = NOW + SignedDuration::from_mins(10);
        let source = at.sources.get_mut(&WEB4).expect("it was asked");
        (source.failures, source.next) = (failures, Some(next));
        let shown = present(&settings, &at, &[], NOW).entries.remove(0).next.expect("a next step");
        assert_eq!((shown.at, shown.why), (next, why), "{failures} failures");
    }
}

#[test]
fn a_person_is_needed_for_grave_health_issues_alone() {
    let settings = settings(AddressChoice::Web, Records::Ipv4, |form| form.entries.clear());
    let at = state(vec![], read(home()));
    let kept = String::new;
    for (health_issue, mood) in [
        (HealthIssue::NoTray, Mood::Empty),
        (HealthIssue::NoNotices, Mood::Empty),
        (HealthIssue::LocalNetworkDenied, Mood::Empty),
        (HealthIssue::CannotRemember { why: kept() }, Mood::NeedsYou),
        (HealthIssue::SettingsDamaged { kept: kept() }, Mood::NeedsYou),
        (HealthIssue::HistoryDamaged { kept: kept() }, Mood::NeedsYou),
        (HealthIssue::HistoryNewer { kept: kept() }, Mood::NeedsYou),
        (HealthIssue::HistoryMissing, Mood::NeedsYou),
    ] {
        assert_eq!(
            present(&settings, &at, std::slice::from_ref(&health_issue), NOW).mood,
            mood,
            "{health_issue:?}"
        );
    }
}

#[test]
fn an_entry_that_is_stopped_or_sending_has_no_next_step() {
    let (at, round) = asked_again_later();
    let enabled = settings(AddressChoice::Web, Records::Ipv4, |_| {});
    let disabled = settings(AddressChoice::Web, Records::Ipv4, |form| form.entries[0].enabled = false);
    let halted = EntryState { halt: Some(Halt { reason: HaltReason::BadAuth, at: NOW }), ..published() };
    let attempt = Attempt {
        server: "update.spdyn.de".to_owned(),
        addresses: Addresses::default(),
        since: NOW,
        superseded: Superseded::No,
        why: Vec::new(),
    };
    let sending = EntryState { in_flight: Some(Box::new(attempt)), ..published() };
    let paused = Some(Pause { until: None });
    for (settings, entry, pause, next) in [
        (&enabled, published(), None, Some(round)),
        (&disabled, published(), None, None),
        (&enabled, halted, None, None),
        (&enabled, sending, None, None),
        (&enabled, published(), paused, None),
    ] {
        let at = State { entries: [(EntryId(1), entry.into())].into(), pause, ..at.clone() };
        let shown = shown(settings, &at);
        assert_eq!(shown.next, next, "{:?}", shown.status);
    }
}

#[test]
fn after_trouble_the_next_step_is_another_try() {
    let settings = settings(AddressChoice::Web, Records::Ipv4, |_| {});
    let (mut at, _) = asked_again_later();
    let retry_at = NOW + SignedDuration::from_mins(3);
    let retry = failure(RetryableError::Unconfirmed, retry_at);
    at.entries
        .insert(EntryId(1), EntryState { retry: Some(Box::new(retry)), ..EntryState::default() }.into());
    assert_eq!(shown(&settings, &at).next, Some(Next::update(retry_at, NextWhy::Retry)));
}

#[test]
fn an_address_that_keeps_changing_waits_while_there_is_something_to_send() {
    let settings = settings(AddressChoice::Web, Records::Ipv4, |_| {});
    let (at, round) = asked_again_later();
    let wait = damping(9);
    let changed = |ago: SignedDuration| vec![NOW - ago; 9];
    let second = SignedDuration::from_secs(1);
    let until = |after: SignedDuration| Next::update(NOW + after, NextWhy::Flapping);
    for (entry, ago, next) in [
        (EntryState::default(), wait - second, until(second)),
        (EntryState::default(), wait, round),
        (EntryState::default(), wait + second, round),
        (published(), wait - second, round),
    ] {
        let entry = EntryState { changes: changed(ago), ..entry };
        let at = State { entries: [(EntryId(1), entry.into())].into(), ..at.clone() };
        let shown = shown(&settings, &at);
        assert_eq!(shown.next, Some(next), "{:?} after {ago}", shown.status);
    }
}

#[test]
fn half_of_a_host_that_is_held_is_shown_where_something_can_be_done_about_it() {
    let settings = settings(AddressChoice::Webresolver, Records::Both, |form| form.fall_backs.clear());
    let ipv6 = "2003:e1::20";
    let told = vec![told(WEB4, known(IPV4)), told(ROUTER4, known("84.160.12.8")), told(WEB6, known(ipv6))];
    let mut at = state(told, read(home()));
    let mut entry = EntryState::default();
    entry.published.ipv6 = Some(Published { address: address(ipv6), at: NOW });
    at.entries.insert(EntryId(1), entry.into());
    assert_eq!(shown(&settings, &at).status, Status::Held { hold: HoldReason::Conflict });
}
