//! A look-up began or ended: when its source, and those that it should meet, are asked next.

use jiff::Timestamp;

use crate::observation::Observation;
use crate::retry::{jittered, look_up_delay};
use crate::settings::{Settings, Source};
use crate::state::{Sighting, SourceState, State};

pub(super) fn look_up_started(state: &mut State, source: Source, now: Timestamp) {
    let at = state.sources.entry(source).or_default();
    at.asked = Some(now);
    at.overtaken = false;
}

pub(super) fn look_up_ended(
    state: &mut State,
    settings: &Settings,
    source: Source,
    seen: Observation,
    now: Timestamp,
) {
    let chance = state.draw();
    let at = state.sources.entry(source).or_default();
    at.asked = None;
    if std::mem::take(&mut at.overtaken) {
        // What another resolver may have said doesn't count; this one is asked at once.
        return;
    }
    let had_failed = at.failures > 0;
    let wait = match &seen {
        Observation::Unavailable { why } if why.was_not_asked() => {
            at.failures = at.failures.saturating_add(1);
            look_up_delay(at.failures, settings.interval, chance)
        }
        Observation::Known { .. } | Observation::NoAddress | Observation::Unavailable { .. } => {
            at.failures = 0;
            jittered(settings.interval, chance)
        }
    };
    at.next = Some(now + wait);
    at.last = Some(Sighting { observation: seen, at: now });
    let is_back = had_failed && at.failures == 0;
    if is_back {
        ask_the_others_again(state);
    }
    meet(state);
}

/// Sources on their regular round are asked together, or a reconnect's two new addresses would go out in two
/// requests, the first of them with an old one.
fn meet(state: &mut State) {
    let is_on_its_round = |at: &SourceState| at.failures == 0 && at.asked.is_none() && at.last.is_some();
    let round = state.sources.values().filter(|at| is_on_its_round(at)).filter_map(|at| at.next).max();
    for at in state.sources.values_mut().filter(|at| is_on_its_round(at) && at.next.is_some()) {
        at.next = round;
    }
}

/// The line is back, so other sources may be, too: ask them before anything is sent, not seconds after.
fn ask_the_others_again(state: &mut State) {
    for at in state.sources.values_mut().filter(|at| at.failures > 0) {
        at.next = None;
    }
}
