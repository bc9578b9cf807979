//! Asks the home's router for its public address, and receives its notifications of changes.
//!
//! UPnP IGD is tried first, then NAT-PMP (RFC 6886). Only the gateway itself is
//! believed: answers, descriptions and events from anybody else on the LAN are logged and dropped. An event only makes
//! the agent look up again; no address is ever taken from it.

mod announcements;
mod answer;
mod behind;
mod client;
mod control;
mod description;
mod events;
mod exchange;
mod firewall;
pub mod fuzz_entry;
mod gateway;
mod gateway_url;
mod http1;
mod listener;
mod local_network;
mod natpmp;
mod next_hop;
mod options;
mod push;
mod rate_limited_notify;
mod search;
mod soap;
mod subscription;
mod upnp;
mod wan_connection;
mod xml;

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use dyntray_core::observe::observation::LookUpProblem;
use dyntray_core::types::address::Family;
use dyntray_core::types::network::NetworkId;
use tokio::sync::watch;

pub use self::answer::{RouterAnswer, RouterProtocol};
use self::client::RouterClient;
pub use self::gateway::LanGateway;
pub use self::local_network::LocalNetworkAccess;
pub use self::options::Options;
use self::rate_limited_notify::RateLimitedNotify;
use crate::faults::fail_on_purpose;
use crate::network_watch::by_device_name;

/// The time limit of a look-up. UPnP followed by NAT-PMP needs less.
const LOOK_UP_LIMIT: Duration = Duration::from_secs(5);

/// A handle to the home's router, cheap to clone. A private task keeps the subscription to the router's events, and ends
/// with the last handle.
#[derive(Clone, Debug)]
pub struct Router {
    options: Options,
    client: Arc<watch::Sender<Option<Arc<RouterClient>>>>,
    changes: Arc<RateLimitedNotify>,
}

impl Router {
    /// Starts without a router to ask. Needs a tokio runtime.
    pub fn start() -> Self {
        Self::start_with(Options::default())
    }

    /// Starts with other options.
    pub fn start_with(options: Options) -> Self {
        let (client, clients) = watch::channel(None);
        let changes = Arc::new(RateLimitedNotify::default());
        tokio::spawn(keep_listening(clients, Arc::clone(&changes)));
        Router { options, client: Arc::new(client), changes }
    }

    /// Sets the gateway to ask from now on. With none, nobody is asked and the subscription is cancelled. Setting the
    /// same gateway again does nothing.
    pub fn use_gateway(&self, gateway: Option<LanGateway>) {
        let gateway = gateway.filter(|gateway| is_local(gateway.address));
        self.client.send_if_modified(|client| {
            if client.as_ref().map(|client| client.gateway) == gateway {
                return false;
            }
            tracing::debug!(?gateway, "another router");
            *client = gateway.map(|gateway| Arc::new(RouterClient::new(gateway, self.options)));
            true
        });
    }

    /// The router's external address of `family`. Takes five seconds at most, and never fails: an error is part of the
    /// answer.
    pub async fn look_up(&self, family: Family) -> RouterAnswer {
        let Some(client) = self.client.borrow().clone() else {
            return RouterAnswer::unavailable(LookUpProblem::NoRouter);
        };
        let answer = tokio::time::timeout(LOOK_UP_LIMIT, client.look_up(family)).await;
        let is_current = self.client.borrow().as_ref().is_some_and(|current| Arc::ptr_eq(current, &client));
        match answer {
            _ if !is_current => {
                tracing::debug!(?family, "the network changed while its router was asked");
                RouterAnswer::unavailable(LookUpProblem::NoRouter)
            }
            Ok(answer) => answer,
            Err(_) => RouterAnswer::unavailable(LookUpProblem::TimedOut),
        }
    }

    /// The identity of the router's network by its name as a UPnP device, as far as a look-up has found it, hashed with this
    /// installation's `salt`.
    pub fn identity(&self, salt: u64) -> Option<NetworkId> {
        let name = self.client.borrow().as_ref()?.device_name()?;
        by_device_name(salt, &name)
    }

    /// The system's leave to ask the router, as the last look-up showed it.
    pub fn local_network(&self) -> LocalNetworkAccess {
        let client = self.client.borrow();
        client.as_ref().map_or(LocalNetworkAccess::Open, |client| client.local_network.access())
    }

    /// Waits until the router reports that its external address changed, or that it came back. Returns at most every two
    /// seconds. May be dropped and called again at any time without losing a report. For one waiter.
    pub async fn changed(&self) {
        self.changes.notified().await;
    }
}

/// True unless the system's firewall would ask the person if this program listened to what routers tell by themselves. Then
/// it doesn't listen.
pub fn hears_routers() -> bool {
    firewall::lets_routers_in()
}

/// True if plain HTTP to this gateway stays in the home. Loopback is for tests.
fn is_local(gateway: Ipv4Addr) -> bool {
    let is_local = gateway.is_private() || gateway.is_link_local() || gateway.is_loopback();
    if !is_local {
        tracing::debug!(%gateway, "the gateway isn't a home's router and isn't asked");
    }
    is_local
}

async fn keep_listening(
    mut clients: watch::Receiver<Option<Arc<RouterClient>>>,
    changes: Arc<RateLimitedNotify>,
) {
    loop {
        fail_on_purpose("the router's events");
        let client = clients.borrow_and_update().clone();
        let listening = async {
            match &client {
                Some(client) => push::listen(client, &changes).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            current = clients.changed() => if current.is_err() { return },
            () = listening => {}
        }
    }
}
