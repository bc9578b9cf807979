//! Look-ups: the next time that their source, and the others of the same family, are asked.

use jiff::{SignedDuration, Timestamp};

use crate::observe::observation::{LookUpProblem, Observation};
use crate::settings::Settings;
use crate::state::State;
use crate::state::source::{SECOND_LOOK, SourceState};
use crate::types::backoff::{jittered, look_up_delay};
use crate::types::network::Prefix;
use crate::types::source::{Origin, Source};

/// The time after a look-up within which neither a restart nor "Update now" repeats it.
const JUST_ASKED: SignedDuration = SignedDuration::from_secs(5);

/// The longest time between two questions while the network looks fine and the source can't be reached. A router that
/// went without a farewell comes back without a word, too.
const OUTAGE_ROUND: SignedDuration = SignedDuration::from_mins(1);

pub(super) fn started(state: &mut State, source: Source, now: Timestamp) {
    let at = state.sources.entry(source).or_default();
    at.asked = Some(now);
    at.superseded = false;
}

pub(super) fn ended(
    state: &mut State,
    settings: &Settings,
    source: Source,
    seen: Observation,
    now: Timestamp,
) {
    let chance = state.draw();
    let has_way_out =
        state.network.network().is_none_or(|network| network.outgoing.get(source.family).is_some());
    let at = state.sources.entry(source).or_default();
    at.asked = None;
    if std::mem::take(&mut at.superseded) {
        // The answer may be outdated, so it doesn't count; `next` says when the source is asked again.
        return;
    }
    let had_failed = at.failures > 0;
    let is_missing = seen == Observation::Unavailable { why: LookUpProblem::NoRouter };
    at.was_there |= source.origin == Origin::Router && !is_missing;
    let round = if is_missing && !at.was_there {
        // One that was never there is looked for as seldom as a service is asked.
        settings.interval
    } else {
        source.origin.round(settings.interval)
    };
    let is_away = seen.was_not_asked();
    let wait = if is_away && source.origin.backs_off() {
        at.failures = at.failures.saturating_add(1);
        let longest = if has_way_out { round.min(OUTAGE_ROUND) } else { round };
        look_up_delay(at.failures, longest, chance)
    } else {
        at.failures = 0;
        jittered(round, chance)
    };
    at.next = Some(now + wait);
    let tells = matches!(seen, Observation::Known { .. });
    let differs = at.note(seen, now);
    let is_new = at.last.as_ref().is_some_and(|seen| seen.looks == 1);
    if tells && is_new && source.origin.needs_second_source() {
        at.next = Some(now + SECOND_LOOK);
    }
    if had_failed && at.failures == 0 {
        ask_the_others_again(state);
    }
    if differs && (tells || (source.origin.knows_the_line() && !is_away)) {
        ask_second_sources(state, source, now);
    }
    align_rounds(state);
}

pub(super) fn prefix_told(state: &mut State, source: Source, prefix: Option<Prefix>) {
    if let Some(at) = state.sources.get_mut(&source) {
        at.prefix = prefix;
    }
}

/// Makes all look-ups due, except those that have just been made.
pub(super) fn look_again(state: &mut State, now: Timestamp) {
    for source in state.sources.values_mut() {
        let just_asked = source.last.as_ref().is_some_and(|seen| (now - JUST_ASKED..=now).contains(&seen.at));
        if !just_asked {
            source.next = None;
        }
    }
}

/// Asks the other sources of the same family again, because a new answer makes theirs stale. A source that couldn't
/// be reached keeps its own time.
fn ask_second_sources(state: &mut State, source: Source, now: Timestamp) {
    let others = state.sources.iter_mut().filter(|(other, _)| **other != source);
    for (_, at) in others.filter(|(other, _)| other.family == source.family) {
        let Some(last) = &at.last else { continue };
        if at.asked.is_none() && last.at < now && !last.observation.was_not_asked() {
            at.next = None;
        }
    }
}

/// Aligns sources on their regular round. Otherwise a reconnect's two new addresses would go out in two requests, the
/// first of them with an old address.
fn align_rounds(state: &mut State) {
    let round =
        state.sources.iter().filter(|(s, at)| is_on_its_round(**s, at)).filter_map(|(_, at)| at.next).max();
    for (_, at) in state.sources.iter_mut().filter(|(s, at)| is_on_its_round(**s, at) && at.next.is_some()) {
        at.next = round;
    }
}

/// True when a web resolver waits only for its regular round.
fn is_on_its_round(source: Source, at: &SourceState) -> bool {
    let looks = at.last.as_ref().map_or(0, |seen| seen.looks);
    let awaits_second_look = source.origin.needs_second_source() && looks == 1;
    source.origin.is_web_resolver()
        && at.failures == 0
        && at.asked.is_none()
        && looks > 0
        && !awaits_second_look
}

/// Asks the sources that failed again, before anything is sent: the line is back, so they may be too.
fn ask_the_others_again(state: &mut State) {
    for at in state.sources.values_mut().filter(|at| at.failures > 0) {
        at.next = None;
    }
}
