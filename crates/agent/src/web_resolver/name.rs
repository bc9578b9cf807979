//! Resolves the name of a web resolver with the system's DNS resolver, and explains it if that fails.
//!
//! The system reports a failed resolution only as text. So the cause is concluded from this machine's routes, which can be
//! asked for without sending anything.

use std::net::SocketAddr;
use std::time::Duration;

use dyntray_core::observe::observation::{LookUpProblem, Observation};
use dyntray_core::types::address::{Family, PerFamily};
use reqwest::Url;
use tokio::net::lookup_host;
use tokio::time::timeout;

use crate::route;

/// The time limit. The system's own is between 5 and 30 seconds, depending on its configuration.
const LIMIT: Duration = Duration::from_secs(10);

/// The result of resolving the host of a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Resolution {
    /// The URL has an address instead of a name.
    AsWritten,
    /// The name has addresses.
    Found {
        /// The name.
        domain: String,
        /// Its addresses of both families with the port to ask, at least one.
        addresses: Vec<SocketAddr>,
    },
    /// The name can't be resolved.
    NotFound,
}

/// This machine's route to the internet over one family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// There is one.
    Exists,
    /// There is none.
    None,
}

/// Resolves the host of `url`. Takes at most ten seconds.
pub(super) async fn resolve(url: &Url) -> Resolution {
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

/// The observation if `resolution` has no address of `family`; none if it has one, which can be asked.
///
/// - A route over IPv4 but not over IPv6: this line has no IPv6 address. The same as if a connection fails for want of a
///   route; several systems don't even ask for AAAA records then.
/// - No route at all: offline, [`LookUpProblem::Unreachable`].
/// - The name can't be resolved: [`LookUpProblem::NameNotFound`].
/// - The name has addresses of the other family only: the service, or a filter on the way, lacks this one. That says
///   nothing about our own address: [`LookUpProblem::Unreachable`].
pub(super) fn without_address(
    resolution: &Resolution,
    family: Family,
    routes: impl FnOnce() -> PerFamily<Route>,
) -> Option<Observation> {
    let is_found = match resolution {
        Resolution::AsWritten => return None,
        Resolution::Found { addresses, .. } if addresses.iter().any(|at| Family::of(at.ip()) == family) => {
            return None;
        }
        Resolution::Found { .. } => true,
        Resolution::NotFound => false,
    };
    let routes = routes();
    let why = match (routes.ipv4, routes.ipv6) {
        (Route::Exists, Route::None) if family == Family::Ipv6 => return Some(Observation::NoAddress),
        (Route::None, Route::None) => LookUpProblem::Unreachable,
        _ if is_found => LookUpProblem::Unreachable,
        _ => LookUpProblem::NameNotFound,
    };
    Some(Observation::Unavailable { why })
}

/// This machine's routes to the internet.
pub(super) fn routes() -> PerFamily<Route> {
    PerFamily::from_fn(|family| if route::source(family).is_ok() { Route::Exists } else { Route::None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn having(ipv4: Route, ipv6: Route) -> impl Fn() -> PerFamily<Route> {
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
    fn a_service_that_can_be_asked_is_asked() {
        let never = || panic!("no route is asked for");
        assert_eq!(without_address(&Resolution::AsWritten, Family::Ipv4, never), None);
        assert_eq!(without_address(&at("84.160.12.7:443"), Family::Ipv4, never), None);
        assert_eq!(without_address(&at("[2003:e1::7]:443"), Family::Ipv6, never), None);
    }

    #[test]
    fn a_name_is_not_found_only_where_there_is_a_route() {
        use Route::{Exists, None};
        let seen = |family, ipv4, ipv6| {
            without_address(&Resolution::NotFound, family, having(ipv4, ipv6)).expect("an observation")
        };
        assert_eq!(seen(Family::Ipv4, Exists, Exists), unavailable(LookUpProblem::NameNotFound));
        assert_eq!(seen(Family::Ipv6, Exists, Exists), unavailable(LookUpProblem::NameNotFound));
        assert_eq!(seen(Family::Ipv4, Exists, None), unavailable(LookUpProblem::NameNotFound));
        assert_eq!(seen(Family::Ipv4, None, Exists), unavailable(LookUpProblem::NameNotFound));
        for family in Family::BOTH {
            assert_eq!(seen(family, None, None), unavailable(LookUpProblem::Unreachable), "offline");
        }
        assert_eq!(seen(Family::Ipv6, Exists, None), Observation::NoAddress);
    }

    #[test]
    fn a_service_without_addresses_of_a_family_cant_be_reached_over_it() {
        use Route::{Exists, None};
        let only_ipv4 = at("84.160.12.7:443");
        let over_ipv6 = |ipv4, ipv6| {
            without_address(&only_ipv4, Family::Ipv6, having(ipv4, ipv6)).expect("an observation")
        };
        assert_eq!(over_ipv6(Exists, Exists), unavailable(LookUpProblem::Unreachable));
        assert_eq!(over_ipv6(Exists, None), Observation::NoAddress);
        assert_eq!(over_ipv6(None, None), unavailable(LookUpProblem::Unreachable));
        let only_ipv6 = without_address(&at("[2003:e1::7]:443"), Family::Ipv4, having(None, Exists));
        assert_eq!(only_ipv6, Some(unavailable(LookUpProblem::Unreachable)));
    }
}
