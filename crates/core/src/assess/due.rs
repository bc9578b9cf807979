//! The update that is due for one entry: the addresses to send, and the earliest time.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::KindAssessment;
use crate::observe::finding::{HoldReason, Outcome};
use crate::observe::observation::LookUpProblem;
use crate::protocol::dialect::{Batching, PaceOf};
use crate::settings::providers::domain_of;
use crate::settings::{Entry, Settings};
use crate::state::State;
use crate::state::entry::EntryState;
use crate::types::address::{Addresses, Family, PublicAddress};
use crate::types::backoff::damping;
use crate::types::moment::Moment;

/// The time that an update waits for the address of the other family, where the service may delete what isn't named
/// and nothing is known that could be named. Afterwards the one address goes alone: a family whose look-up fails for
/// good must not keep the other one from being published.
pub const LONGEST_WAIT_FOR_FAMILY: SignedDuration = SignedDuration::from_mins(10);

/// The addresses that an entry is to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToSend {
    /// The addresses: at least one.
    pub addresses: Addresses,
    /// Those of them that are the reason to send; the others merely go along.
    reason: Addresses,
    /// The family whose address is waited for: it isn't known, and neither is what the service holds of it.
    pub waits_for: Option<Family>,
}

/// The addresses that `entry` is to send; `at` is its state. All of them go as soon as one isn't certainly held by the
/// service or is to be repaired. Where a service takes one address per request, the first such address goes alone. Where
/// it may delete what isn't named, the last address of each family that isn't known goes along.
pub fn to_send(entry: &Entry, at: &EntryState, state: &State, kind: &KindAssessment) -> Option<ToSend> {
    let is_to_send =
        |address: &PublicAddress| !at.is_published(*address) || at.live.is_to_repair(address.family());
    let reason = Addresses::from_fn(|family| kind.addresses.get(family).filter(is_to_send));
    let first = reason.iter().next()?;
    Some(match entry.dialect.batching {
        Batching::Together => ToSend { addresses: kind.addresses, reason, waits_for: None },
        Batching::OneByOne => {
            let alone = Addresses::from_fn(|family| (family == first.family()).then_some(first));
            ToSend { addresses: alone, reason: alone, waits_for: None }
        }
        Batching::AlwaysBoth => {
            let companion = entry.companion.and_then(|id| state.entries.get(&id));
            let mut waits_for = None;
            let addresses = Addresses::from_fn(|family| match kind.outcome(family) {
                None => companion.and_then(|companion| companion.last_sent(family)),
                Some(outcome) => outcome.address().or_else(|| {
                    if !at.is_certain(family) && !is_absent(outcome, state, family) {
                        waits_for = Some(family);
                    }
                    at.last_sent(family)
                }),
            });
            ToSend { addresses, reason, waits_for }
        }
    })
}

/// True when the line is known to have no publishable address of its own of `family`: a source says so, or this machine
/// reaches the internet, but not over that family.
fn is_absent(outcome: &Outcome, state: &State, family: Family) -> bool {
    let has_no_route = state.network.network().is_some_and(|network| {
        let leaves = |family| network.outgoing.get(family).is_some();
        !leaves(family) && Family::BOTH.into_iter().any(leaves)
    });
    match outcome {
        Outcome::Unknown | Outcome::Publish { .. } => false,
        Outcome::NoAddress
        | Outcome::Held { hold: HoldReason::Shared, .. }
        | Outcome::Nothing { why: LookUpProblem::Unpublishable { .. } } => true,
        Outcome::Held { .. } | Outcome::Nothing { .. } => has_no_route,
    }
}

/// The reason for a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WaitReason {
    /// The last request failed.
    Retry,
    /// The address keeps changing.
    Flapping,
    /// The service wants more time between two requests.
    Pace,
    /// The address of the other family isn't known yet, and the service may delete what isn't named.
    OtherFamily,
    /// The server asked to wait.
    RetryAfter,
}

/// The earliest time for a request that must wait at `now`, with the reason that lasts longest.
pub fn not_before(
    entry: &Entry,
    at: &EntryState,
    due: &ToSend,
    state: &State,
    pace: &PaceLedger,
    now: Timestamp,
) -> Option<(Timestamp, WaitReason)> {
    let retry = at.retry.as_ref().map(|retry| retry.retry_at);
    let family = due.waits_for.map(|_| at.incomplete_since.unwrap_or(now).later(LONGEST_WAIT_FOR_FAMILY));
    let waits = [
        (retry, WaitReason::Retry),
        (damped_until(at, due.reason), WaitReason::Flapping),
        (pace.next(entry, at, now), WaitReason::Pace),
        (family, WaitReason::OtherFamily),
        (state.wait_of(&entry.server, now).map(|wait| wait.until), WaitReason::RetryAfter),
    ];
    let waits = waits.into_iter().filter_map(|(until, reason)| Some((until?, reason)));
    waits.filter(|(until, _)| *until > now).max()
}

/// The end of the wait for addresses that keep changing. An address doesn't wait for the other family's changes.
fn damped_until(at: &EntryState, reason: Addresses) -> Option<Timestamp> {
    let of = |address: PublicAddress| {
        let changes = || at.changes_of(address.family());
        changes().next_back().map(|last| last.later(damping(changes().count())))
    };
    // None, no wait, is the least.
    reason.iter().map(of).min().flatten()
}

/// The last request for each domain of a service that counts the requests of a whole domain.
#[derive(Clone, Debug, Default)]
pub struct PaceLedger(BTreeMap<(String, String), Timestamp>);

impl PaceLedger {
    /// Notes the last requests of all entries.
    pub fn of(settings: &Settings, state: &State) -> Self {
        let mut last = BTreeMap::new();
        for entry in settings.entries.iter().filter(|entry| entry.dialect.pace.of == PaceOf::Domain) {
            let Some(then) = state.entries.get(&entry.id).and_then(|at| at.last_request()) else { continue };
            let latest = last.entry(place(entry)).or_insert(then);
            *latest = then.max(*latest);
        }
        PaceLedger(last)
    }

    /// The earliest time for the next request of `entry`, as its service wants it. A request in the future was made
    /// before the clock was set back, and doesn't count.
    fn next(&self, entry: &Entry, at: &EntryState, now: Timestamp) -> Option<Timestamp> {
        let least = entry.dialect.pace.least()?;
        let before = match entry.dialect.pace.of {
            PaceOf::Host => at.last_request(),
            PaceOf::Domain => self.0.get(&place(entry)).copied(),
        };
        before.filter(|then| *then <= now).map(|then| then.later(least))
    }
}

/// The server and the domain whose requests are counted together.
fn place(entry: &Entry) -> (String, String) {
    (entry.server.authority().to_owned(), domain_of(&entry.hostname))
}
