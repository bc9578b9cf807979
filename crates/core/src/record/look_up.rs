//! A look-up began or ended: when its source, and those that it should meet, are asked next.

use jiff::{SignedDuration, Timestamp};

use crate::agree::SECOND_LOOK;
use crate::network::Prefix;
use crate::observation::{LookUpProblem, Observation};
use crate::retry::{jittered, look_up_delay};
use crate::settings::{Origin, Settings, Source};
use crate::state::{SourceState, State};

/// The router is in the house: it may be asked more often than a service.
const ROUTERS_ROUND: SignedDuration = SignedDuration::from_mins(1);

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
    let round = round(settings, source, &seen);
    let is_away = matches!(&seen, Observation::Unavailable { why } if why.was_not_asked());
    let wait = if is_away && source.origin != Origin::Router {
        at.failures = at.failures.saturating_add(1);
        look_up_delay(at.failures, round, chance)
    } else {
        at.failures = 0;
        jittered(round, chance)
    };
    at.next = Some(now + wait);
    let tells = matches!(seen, Observation::Known { .. });
    let differs = at.told(seen, now);
    let is_new = at.last.as_ref().is_some_and(|seen| seen.looks == 1);
    if tells && is_new && needs_a_witness(source) {
        at.next = Some(now + SECOND_LOOK);
    }
    let is_back = had_failed && at.failures == 0;
    if is_back {
        ask_the_others_again(state);
    }
    // A router that tells of another line, even of one that can't be published, tells of a change, too.
    if differs && (tells || (source.origin == Origin::Router && !is_away)) {
        ask_the_witnesses(state, source, now);
    }
    meet(state);
}

pub(super) fn prefix_told(state: &mut State, source: Source, prefix: Option<Prefix>) {
    if let Some(at) = state.sources.get_mut(&source) {
        at.prefix = prefix;
    }
}

/// The time between two questions while nothing changes.
fn round(settings: &Settings, source: Source, seen: &Observation) -> SignedDuration {
    let there_is_none = Observation::Unavailable { why: LookUpProblem::NoRouter };
    match source.origin {
        Origin::Router if *seen != there_is_none => ROUTERS_ROUND.min(settings.interval),
        _ => settings.interval,
    }
}

/// Whether a source is never believed alone.
fn needs_a_witness(source: Source) -> bool {
    matches!(source.origin, Origin::Router | Origin::FallBack { .. })
}

/// One source tells another address than before: what the others told is old. One that can't be reached, or a router
/// that isn't there, has its own time.
fn ask_the_witnesses(state: &mut State, source: Source, now: Timestamp) {
    let others = state.sources.iter_mut().filter(|(other, _)| **other != source);
    for (_, at) in others.filter(|(other, _)| other.family == source.family) {
        let Some(last) = &at.last else { continue };
        let was_away = matches!(&last.observation, Observation::Unavailable { why } if why.was_not_asked());
        if at.asked.is_none() && last.at < now && !was_away {
            at.next = None;
        }
    }
}

/// Sources on their regular round are asked together, or a reconnect's two new addresses would go out in two
/// requests, the first of them with an old one.
fn meet(state: &mut State) {
    let round =
        state.sources.iter().filter(|(s, at)| is_on_its_round(**s, at)).filter_map(|(_, at)| at.next).max();
    for (_, at) in state.sources.iter_mut().filter(|(s, at)| is_on_its_round(**s, at) && at.next.is_some()) {
        at.next = round;
    }
}

/// Whether a web resolver waits for nothing but its regular time.
fn is_on_its_round(source: Source, at: &SourceState) -> bool {
    let is_web = matches!(source.origin, Origin::WebResolver | Origin::FallBack { .. });
    let looks = at.last.as_ref().map_or(0, |seen| seen.looks);
    let awaits_second_look = needs_a_witness(source) && looks == 1;
    is_web && at.failures == 0 && at.asked.is_none() && looks > 0 && !awaits_second_look
}

/// The line is back, so other sources may be, too: ask them before anything is sent, not seconds after.
fn ask_the_others_again(state: &mut State) {
    for at in state.sources.values_mut().filter(|at| at.failures > 0) {
        at.next = None;
    }
}
