//! Answers of sources, in the form that the state keeps.

use std::net::IpAddr;

use dyntray_core::observe::finding::{Basis, HoldReason, Outcome};
use dyntray_core::observe::observation::{LookUpProblem, Observation};
use dyntray_core::protocol::retryable::RetryableError;
use dyntray_core::settings::form::{AddressChoice, EntryForm, Form, check};
use dyntray_core::settings::{Records, Settings};
use dyntray_core::state::entry::RetryState;
use dyntray_core::state::source::{SourceReading, SourceState};
use dyntray_core::state::{NetworkReading, State};
use dyntray_core::types::address::{Family, PerFamily, PublicAddress, Unpublishable};
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::network::{
    AddressLife, Gateway, Interface, InterfaceKind, LocalAddress, Network, NetworkId,
};
use dyntray_core::types::source::Source;
use jiff::{SignedDuration, Timestamp};

pub const NOW: Timestamp = Timestamp::constant(1_800_000_000, 0);

/// An answer, and its age in seconds.
pub struct Told {
    pub by: Source,
    pub what: Observation,
    pub ago: i64,
    pub looks: u32,
}

pub fn address(text: &str) -> PublicAddress {
    PublicAddress::try_from(text.parse::<IpAddr>().expect("an address")).expect("a public one")
}

pub fn known(text: &str) -> Observation {
    Observation::Known { address: address(text) }
}

pub fn fails(why: LookUpProblem) -> Observation {
    Observation::Unavailable { why }
}

pub fn unpublishable(text: &str, why: Unpublishable) -> Observation {
    fails(LookUpProblem::Unpublishable { address: text.to_owned(), why })
}

pub fn publish(text: &str, basis: Basis) -> Outcome {
    Outcome::publish(address(text), basis)
}

pub fn held(text: &str, hold: HoldReason) -> Outcome {
    Outcome::held(address(text), hold)
}

/// An answer given once, just now.
pub fn told(by: Source, what: Observation) -> Told {
    Told { by, what, ago: 0, looks: 1 }
}

pub const WEB4: Source = Source::web_resolver(Family::Ipv4);
pub const WEB6: Source = Source::web_resolver(Family::Ipv6);
pub const ROUTER4: Source = Source::router(Family::Ipv4);
pub const ROUTER6: Source = Source::router(Family::Ipv6);

pub const fn further(number: u8) -> Source {
    Source::fall_back(number, Family::Ipv4)
}

/// Settings of one entry.
pub fn settings(from: AddressChoice, protocol: Records, change: impl FnOnce(&mut Form)) -> Settings {
    let entry = EntryForm {
        id: Some(EntryId(1)),
        hostname: "home.spdns.de".to_owned(),
        address_from: from,
        protocol,
        fixed_ipv4: "84.160.12.9".to_owned(),
        ..EntryForm::default()
    };
    let mut form = Form { entries: vec![entry], ..Form::default() };
    change(&mut form);
    check(&form).expect("a valid form")
}

/// A state with these answers and this machine's own network.
pub fn state(told: Vec<Told>, network: NetworkReading) -> State {
    let mut state = State { seed: 7, network, ..State::default() };
    for Told { by, what, ago, looks } in told {
        let at = NOW - SignedDuration::from_secs(ago);
        let since = at - SignedDuration::from_secs(if looks > 1 { 10 } else { 0 });
        let last = Some(SourceReading { observation: what, at, since, looks });
        state.sources.insert(by, SourceState { last, ..SourceState::default() });
    }
    state
}

pub fn read(network: Network) -> NetworkReading {
    NetworkReading::Read { network, since: NOW - SignedDuration::from_hours(1) }
}

/// The state of an address, and whether it is temporary.
pub type Life = (AddressLife, bool);
pub const STABLE: Life = (AddressLife::Preferred, false);
pub const TEMPORARY: Life = (AddressLife::Preferred, true);
pub const DEPRECATED: Life = (AddressLife::Deprecated, false);
pub const DEPRECATED_TEMPORARY: Life = (AddressLife::Deprecated, true);

/// One network card with these addresses; packets leave from the first of each family.
pub fn network(addresses: &[(&str, Life)]) -> Network {
    let addresses: Vec<LocalAddress> = addresses
        .iter()
        .map(|(text, (life, is_temporary))| {
            let address: IpAddr = text.parse().expect("an address");
            let prefix_length = if address.is_ipv4() { 24 } else { 64 };
            LocalAddress { address, prefix_length, life: *life, is_temporary: *is_temporary }
        })
        .collect();
    let of = |family| addresses.iter().map(|at| at.address).find(|address| Family::of(*address) == family);
    let outgoing = PerFamily::from_fn(of);
    let gateway = Gateway {
        addresses: PerFamily { ipv4: "192.168.178.1".parse().ok(), ipv6: None },
        ids: vec![NetworkId("home".to_owned())],
        is_resolving: false,
    };
    let interfaces = vec![Interface { name: "eth0".to_owned(), kind: InterfaceKind::Lan, addresses }];
    Network { interfaces, outgoing, gateway: Some(gateway) }
}

/// A network card at home: a private IPv4 address and a stable public IPv6 one.
pub fn home() -> Network {
    network(&[("192.168.178.20", STABLE), ("2003:e1::20", STABLE)])
}

/// A first failure, just now; the next try is at `retry_at`.
pub fn failure(error: RetryableError, retry_at: Timestamp) -> RetryState {
    RetryState { error, failures: 1, since: NOW, last: NOW, retry_at, told: false, told_keyring: false }
}
