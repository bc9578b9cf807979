//! Network changes, reports of the router and wakes from sleep: after a debounce time the sources are asked again.

use jiff::{SignedDuration, Timestamp};

use super::unsent;
use crate::observe::observation::{LookUpProblem, Observation};
use crate::observe::own_address::{Kept, Tunnels, observe, own_address};
use crate::settings::Settings;
use crate::state::{NetworkReading, State};
use crate::types::address::Family;
use crate::types::backoff::{LONGEST_BURST, UNDISTURBED, debounce_time};
use crate::types::moment::Moment;
use crate::types::network::{IdentityKind, Interface, Network, NetworkId};
use crate::types::source::Source;

/// The span in which bursts are counted.
const BURST_SPAN: SignedDuration = SignedDuration::from_mins(10);
/// The number of a source's answers in a row that may be lost because the network changed while it was asked.
const MOST_LOST: u32 = 3;
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

/// The way out of this machine, before and after a change.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum WayOut {
    /// Still the same gateway and interfaces, or nobody knows of another: an answer under way is about this line.
    Same,
    /// Another one: an answer under way may be a café's or a VPN's.
    Another,
}

/// Asks all sources again once the burst is over. Answers under way are superseded, because they may be about the
/// time before. An address that comes doesn't wait for what flaps beside it.
///
/// Where the network doesn't settle, what began after a long quiet time is finished first: otherwise changes that come
/// more often than a look-up takes would leave the address unknown for ever.
pub(super) fn debounce(state: &mut State, change: Change, way_out: WayOut, now: Timestamp) {
    if let Some(end) = state.undisturbed_until(now).filter(|_| way_out == WayOut::Same && is_busy(state)) {
        note(state, end, now);
        return;
    }
    for source in state.sources.values_mut().filter(|source| source.asked.is_some() && !source.superseded) {
        source.lost = source.lost.saturating_add(1);
    }
    let is_restless = is_restless(state);
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
    let latest = debounce.began.unwrap_or(now).later(LONGEST_BURST.max(quiet));
    let until = now.later(quiet).min(latest);
    debounce.until = Some(until);
    debounce.undisturbed_until = (is_restless || debounce.is_restless()).then(|| until.later(UNDISTURBED));
    for source in state.sources.values_mut() {
        source.next = Some(until);
        source.failures = 0;
        source.superseded = source.asked.is_some();
        source.was_there = false;
    }
    unsent::bring_forward(state, until);
}

/// True where the network changes so often that bursts are waited out for long, or that no answer of a source counts.
fn is_restless(state: &State) -> bool {
    state.debounce.is_restless() || state.sources.values().any(|source| source.lost >= MOST_LOST)
}

/// True while a source is asked or a request is under way.
fn is_busy(state: &State) -> bool {
    let asks = state.sources.values().any(|source| source.asked.is_some() && !source.superseded);
    asks || state.entries.values().any(|at| at.in_flight.is_some())
}

/// Notes a change that is followed only at `end`.
fn note(state: &mut State, end: Timestamp, now: Timestamp) {
    for source in state.sources.values_mut() {
        if source.asked.is_some() {
            source.changed_meanwhile = true;
        } else {
            source.next = source.next.map(|next| next.min(end));
        }
    }
    unsent::bring_forward(state, now);
}

/// Ends the debounce time, because a person wants to know now. Later changes are followed as on a quiet day.
pub(super) fn settle(state: &mut State, now: Timestamp) {
    let is_settling = state.debounced_until(now).is_some();
    let is_restless = is_restless(state);
    let debounce = &mut state.debounce;
    if is_restless {
        debounce.undisturbed_until = Some(now.later(UNDISTURBED));
    }
    debounce.recent.clear();
    debounce.gains.clear();
    if is_settling {
        debounce.until = None;
        // All that they told is about the time before.
        state.sources.values_mut().for_each(|source| source.next = None);
    }
}

fn note_burst(bursts: &mut Vec<Timestamp>, now: Timestamp) {
    bursts.retain(|then| *then <= now && then.later(BURST_SPAN) > now);
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
    let mut seen = seen.map(Network::that_matters);
    let is_first = before == NetworkReading::Unread;
    let differs = !is_first && !is_alike(before.network(), seen.as_ref());
    if !differs {
        keep_device_name(before.network(), seen.as_mut());
    }
    let way_out = way_out(before.network(), seen.as_ref());
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
        debounce(state, change, way_out, now);
    }
}

/// Keeps the router's name as a device, which the system's tables don't have.
fn keep_device_name(before: Option<&Network>, seen: Option<&mut Network>) {
    let before = before.and_then(|network| network.gateway.as_ref());
    let after = seen.and_then(|network| network.gateway.as_mut());
    let Some((before, after)) = before.zip(after) else {
        return;
    };
    let name = before.ids.iter().find(|id| id.kind() == IdentityKind::DeviceName);
    if let Some(name) = name {
        after.learn(name.clone());
    }
}

/// Notes the router's name as a device.
pub(super) fn identity_told(state: &mut State, id: NetworkId) {
    if let NetworkReading::Read { network: Network { gateway: Some(gateway), .. }, .. } = &mut state.network {
        gateway.learn(id);
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
        (Some(a), Some(b)) => a.addresses == b.addresses && a.may_be(b),
        (a, b) => a == b,
    };
    gateways
        && is_alike_in_any_order(&before.interfaces, &after.interfaces)
        && before.outgoing == after.outgoing
}

/// True when the same interfaces have the same addresses, whatever the order in which the system lists them.
fn is_alike_in_any_order(before: &[Interface], after: &[Interface]) -> bool {
    let is_same = |a: &Interface, b: &Interface| {
        (&a.name, a.kind) == (&b.name, b.kind)
            && a.addresses.len() == b.addresses.len()
            && a.addresses.iter().all(|address| b.addresses.contains(address))
    };
    before.len() == after.len() && before.iter().all(|a| after.iter().any(|b| is_same(a, b)))
}

/// Compares the ways out of two readings.
fn way_out(before: Option<&Network>, after: Option<&Network>) -> WayOut {
    let (Some(before), Some(after)) = (before, after) else {
        return WayOut::Another;
    };
    let interface = |network: &Network, family| {
        network.way_out(family).map(|interface| (interface.name.clone(), interface.kind))
    };
    let is_same_interface = |family| interface(before, family) == interface(after, family);
    let is_same_gateway = match (&before.gateway, &after.gateway) {
        (Some(before), Some(after)) => before.ids.iter().eq(&after.ids),
        (before, after) => before.is_none() && after.is_none(),
    };
    let is_same = is_same_gateway && Family::BOTH.into_iter().all(is_same_interface);
    if is_same { WayOut::Same } else { WayOut::Another }
}

/// Notes the answers of the interfaces, which are part of each reading.
pub(super) fn own_addresses_seen(state: &mut State, settings: &Settings, now: Timestamp) {
    let tunnels = Tunnels::counted(settings.publish_vpn);
    let held = state.held_addresses();
    for family in Family::BOTH {
        let seen = match &state.network {
            NetworkReading::Unread => continue,
            NetworkReading::Unreadable => Observation::Unavailable { why: LookUpProblem::Interfaces },
            NetworkReading::Read { network, .. } => {
                let before = match state.observation(Source::interface(family)) {
                    Some(Observation::Known { address }) => Some(*address),
                    _ => None,
                };
                observe(network, family, tunnels, &Kept { held: &held, before })
            }
        };
        state.sources.entry(Source::interface(family)).or_default().note(seen, now);
    }
}
