//! Asks a router by UPnP IGD (`WANIPConnection:1`, 2.4.18 and 2.4.7), and FRITZ!Boxes for IPv6 as well.

use std::io;
use std::net::SocketAddrV4;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use dyntray_core::observe::observation::{LookUpProblem, Observation};
use dyntray_core::types::address::Family;
use dyntray_core::types::network::Prefix;

use super::description::services;
use super::gateway::LanGateway;
use super::gateway_url::{GatewayUrl, send};
use super::search::Search;
use super::wan_connection::WanConnection;

/// The time limit of a search. A router answers within its MX of one second; then its description is fetched.
const FIND_LIMIT: Duration = Duration::from_millis(2500);

/// An Internet Gateway Device: a router's WAN connections, as it described them.
#[derive(Debug)]
pub(super) struct Igd {
    /// The connections, at least one.
    pub(super) connections: Vec<Arc<WanConnection>>,
    /// Set once it has refused the FRITZ!Box's actions for IPv6.
    lacks_ipv6: AtomicBool,
}

/// An answer by UPnP.
#[derive(Debug)]
pub(super) struct UpnpAnswer {
    /// The external address.
    pub(super) observation: Observation,
    /// The delegated prefix, with IPv6.
    pub(super) prefix: Option<Prefix>,
}

/// Searches the router and reads its description. None if it doesn't speak UPnP.
pub(super) async fn find(gateway: LanGateway, target: SocketAddrV4) -> Option<Igd> {
    match tokio::time::timeout(FIND_LIMIT, search(gateway, target)).await {
        Ok(Ok(igd)) => {
            tracing::debug!(?igd.connections, "the router speaks UPnP");
            Some(igd)
        }
        Ok(Err(error)) => {
            tracing::debug!(%error, "the router couldn't be searched");
            None
        }
        Err(_) => {
            tracing::debug!(gateway = %gateway.address, "no UPnP at the gateway");
            None
        }
    }
}

async fn search(gateway: LanGateway, target: SocketAddrV4) -> io::Result<Igd> {
    let mut search = Search::start(gateway, target).await?;
    loop {
        let location = search.next().await?;
        if let Some(igd) = describe(&location).await {
            return Ok(igd);
        }
    }
}

async fn describe(location: &GatewayUrl) -> Option<Igd> {
    let answer = send(location.request("GET").ok()?).await.ok()?;
    if answer.status != 200 {
        tracing::debug!(?location, status = answer.status, "no description");
        return None;
    }
    let services = services(location, &answer.body)
        .inspect_err(|error| tracing::debug!(?location, %error, "the description isn't XML"))
        .ok()?;
    let connections: Vec<_> =
        services.into_iter().map(|service| Arc::new(WanConnection::new(service))).collect();
    if connections.is_empty() {
        tracing::debug!(?location, "nothing in it tells an external address");
        return None;
    }
    Some(Igd { connections, lacks_ipv6: AtomicBool::new(false) })
}

impl Igd {
    /// Asks for the external address of `family`.
    ///
    /// # Errors
    /// The reason why there is no address; `NoRouter` if this router can't answer that question.
    pub(super) async fn look_up(&self, family: Family) -> Result<UpnpAnswer, LookUpProblem> {
        match family {
            Family::Ipv4 => Ok(UpnpAnswer { observation: self.ipv4().await?, prefix: None }),
            Family::Ipv6 => self.ipv6().await,
        }
    }

    /// The external IPv4 address of each connection at its last look-up, as the router wrote it.
    pub(super) fn last_reported(&self) -> Vec<Option<String>> {
        self.connections.iter().map(|connection| connection.last_reported()).collect()
    }

    /// Asks for IPv4. The first connection with a public address counts.
    async fn ipv4(&self) -> Result<Observation, LookUpProblem> {
        let mut best = Err(LookUpProblem::NoRouter);
        for connection in &self.connections {
            match connection.ipv4().await {
                Ok(known @ Observation::Known { .. }) => return Ok(known),
                Ok(other) if best.is_err() => best = Ok(other),
                Err(why) if best == Err(LookUpProblem::NoRouter) => best = Err(why),
                Ok(_) | Err(_) => {}
            }
        }
        best
    }

    /// Asks for IPv6. Only FRITZ!Boxes can answer; all others refuse, and are asked only once.
    async fn ipv6(&self) -> Result<UpnpAnswer, LookUpProblem> {
        if self.lacks_ipv6.load(Ordering::Relaxed) {
            return Err(LookUpProblem::NoRouter);
        }
        for connection in &self.connections {
            if let Some(address) = connection.ipv6().await? {
                let prefix = connection.prefix().await?;
                return Ok(UpnpAnswer { observation: address, prefix });
            }
        }
        self.lacks_ipv6.store(true, Ordering::Relaxed);
        Err(LookUpProblem::NoRouter)
    }
}
