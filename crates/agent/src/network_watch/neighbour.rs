//! A neighbour: another device on the LAN.

use std::net::IpAddr;

/// A device on the LAN whose hardware address the system has resolved. Only Linux reports them.
#[cfg_attr(not(target_os = "linux"), allow(dead_code))]
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Neighbour {
    /// The index of the interface that leads to it.
    pub(super) index: u32,
    pub(super) address: IpAddr,
    pub(super) hardware_address: [u8; 6],
}
