//! The network changed, the router told of a change, the machine woke: look again, once the burst has settled.

use jiff::{SignedDuration, Timestamp};

use super::Recorded;
use crate::address::Family;
use crate::decide::detected;
use crate::network::{Network, NetworkId};
use crate::notice::{Cause, Notice};
use crate::observation::{LookUpProblem, Observation};
use crate::own_address::{Tunnels, observe};
use crate::place::{Place, place};
use crate::retry::{LONGEST_BURST, settling};
use crate::settings::{Entry, Settings, Source};
use crate::state::{Reading, SourceState, State};

/// Bursts are counted within this time.
const BURST_SPAN: SignedDuration = SignedDuration::from_mins(10);
/// More bursts than that needn't be told apart.
const MOST_BURSTS: usize = 20;

/// All sources are asked again, once nothing more has stirred for a moment. What is being asked just now may tell
/// what was before.
pub(super) fn stir(state: &mut State, now: Timestamp) {
    let stirs = &mut state.stirs;
    stirs.recent.retain(|then| *then <= now && *then + BURST_SPAN > now);
    let is_same_burst = stirs.settles.is_some_and(|settles| now < settles);
    if !is_same_burst {
        stirs.began = Some(now);
        stirs.recent.push(now);
        let surplus = stirs.recent.len().saturating_sub(MOST_BURSTS);
        stirs.recent.drain(..surplus);
    }
    let quiet = settling(stirs.recent.len());
    let latest = stirs.began.unwrap_or(now) + LONGEST_BURST.max(quiet);
    let settles = (now + quiet).min(latest);
    stirs.settles = Some(settles);
    for source in state.sources.values_mut() {
        source.next = Some(settles);
        source.failures = 0;
        source.overtaken = source.asked.is_some();
    }
}

/// A clock that was set back must not leave a burst settling for long.
pub(super) fn heal(state: &mut State, now: Timestamp) {
    let stirs = &mut state.stirs;
    let longest = settling(MOST_BURSTS).max(LONGEST_BURST);
    stirs.settles = stirs.settles.filter(|settles| *settles > now && *settles <= now + longest);
}

/// The operating system told what this machine's network is.
pub(super) fn network_seen(done: &mut Recorded, settings: &Settings, seen: Option<Network>, now: Timestamp) {
    let before = std::mem::take(&mut done.state.network);
    let seen = seen.map(Network::that_matters);
    let is_first = before == Reading::Unread;
    let differs = !is_first && !is_alike(before.network(), seen.as_ref());
    let since = match &before {
        Reading::Read { since, .. } if !differs => *since,
        _ => now,
    };
    done.state.network = seen.map_or(Reading::Unreadable, |network| Reading::Read { network, since });
    own_addresses_seen(&mut done.state, settings, now);
    if differs {
        stir(&mut done.state, now);
    }
}

/// Whether no address can have changed between two readings. A gateway whose hardware address has only now been
/// learnt is still the same.
fn is_alike(before: Option<&Network>, after: Option<&Network>) -> bool {
    let (Some(before), Some(after)) = (before, after) else {
        return before.is_none() && after.is_none();
    };
    let gateways = match (&before.gateway, &after.gateway) {
        (Some(a), Some(b)) => {
            a.addresses == b.addresses && (a.id == b.id || a.id.is_none() || b.id.is_none())
        }
        (a, b) => a == b,
    };
    gateways && before.interfaces == after.interfaces && before.outgoing == after.outgoing
}

/// Interfaces needn't be asked: each reading tells.
pub(super) fn own_addresses_seen(state: &mut State, settings: &Settings, now: Timestamp) {
    let tunnels = if settings.publish_vpn { Tunnels::Count } else { Tunnels::PassedOver };
    for family in Family::BOTH {
        let seen = match &state.network {
            Reading::Unread => continue,
            Reading::Unreadable => Observation::Unavailable { why: LookUpProblem::Interfaces },
            Reading::Read { network, .. } => observe(network, family, tunnels),
        };
        state.sources.entry(Source::interface(family)).or_default().told(seen, now);
    }
}

impl SourceState {
    /// Notes an answer. Whether it differs from the one before.
    pub(super) fn told(&mut self, seen: Observation, now: Timestamp) -> bool {
        let same = self.last.as_ref().filter(|last| last.observation == seen);
        let (since, looks) = same.map_or((now, 0), |last| (last.since.min(now), last.looks));
        let differs = same.is_none() && self.last.is_some();
        self.last = Some(crate::state::Sighting {
            observation: seen,
            at: now,
            since,
            looks: looks.saturating_add(1),
        });
        differs
    }
}

/// The network of the gateway that is there now.
fn here(state: &State) -> Option<NetworkId> {
    state.network.network()?.gateway.as_ref()?.id.clone()
}

/// The person says that this network is home, too.
pub(super) fn this_is_home(state: &mut State) {
    state.homes.extend(here(state));
    state.told_elsewhere = None;
}

/// Home is where an accepted update is known to lead: the network is learnt once, without being asked for.
pub(super) fn learn_home(state: &mut State, settings: &Settings) {
    if !settings.wants_home_lock() || !state.homes.is_empty() {
        return;
    }
    let Some(here) = here(state) else {
        return;
    };
    let leads_here = |entry: &Entry| {
        let at = state.entry(entry.id);
        let known = detected(settings, entry, state);
        !known.is_empty() && known.iter().all(|address| at.is_published(address))
    };
    if settings.enabled().any(leads_here) {
        state.homes.insert(here);
    }
}

/// A network that isn't home is told of once.
pub(super) fn tell_elsewhere(done: &mut Recorded, settings: &Settings) {
    if place(settings, &done.state) != Place::Elsewhere {
        return;
    }
    let Some(entry) = settings.enabled().next() else {
        return;
    };
    // A network without a gateway to know it by is one network, too.
    let here = here(&done.state).unwrap_or_else(|| NetworkId("-".to_owned()));
    if done.state.told_elsewhere.as_ref() != Some(&here) {
        done.state.told_elsewhere = Some(here);
        done.notices.push(Notice::of(entry, Cause::Elsewhere));
    }
}
