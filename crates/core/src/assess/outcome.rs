//! The outcome for one family, by the sources of an entry's addresses.

use super::agreement::{SourceAnswers, confirmed_by_a_second_look};
use super::home::HomeStatus;
use crate::observe::finding::{Basis, HoldReason, Outcome};
use crate::observe::observation::Observation;
use crate::observe::own_address::{Tunnels, passing_address};
use crate::settings::{AddressFrom, Settings};
use crate::state::State;
use crate::types::address::{Family, PublicAddress};
use crate::types::source::Source;

/// The outcome for `family` where addresses come from `from` and `asked` are the sources to ask. Away from home
/// nothing is published.
pub(super) fn outcome(
    settings: &Settings,
    state: &State,
    home: HomeStatus,
    from: AddressFrom,
    family: Family,
    asked: &[Source],
) -> Outcome {
    let found = match from {
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
    };
    match (&found, home) {
        (Outcome::Publish { address, .. }, HomeStatus::Elsewhere) => {
            Outcome::held(*address, HoldReason::Elsewhere)
        }
        (Outcome::Publish { address, .. }, HomeStatus::Unclear) => {
            Outcome::held(*address, HoldReason::WhichNetwork)
        }
        _ => found,
    }
}

/// This machine's public address of `family` where all that it has is temporary or deprecated.
fn passing(settings: &Settings, state: &State, family: Family) -> Option<PublicAddress> {
    passing_address(state.network.network()?, family, Tunnels::counted(settings.publish_vpn))
}
