//! Where this machine is: at home, or elsewhere, where nothing is published until the person says so.

use crate::address::Family;
use crate::settings::Settings;
use crate::state::{Reading, State};

/// Where this machine is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a home network, or the lock is off, or home isn't known yet.
    Home,
    /// In a network that isn't home.
    Elsewhere,
    /// There is no network to know it by, or its gateway's hardware address isn't known yet.
    Unclear,
}

/// Where this machine is, as far as publishing depends on it.
pub fn place(settings: &Settings, state: &State) -> Place {
    if !settings.wants_home_lock() || state.homes.is_empty() {
        return Place::Home;
    }
    let Some(network) = state.network.network() else {
        // Without a reading there is nothing to go by; with one to come there is.
        return if state.network == Reading::Unread { Place::Unclear } else { Place::Home };
    };
    match &network.gateway {
        Some(gateway) => match &gateway.id {
            Some(id) if state.homes.contains(id) => Place::Home,
            Some(_) => Place::Elsewhere,
            None => Place::Unclear,
        },
        // A cable that is out, a network that is still coming, or a VPN that took the only route away.
        None if Family::BOTH.into_iter().all(|family| !network.leaves_by_home(family)) => Place::Unclear,
        None => Place::Elsewhere,
    }
}
