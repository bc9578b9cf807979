//! Resolves a web resolver's name with the system's resolver, and says what it means when that leads nowhere.
//!
//! The system reports failures of name resolution in words only, so they are told apart by what else is known:
//! whether this machine has a way out at all. Asking that sends nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::Duration;

use dyntray_core::observe::observation::{LookUpProblem, Observation};
use dyntray_core::types::address::{Family, PerFamily};
use reqwest::Url;
use tokio::net::lookup_host;
use tokio::time::timeout;

/// The system's own patience ends between 5 and 30 seconds, as it is set up.
const LIMIT: Duration = Duration::from_secs(10);

/// Where a web resolver is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Resolution {
    /// At the address that its URL has, without a name to resolve.
    AsWritten,
    /// At these addresses of both families, with the port to ask at; at least one.
    Found {
        /// The name they belong to.
        domain: String,
        /// The addresses.
        addresses: Vec<SocketAddr>,
    },
    /// Nobody knows: its name can't be resolved.
    NotFound,
}

/// Whether packets of a family would find a way out of this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WayOut {
    /// There is a route.
    Open,
    /// There is none.
    None,
}

/// Resolves the name in `url`. Takes at most ten seconds.
pub(super) async fn find(url: &Url) -> Resolution {
    let (Some(domain), Some(port)) = (url.domain(), url.port_or_known_default()) else {
        return Resolution::AsWritten;
    };
    match timeout(LIMIT, lookup_host((domain, port))).await {
        Ok(Ok(addresses)) => {
            let addresses: Vec<_> = addresses.collect();
            if addresses.is_empty() {
                return Resolution::NotFound;
            }
            Resolution::Found { domain: domain.to_owned(), addresses }
        }
        Ok(Err(error)) => {
            tracing::debug!(domain, %error, "a name can't be resolved");
            Resolution::NotFound
        }
        Err(_) => Resolution::NotFound,
    }
}

/// What it means that `place` has no address of `family`; none where it has one and can be asked.
///
/// - No way out over IPv6, though there is one over IPv4: this line has no IPv6 address. The same as when a
///   connection fails for want of a route; several systems don't even ask for AAAA records then.
/// - No way out at all: offline, [`LookUpProblem::Unreachable`].
/// - The name can't be resolved: [`LookUpProblem::NameNotFound`].
/// - It has addresses of the other family only: the service, or a filter on the way, lacks this one. It can't be
///   reached over `family`, which says nothing of our own address: [`LookUpProblem::Unreachable`].
pub(super) fn unusable(
    place: &Resolution,
    family: Family,
    ways_out: impl FnOnce() -> PerFamily<WayOut>,
) -> Option<Observation> {
    let is_found = match place {
        Resolution::AsWritten => return None,
        Resolution::Found { addresses, .. } if addresses.iter().any(|at| Family::of(at.ip()) == family) => {
            return None;
        }
        Resolution::Found { .. } => true,
        Resolution::NotFound => false,
    };
    let ways_out = ways_out();
    let why = match (ways_out.ipv4, ways_out.ipv6) {
        (WayOut::Open, WayOut::None) if family == Family::Ipv6 => return Some(Observation::NoAddress),
        (WayOut::None, WayOut::None) => LookUpProblem::Unreachable,
        _ if is_found => LookUpProblem::Unreachable,
        _ => LookUpProblem::NameNotFound,
    };
    Some(Observation::Unavailable { why })
}

/// Asks the system for its routes.
pub(super) fn ways_out() -> PerFamily<WayOut> {
    PerFamily::from_fn(|family| if is_open(family) { WayOut::Open } else { WayOut::None })
}

/// Connecting a UDP socket looks for a route and sends nothing. The far ends are documentation's (RFC 5737, RFC 3849):
/// they are nobody's, and lie wherever the default route leads.
fn is_open(family: Family) -> bool {
    let (any, far): (IpAddr, IpAddr) = match family {
        Family::Ipv4 => (Ipv4Addr::UNSPECIFIED.into(), Ipv4Addr::new(192, 0, 2, 1).into()),
        Family::Ipv6 => (Ipv6Addr::UNSPECIFIED.into(), Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1).into()),
    };
    UdpSocket::bind((any, 0)).and_then(|socket| socket.connect((far, 443))).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ways(ipv4: WayOut, ipv6: WayOut) -> impl Fn() -> PerFamily<WayOut> {
        move || PerFamily { ipv4, ipv6 }
    }

    fn unavailable(why: LookUpProblem) -> Observation {
        Observation::Unavailable { why }
    }

    fn at(address: &str) -> Resolution {
        let addresses = vec![address.parse().expect("an address")];
        Resolution::Found { domain: "checkip.spdyn.de".to_owned(), addresses }
    }

    #[test]
    fn a_place_that_can_be_asked_is_asked() {
        let never = || panic!("nobody needs to know");
        assert_eq!(unusable(&Resolution::AsWritten, Family::Ipv4, never), None);
        assert_eq!(unusable(&at("84.160.12.7:443"), Family::Ipv4, never), None);
        assert_eq!(unusable(&at("[2003:e1::7]:443"), Family::Ipv6, never), None);
    }

    #[test]
    fn a_name_is_missed_only_where_there_is_a_way_out() {
        use WayOut::{None, Open};
        let seen =
            |family, ipv4, ipv6| unusable(&Resolution::NotFound, family, ways(ipv4, ipv6)).expect("unusable");
        assert_eq!(seen(Family::Ipv4, Open, Open), unavailable(LookUpProblem::NameNotFound));
        assert_eq!(seen(Family::Ipv6, Open, Open), unavailable(LookUpProblem::NameNotFound));
        assert_eq!(seen(Family::Ipv4, Open, None), unavailable(LookUpProblem::NameNotFound));
        assert_eq!(seen(Family::Ipv4, None, Open), unavailable(LookUpProblem::NameNotFound));
        for family in Family::BOTH {
            assert_eq!(seen(family, None, None), unavailable(LookUpProblem::Unreachable), "offline");
        }
        assert_eq!(seen(Family::Ipv6, Open, None), Observation::NoAddress);
    }

    #[test]
    fn a_service_without_addresses_of_a_family_cant_be_reached_over_it() {
        use WayOut::{None, Open};
        let only_ipv4 = at("84.160.12.7:443");
        let over_ipv6 = |ipv4, ipv6| unusable(&only_ipv4, Family::Ipv6, ways(ipv4, ipv6)).expect("unusable");
        assert_eq!(over_ipv6(Open, Open), unavailable(LookUpProblem::Unreachable));
        assert_eq!(over_ipv6(Open, None), Observation::NoAddress);
        assert_eq!(over_ipv6(None, None), unavailable(LookUpProblem::Unreachable));
        let only_ipv6 = unusable(&at("[2003:e1::7]:443"), Family::Ipv4, ways(None, Open));
        assert_eq!(only_ipv6, Some(unavailable(LookUpProblem::Unreachable)));
    }
}
