//! Addresses, and the publish gate that decides which of them may be published.

mod allocated;

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};

use self::allocated::is_allocated;

/// One of the two address families: A records hold IPv4, AAAA records IPv6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum Family {
    /// A record.
    Ipv4,
    /// AAAA record.
    Ipv6,
}

impl Family {
    /// Both families, in the order in which addresses are sent and shown.
    pub const BOTH: [Family; 2] = [Family::Ipv4, Family::Ipv6];

    /// The family that `address` belongs to.
    pub fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(_) => Family::Ipv4,
            IpAddr::V6(_) => Family::Ipv6,
        }
    }
}

/// A value for each family.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
pub struct PerFamily<T> {
    /// For the A record.
    pub ipv4: T,
    /// For the AAAA record.
    pub ipv6: T,
}

impl<T> PerFamily<T> {
    /// The value for `family`.
    pub fn get(&self, family: Family) -> &T {
        match family {
            Family::Ipv4 => &self.ipv4,
            Family::Ipv6 => &self.ipv6,
        }
    }

    /// The value for `family`, mutably.
    pub fn get_mut(&mut self, family: Family) -> &mut T {
        match family {
            Family::Ipv4 => &mut self.ipv4,
            Family::Ipv6 => &mut self.ipv6,
        }
    }

    /// Makes one value for each family.
    pub fn from_fn(mut make: impl FnMut(Family) -> T) -> Self {
        PerFamily { ipv4: make(Family::Ipv4), ipv6: make(Family::Ipv6) }
    }
}

/// The addresses of one host name: at most one of each family.
pub type Addresses = PerFamily<Option<PublicAddress>>;

impl Addresses {
    /// The addresses that are there, IPv4 first.
    pub fn iter(&self) -> impl Iterator<Item = PublicAddress> {
        Family::BOTH.into_iter().filter_map(|family| *self.get(family))
    }

    /// True when neither family has an address.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }
}

impl fmt::Display for Addresses {
    /// Writes the value of the parameter `myip`: `203.0.113.113,2001:db8::db8`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, address) in self.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{address}")?;
        }
        Ok(())
    }
}

/// An address that passed the publish gate. There is no other way to make one, and an update request takes
/// nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export, type = "string"))]
#[serde(try_from = "IpAddr", into = "IpAddr")]
pub struct PublicAddress(IpAddr);

impl PublicAddress {
    /// The address itself.
    pub fn ip(self) -> IpAddr {
        self.0
    }

    /// Its family.
    pub fn family(self) -> Family {
        Family::of(self.0)
    }
}

impl From<PublicAddress> for IpAddr {
    fn from(address: PublicAddress) -> Self {
        address.0
    }
}

impl fmt::Display for PublicAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The publish gate: passes the addresses that the whole internet can reach.
///
/// # Errors
/// [`Unpublishable`] names the block that the address lies in.
impl TryFrom<IpAddr> for PublicAddress {
    type Error = Unpublishable;

    fn try_from(address: IpAddr) -> Result<Self, Unpublishable> {
        let why = match address {
            IpAddr::V4(v4) => why_not_v4(v4),
            IpAddr::V6(v6) => why_not_v6(v6),
        };
        why.map_or(Ok(PublicAddress(address)), Err)
    }
}

/// The reason why an address may never be published: the block that it lies in, after IANA's special-purpose
/// registries (RFC 6890 and its updates).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum Unpublishable {
    /// `0.0.0.0/8`, `::` (RFC 1122, RFC 4291).
    Unspecified,
    /// `10/8`, `172.16/12`, `192.168/16` (RFC 1918).
    Private,
    /// `100.64/10`: a provider's shared address (RFC 6598).
    Shared,
    /// `127/8`, `::1`.
    Loopback,
    /// `169.254/16`, `fe80::/10` (RFC 3927, RFC 4291), and the deprecated site-local `fec0::/10`.
    LinkLocal,
    /// `fc00::/7` (RFC 4193).
    UniqueLocal,
    /// `192.0.2/24`, `198.51.100/24`, `203.0.113/24`, `2001:db8::/32`, `3fff::/20` (RFC 5737, 3849, 9637).
    Documentation,
    /// `198.18/15`, `2001:2::/48` (RFC 2544, RFC 5180).
    Benchmark,
    /// `224/4`, `ff00::/8`.
    Multicast,
    /// `240/4`, `192.0.0/24`, `192.88.99/24`, the anycast blocks `192.31.196/24`, `192.52.193/24`, `192.175.48/24` and
    /// `2620:4f:8000::/48`, and all IPv6 that no registry was given.
    Reserved,
    /// `::ffff:0:0/96`: IPv4-mapped addresses.
    Ipv4Mapped,
    /// Teredo `2001::/32`, 6to4 `2002::/16`, `64:ff9b::/96`: translated addresses, not this line's own.
    Translated,
}

impl fmt::Display for Unpublishable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?} address, not published")
    }
}

impl std::error::Error for Unpublishable {}

fn why_not_v4(address: Ipv4Addr) -> Option<Unpublishable> {
    let [a, b, c, _] = address.octets();
    Some(match (a, b, c) {
        (0, ..) => Unpublishable::Unspecified,
        (10, ..) | (172, 16..=31, _) | (192, 168, _) => Unpublishable::Private,
        (100, 64..=127, _) => Unpublishable::Shared,
        (127, ..) => Unpublishable::Loopback,
        (169, 254, _) => Unpublishable::LinkLocal,
        (192, 0, 2) | (198, 51, 100) | (203, 0, 113) => Unpublishable::Documentation,
        (198, 18..=19, _) => Unpublishable::Benchmark,
        (224..=239, ..) => Unpublishable::Multicast,
        // From 192.31.196 on, AS112 and AMT (RFC 7535, 7450, 7534): reachable, and of many servers all over the world.
        (240..=255, ..) | (192, 0, 0) | (192, 88, 99) | (192, 31, 196) | (192, 52, 193) | (192, 175, 48) => {
            Unpublishable::Reserved
        }
        _ => return None,
    })
}

fn why_not_v6(address: Ipv6Addr) -> Option<Unpublishable> {
    let [a, b, c, ..] = address.segments();
    Some(match (a, b, c) {
        _ if address.is_unspecified() => Unpublishable::Unspecified,
        _ if address.is_loopback() => Unpublishable::Loopback,
        _ if address.to_ipv4_mapped().is_some() => Unpublishable::Ipv4Mapped,
        (0x0064, 0xff9b, _) | (0x2001, 0, _) | (0x2002, ..) => Unpublishable::Translated,
        (0xfc00..=0xfdff, ..) => Unpublishable::UniqueLocal,
        (0xfe80..=0xfeff, ..) => Unpublishable::LinkLocal,
        (0xff00..=0xffff, ..) => Unpublishable::Multicast,
        (0x2001, 0x0db8, _) | (0x3fff, 0..=0x0fff, _) => Unpublishable::Documentation,
        (0x2001, 2, 0) => Unpublishable::Benchmark,
        (0x2001, 1..=0x01ff, _) | (0x2620, 0x004f, 0x8000) => Unpublishable::Reserved,
        _ if is_allocated(address) => return None,
        _ => Unpublishable::Reserved,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(text: &str) -> Result<PublicAddress, Unpublishable> {
        PublicAddress::try_from(text.parse::<IpAddr>().expect("a literal address"))
    }

    #[test]
    fn addresses_that_the_internet_can_reach_pass() {
        for text in [
            "84.160.12.7",
            "1.1.1.1",
            "172.32.0.1",
            "100.128.0.1",
            "192.31.197.1",
            "192.1.0.1",
            "2001:200::1",
            "2001:4c00::1",
            "2003:e1:1:2::3",
            "2409:8a00::1",
            "241f:ffff::1",
            "2606:4700::1",
            "2620:4f:8001::1",
            "2804:14c::1",
            "2a02:8109::1",
            "2a10:3781::1",
            "2c0f:f248::1",
        ] {
            assert_eq!(gate(text).map(|a| a.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn every_other_block_is_refused_by_its_name() {
        use Unpublishable::*;
        for (text, why) in [
            ("0.0.0.0", Unspecified),
            ("0.1.2.3", Unspecified),
            ("10.0.0.1", Private),
            ("172.16.0.1", Private),
            ("172.31.255.255", Private),
            ("192.168.1.5", Private),
            ("100.64.1.2", Shared),
            ("100.127.255.255", Shared),
            ("127.0.0.1", Loopback),
            ("169.254.9.9", LinkLocal),
            ("192.0.2.1", Documentation),
            ("198.51.100.7", Documentation),
            ("203.0.113.113", Documentation),
            ("198.18.0.1", Benchmark),
            ("198.19.255.255", Benchmark),
            ("224.0.0.1", Multicast),
            ("239.255.255.255", Multicast),
            ("240.0.0.1", Reserved),
            ("255.255.255.255", Reserved),
            ("192.0.0.8", Reserved),
            ("192.88.99.1", Reserved),
            ("::", Unspecified),
            ("::1", Loopback),
            ("::ffff:84.160.12.7", Ipv4Mapped),
            ("64:ff9b::1", Translated),
            ("2001::1", Translated),
            ("2002:54a0:c07::1", Translated),
            ("fe80::1", LinkLocal),
            ("fec0::1", LinkLocal),
            ("fd00::1", UniqueLocal),
            ("fc00::1", UniqueLocal),
            ("ff02::1", Multicast),
            ("2001:db8::db8", Documentation),
            ("3fff::1", Documentation),
            ("2001:2::1", Benchmark),
            ("2001:20::1", Reserved),
            ("4000::1", Reserved),
            ("192.31.196.1", Reserved),
            ("192.52.193.1", Reserved),
            ("192.175.48.6", Reserved),
            ("2620:4f:8000::1", Reserved),
            ("2000::1", Reserved),
            ("2001:1000::1", Reserved),
            ("2001:6000::1", Reserved),
            ("2001:c000::1", Reserved),
            ("2003:4000::1", Reserved),
            ("2100::1", Reserved),
            ("2420::1", Reserved),
            ("2612::1", Reserved),
            ("2a20::1", Reserved),
            ("2d00::1", Reserved),
            ("3000::1", Reserved),
            ("3ffe::1", Reserved),
            ("3ffe:501:ffff::1", Reserved),
            ("3fff:1000::1", Reserved),
            ("::84.160.12.7", Reserved),
        ] {
            assert_eq!(gate(text), Err(why), "{text}");
        }
    }

    #[test]
    fn a_saved_address_passes_the_gate_again_when_it_is_read_back() {
        assert!(serde_json::from_str::<PublicAddress>("\"84.160.12.7\"").is_ok());
        let refused = serde_json::from_str::<PublicAddress>("\"192.168.1.5\"").expect_err("a private one");
        assert_eq!(refused.to_string(), "Private address, not published");
    }

    #[test]
    fn both_families_are_written_as_myip_wants_them() {
        let both = Addresses { ipv4: gate("84.160.12.7").ok(), ipv6: gate("2003:e1::7").ok() };
        assert_eq!(both.to_string(), "84.160.12.7,2003:e1::7");
        assert_eq!(Addresses::default().to_string(), "");
        assert!(Addresses::default().is_empty() && !both.is_empty());
    }
}
