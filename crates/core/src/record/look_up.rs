//! Look-ups: the next time that their source, and the others of the same family, are asked.

use jiff::{SignedDuration, Timestamp};

use super::unsent;
use crate::observe::observation::{LookUpProblem, Observation};
use crate::settings::Settings;
use crate::state::State;
use crate::state::source::{SECOND_LOOK, SourceState};
use crate::types::backoff::{jittered, look_up_delay};
use crate::types::moment::Moment;
use crate::types::network::Prefix;
use crate::types::source::{Origin, Source};

/// The time after a look-up within which neither a restart nor "Update now" repeats it.
const JUST_ASKED: SignedDuration = SignedDuration::from_secs(5);

/// The longest time between two questions while the network looks fine and the source can't be reached. A router that
/// went without a farewell comes back without a word, too.
const OUTAGE_ROUND: SignedDuration = SignedDuration::from_mins(1);

pub(super) fn started(state: &mut State, settings: &Settings, source: Source, now: Timestamp) {
    let is_its_round =
        |at: &SourceState| is_on_its_round(source, at) && at.next.is_some_and(|next| next <= now);
    let asks_along = state.sources.get(&source).is_some_and(is_its_round);
    let at = state.sources.entry(source).or_default();
    at.resolver = settings.resolver(source).cloned();
    at.asked = Some(now);
    at.superseded = false;
    at.changed_meanwhile = false;
    if asks_along {
        ask_along(state, settings, now);
    }
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
    let undisturbed_until = state.debounce.undisturbed_until;
    let at = state.sources.entry(source).or_default();
    at.asked = None;
    let changed_meanwhile = std::mem::take(&mut at.changed_meanwhile);
    if std::mem::take(&mut at.superseded) {
        // The answer may be outdated, so it doesn't count; `next` says when the source is asked again.
        return;
    }
    at.lost = 0;
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
    at.next = Some(now.later(wait));
    let tells = matches!(seen, Observation::Known { .. });
    let differs = at.note(seen, now);
    let is_new = at.last.as_ref().is_some_and(|seen| seen.looks == 1);
    if tells && is_new && source.origin.needs_second_source() {
        at.next = Some(now.later(SECOND_LOOK));
    }
    if let Some(end) = undisturbed_until.filter(|_| changed_meanwhile) {
        // That is followed once all that is under way is finished.
        at.next = at.next.map(|next| next.min(end));
    }
    if had_failed && at.failures == 0 {
        ask_the_others_again(state);
    }
    if differs && (tells || (source.origin.knows_the_line() && !is_away)) {
        ask_second_sources(state, source, now);
    }
    if tells && (differs || had_failed) {
        // The line is another one than when they failed.
        unsent::bring_forward(state, now);
    }
}

pub(super) fn prefix_told(state: &mut State, source: Source, prefix: Option<Prefix>) {
    if let Some(at) = state.sources.get_mut(&source) {
        at.note_prefix(prefix);
    }
}

/// Makes all look-ups due, except those that have just been made.
pub(super) fn look_again(state: &mut State, now: Timestamp) {
    for source in state.sources.values_mut() {
        let just_asked =
            source.last.as_ref().is_some_and(|seen| (now.earlier(JUST_ASKED)..=now).contains(&seen.at));
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

/// Lets the web resolvers that wait for their regular round go along with the first one whose round it is. Otherwise a
/// reconnect's two new addresses would go out in two requests, the first of them with an old address. None is asked sooner
/// than half a round after its last answer, so they are together again within one round.
fn ask_along(state: &mut State, settings: &Settings, now: Timestamp) {
    let half = settings.interval / 2;
    let waits = &state.retry_after;
    for (source, at) in &mut state.sources {
        let is_held = settings
            .resolver(*source)
            .is_some_and(|server| waits.get(server.authority()).is_some_and(|wait| wait.until > now));
        let is_old = at.last.as_ref().is_some_and(|last| last.at.later(half) <= now);
        if is_on_its_round(*source, at) && is_old && !is_held {
            at.next = None;
        }
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
