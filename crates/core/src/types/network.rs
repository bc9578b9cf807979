//! The operating system's view of this machine's network: interfaces, addresses, the route to the internet and the
//! gateway. Conclusions are drawn elsewhere in this crate.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use serde::{Deserialize, Serialize};

use crate::types::address::{Family, PerFamily};

/// One reading of the operating system's tables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Network {
    /// The interfaces that are up, without loopback, in the system's order.
    pub interfaces: Vec<Interface>,
    /// The local address that a packet to the internet would leave from; none where there is no route.
    pub outgoing: PerFamily<Option<IpAddr>>,
    /// The gateway of the default route that isn't a tunnel's.
    pub gateway: Option<Gateway>,
}

/// One network interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interface {
    /// The system's name for it.
    pub name: String,
    /// Its kind.
    pub kind: InterfaceKind,
    /// Its addresses, in the system's order.
    pub addresses: Vec<LocalAddress>,
}

/// A kind of interface, as far as addresses depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InterfaceKind {
    /// Ethernet, Wi-Fi and the like, where neighbours have hardware addresses.
    Lan,
    /// A dial-up line: PPP over Ethernet, or a mobile modem.
    Dialled,
    /// A tunnel, such as a VPN's.
    Tunnel,
    /// An internal network of containers or virtual machines.
    Virtual,
}

/// One address of an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalAddress {
    /// The address.
    pub address: IpAddr,
    /// The length of its network prefix in bits: 0 to 32 for IPv4, 0 to 128 for IPv6.
    pub prefix_length: u8,
    /// Its present state.
    pub life: AddressLife,
    /// True for a privacy address, which is replaced within a day (RFC 8981).
    pub is_temporary: bool,
}

impl LocalAddress {
    /// True for an address that lasts as long as its prefix, which itself is to last.
    pub fn is_stable(&self) -> bool {
        self.life == AddressLife::Preferred && !self.is_temporary
    }
}

/// The state of an address in the course of its life (RFC 4862).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressLife {
    /// Tentative or duplicated: not yet, or never, this machine's alone.
    Tentative,
    /// In use.
    Preferred,
    /// No longer to be used for anything new; it ends soon.
    Deprecated,
}

/// The next router on the way to the internet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gateway {
    /// Its addresses in the local network: IPv4, and IPv6 (mostly link-local).
    pub addresses: PerFamily<Option<IpAddr>>,
    /// The identities of its network, by kind; empty while the system tells none.
    pub ids: Vec<NetworkId>,
    /// True while the system may still learn its hardware address.
    pub is_resolving: bool,
}

impl Gateway {
    /// Adds an identity that was learnt later, in the place of another one of its kind.
    pub fn learn(&mut self, id: NetworkId) {
        self.ids.retain(|at| at.kind() != id.kind());
        self.ids.push(id);
    }

    /// False when an identity of the same kind shows that `other` belongs to another network.
    pub fn may_be(&self, other: &Gateway) -> bool {
        let is_shared = |id: &NetworkId| other.ids.contains(id);
        let is_comparable = |id: &NetworkId| other.ids.iter().any(|at| at.kind() == id.kind());
        self.ids.iter().any(is_shared) || !self.ids.iter().any(is_comparable)
    }
}

/// A kind of identity by which a network is recognised, the most reliable one first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IdentityKind {
    /// The gateway's hardware address.
    HardwareAddress,
    /// The gateway's link-local IPv6 address. It is known where the system hides hardware addresses.
    LinkLocalAddress,
    /// The gateway's unique name as a UPnP device. It is known once the router was asked.
    DeviceName,
    /// None at all: such networks can't be told apart.
    None,
}

/// An identity of a network: an address of its gateway, hashed with a number of this installation. So the file that keeps
/// it doesn't reveal where somebody was.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(transparent)]
pub struct NetworkId(pub String);

/// The beginning of identities that are link-local addresses. Those that are hardware addresses are digits alone.
const LINK_LOCAL: &str = "fe80-";
/// The beginning of identities that are device names.
const DEVICE: &str = "uuid-";
/// The identity of all networks that have no other.
const NONE: &str = "-";

impl NetworkId {
    /// An identity of `kind`, with the digits of a hash.
    pub fn of(kind: IdentityKind, hash: &str) -> Self {
        NetworkId(match kind {
            IdentityKind::HardwareAddress => hash.to_owned(),
            IdentityKind::LinkLocalAddress => format!("{LINK_LOCAL}{hash}"),
            IdentityKind::DeviceName => format!("{DEVICE}{hash}"),
            IdentityKind::None => NONE.to_owned(),
        })
    }

    /// The identity of all networks that have no other.
    pub fn none() -> Self {
        NetworkId::of(IdentityKind::None, "")
    }

    /// Its kind.
    pub fn kind(&self) -> IdentityKind {
        match self.0.as_str() {
            NONE => IdentityKind::None,
            id if id.starts_with(LINK_LOCAL) => IdentityKind::LinkLocalAddress,
            id if id.starts_with(DEVICE) => IdentityKind::DeviceName,
            _ => IdentityKind::HardwareAddress,
        }
    }
}

impl fmt::Debug for NetworkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The first digits are enough to tell two networks apart in a log.
        let digits = self.0.rsplit('-').next().unwrap_or_default();
        write!(f, "network {}", digits.get(..6).unwrap_or(digits))
    }
}

/// The length of the prefix of an IPv6 network that hosts share, in bits (RFC 4291).
pub const SHARED_BITS: u8 = 64;

/// An IPv6 prefix, as a provider delegates it to a home.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Prefix {
    /// Its first address.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub base: Ipv6Addr,
    /// Its length in bits, 0 to 128.
    pub length: u8,
}

impl Prefix {
    /// The prefix of `length` bits that `address` lies in. A length above 128 counts as 128.
    pub fn of(address: Ipv6Addr, length: u8) -> Self {
        let length = length.min(128);
        let mask = u128::MAX.checked_shl(128 - u32::from(length)).unwrap_or(0);
        Prefix { base: Ipv6Addr::from_bits(address.to_bits() & mask), length }
    }

    /// The prefix of the network that hosts share with `address`; none for IPv4.
    pub fn shared_with(address: IpAddr) -> Option<Self> {
        match address {
            IpAddr::V6(address) => Some(Prefix::of(address, SHARED_BITS)),
            IpAddr::V4(_) => None,
        }
    }

    /// True when `address` lies in it.
    pub fn contains(&self, address: Ipv6Addr) -> bool {
        Prefix::of(address, self.length).base == self.base
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.base, self.length)
    }
}

impl Network {
    /// The interface that a packet to the internet would leave by.
    pub fn way_out(&self, family: Family) -> Option<&Interface> {
        let outgoing = (*self.outgoing.get(family))?;
        self.interfaces.iter().find(|interface| interface.addresses.iter().any(|at| at.address == outgoing))
    }

    /// True when packets of `family` leave, and not through a tunnel.
    pub fn leaves_by_home(&self, family: Family) -> bool {
        self.way_out(family).is_some_and(|interface| interface.kind != InterfaceKind::Tunnel)
    }

    /// True when packets of `family` leave through a tunnel.
    pub fn leaves_by_tunnel(&self, family: Family) -> bool {
        self.way_out(family).is_some_and(|interface| interface.kind == InterfaceKind::Tunnel)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_has_the_first_digits_of_a_network_alone() {
        assert_eq!(format!("{:?}", NetworkId("0123456789".to_owned())), "network 012345");
        assert_eq!(format!("{:?}", NetworkId("abc".to_owned())), "network abc");
        let by_link_local = NetworkId::of(IdentityKind::LinkLocalAddress, "0123456789");
        assert_eq!(format!("{by_link_local:?}"), "network 012345");
    }

    #[test]
    fn an_identity_keeps_its_kind_in_a_file() {
        use IdentityKind::{DeviceName, HardwareAddress, LinkLocalAddress};
        for kind in [HardwareAddress, LinkLocalAddress, DeviceName, IdentityKind::None] {
            assert_eq!(NetworkId::of(kind, "0a1b2c").kind(), kind);
        }
        assert_eq!(
            NetworkId::of(HardwareAddress, "0a1b2c"),
            NetworkId("0a1b2c".to_owned()),
            "as it always was"
        );
    }

    #[test]
    fn another_network_is_known_by_an_identity_of_the_same_kind() {
        use IdentityKind::{HardwareAddress, LinkLocalAddress};
        let of = |ids: &[(IdentityKind, &str)]| Gateway {
            addresses: PerFamily::default(),
            ids: ids.iter().map(|(kind, hash)| NetworkId::of(*kind, hash)).collect(),
            is_resolving: false,
        };
        let home = of(&[(HardwareAddress, "1"), (LinkLocalAddress, "2")]);
        for (other, expected) in [
            (of(&[(HardwareAddress, "1")]), true),
            (of(&[(LinkLocalAddress, "2")]), true),
            (of(&[(HardwareAddress, "1"), (LinkLocalAddress, "3")]), true),
            (of(&[]), true),
            (of(&[(HardwareAddress, "3")]), false),
            (of(&[(LinkLocalAddress, "3")]), false),
        ] {
            assert_eq!((home.may_be(&other), other.may_be(&home)), (expected, expected), "{other:?}");
        }
        assert!(of(&[(HardwareAddress, "1")]).may_be(&of(&[(LinkLocalAddress, "2")])), "nothing to compare");
    }

    #[test]
    fn a_prefix_holds_the_addresses_that_share_its_bits() {
        let prefix = Prefix::of("2003:e1:1:23ff::9".parse().expect("an address"), 56);
        assert_eq!(prefix.to_string(), "2003:e1:1:2300::/56");
        assert!(prefix.contains("2003:e1:1:2342::7".parse().expect("an address")));
        assert!(!prefix.contains("2003:e1:1:2442::7".parse().expect("an address")));
        assert!(Prefix::of(Ipv6Addr::UNSPECIFIED, 0).contains("2003::1".parse().expect("an address")));
    }
}
