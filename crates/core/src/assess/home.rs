//! The place of this machine: at home, or elsewhere, where nothing is published until the person says so.

use crate::settings::Settings;
use crate::state::{NetworkReading, State};
use crate::types::address::Family;

/// The place of this machine, as far as publishing depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HomeStatus {
    /// In a home network; also where the lock is off, or home isn't known yet.
    Home,
    /// In a network that isn't home.
    Elsewhere,
    /// Not known: there is no network, or its gateway's hardware address isn't known yet.
    #[default]
    Unclear,
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
        Some(gateway) => match &gateway.id {
            Some(id) if state.homes.contains(id) => HomeStatus::Home,
            Some(_) => HomeStatus::Elsewhere,
            None => HomeStatus::Unclear,
        },
        // A cable is out, a network is still coming up, or a VPN took the only route.
        None if Family::BOTH.into_iter().all(|family| !network.leaves_by_home(family)) => HomeStatus::Unclear,
        None => HomeStatus::Elsewhere,
    }
}
