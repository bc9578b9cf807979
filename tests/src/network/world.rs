//! The servers of the internet: SPDYN (the sandbox) and its name servers.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv6Addr},
    path::{Path, PathBuf},
    sync::{Arc, Weak},
    time::Duration,
};

use dyntray_sandbox::{Addresses, ClientAddresses, Options, Sandbox};

use super::{
    addresses,
    namespace::{Namespace, Task},
    relay::Relay,
    tools, zone,
    zone::NameServer,
};
use crate::{Error, Result};

/// The names by which SPDYN is reached.
const NAMES: [&str; 5] =
    ["update.spdyn.de", "www.spdyn.de", "checkip.spdyn.de", "checkip4.spdyn.de", "checkip6.spdyn.de"];

/// The name servers are told at these intervals what the service has accepted.
const ROUND: Duration = Duration::from_millis(40);

/// SPDYN and its name servers, running.
pub(super) struct World {
    publisher: Option<Task>,
    sandbox: Option<Arc<Sandbox>>,
    portal: Relay,
    _name_server: NameServer,
    folder: PathBuf,
    pub(super) namespace: Namespace,
}

/// Configures the servers' addresses.
pub(super) async fn configure(internet: &Namespace) -> Result<()> {
    use addresses::{NS1_IPV4, NS1_IPV6, NS2_IPV4, NS2_IPV6, SPDYN_IPV4, SPDYN_IPV6};
    let ipv4 = [SPDYN_IPV4, NS1_IPV4, NS2_IPV4].map(|address| format!("addr add {address}/32 dev lo\n"));
    let ipv6 =
        [SPDYN_IPV6, NS1_IPV6, NS2_IPV6].map(|address| format!("addr add {address}/128 dev lo nodad\n"));
    let lines = format!(
        "link set lo up\naddr add 80.156.0.2/30 dev uplink\naddr add fe80::2/64 dev uplink nodad\n\
         link set uplink up\n{}{}route add default via 80.156.0.1\nroute add default via fe80::1 dev uplink\n",
        ipv4.concat(),
        ipv6.concat()
    );
    internet.ip(&lines).await
}

impl World {
    /// Starts both.
    pub(super) async fn start(namespace: Namespace, folder: &Path) -> Result<Self> {
        let folder = folder.join("spdyn");
        std::fs::create_dir_all(&folder).map_err(|source| Error::File { path: folder.clone(), source })?;
        let name_server = NameServer::start(&namespace, &folder);
        let sandbox = start_sandbox(&namespace, &folder);
        let (name_server, sandbox) = tokio::try_join!(name_server, sandbox)?;
        let portal = Relay::start(&namespace, 0, (Ipv6Addr::LOCALHOST, 80).into())?;
        let mut world = Self {
            publisher: None,
            sandbox: Some(Arc::new(sandbox)),
            portal,
            _name_server: name_server,
            folder,
            namespace,
        };
        world.start_publisher()?;
        Ok(world)
    }

    fn start_publisher(&mut self) -> Result<()> {
        let sandbox = Arc::downgrade(self.sandbox()?);
        self.publisher = Some(Task::start(&self.namespace, publish_what_is_accepted(sandbox))?);
        Ok(())
    }

    /// The service.
    pub(super) fn sandbox(&self) -> Result<&Arc<Sandbox>> {
        self.sandbox.as_ref().ok_or_else(|| Error::NotThere("the service: it is away".to_owned()))
    }

    /// The service goes away; its name servers stay.
    pub(super) async fn away(&mut self) {
        if let Some(publisher) = self.publisher.take() {
            publisher.end().await;
        }
        if let Some(sandbox) = self.sandbox.take().and_then(Arc::into_inner) {
            sandbox.stop().await;
        }
    }

    /// The service is back.
    pub(super) async fn back(&mut self) -> Result<()> {
        if self.sandbox.is_none() {
            self.sandbox = Some(Arc::new(start_sandbox(&self.namespace, &self.folder).await?));
            self.start_publisher()?;
        }
        Ok(())
    }

    /// Changes a host's record at the name servers, behind the service's back.
    pub(super) async fn publish(&self, host: &str, addresses: Addresses) -> Result<()> {
        zone::publish(self.namespace.command("knsupdate"), host, addresses).await
    }

    /// The port of this machine that leads to the portal.
    pub(super) fn portal_port(&self) -> u16 {
        self.portal.port()
    }

    /// The authority that vouches for the service.
    pub(super) fn ca_file(&self) -> PathBuf {
        self.folder.join("ca.pem")
    }
}

/// The sandbox makes its thread and its sockets in the namespace in which it is started.
async fn start_sandbox(namespace: &Namespace, folder: &Path) -> Result<Sandbox> {
    let mut options = Options::new(folder).port(80).https_port(443);
    options.bind = IpAddr::V6(Ipv6Addr::UNSPECIFIED); // IPv4 as well
    options.client_addresses = ClientAddresses::Peer;
    options.names = NAMES.map(str::to_owned).to_vec();
    let started = namespace.within(dyntray_sandbox::start(options)).await?;
    started.map_err(|error| Error::NotThere(format!("the sandbox: {error}")))
}

/// Tells the name servers whatever the service has accepted since the last round.
async fn publish_what_is_accepted(sandbox: Weak<Sandbox>) {
    let mut published: BTreeMap<String, Addresses> = BTreeMap::new();
    loop {
        let state = match sandbox.upgrade() {
            Some(sandbox) => sandbox.state().await,
            None => return,
        };
        for host in state.map(|state| state.hosts).unwrap_or_default() {
            let public = if host.active { host.public() } else { Addresses::default() };
            let known = published.get(&host.name).copied().unwrap_or_default();
            if known == public || !zone::is_served(&host.name) {
                continue;
            }
            // This runs in the namespace, and so does its child process. A failure is tried again.
            if zone::publish(tools::command("knsupdate"), &host.name, public).await.is_ok() {
                published.insert(host.name, public);
            }
        }
        tokio::time::sleep(ROUND).await;
    }
}
