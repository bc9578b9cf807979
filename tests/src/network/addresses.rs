//! All addresses in the stories' networks.

use std::net::{Ipv4Addr, Ipv6Addr};

/// The home's public IPv4 address at the start.
pub const HOME_IPV4: Ipv4Addr = Ipv4Addr::new(84, 160, 12, 7);
/// The home's IPv6 prefix at the start (64 bits).
pub const HOME_PREFIX: Ipv6Addr = Ipv6Addr::new(0x2003, 0xe1, 1, 0x2300, 0, 0, 0, 0);
/// The home's machine, behind its router.
pub const HOME_PRIVATE: Ipv4Addr = Ipv4Addr::new(192, 168, 178, 20);
/// Any router on its inner side, at home and in the café.
pub const ROUTER_PRIVATE: Ipv4Addr = Ipv4Addr::new(192, 168, 178, 1);
/// The home's router describes itself to UPnP here.
pub const ROUTER_DESCRIPTION: &str = "http://192.168.178.1:49000/rootDesc.xml";
/// The hardware address of the home's router.
pub const ROUTER_HARDWARE: &str = "3c:a6:2f:10:20:30";
/// The hardware address of the café's router.
pub const CAFE_HARDWARE: &str = "e8:df:70:aa:bb:cc";

/// The café's public IPv4 address.
pub const CAFE_IPV4: Ipv4Addr = Ipv4Addr::new(91, 64, 33, 5);
/// The home's machine in the café.
pub const CAFE_PRIVATE: Ipv4Addr = Ipv4Addr::new(192, 168, 178, 57);

/// The router's own address under carrier NAT.
pub const CARRIER_INNER: Ipv4Addr = Ipv4Addr::new(100, 64, 5, 6);
/// The address that the internet sees under carrier NAT: shared by many homes.
pub const CARRIER_SHARED: Ipv4Addr = Ipv4Addr::new(80, 187, 1, 1);
/// The router's own address under DS-Lite (RFC 6333).
pub const DS_LITE_INNER: Ipv4Addr = Ipv4Addr::new(192, 0, 0, 2);
/// The address that the internet sees under DS-Lite: shared by many homes.
pub const DS_LITE_SHARED: Ipv4Addr = Ipv4Addr::new(80, 187, 2, 2);
/// The router's own address behind a second router.
pub const DOUBLE_NAT_INNER: Ipv4Addr = Ipv4Addr::new(192, 168, 1, 2);

/// The address that the internet sees of traffic through the VPN.
pub const VPN_EXIT: Ipv4Addr = Ipv4Addr::new(45, 80, 1, 9);
/// The VPN's server.
pub const VPN_SERVER: Ipv4Addr = Ipv4Addr::new(45, 80, 1, 1);

/// SPDYN's servers: update, look-up, portal.
pub const SPDYN_IPV4: Ipv4Addr = Ipv4Addr::new(185, 55, 72, 10);
/// The same over IPv6.
pub const SPDYN_IPV6: Ipv6Addr = Ipv6Addr::new(0x2a01, 0x7e0, 0, 0, 0, 0, 0, 0x10);
/// ns1.spdns.de, which is the home's resolver too.
pub const NS1_IPV4: Ipv4Addr = Ipv4Addr::new(185, 55, 72, 53);
/// The same over IPv6.
pub const NS1_IPV6: Ipv6Addr = Ipv6Addr::new(0x2a01, 0x7e0, 0, 0, 0, 0, 0, 0x53);
/// ns2.spdns.de.
pub const NS2_IPV4: Ipv4Addr = Ipv4Addr::new(185, 55, 73, 53);
/// The same over IPv6.
pub const NS2_IPV6: Ipv6Addr = Ipv6Addr::new(0x2a01, 0x7e0, 1, 0, 0, 0, 0, 0x53);

/// The provider's end of every line.
pub(super) const PROVIDER: Ipv4Addr = Ipv4Addr::new(62, 155, 240, 1);
