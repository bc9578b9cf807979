//! The explanation of an outcome: each source's report, and its weight.

use std::net::IpAddr;

use super::agreement::is_backwards;
use crate::observe::finding::{Basis, DeviceAddress, Explanation, HoldReason, Outcome, SourceReport, Weight};
use crate::observe::observation::Observation;
use crate::settings::{AddressFrom, Settings};
use crate::state::State;
use crate::state::source::SourceReading;
use crate::types::address::{Family, PublicAddress};
use crate::types::source::Source;

/// Explains `outcome` by the reports of the sources that were `asked`, and of this machine's interfaces where they
/// count.
pub(super) fn explain(
    settings: &Settings,
    state: &State,
    from: AddressFrom,
    family: Family,
    asked: &[Source],
    outcome: Outcome,
    device: Option<DeviceAddress>,
) -> Explanation {
    let own = own_counts(settings, from, family).then_some(Source::interface(family));
    let mut taken = false;
    let said = asked.iter().copied().chain(own).filter_map(|source| {
        let SourceReading { observation, at, .. } = state.reading(source)?;
        let weight = match weight(observation, &outcome, device) {
            Weight::Taken if std::mem::replace(&mut taken, true) => Weight::Agrees,
            weight => weight,
        };
        let host = settings.resolver(source).map(|resolver| resolver.authority().to_owned());
        Some(SourceReport { origin: source.origin, host, observation: observation.clone(), at: *at, weight })
    });
    let mut said: Vec<SourceReport> = said.collect();
    let is_of_device = matches!(outcome, Outcome::Publish { basis: Basis::HomePrefix, .. });
    if is_of_device && said.iter().all(|report| report.weight != Weight::Taken) {
        // A router has its own address outside the home's prefix.
        let known = |report: &&mut SourceReport| matches!(report.observation, Observation::Known { .. });
        if let Some(believed) = said.iter_mut().find(known) {
            believed.weight = Weight::Taken;
        }
    }
    Explanation { family, said, outcome, kept: None, device }
}

/// True where this machine's own addresses are part of the explanation. They have nothing to do with a sandboxed
/// line.
fn own_counts(settings: &Settings, from: AddressFrom, family: Family) -> bool {
    match from {
        AddressFrom::Interface => true,
        AddressFrom::Web | AddressFrom::WebAndRouter => {
            family == Family::Ipv6 && !settings.is_sandboxed(family)
        }
        AddressFrom::Router | AddressFrom::Fixed(_) => false,
    }
}

fn weight(seen: &Observation, outcome: &Outcome, device: Option<DeviceAddress>) -> Weight {
    // Another device's address is taken from a report by its prefix.
    let is_it = |chosen: &PublicAddress| match (seen, device) {
        (Observation::Known { address }, None) => address == chosen,
        (Observation::Known { address }, Some(device)) => {
            matches!(address.ip(), IpAddr::V6(address) if device.prefix.contains(address))
        }
        (Observation::NoAddress | Observation::Unavailable { .. }, _) => false,
    };
    match (seen, outcome) {
        (Observation::Known { .. }, Outcome::Publish { address, .. }) if is_it(address) => Weight::Taken,
        (Observation::Known { address: said }, Outcome::Publish { address, basis: Basis::TwoSources })
            if is_backwards(*said, *address) =>
        {
            Weight::Agrees
        }
        // Of sources that contradict each other, none counts as right.
        (Observation::Known { .. }, Outcome::Held { address: Some(held), hold })
            if is_it(held) && *hold != HoldReason::Conflict =>
        {
            Weight::Agrees
        }
        (Observation::Known { .. }, _) => Weight::Differs,
        (Observation::NoAddress | Observation::Unavailable { .. }, _) => Weight::Unused,
    }
}
