//! The effect of one source's answer on the times at which the others are asked.

use dyntray_core::observe::observation::{LookUpProblem, Observation};
use dyntray_core::record::Event;
use dyntray_core::settings::Records;
use dyntray_core::settings::form::AddressChoice;
use dyntray_core::state::State;
use dyntray_core::state::source::SourceState;
use dyntray_core::types::address::Unpublishable;
use dyntray_core::types::network::Prefix;
use dyntray_core::types::source::Source;
use jiff::{SignedDuration, Timestamp};

use crate::assessed::record;
use crate::told::{
    NOW, ROUTER4, ROUTER6, Told, WEB4, WEB6, fails, further, home, known, read, settings, state, told,
    unpublishable,
};

const LATER: Timestamp = Timestamp::constant(1_800_000_400, 0);

fn after(before: State, event: Event) -> State {
    let settings = settings(AddressChoice::Webresolver, Records::Both, |_| {});
    record(before, &settings, event, NOW + SignedDuration::from_secs(1)).state
}

/// True when `other` is asked at once after `source` reported `what`, instead of [`LATER`].
fn asks(mut before: State, source: Source, what: Observation, other: Source) -> bool {
    before.sources.get_mut(&other).expect("it was asked before").next = Some(LATER);
    after(before, Event::LookUpEnded(source, what)).sources[&other].next.is_none()
}

#[test]
fn when_one_source_is_back_those_that_failed_are_asked_too() {
    let failed = |failures| SourceState {
        failures,
        ..state(vec![told(WEB4, fails(LookUpProblem::Unreachable))], read(home())).sources[&WEB4].clone()
    };
    for (first, second, then) in [(1, 1, true), (0, 1, false), (1, 0, false)] {
        let mut before = state(Vec::new(), read(home()));
        before.sources = [(WEB4, failed(first)), (WEB6, failed(second))].into();
        assert_eq!(asks(before, WEB4, known("84.160.12.7"), WEB6), then, "{first} and {second} failures");
    }
}

#[test]
fn another_address_and_a_routers_other_line_have_the_others_asked_at_once() {
    let of = |source, what| state(vec![told(source, what), told(WEB4, known("84.160.12.7"))], read(home()));
    let shared = || unpublishable("100.64.3.7", Unpublishable::Shared);
    for (what, then) in [
        (known("84.160.12.7"), false),
        (known("84.160.12.8"), true),
        (shared(), true),
        (fails(LookUpProblem::NoRouter), false),
    ] {
        let before = of(ROUTER4, known("84.160.12.7"));
        assert_eq!(asks(before, ROUTER4, what.clone(), WEB4), then, "a router that tells {what:?}");
    }
    for (what, then) in
        [(known("84.160.12.8"), true), (shared(), false), (fails(LookUpProblem::TimedOut), false)]
    {
        let before = of(ROUTER4, known("84.160.12.7"));
        assert_eq!(asks(before, WEB4, what.clone(), ROUTER4), then, "a web resolver that tells {what:?}");
    }
}

#[test]
fn who_answers_at_the_same_moment_is_not_asked_again() {
    let now = Told { ago: -1, ..told(ROUTER4, known("84.160.12.7")) };
    let before = state(vec![told(WEB4, known("84.160.12.7")), now], read(home()));
    assert!(!asks(before, WEB4, known("84.160.12.8"), ROUTER4));
}

/// True when `other`, which is to be asked [`LATER`], is asked together with the web resolver for IPv4, whose round it is.
fn is_asked_along(other: Source, was: SourceState) -> bool {
    let due = Some(NOW);
    let mut before =
        state(vec![Told { looks: 2, ago: 600, ..told(WEB4, known("84.160.12.7")) }], read(home()));
    before.sources.get_mut(&WEB4).expect("it was asked before").next = due;
    before.sources.insert(other, SourceState { next: Some(LATER), ..was });
    let after = after(before, Event::LookUpStarted(WEB4));
    let next = after.sources[&other].next;
    assert!(next.is_none() || next == Some(LATER), "{next:?}");
    next.is_none()
}

#[test]
fn sources_on_their_regular_round_are_asked_together() {
    let answered = |source, looks| {
        let answer = Told { looks, ago: 300, ..told(source, known("84.160.12.7")) };
        state(vec![answer], read(home())).sources[&source].clone()
    };
    let failing = || SourceState { failures: 1, ..answered(WEB6, 1) };
    let asked = || SourceState { asked: Some(NOW), ..answered(WEB6, 1) };
    for (other, was, then, said) in [
        (WEB6, answered(WEB6, 1), true, "one of the other family"),
        (
            WEB6,
            state(vec![told(WEB6, known("2003:e1::7"))], read(home())).sources[&WEB6].clone(),
            false,
            "one that has just answered",
        ),
        (WEB6, failing(), false, "one that fails has its own waits"),
        (WEB6, asked(), false, "one that is being asked"),
        (WEB6, SourceState::default(), false, "one that never told anything"),
        (further(0), answered(further(0), 1), false, "one that is looked at a second time"),
        (further(0), answered(further(0), 2), true, "one that was"),
        (ROUTER4, answered(ROUTER4, 2), false, "the router is in the house"),
    ] {
        assert_eq!(is_asked_along(other, was), then, "{said}");
    }
}

#[test]
fn a_routers_prefix_is_kept_until_it_tells_another_or_none() {
    let prefix = Prefix::of("2003:e1:7::".parse().expect("an address"), 56);
    let mut at = state(vec![told(ROUTER6, Observation::NoAddress)], read(home()));
    for told in [Some(prefix), None] {
        at = after(at, Event::PrefixTold(ROUTER6, told));
        assert_eq!(at.sources[&ROUTER6].prefix, told);
    }
}
