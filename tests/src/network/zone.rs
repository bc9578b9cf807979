//! The name servers of `spdns.de` and `spdyn.de`: Knot DNS, as providers run it.

use std::{fs, net::IpAddr, path::Path};

use dyntray_sandbox::Addresses;
use tokio::process::{Child, Command};

use super::{
    addresses::{NS1_IPV4, NS1_IPV6, NS2_IPV4, NS2_IPV6, SPDYN_IPV4, SPDYN_IPV6},
    namespace::Namespace,
    tools::{self, START},
};
use crate::{Error, Result, wait::eventually};

/// Changes are taken here: in the servers' own namespace only.
const INSIDE: &str = "127.0.0.1";
/// In seconds, as SPDYN's dynamic names have it.
const TTL: u32 = 60;

/// The running name server.
pub(super) struct NameServer {
    _knotd: Child,
}

impl NameServer {
    /// Starts it with zones that have no hosts yet.
    pub(super) async fn start(namespace: &Namespace, folder: &Path) -> Result<Self> {
        let folder = folder.join("knot");
        write(&folder).map_err(|source| Error::File { path: folder.clone(), source })?;
        let configuration = folder.join("knot.conf").display().to_string();
        let knotd = namespace.spawn("knotd", &["-c", &configuration], &folder.join("knotd.log"))?;
        let server = format!("@{INSIDE}");
        let ask = ["+short", "+time=1", "+tries=1", &server, "spdns.de", "SOA"];
        eventually("the name server", START, async || {
            namespace.run("dig", &ask).await.is_ok_and(|soa| soa.starts_with("ns1"))
        })
        .await?;
        Ok(Self { _knotd: knotd })
    }
}

/// Replaces a host's records. `command` runs `knsupdate` in the servers' namespace.
pub(super) async fn publish(command: Command, host: &str, addresses: Addresses) -> Result<()> {
    let add = |kind, address: Option<IpAddr>| {
        address.map(|address| format!("update add {host}. {TTL} {kind} {address}\n")).unwrap_or_default()
    };
    let update = format!(
        "server {INSIDE}\nzone {}.\nupdate delete {host}. A\nupdate delete {host}. AAAA\n{}{}send\n",
        zone_of(host),
        add("A", addresses.ipv4.map(IpAddr::V4)),
        add("AAAA", addresses.ipv6.map(IpAddr::V6))
    );
    tools::feed(command, &update).await.map(drop)
}

/// Tells whether the host lies in a zone that this server has.
pub(super) fn is_served(host: &str) -> bool {
    ["spdns.de", "spdyn.de"].contains(&zone_of(host))
}

/// The last two labels.
fn zone_of(host: &str) -> &str {
    let dots: Vec<_> = host.rmatch_indices('.').map(|(at, _)| at).collect();
    dots.get(1).map_or(host, |at| &host[at + 1..])
}

fn write(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder.join("run"))?;
    let place = folder.display();
    let listen = [
        INSIDE.to_owned(),
        NS1_IPV4.to_string(),
        NS2_IPV4.to_string(),
        NS1_IPV6.to_string(),
        NS2_IPV6.to_string(),
    ]
    .map(|address| format!("{address}@53"))
    .join(", ");
    fs::write(
        folder.join("knot.conf"),
        format!(
            "server:\n  rundir: {place}/run\n  listen: [ {listen} ]\n  udp-workers: 1\n  tcp-workers: 1\n  \
             background-workers: 1\n\
             log:\n  - target: stderr\n    any: info\n\
             database:\n  storage: {place}/db\n  timer-db-max-size: 1M\n  journal-db-max-size: 1M\n  \
             kasp-db-max-size: 5M\n  catalog-db-max-size: 5M\n\
             acl:\n  - id: inside\n    address: {INSIDE}\n    action: update\n\
             template:\n  - id: default\n    storage: {place}\n    file: \"%s.zone\"\n    acl: inside\n    \
             zonefile-sync: -1\n    journal-content: none\n\
             zone:\n  - domain: spdns.de\n  - domain: spdyn.de\n"
        ),
    )?;
    let start = format!(
        "$TTL {TTL}\n@ SOA ns1.spdns.de. hostmaster.spdyn.de. 1 3600 600 86400 {TTL}\n\
         @ NS ns1.spdns.de.\n@ NS ns2.spdns.de.\n"
    );
    let servers = format!("ns1 A {NS1_IPV4}\nns1 AAAA {NS1_IPV6}\nns2 A {NS2_IPV4}\nns2 AAAA {NS2_IPV6}\n");
    fs::write(folder.join("spdns.de.zone"), format!("{start}{servers}"))?;
    let names = format!(
        "update A {SPDYN_IPV4}\nupdate AAAA {SPDYN_IPV6}\nwww A {SPDYN_IPV4}\nwww AAAA {SPDYN_IPV6}\n\
         checkip A {SPDYN_IPV4}\ncheckip AAAA {SPDYN_IPV6}\ncheckip4 A {SPDYN_IPV4}\ncheckip6 AAAA {SPDYN_IPV6}\n"
    );
    fs::write(folder.join("spdyn.de.zone"), format!("{start}{names}"))
}
