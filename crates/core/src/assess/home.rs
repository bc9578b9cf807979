//! The place of this machine: at home, or elsewhere, where nothing is published until the person says so.

use std::collections::BTreeSet;

use crate::settings::Settings;
use crate::state::{NetworkReading, State};
use crate::types::address::Family;
use crate::types::network::{Gateway, IdentityKind, NetworkId};

/// The place of this machine, as far as publishing depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HomeStatus {
    /// In a home network; also where the lock is off, or home isn't known yet.
    Home,
    /// In a network that isn't home.
    Elsewhere,
    /// Not known yet: there is no network, or the system may still learn its gateway's hardware address.
    #[default]
    Unclear,
    /// In a network that the system tells nothing of by which it could be compared with home's.
    Unrecognised,
}

/// The place of this machine.
pub fn home_status(settings: &Settings, state: &State) -> HomeStatus {
    if !settings.wants_home_lock() || state.homes.is_empty() {
        return HomeStatus::Home;
    }
    let Some(network) = state.network.network() else {
        // A network that can't be read counts as home; one that isn't read yet is waited for.
        return if state.network == NetworkReading::Unread { HomeStatus::Unclear } else { HomeStatus::Home };
    };
    match &network.gateway {
        Some(gateway) => compare(gateway, &state.homes),
        // A cable is out, a network is still coming up, or a VPN took the only route.
        None if Family::BOTH.into_iter().all(|family| !network.leaves_by_home(family)) => HomeStatus::Unclear,
        None if state.homes.contains(&NetworkId::none()) => HomeStatus::Home,
        None => HomeStatus::Elsewhere,
    }
}

/// Compares the gateway's identities with those of `homes`. Any that is home's is enough. That it is another network is
/// known only by the most reliable kind that home is known by: a home may have several routers with link-local addresses.
fn compare(gateway: &Gateway, homes: &BTreeSet<NetworkId>) -> HomeStatus {
    let is_home = |id: &NetworkId| homes.contains(id);
    let best = homes.iter().map(NetworkId::kind).min();
    if gateway.ids.iter().any(is_home) {
        HomeStatus::Home
    } else if gateway.ids.iter().any(|id| Some(id.kind()) == best) {
        HomeStatus::Elsewhere
    } else if gateway.is_resolving {
        HomeStatus::Unclear
    } else if gateway.ids.is_empty() && is_home(&NetworkId::none()) {
        HomeStatus::Home
    } else {
        HomeStatus::Unrecognised
    }
}

/// The number of home networks. One network may be known by an identity of each kind.
pub fn number_of_homes(state: &State) -> u32 {
    let of = |kind| state.homes.iter().filter(|id| id.kind() == kind).count();
    let by_address = of(IdentityKind::HardwareAddress).max(of(IdentityKind::LinkLocalAddress));
    let recognised = by_address.max(of(IdentityKind::DeviceName));
    u32::try_from(recognised + of(IdentityKind::None)).unwrap_or(u32::MAX)
}

/// True where this network has nothing by which it could be recognised later.
pub fn has_no_identity(state: &State) -> bool {
    let gateway = state.network.network().and_then(|network| network.gateway.as_ref());
    gateway.is_some_and(|gateway| gateway.ids.is_empty() && !gateway.is_resolving)
}
