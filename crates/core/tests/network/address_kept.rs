//! A router that keeps its address for itself: the person is asked once.

use dyntray_core::observe::observation::{LookUpProblem, Observation};
use dyntray_core::record::Event;
use dyntray_core::settings::Records;
use dyntray_core::settings::form::AddressChoice;
use dyntray_core::state::State;
use dyntray_core::state::notice::{Notice, ProgramNotice};

use crate::assessed::record;
use crate::told::{NOW, ROUTER4, WEB4, fails, home, known, read, settings, state, told};

fn kept() -> Observation {
    fails(LookUpProblem::AddressKept { next: None, outer: None })
}

fn notices(before: State, is_allowed: bool) -> (Vec<Notice>, State) {
    let settings =
        settings(AddressChoice::Webresolver, Records::Ipv4, |form| form.publish_shared = is_allowed);
    let done = record(before, &settings, Event::Tick, NOW);
    (done.notices, done.state)
}

fn answered(router: Observation) -> State {
    state(vec![told(WEB4, known("84.160.12.7")), told(ROUTER4, router)], read(home()))
}

#[test]
fn the_person_is_asked_once_about_an_address_that_may_be_either() {
    let (first, after) = notices(answered(kept()), false);
    assert_eq!(first, [Notice::Program(ProgramNotice::AddressKept)]);
    assert_eq!(notices(after, false).0, [], "once");
}

#[test]
fn nobody_is_asked_where_it_is_allowed_or_where_something_tells() {
    assert_eq!(notices(answered(kept()), true).0, []);
    for router in [
        known("84.160.12.7"),
        fails(LookUpProblem::DsLite),
        fails(LookUpProblem::AddressKept { next: Some([192, 168, 0, 1].into()), outer: None }),
        fails(LookUpProblem::NoRouter),
    ] {
        assert_eq!(notices(answered(router.clone()), false).0, [], "{router:?}");
    }
}
