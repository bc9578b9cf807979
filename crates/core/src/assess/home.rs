//! Where this machine is: at home, or elsewhere, where nothing is published until the person says so.

use crate::settings::Settings;
use crate::state::{NetworkReading, State};
use crate::types::address::Family;

/// Where this machine is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HomeStatus {
    /// In a home network, or the lock is off, or home isn't known yet.
    Home,
    /// In a network that isn't home.
    Elsewhere,
    /// There is no network to know it by, or its gateway's hardware address isn't known yet.
    #[default]
    Unclear,
}

/// Where this machine is, as far as publishing depends on it.
pub fn home_status(settings: &Settings, state: &State) -> HomeStatus {
    if !settings.wants_home_lock() || state.homes.is_empty() {
        return HomeStatus::Home;
    }
    let Some(network) = state.network.network() else {
        // Without a reading there is nothing to go by; with one to come there is.
        return if state.network == NetworkReading::Unread { HomeStatus::Unclear } else { HomeStatus::Home };
    };
    match &network.gateway {
        Some(gateway) => match &gateway.id {
            Some(id) if state.homes.contains(id) => HomeStatus::Home,
            Some(_) => HomeStatus::Elsewhere,
            None => HomeStatus::Unclear,
        },
        // A cable that is out, a network that is still coming, or a VPN that took the only route away.
        None if Family::BOTH.into_iter().all(|family| !network.leaves_by_home(family)) => HomeStatus::Unclear,
        None => HomeStatus::Elsewhere,
    }
}
