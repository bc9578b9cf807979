//! The second address translation: what it means that the router names no public IPv4 address although the internet is
//! reached. All that follows from it is decided here: whether an address is published or held back, and whether the person is
//! asked. What people are told of the network has the same three cases.

use std::net::{IpAddr, Ipv4Addr};

use super::finding::{Basis, HoldReason, Outcome};
use super::observation::{LookUpProblem, Observation};
use crate::types::address::{PublicAddress, Unpublishable};

/// Who translates addresses beyond the router.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondNat {
    /// Another router of the home (double NAT). Others reach the home if that one lets them.
    Home,
    /// The provider, who shares the address between customers: carrier NAT (RFC 6598) or DS-Lite (RFC 6333). Others don't
    /// reach the home.
    Provider,
    /// One of the two: the router keeps its address for itself, and nothing else tells.
    EitherOfThem,
}

impl SecondNat {
    /// The second address translation that a router's answer about IPv4 tells of; none where it tells of none. `web` is the
    /// address that a web resolver reports.
    pub fn told_by(router: &Observation, web: Option<PublicAddress>) -> Option<Self> {
        let why = match router {
            Observation::Known { .. } => return None,
            Observation::NoAddress => return Some(SecondNat::Provider),
            Observation::Unavailable { why } => why,
        };
        match why {
            LookUpProblem::DsLite => Some(SecondNat::Provider),
            LookUpProblem::AddressKept { next, outer } => Some(match (outer, next) {
                (Some(outer), _) if is_carriers(*outer) => SecondNat::Provider,
                // It is the box of which the internet sees the address.
                (Some(outer), _) if web.map(PublicAddress::ip) == Some(IpAddr::V4(*outer)) => SecondNat::Home,
                (_, Some(next)) => SecondNat::before(*next),
                (_, None) => SecondNat::EitherOfThem,
            }),
            LookUpProblem::Unpublishable { why, .. } => match why {
                Unpublishable::Private => Some(SecondNat::Home),
                Unpublishable::Shared | Unpublishable::Reserved | Unpublishable::Unspecified => {
                    Some(SecondNat::Provider)
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// The one before the next box on the way to the internet: homes use `192.168.0.0/16` and providers don't;
    /// `100.64.0.0/10` is the provider's alone. Both use `10.0.0.0/8` and `172.16.0.0/12`.
    fn before(next: Ipv4Addr) -> Self {
        match next.octets() {
            [192, 168, ..] => SecondNat::Home,
            _ if is_carriers(next) => SecondNat::Provider,
            _ => SecondNat::EitherOfThem,
        }
    }

    /// The outcome for the address that a web resolver reports, which the translator beyond the router has.
    pub fn outcome(self, address: PublicAddress, is_sharing_allowed: bool) -> Outcome {
        match self.hold() {
            None => Outcome::publish(address, Basis::DoubleNat),
            Some(_) if is_sharing_allowed => Outcome::publish(address, Basis::Allowed),
            Some(hold) => Outcome::held(address, hold),
        }
    }

    /// The reason for which its address is held back unless the settings allow it.
    fn hold(self) -> Option<HoldReason> {
        match self {
            SecondNat::Home => None,
            SecondNat::Provider => Some(HoldReason::Shared),
            SecondNat::EitherOfThem => Some(HoldReason::AddressKept),
        }
    }

    /// True where an address is held back for a reason that only the person can tell.
    pub fn is_asked_about(outcome: &Outcome) -> bool {
        outcome.hold().is_some() && outcome.hold() == SecondNat::EitherOfThem.hold()
    }
}

/// True for the block between customers and carrier NAT, which nothing else may use (RFC 6598).
fn is_carriers(address: Ipv4Addr) -> bool {
    matches!(address.octets(), [100, 64..=127, ..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fails(why: LookUpProblem) -> Observation {
        Observation::Unavailable { why }
    }

    fn has(why: Unpublishable) -> Observation {
        fails(LookUpProblem::Unpublishable { address: String::new(), why })
    }

    fn kept(next: Option<[u8; 4]>) -> Observation {
        fails(LookUpProblem::AddressKept { next: next.map(Into::into), outer: None })
    }

    fn behind(next: [u8; 4], outer: [u8; 4]) -> Observation {
        fails(LookUpProblem::AddressKept { next: Some(next.into()), outer: Some(outer.into()) })
    }

    #[test]
    fn every_answer_of_a_router_tells_of_one_second_translation_at_most() {
        let address =
            PublicAddress::try_from(std::net::IpAddr::from([84, 160, 12, 7])).expect("a public one");
        for (router, told) in [
            (Observation::Known { address }, None),
            (fails(LookUpProblem::NoRouter), None),
            (fails(LookUpProblem::FritzBoxSilent), None),
            (fails(LookUpProblem::Unreachable), None),
            (has(Unpublishable::Loopback), None),
            (has(Unpublishable::Private), Some(SecondNat::Home)),
            (has(Unpublishable::Shared), Some(SecondNat::Provider)),
            (Observation::NoAddress, Some(SecondNat::Provider)),
            (fails(LookUpProblem::DsLite), Some(SecondNat::Provider)),
            (kept(None), Some(SecondNat::EitherOfThem)),
            (kept(Some([192, 168, 0, 1])), Some(SecondNat::Home)),
            (kept(Some([100, 64, 0, 1])), Some(SecondNat::Provider)),
            (kept(Some([100, 128, 0, 1])), Some(SecondNat::EitherOfThem)),
            (kept(Some([10, 0, 0, 1])), Some(SecondNat::EitherOfThem)),
            (kept(Some([172, 16, 0, 1])), Some(SecondNat::EitherOfThem)),
            (kept(Some([62, 155, 0, 1])), Some(SecondNat::EitherOfThem)),
            // What the next box tells counts where it fits what the internet sees, or can only be a carrier's.
            (behind([10, 0, 0, 1], [84, 160, 12, 7]), Some(SecondNat::Home)),
            (behind([10, 0, 0, 1], [84, 160, 12, 8]), Some(SecondNat::EitherOfThem)),
            (behind([10, 0, 0, 1], [10, 9, 9, 9]), Some(SecondNat::EitherOfThem)),
            (behind([10, 0, 0, 1], [100, 64, 3, 4]), Some(SecondNat::Provider)),
            (behind([192, 168, 0, 1], [84, 160, 12, 8]), Some(SecondNat::Home)),
            (behind([192, 168, 0, 1], [100, 64, 3, 4]), Some(SecondNat::Provider)),
        ] {
            assert_eq!(SecondNat::told_by(&router, Some(address)), told, "{router:?}");
        }
        let unknown = behind([10, 0, 0, 1], [84, 160, 12, 7]);
        assert_eq!(SecondNat::told_by(&unknown, None), Some(SecondNat::EitherOfThem));
    }

    #[test]
    fn the_person_is_asked_only_about_what_is_held_back_and_may_be_either() {
        let address =
            PublicAddress::try_from(std::net::IpAddr::from([84, 160, 12, 7])).expect("a public one");
        for (nat, is_allowed, is_asked) in [
            (SecondNat::Home, false, false),
            (SecondNat::Provider, false, false),
            (SecondNat::EitherOfThem, false, true),
            (SecondNat::EitherOfThem, true, false),
        ] {
            let outcome = nat.outcome(address, is_allowed);
            assert_eq!(SecondNat::is_asked_about(&outcome), is_asked, "{nat:?} {is_allowed}");
        }
    }
}
