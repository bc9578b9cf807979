//! The address of another device of the home: the home's IPv6 prefix, followed by the device's own part. The prefix is
//! believed as an address of this machine is: from the same sources, weighed in the same way.

use std::net::{IpAddr, Ipv6Addr};

use crate::observe::finding::{Basis, DeviceAddress, HoldReason, Outcome};
use crate::observe::observation::LookUpProblem;
use crate::observe::own_address::home_prefixes;
use crate::state::State;
use crate::state::source::SourceState;
use crate::types::address::{Family, PublicAddress};
use crate::types::interface_id::InterfaceId;
use crate::types::network::{Prefix, SHARED_BITS};
use crate::types::source::Source;

/// The outcome for `device`, given that for this machine, `own`; with the address and its parts, where the prefix is known.
pub(super) fn of_device(
    state: &State,
    device: InterfaceId,
    own: Outcome,
    is_sandboxed: bool,
) -> (Outcome, Option<DeviceAddress>) {
    let (address, believed) = match own {
        Outcome::Publish { address, .. } => (address, Ok(())),
        Outcome::Held { address: Some(address), hold } => (address, Err(hold)),
        Outcome::Held { address: None, .. }
        | Outcome::Unknown
        | Outcome::NoAddress
        | Outcome::Nothing { .. } => return (own, None),
    };
    let Some(made) = address_of(state, device, address, believed.is_ok(), is_sandboxed) else {
        let other = believed.err().filter(|hold| *hold != HoldReason::NoStableAddress);
        return (Outcome::Held { address: None, hold: other.unwrap_or(HoldReason::NoPrefix) }, None);
    };
    let outcome = match (PublicAddress::try_from(IpAddr::V6(made.address)), believed) {
        // Where this machine's addresses end soon, the prefix that was seen is still one that it has.
        (Ok(address), Ok(()) | Err(HoldReason::NoStableAddress)) => {
            Outcome::publish(address, Basis::HomePrefix)
        }
        (Ok(address), Err(hold)) => Outcome::held(address, hold),
        (Err(why), _) => {
            let why = LookUpProblem::Unpublishable { address: made.address.to_string(), why };
            Outcome::Nothing { why }
        }
    };
    (outcome, Some(made))
}

/// The device's address where the line's is `address`.
fn address_of(
    state: &State,
    device: InterfaceId,
    address: PublicAddress,
    is_believed: bool,
    is_sandboxed: bool,
) -> Option<DeviceAddress> {
    let IpAddr::V6(address) = address.ip() else { return None };
    let own = state.network.network().map(home_prefixes).unwrap_or_default();
    let router = state.sources.get(&Source::router(Family::Ipv6));
    let delegated = router.and_then(SourceState::confirmed_prefix);
    let of_line = Prefix::of(address, SHARED_BITS);
    let is_own = own.contains(&of_line);
    let prefix = if is_sandboxed {
        // This machine's own network has nothing to do with a simulated line.
        of_line
    } else if !is_own && !is_believed {
        return None;
    } else if device.names_network() {
        // A prefix that the line had before has nothing of it any more.
        let of_own = |prefix: &Prefix| own.iter().any(|own| prefix.contains(own.base));
        delegated.filter(|prefix| if is_own { prefix.contains(address) } else { of_own(prefix) })?
    } else if is_own {
        of_line
    } else {
        // A router may have an address outside the home's network. Then the only prefix counts that this machine has.
        let is_possible = |own: &Prefix| delegated.is_none_or(|prefix| prefix.contains(own.base));
        let mut possible = own.into_iter().filter(is_possible);
        let only = possible.next()?;
        possible.next().is_none().then_some(only)?
    };
    let address = device.address_in(prefix)?;
    Some(DeviceAddress {
        prefix,
        id: Ipv6Addr::from_bits(address.to_bits() ^ prefix.base.to_bits()),
        address,
    })
}
