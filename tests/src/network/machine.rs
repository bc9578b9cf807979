//! The home's machine: its one interface, and joining a network with it.

use std::net::Ipv4Addr;

use super::{addresses, namespace::Namespace};
use crate::Result;

/// Configures the machine, in the home's network.
pub(super) async fn configure(home: &Namespace) -> Result<()> {
    home.set(&[
        ("ipv6/conf/eth0/use_tempaddr", "2"),
        // There are no duplicates, and the router is asked at once.
        ("ipv6/conf/eth0/dad_transmits", "0"),
        ("ipv6/conf/eth0/accept_dad", "0"),
        ("ipv6/conf/eth0/router_solicitation_delay", "0"),
        // Anybody may ping.
        ("ipv4/ping_group_range", "0 2147483647"),
    ])
    .await?;
    home.ip("link set lo up\nlink set eth0 address a8:a1:59:01:02:03\n").await?;
    home.ip(&joining(addresses::HOME_PRIVATE)).await
}

/// The machine forgets the network it was in and joins the one that it is connected to.
pub(super) async fn join(home: &Namespace, ipv4: Ipv4Addr) -> Result<()> {
    // What NetworkManager does: without the link, addresses and routes go.
    home.ip("link set eth0 down\naddr flush dev eth0\n").await?;
    home.ip(&joining(ipv4)).await
}

/// The changes after a new lease.
fn joining(ipv4: Ipv4Addr) -> String {
    format!(
        "link set eth0 up\naddr add {ipv4}/24 dev eth0\nroute add default via {} dev eth0 metric 100\n",
        addresses::ROUTER_PRIVATE
    )
}
