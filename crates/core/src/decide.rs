//! The poll function: names the next step. It performs nothing and changes nothing; the agent performs the step,
//! [`crate::record()`] notes its result, and then the next step is asked for.

use jiff::Timestamp;

use crate::assess::due::{PaceLedger, not_before, to_send};
use crate::assess::{Assessment, KindAssessment};
use crate::protocol::request::UpdateRequest;
use crate::settings::{Entry, Settings};
use crate::state::entry::EntryState;
use crate::state::{NetworkReading, State};
use crate::types::entry_id::EntryId;
use crate::types::source::Source;

/// The number of DNS checks at a time. Each has a few sockets open, for five seconds where a name server is silent.
pub const MOST_DNS_CHECKS: usize = 4;

/// The next step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Ask this source for the address.
    LookUp(Source),
    /// Send this update request.
    Send(UpdateRequest),
    /// Look whether this entry's missing secret is in the keyring now.
    LookForSecret(EntryId),
    /// Ask the zone's name servers for this entry's records.
    CheckDns(EntryId),
    /// Ask for new versions of Dyntray.
    LookForRelease,
    /// Nothing to do before then, unless an event comes. The caller should ask again every few minutes, so that sleep
    /// and clock jumps need no special case.
    WaitUntil(Timestamp),
    /// Nothing to do until a step under way ends, or a person acts.
    WaitForEvent,
}

/// The next step at `now`. Steps under way are in `state`, so several may run side by side: one request per server,
/// one look-up per source. `assessment` belongs to `settings` and `state`.
pub fn decide(settings: &Settings, state: &State, assessment: &Assessment, now: Timestamp) -> Step {
    if state.is_paused(now) {
        let end = state.pause.and_then(|pause| pause.until);
        return end.map_or(Step::WaitForEvent, Step::WaitUntil);
    }
    if state.network == NetworkReading::Unread {
        return Step::WaitForEvent;
    }
    if let Some(until) = state.debounced_until(now) {
        return Step::WaitUntil(until);
    }
    let fresh = EntryState::default();
    // One look at a time, and nothing is sent meanwhile: an update would use the very secret that is looked for.
    let is_looking = state.entries.values().any(|at| at.secret_look.under_way);
    let mut kinds: Vec<Kind<'_>> = Vec::new();
    let mut active: Vec<(&Entry, &EntryState, usize)> = Vec::new();
    for entry in settings.enabled() {
        let at = state.entries.get(&entry.id).map_or(&fresh, |at| at);
        if at.secret_look.due && !is_looking {
            return Step::LookForSecret(entry.id);
        }
        if at.halt.is_none() {
            let assessed = assessment.kind(entry);
            let known = kinds.iter().rposition(|kind| std::ptr::eq(kind.assessed, assessed));
            let kind = known.unwrap_or_else(|| {
                kinds.push(Kind::of(settings, state, assessed, now));
                kinds.len() - 1
            });
            active.push((entry, at, kind));
        }
    }
    let mut wake: Option<Timestamp> = None;
    let mut wait_until = |at: Timestamp| wake = Some(wake.map_or(at, |earlier| earlier.min(at)));

    for source in kinds.iter().flat_map(|kind| &kind.assessed.sources) {
        match (when_to_ask(state, *source), held_until(settings, state, *source, now)) {
            (When::UnderWay, _) => {}
            (When::At(at), held) if at > now => wait_until(held.map_or(at, |held| held.max(at))),
            (When::Now | When::At(_), Some(held)) => wait_until(held),
            (When::Now | When::At(_), None) => return Step::LookUp(*source),
        }
    }
    let busy = busy_servers(state);
    let pace = PaceLedger::of(settings, state);
    let mut turn: Option<(Option<Timestamp>, UpdateRequest)> = None;
    for (entry, at, kind) in &active {
        if is_looking || busy.contains(&entry.server.authority()) {
            // Its turn may come when that has ended.
            continue;
        }
        // One combined request, not two: all sources have answered.
        let kind = &kinds[*kind];
        let can_send = kind.has_answered && at.in_flight.is_none();
        let Some(due) = can_send.then(|| to_send(entry, at, state, kind.assessed)).flatten() else {
            continue;
        };
        match not_before(entry, at, &due, state, &pace, now) {
            Some((later, _)) => wait_until(later),
            // In turn, those that were never tried first: where a server hangs, the first ones are due again before the
            // last ones were tried at all.
            None if turn.as_ref().is_some_and(|(before, _)| *before <= at.last_try()) => {}
            None => turn = Some((at.last_try(), entry.request(due.addresses))),
        }
    }
    if let Some((_, request)) = turn {
        return Step::Send(request);
    }
    let may_check_dns = state.dns_checks_under_way() < MOST_DNS_CHECKS;
    let mut longest_due: Option<(Timestamp, EntryId)> = None;
    for (entry, at, kind) in &active {
        match at.live.next {
            _ if at.live.asked.is_some() || !settings.checks_dns(entry) => {}
            Some(later) if later > now => wait_until(later),
            // Either may lead to an update, and the answer would be about the time before.
            Some(_) if at.in_flight.is_some() || kinds[*kind].is_being_looked_up => {}
            Some(since) if may_check_dns && longest_due.is_none_or(|(other, _)| since < other) => {
                longest_due = Some((since, entry.id));
            }
            // The end of a check under way is an event.
            Some(_) | None => {}
        }
    }
    if let Some((_, id)) = longest_due {
        return Step::CheckDns(id);
    }
    if settings.releases.is_some() && state.releases.asked.is_none() {
        match state.releases.next {
            Some(later) if later > now => wait_until(later),
            Some(_) | None => return Step::LookForRelease,
        }
    }
    wake.map_or(Step::WaitForEvent, Step::WaitUntil)
}

/// A kind of entry, and the progress of its look-ups.
struct Kind<'a> {
    assessed: &'a KindAssessment,
    /// True once all its sources have answered, unless one has an address that it should be asked for again and mustn't
    /// be: that may be a former one.
    has_answered: bool,
    is_being_looked_up: bool,
}

impl<'a> Kind<'a> {
    fn of(settings: &Settings, state: &State, assessed: &'a KindAssessment, now: Timestamp) -> Self {
        let has_answered = |source: &Source| {
            state.sources.get(source).is_some_and(|at| {
                let is_due = at.next.is_none_or(|next| next <= now);
                let is_stale =
                    is_due && at.tells_address() && held_until(settings, state, *source, now).is_some();
                at.asked.is_none() && at.last.is_some() && !is_stale
            })
        };
        let is_under_way = |source: &Source| matches!(when_to_ask(state, *source), When::UnderWay);
        Kind {
            assessed,
            has_answered: assessed.sources.iter().all(has_answered),
            is_being_looked_up: assessed.sources.iter().any(is_under_way),
        }
    }
}

/// The time of a source's next question.
enum When {
    Now,
    At(Timestamp),
    UnderWay,
}

fn when_to_ask(state: &State, source: Source) -> When {
    match state.sources.get(&source) {
        Some(at) if at.asked.is_some() => When::UnderWay,
        Some(at) => at.next.map_or(When::Now, When::At),
        None => When::Now,
    }
}

/// The end of the wait that a source's own server asked for.
fn held_until(settings: &Settings, state: &State, source: Source, now: Timestamp) -> Option<Timestamp> {
    state.wait_of(settings.resolver(source)?, now).map(|wait| wait.until)
}

/// The servers that have a request under way.
fn busy_servers(state: &State) -> Vec<&str> {
    state
        .entries
        .values()
        .filter_map(|at| at.in_flight.as_ref())
        .map(|attempt| attempt.server.as_str())
        .collect()
}
