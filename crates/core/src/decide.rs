//! Names the next step. It performs nothing and changes nothing: the agent performs the step, [`crate::record()`]
//! notes what came of it, and then the next step is asked for.

use jiff::Timestamp;

use crate::address::Addresses;
use crate::observation::Observation;
use crate::request::UpdateRequest;
use crate::settings::{Entry, Settings, Source};
use crate::state::{EntryState, State};

/// The next step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Ask this source for the address.
    LookUp(Source),
    /// Send this update request.
    Send(UpdateRequest),
    /// Nothing to do before then, unless something happens. Advice: ask again at least once a minute, so that sleep
    /// and clock jumps need no special case.
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
    let fresh = EntryState::default();
    let active: Vec<(&Entry, &EntryState)> = settings
        .enabled()
        .map(|entry| (entry, state.entries.get(&entry.id).unwrap_or(&fresh)))
        .filter(|(_, at)| at.halt.is_none())
        .collect();
    let mut wake: Option<Timestamp> = None;
    let mut wait_until = |at: Timestamp| wake = Some(wake.map_or(at, |earlier| earlier.min(at)));

    for (entry, _) in &active {
        for source in entry.sources() {
            match when_to_ask(state, source) {
                When::UnderWay => {}
                When::At(at) if at > now => wait_until(at),
                When::Now | When::At(_) => return Step::LookUp(source),
            }
        }
    }
    for (entry, at) in &active {
        let Some(addresses) = to_publish(entry, at, state) else {
            continue;
        };
        match at.trouble.as_ref().map(|trouble| trouble.retry_at) {
            Some(retry_at) if retry_at > now => wait_until(retry_at),
            _ if server_is_busy(entry, state) => {}
            _ => return Step::Send(UpdateRequest::new(entry, addresses)),
        }
    }
    wake.map_or(Step::WaitForEvent, Step::WaitUntil)
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

/// The addresses to send for `entry`, or none when the service has accepted all of them already, when a look-up is
/// still under way (one combined request, not two), or when no address is known.
pub fn to_publish(entry: &Entry, at: &EntryState, state: &State) -> Option<Addresses> {
    let answered = |source| state.sources.get(&source).is_some_and(|s| s.asked.is_none() && s.last.is_some());
    if at.in_flight.is_some() || !entry.sources().all(answered) {
        return None;
    }
    unpublished(entry, at, state)
}

/// All detected addresses, when the service doesn't surely hold each of them.
pub fn unpublished(entry: &Entry, at: &EntryState, state: &State) -> Option<Addresses> {
    let known = detected(entry, state);
    let differs = known.iter().any(|address| !at.is_published(address));
    differs.then_some(known)
}

/// The addresses that `entry`'s sources last told, of the families that it keeps.
pub fn detected(entry: &Entry, state: &State) -> Addresses {
    Addresses::from_fn(|family| {
        if !entry.protocol.covers(family) {
            return None;
        }
        match state.observation(entry.source(family)) {
            Some(Observation::Known { address }) => Some(*address),
            _ => None,
        }
    })
}

/// Whether any entry's request to the same server is under way.
fn server_is_busy(entry: &Entry, state: &State) -> bool {
    let authority = entry.server.authority();
    state.entries.values().filter_map(|at| at.in_flight.as_ref()).any(|attempt| attempt.server == authority)
}
