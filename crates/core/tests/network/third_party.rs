//! A third party that is asked for good in the first web resolver's place.

use dyntray_core::observe::observation::{LookUpProblem, Observation};
use dyntray_core::record::Event;
use dyntray_core::settings::form::AddressChoice;
use dyntray_core::settings::{Records, Settings};
use dyntray_core::state::State;
use dyntray_core::state::notice::{Notice, ProgramNotice};
use jiff::SignedDuration;

use crate::assessed::record;
use crate::told::{NOW, WEB4, fails, further, home, known, read, settings, state, told};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

fn web() -> Settings {
    settings(AddressChoice::Web, Records::Ipv4, |_| {})
}

/// The state after the first web resolver and a further one have answered so for these times.
fn answered(first: Observation, lasts: SignedDuration, other: Observation, others: SignedDuration) -> State {
    let mut state = state(vec![told(WEB4, first), told(further(0), other)], read(home()));
    for (source, lasts) in [(WEB4, lasts), (further(0), others)] {
        let seen = state.sources.get_mut(&source).and_then(|at| at.last.as_mut()).expect("it was told");
        seen.since = NOW - lasts;
    }
    state
}

fn notices(before: State) -> (Vec<Notice>, State) {
    let done = record(before, &web(), Event::Tick, NOW);
    (done.notices, done.state)
}

fn silent() -> Observation {
    fails(LookUpProblem::Unreachable)
}

#[test]
fn a_third_party_that_is_asked_for_good_is_told_once_with_its_name() {
    let settings = web();
    let host = |source| settings.resolver(source).expect("a web resolver").authority().to_owned();
    let before = answered(silent(), HOUR, known("84.160.12.7"), HOUR);
    let (first, after) = notices(before);
    let expected = ProgramNotice::ThirdParty { asked: host(further(0)), silent: host(WEB4) };
    assert_eq!(first, [Notice::Program(expected)]);
    assert_eq!(notices(after).0, [], "once");
}

#[test]
fn nobody_is_told_of_a_third_party_while_the_first_web_resolver_may_come_back_or_nobody_answers() {
    let second = SignedDuration::from_secs(1);
    let address = || known("84.160.12.7");
    for (said, state) in [
        ("for less than an hour", answered(silent(), HOUR - second, address(), HOUR)),
        ("a line that was down", answered(silent(), HOUR, address(), HOUR - second)),
        ("nobody answers", answered(silent(), HOUR, silent(), HOUR)),
        ("the first one answers", answered(address(), HOUR, address(), HOUR)),
        ("the line has no such address", answered(Observation::NoAddress, HOUR, address(), HOUR)),
    ] {
        assert_eq!(notices(state).0, [], "{said}");
    }
}
