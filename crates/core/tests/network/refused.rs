//! Refusals that outlive the state.

use dyntray_core::protocol::reply::{HaltReason, Verdict};
use dyntray_core::record::{Event, SendEnd};
use dyntray_core::settings::Records;
use dyntray_core::settings::Settings;
use dyntray_core::settings::form::{AddressChoice, Form};
use dyntray_core::state::State;
use dyntray_core::state::entry::{Attempt, Superseded};
use dyntray_core::state::refusals::Refusals;
use dyntray_core::types::address::Addresses;
use dyntray_core::types::entry_id::EntryId;
use jiff::{SignedDuration, Timestamp};

use crate::assessed::record;
use crate::told::{NOW, settings};

const ID: EntryId = EntryId(1);

fn usual() -> Settings {
    settings(AddressChoice::Web, Records::Both, |_| {})
}

/// The state after a request that ended so.
fn ended(mut state: State, end: SendEnd, at: Timestamp) -> State {
    state.entries.get_mut(&ID).expect("is there").in_flight = Some(Box::new(Attempt {
        server: "update.spdyn.de".to_owned(),
        addresses: Addresses::default(),
        since: at,
        superseded: Superseded::No,
        why: Vec::new(),
    }));
    record(state, &usual(), Event::SendEnded(ID, end), at).state
}

fn refused() -> State {
    let begun = record(State::default(), &usual(), Event::Started, NOW).state;
    ended(begun, SendEnd::Answered(Verdict::Halt(HaltReason::BadAuth)), NOW)
}

/// The halt after a start with that state and those refusals, with the settings changed so.
fn halt_after(mut state: State, kept: &Refusals, change: impl FnOnce(&mut Form)) -> Option<HaltReason> {
    kept.restore(&mut state);
    let changed = settings(AddressChoice::Web, Records::Both, change);
    let started = record(state, &changed, Event::Started, NOW + SignedDuration::from_hours(1)).state;
    started.entry(ID).halt.as_ref().map(|halt| halt.reason.clone())
}

#[test]
fn a_refusal_outlives_a_state_that_is_lost_or_older_and_none_that_knows_better() {
    let kept = Refusals::of(&refused());
    assert!(kept.answered && kept.refused.len() == 1);
    let older = record(State::default(), &usual(), Event::Started, NOW - SignedDuration::from_hours(1)).state;
    for state in [State::default(), older, refused()] {
        assert_eq!(halt_after(state, &kept, |_| {}), Some(HaltReason::BadAuth));
    }
    let person_acted = record(refused(), &usual(), Event::TryAgain(ID), NOW).state;
    assert_eq!(halt_after(person_acted.clone(), &kept, |_| {}), None);
    assert!(Refusals::of(&person_acted).refused.is_empty(), "it ends with the halt");
    assert!(Refusals::of(&person_acted).answered);
}

#[test]
fn a_refusal_is_about_what_was_sent_and_not_about_another_host_or_login() {
    let kept = Refusals::of(&refused());
    let other_host = |form: &mut Form| form.entries[0].hostname = "office.spdns.de".to_owned();
    assert_eq!(halt_after(State::default(), &kept, other_host), None);
    let off = |form: &mut Form| form.entries[0].enabled = false;
    assert_eq!(halt_after(State::default(), &kept, off), None, "switched off by hand: a person acted");
    let none = |form: &mut Form| form.entries.clear();
    assert_eq!(halt_after(State::default(), &kept, none), Some(HaltReason::BadAuth), "they may come back");
}

#[test]
fn a_missing_secret_is_no_refusal_and_a_new_installation_has_nothing_to_keep() {
    assert!(Refusals::of(&State::default()).is_empty());
    let begun = record(State::default(), &usual(), Event::Started, NOW).state;
    assert!(Refusals::of(&begun).is_empty());
    let lacking = ended(begun, SendEnd::NoSecret { keyring: None }, NOW);
    assert!(lacking.entry(ID).halt.is_some() && Refusals::of(&lacking).is_empty());
}

#[test]
fn a_lost_state_gives_no_number_of_a_refused_entry_to_another_and_knows_that_its_secret_is_kept() {
    let mut state = State::default();
    Refusals::of(&refused()).restore(&mut state);
    assert_eq!((state.last_entry, state.entry(ID).secret_kept_since()), (1, Some(NOW)));
}
