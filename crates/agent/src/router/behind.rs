//! Asks the box behind the router for its external address, where the router itself tells none: by UPnP only, past the router,
//! and only in a private network. Its answer is compared with what web resolvers report, and never published.

use std::net::{IpAddr, Ipv4Addr, SocketAddrV4};
use std::sync::Arc;
use std::time::Duration;

use dyntray_core::observe::observation::{LookUpProblem, Observation};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use super::gateway::LanGateway;
use super::options::Options;
use super::upnp::{self, Found, Igd};

/// The time limit of a search and a question. A look-up has no more left.
const LIMIT: Duration = Duration::from_millis(1300);
/// The shortest time between two searches that find nothing. It may be the provider's.
const SEARCH_AGAIN: Duration = Duration::from_mins(30);

/// The box behind the router, with everything known about it.
#[derive(Debug, Default)]
pub(super) struct BoxBehind(Mutex<Option<Known>>);

#[derive(Debug)]
struct Known {
    address: Ipv4Addr,
    /// None if it tells nothing.
    igd: Option<Arc<Igd>>,
    searched: Instant,
}

impl BoxBehind {
    /// The external address that the box at `next` tells; none if it tells none.
    pub(super) async fn outer(
        &self,
        gateway: LanGateway,
        next: Option<Ipv4Addr>,
        options: &Options,
    ) -> Option<Ipv4Addr> {
        let next = next.filter(Ipv4Addr::is_private)?;
        let mut known = self.0.lock().await;
        let asked = timeout(LIMIT, ask(&mut known, gateway, next, options)).await;
        if asked.is_err() {
            *known = Some(Known { address: next, igd: None, searched: Instant::now() });
        }
        tracing::debug!(%next, ?asked, "the box behind the router");
        asked.ok().flatten()
    }
}

async fn ask(
    known: &mut Option<Known>,
    gateway: LanGateway,
    next: Ipv4Addr,
    options: &Options,
) -> Option<Ipv4Addr> {
    let is_known = known.as_ref().is_some_and(|known| {
        known.address == next && (known.igd.is_some() || known.searched.elapsed() < SEARCH_AGAIN)
    });
    if !is_known {
        let behind = LanGateway { address: next, ..gateway };
        // Nobody else is asked.
        let options = Options { search: SocketAddrV4::new(next, options.search.port()), ..*options };
        let igd = match upnp::find(behind, &options).await {
            Found::Igd(igd) => Some(igd),
            Found::Silent(_) | Found::Nothing => None,
        };
        *known = Some(Known { address: next, igd, searched: Instant::now() });
    }
    let igd = known.as_ref()?.igd.clone()?;
    let answer = igd.ipv4().await;
    if answer.is_err() {
        *known = None;
    }
    told(&answer.ok()?)
}

/// The address in an answer, public or not.
fn told(answer: &Observation) -> Option<Ipv4Addr> {
    match answer {
        Observation::Known { address } => match address.ip() {
            IpAddr::V4(address) => Some(address),
            IpAddr::V6(_) => None,
        },
        Observation::Unavailable { why: LookUpProblem::Unpublishable { address, .. } } => {
            address.parse().ok()
        }
        Observation::NoAddress | Observation::Unavailable { .. } => None,
    }
}
