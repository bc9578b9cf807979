//! The gateway of the home network.

use std::net::Ipv4Addr;

/// The gateway of the home network, as this machine's routing table has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LanGateway {
    /// The gateway's address in the home network. One that isn't private is never asked.
    pub address: Ipv4Addr,
    /// This machine's address in the same network. Requests leave from it, and events are received only there.
    pub local_address: Ipv4Addr,
}
