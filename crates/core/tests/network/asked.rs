//! What one source's answer means for when the others are asked.

use dyntray_core::address::Unpublishable;
use dyntray_core::form::AddressChoice;
use dyntray_core::network::Prefix;
use dyntray_core::observation::{LookUpProblem, Observation};
use dyntray_core::record::{Event, record};
use dyntray_core::settings::{Protocol, Source};
use dyntray_core::state::{SourceState, State};
use jiff::{SignedDuration, Timestamp};

use crate::told::{
    NOW, ROUTER4, ROUTER6, WEB4, WEB6, fails, home, known, read, settings, state, told, unpublishable,
};

const LATER: Timestamp = Timestamp::constant(1_800_000_300, 0);

fn after(before: State, event: Event) -> State {
    let settings = settings(AddressChoice::Webresolver, Protocol::Both, |_| {});
    record(before, &settings, event, NOW + SignedDuration::from_secs(1)).state
}

/// Whether `other` is asked at once when `source` tells `what`; before, it would have been asked [`LATER`].
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
fn a_routers_prefix_is_kept_until_it_tells_another_or_none() {
    let prefix = Prefix::of("2003:e1:7::".parse().expect("an address"), 56);
    let mut at = state(vec![told(ROUTER6, Observation::NoAddress)], read(home()));
    for told in [Some(prefix), None] {
        at = after(at, Event::PrefixTold(ROUTER6, told));
        assert_eq!(at.sources[&ROUTER6].prefix, told);
    }
}
