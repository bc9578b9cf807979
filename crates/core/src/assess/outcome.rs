//! The outcome for one family, by the sources of an entry's addresses.

use std::net::IpAddr;

use super::agreement::{SourceAnswers, confirmed_by_a_second_look};
use super::device::of_device;
use super::home::HomeStatus;
use super::kind::Kind;
use crate::observe::finding::{Basis, DeviceAddress, HoldReason, Outcome};
use crate::observe::observation::Observation;
use crate::observe::own_address::{Tunnels, passing_address};
use crate::settings::{AddressFrom, Settings};
use crate::state::{NetworkReading, State};
use crate::types::address::{Family, PublicAddress};
use crate::types::source::{Origin, Source};

/// The outcome for `family` and entries of `kind`, where `asked` are the sources to ask; for another device with the parts
/// of its address. Away from home nothing is published.
pub(super) fn outcome(
    settings: &Settings,
    state: &State,
    home: HomeStatus,
    kind: Kind,
    family: Family,
    asked: &[Source],
) -> (Outcome, Option<DeviceAddress>) {
    let own = of_this_machine(settings, state, kind.from, family, asked);
    let (found, device) = match kind.device.filter(|_| family == Family::Ipv6) {
        Some(device) => {
            let is_sandboxed = matches!(kind.from, AddressFrom::Web | AddressFrom::WebAndRouter)
                && settings.is_sandboxed(family);
            of_device(state, device, own, is_sandboxed)
        }
        None => (own, None),
    };
    (at_home(state, home, asked, found), device)
}

/// The address of the line, or of this machine.
fn of_this_machine(
    settings: &Settings,
    state: &State,
    from: AddressFrom,
    family: Family,
    asked: &[Source],
) -> Outcome {
    match from {
        AddressFrom::Fixed(addresses) => match *addresses.get(family) {
            Some(address) => Outcome::publish(address, Basis::Fixed),
            None => Outcome::NoAddress,
        },
        AddressFrom::Interface => match state.observation(Source::interface(family)) {
            Some(Observation::NoAddress) => match passing(settings, state, family) {
                Some(address) => Outcome::held(address, HoldReason::NoStableAddress),
                None => Outcome::NoAddress,
            },
            Some(seen) => Outcome::of_one(seen, Basis::OwnInterface),
            None => Outcome::Unknown,
        },
        AddressFrom::Router => match state.reading(Source::router(family)) {
            Some(seen) => confirmed_by_a_second_look(seen),
            None => Outcome::Unknown,
        },
        AddressFrom::Web | AddressFrom::WebAndRouter => {
            SourceAnswers::of(settings, state, family, asked).outcome(settings)
        }
    }
}

/// Holds an address back that isn't home's.
fn at_home(state: &State, home: HomeStatus, asked: &[Source], found: Outcome) -> Outcome {
    let Outcome::Publish { address, .. } = found else {
        return found;
    };
    let hold = match home {
        HomeStatus::Home => return found,
        HomeStatus::Elsewhere | HomeStatus::Unrecognised if !is_of_this_network(state, asked) => {
            HoldReason::WhichNetwork
        }
        HomeStatus::Elsewhere if is_of_home_provider(state, address) => HoldReason::NewRouter,
        HomeStatus::Elsewhere => HoldReason::Elsewhere,
        HomeStatus::Unclear => HoldReason::WhichNetwork,
        HomeStatus::Unrecognised => HoldReason::Unrecognised,
    };
    Outcome::held(address, hold)
}

/// True where the most trusted source, and the router if it is asked, have answered since this machine has come into this
/// network: the address, and the router's name as a device, are this network's.
fn is_of_this_network(state: &State, asked: &[Source]) -> bool {
    let NetworkReading::Read { since, .. } = state.network else {
        return true;
    };
    let answered = |source: &Source| state.reading(*source).is_some_and(|reading| reading.at >= since);
    let is_router = |source: &&Source| source.origin == Origin::Router;
    asked.first().is_none_or(answered) && asked.iter().filter(is_router).all(answered)
}

/// True where `address` looks like one of the provider that the published addresses are of: then this may be home with a
/// new router. Large providers have IPv4 addresses by the ten thousands, and all of them IPv6 prefixes of 32 bits or
/// shorter (RIPE-738, section 5.1).
fn is_of_home_provider(state: &State, address: PublicAddress) -> bool {
    state.held_addresses().into_iter().any(|held| match (held.ip(), address.ip()) {
        (IpAddr::V4(held), IpAddr::V4(address)) => held.octets()[..2] == address.octets()[..2],
        (IpAddr::V6(held), IpAddr::V6(address)) => held.octets()[..4] == address.octets()[..4],
        _ => false,
    })
}

/// This machine's public address of `family` where all that it has is temporary or deprecated.
fn passing(settings: &Settings, state: &State, family: Family) -> Option<PublicAddress> {
    passing_address(state.network.network()?, family, Tunnels::counted(settings.publish_vpn))
}
