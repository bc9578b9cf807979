//! Network changes, reports of the router and wakes from sleep: after a debounce time the sources are asked again.

use jiff::{SignedDuration, Timestamp};

use crate::observe::observation::{LookUpProblem, Observation};
use crate::observe::own_address::{Tunnels, observe, own_address};
use crate::settings::Settings;
use crate::state::{NetworkReading, State};
use crate::types::address::Family;
use crate::types::backoff::{LONGEST_BURST, debounce_time};
use crate::types::network::Network;
use crate::types::source::Source;

/// The span in which bursts are counted.
const BURST_SPAN: SignedDuration = SignedDuration::from_mins(10);
/// The most bursts that are counted.
const MOST_BURSTS: usize = 20;

/// The effect of a network change on this machine's stable public addresses.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// There is one more, such as that of a prefix that comes back.
    Gain,
    /// There is none more, or nobody knows.
    Other,
}

/// Asks all sources again once the burst is over. Answers under way are superseded, because they may be about the
/// time before. An address that comes doesn't wait for what flaps beside it.
pub(super) fn debounce(state: &mut State, change: Change, now: Timestamp) {
    let debounce = &mut state.debounce;
    let is_same_burst = debounce.until.is_some_and(|until| now < until);
    if !is_same_burst {
        debounce.began = Some(now);
        note_burst(&mut debounce.recent, now);
    }
    let bursts = match change {
        Change::Gain => {
            let is_counted = debounce.gains.last().copied() >= debounce.began;
            if !is_counted {
                // It ends what waited before it.
                debounce.began = Some(now);
                note_burst(&mut debounce.gains, now);
            }
            debounce.gains.len()
        }
        Change::Other => debounce.recent.len(),
    };
    let quiet = debounce_time(bursts);
    let latest = debounce.began.unwrap_or(now) + LONGEST_BURST.max(quiet);
    let until = (now + quiet).min(latest);
    debounce.until = Some(until);
    for source in state.sources.values_mut() {
        source.next = Some(until);
        source.failures = 0;
        source.superseded = source.asked.is_some();
        source.was_there = false;
    }
}

fn note_burst(bursts: &mut Vec<Timestamp>, now: Timestamp) {
    bursts.retain(|then| *then <= now && *then + BURST_SPAN > now);
    bursts.push(now);
    let surplus = bursts.len().saturating_sub(MOST_BURSTS);
    bursts.drain(..surplus);
}

/// The longest debounce time.
pub(super) fn longest_debounce() -> SignedDuration {
    debounce_time(MOST_BURSTS).max(LONGEST_BURST)
}

/// Notes a reading of this machine's network.
pub(super) fn network_seen(state: &mut State, settings: &Settings, seen: Option<Network>, now: Timestamp) {
    let before = std::mem::take(&mut state.network);
    let seen = seen.map(Network::that_matters);
    let is_first = before == NetworkReading::Unread;
    let differs = !is_first && !is_alike(before.network(), seen.as_ref());
    let since = match &before {
        NetworkReading::Read { since, .. } if !differs => *since,
        _ => now,
    };
    state.network =
        seen.map_or(NetworkReading::Unreadable, |network| NetworkReading::Read { network, since });
    own_addresses_seen(state, settings, now);
    if differs {
        let change = if gains_address(before.network(), state.network.network()) {
            Change::Gain
        } else {
            Change::Other
        };
        debounce(state, change, now);
    }
}

/// True when `after` has a stable public address that `before` didn't have.
fn gains_address(before: Option<&Network>, after: Option<&Network>) -> bool {
    let stable = |network: &Network, family| own_address(network, family, Tunnels::PassedOver);
    let (Some(before), Some(after)) = (before, after) else {
        return false;
    };
    Family::BOTH.into_iter().any(|family| {
        let had = stable(before, family);
        stable(after, family).iter().any(|address| !had.contains(address))
    })
}

/// True when no address can have changed between two readings. A gateway whose hardware address became known, or
/// unknown, is still the same.
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

/// Notes the answers of the interfaces, which are part of each reading.
pub(super) fn own_addresses_seen(state: &mut State, settings: &Settings, now: Timestamp) {
    let tunnels = Tunnels::counted(settings.publish_vpn);
    for family in Family::BOTH {
        let seen = match &state.network {
            NetworkReading::Unread => continue,
            NetworkReading::Unreadable => Observation::Unavailable { why: LookUpProblem::Interfaces },
            NetworkReading::Read { network, .. } => observe(network, family, tunnels),
        };
        state.sources.entry(Source::interface(family)).or_default().note(seen, now);
    }
}
