//! Names the next step. It performs nothing and changes nothing: the agent performs the step, [`crate::record()`]
//! notes what came of it, and then the next step is asked for.

use jiff::Timestamp;

use crate::address::{Addresses, PublicAddress};
use crate::agree::{outcome, wanted};
use crate::manner::Sending;
use crate::request::UpdateRequest;
use crate::retry::damping;
use crate::settings::{Entry, EntryId, Settings, Source};
use crate::state::{EntryState, Reading, State};

/// The next step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Ask this source for the address.
    LookUp(Source),
    /// Send this update request.
    Send(UpdateRequest),
    /// Ask the zone's name servers for this entry's records.
    CheckDns(EntryId),
    /// Ask for new versions of Dyntray.
    LookForRelease,
    /// Nothing to do before then, unless something happens. Advice: ask again now and then, at least every few minutes,
    /// so that sleep and clock jumps need no special case.
    WaitUntil(Timestamp),
    /// Nothing to do until something is under way ends, or a person acts.
    WaitForEvent,
}

/// The next step at `now`. Steps that are under way are in `state`, so that several may run side by side: one
/// request a server, one look-up a source.
pub fn decide(settings: &Settings, state: &State, now: Timestamp) -> Step {
    if state.is_paused(now) {
        let end = state.pause.and_then(|pause| pause.until);
        return end.map_or(Step::WaitForEvent, Step::WaitUntil);
    }
    if state.network == Reading::Unread {
        return Step::WaitForEvent;
    }
    if let Some(settled) = state.settles_at(now) {
        return Step::WaitUntil(settled);
    }
    let fresh = EntryState::default();
    let mut kinds: Vec<Kind<'_>> = Vec::new();
    let mut active: Vec<(&Entry, &EntryState, usize)> = Vec::new();
    for entry in settings.enabled() {
        let at = state.entries.get(&entry.id).map_or(&fresh, |at| at);
        if at.halt.is_none() {
            let kind = kinds.iter().position(|kind| kind.includes(entry)).unwrap_or_else(|| {
                kinds.push(Kind::of(settings, state, entry));
                kinds.len() - 1
            });
            active.push((entry, at, kind));
        }
    }
    let mut wake: Option<Timestamp> = None;
    let mut wait_until = |at: Timestamp| wake = Some(wake.map_or(at, |earlier| earlier.min(at)));

    for source in kinds.iter().flat_map(|kind| &kind.sources) {
        match when_to_ask(state, *source) {
            When::UnderWay => {}
            When::At(at) if at > now => wait_until(at),
            When::Now | When::At(_) => return Step::LookUp(*source),
        }
    }
    let busy = busy_servers(state);
    for (entry, at, kind) in &active {
        // One combined request, not two: all sources have answered.
        let known = kinds[*kind].detected.filter(|_| at.in_flight.is_none());
        let Some(addresses) = known.and_then(|known| missing(entry, at, known)) else {
            continue;
        };
        match not_before(at, now) {
            Some(later) => wait_until(later),
            None if busy.contains(&entry.server.authority().as_str()) => {}
            None => return Step::Send(UpdateRequest::new(entry, addresses)),
        }
    }
    for (entry, at, kind) in &active {
        match at.live.next {
            _ if at.live.asked.is_some() || !settings.checks_dns(entry) => {}
            Some(later) if later > now => wait_until(later),
            // What comes of that may be an update, and their answer about before it.
            Some(_) if at.in_flight.is_some() || kinds[*kind].is_being_looked_up(state) => {}
            Some(_) => return Step::CheckDns(entry.id),
            None => {}
        }
    }
    if settings.releases.is_some() && state.releases.asked.is_none() {
        match state.releases.next {
            Some(later) if later > now => wait_until(later),
            Some(_) | None => return Step::LookForRelease,
        }
    }
    wake.map_or(Step::WaitForEvent, Step::WaitUntil)
}

/// Entries with the same sources. Thousands of entries are of a few kinds, and what sources amount to is weighed for each
/// kind once.
struct Kind<'a> {
    /// One of them.
    example: &'a Entry,
    sources: Vec<Source>,
    /// What the sources amount to; none while one of them hasn't answered.
    detected: Option<Addresses>,
}

impl<'a> Kind<'a> {
    fn of(settings: &Settings, state: &State, entry: &'a Entry) -> Self {
        let sources = all_wanted(settings, state, entry);
        let answered =
            |source| state.sources.get(source).is_some_and(|s| s.asked.is_none() && s.last.is_some());
        let detected = sources.iter().all(answered).then(|| detected(settings, entry, state));
        Kind { example: entry, sources, detected }
    }

    fn includes(&self, entry: &Entry) -> bool {
        (self.example.from, self.example.protocol) == (entry.from, entry.protocol)
    }

    fn is_being_looked_up(&self, state: &State) -> bool {
        self.sources.iter().any(|source| matches!(when_to_ask(state, *source), When::UnderWay))
    }
}

/// All sources that `entry` needs now, of all its families.
pub fn all_wanted(settings: &Settings, state: &State, entry: &Entry) -> Vec<Source> {
    entry.protocol.families().flat_map(|family| wanted(settings, state, entry, family)).collect()
}

/// When a source is to be asked.
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

/// When a request may be sent, if it must wait: after a failure, or because the address keeps changing.
pub fn not_before(at: &EntryState, now: Timestamp) -> Option<Timestamp> {
    let retry = at.trouble.as_ref().map(|trouble| trouble.retry_at);
    retry.max(damped_until(at)).filter(|later| *later > now)
}

/// Until when an address that keeps changing isn't sent again.
pub fn damped_until(at: &EntryState) -> Option<Timestamp> {
    at.changes.last().map(|last| *last + damping(at.changes.len()))
}

/// All addresses to be published, when the service doesn't surely hold each of them, or somebody else changed one.
/// Where it takes one a request, the first that is to be sent.
pub fn unpublished(settings: &Settings, entry: &Entry, at: &EntryState, state: &State) -> Option<Addresses> {
    missing(entry, at, detected(settings, entry, state))
}

/// Of the addresses that are known, what is to be sent.
fn missing(entry: &Entry, at: &EntryState, known: Addresses) -> Option<Addresses> {
    let is_to_send =
        |address: &PublicAddress| !at.is_published(*address) || at.live.is_to_repair(address.family());
    let first = known.iter().find(is_to_send)?;
    Some(match entry.manner.sending {
        Sending::Together => known,
        Sending::OneByOne => Addresses::from_fn(|family| (family == first.family()).then_some(first)),
    })
}

/// The addresses that `entry`'s sources amount to, of the families that it keeps.
pub fn detected(settings: &Settings, entry: &Entry, state: &State) -> Addresses {
    Addresses::from_fn(|family| {
        entry.protocol.covers(family).then(|| outcome(settings, state, entry, family).address())?
    })
}

/// The servers to which any entry's request is under way.
fn busy_servers(state: &State) -> Vec<&str> {
    state
        .entries
        .values()
        .filter_map(|at| at.in_flight.as_ref())
        .map(|attempt| attempt.server.as_str())
        .collect()
}
