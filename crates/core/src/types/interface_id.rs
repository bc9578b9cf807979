//! Interface identifiers: the part of a device's IPv6 address that stays when the provider gives the home another prefix.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use serde::{Deserialize, Serialize};

use crate::types::address::PublicAddress;
use crate::types::network::{Prefix, SHARED_BITS};

/// The shortest prefix that a home gets, in bits. What stands behind it may name a network of the home.
const SHORTEST_PREFIX: u8 = 48;

/// The reason why a text names no device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum InterfaceIdError {
    /// Neither an interface identifier nor an IPv6 or a hardware address.
    Shape,
    /// An address that is valid in the home alone: a device may have another identifier in its public address.
    NotPublic,
    /// An address of a group of devices, or of all.
    Multicast,
    /// Only the number of a network, without a device.
    NoDevice,
}

/// What follows a home's prefix in a device's address: the network's number, where the home has several, and the device's
/// interface identifier.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct InterfaceId(u128);

impl TryFrom<String> for InterfaceId {
    type Error = InterfaceIdError;

    fn try_from(text: String) -> Result<Self, InterfaceIdError> {
        InterfaceId::parse(&text)
    }
}

impl From<InterfaceId> for String {
    fn from(id: InterfaceId) -> Self {
        id.to_string()
    }
}

impl InterfaceId {
    /// Reads an identifier as typed: `::1a2b:3cff:fe4d:5e6f`, as a router shows it; a whole public address of the device;
    /// or its hardware address, from which the identifier is made (EUI-64, RFC 4291, appendix A).
    ///
    /// # Errors
    /// The reason why it is none.
    pub fn parse(typed: &str) -> Result<Self, InterfaceIdError> {
        let text = typed.trim();
        if let Some(hardware) = hardware_address(text) {
            return InterfaceId::of_hardware(hardware);
        }
        // "1a2b:3cff:fe4d:5e6f", as some routers show it.
        let is_tail = !text.contains("::") && text.split(':').count() == 4;
        let whole = if is_tail { format!("::{text}") } else { text.to_owned() };
        let address: Ipv6Addr = whole.parse().map_err(|_| InterfaceIdError::Shape)?;
        if address.is_multicast() {
            return Err(InterfaceIdError::Multicast);
        }
        let bits = address.to_bits();
        if address.segments()[..3] == [0; 3] {
            return InterfaceId::of_bits(bits);
        }
        // Of a whole address, the network's number belongs to the prefix that it has now.
        PublicAddress::try_from(IpAddr::V6(address)).map_err(|_| InterfaceIdError::NotPublic)?;
        InterfaceId::of_bits(bits & u128::from(u64::MAX))
    }

    fn of_hardware(address: [u8; 6]) -> Result<Self, InterfaceIdError> {
        const GROUP: u8 = 1;
        const UNIVERSAL: u8 = 2;
        if address[0] & GROUP != 0 {
            return Err(InterfaceIdError::Multicast);
        }
        let (maker, device) = address.split_at(3);
        let mut id = [0; 8];
        id[..3].copy_from_slice(maker);
        id[3..5].copy_from_slice(&[0xff, 0xfe]);
        id[5..].copy_from_slice(device);
        id[0] ^= UNIVERSAL;
        InterfaceId::of_bits(u64::from_be_bytes(id).into())
    }

    fn of_bits(bits: u128) -> Result<Self, InterfaceIdError> {
        // It would be written as an IPv4 address, and not be read again. No device has it.
        if Ipv6Addr::from_bits(bits).to_ipv4_mapped().is_some() {
            return Err(InterfaceIdError::Shape);
        }
        let is_device = bits & u128::from(u64::MAX) != 0;
        if is_device { Ok(InterfaceId(bits)) } else { Err(InterfaceIdError::NoDevice) }
    }

    /// True where it also says in which of the home's networks the device is.
    pub fn names_network(self) -> bool {
        self.0 >> SHARED_BITS != 0
    }

    /// The device's address in `prefix`; none where the prefix is longer than the identifier leaves room for.
    pub fn address_in(self, prefix: Prefix) -> Option<Ipv6Addr> {
        let has_room = self.0.leading_zeros() >= u32::from(prefix.length);
        let is_known = (SHORTEST_PREFIX..=SHARED_BITS).contains(&prefix.length);
        (has_room && is_known).then(|| Ipv6Addr::from_bits(prefix.base.to_bits() | self.0))
    }
}

impl fmt::Display for InterfaceIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a device's part of an address: {self:?}")
    }
}

impl std::error::Error for InterfaceIdError {}

impl fmt::Display for InterfaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ipv6Addr::from_bits(self.0).fmt(f)
    }
}

impl fmt::Debug for InterfaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Reads six bytes: `3c:a6:2f:01:02:03`, `3C-A6-2F-01-02-03`, or `3ca6.2f01.0203`.
fn hardware_address(text: &str) -> Option<[u8; 6]> {
    let parts: Vec<&str> = text.split([':', '-', '.']).collect();
    let digits = match (parts.len(), parts.iter().all(|part| part.len() == 12 / parts.len())) {
        (6 | 3, true) => parts.concat(),
        _ => return None,
    };
    if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; 6];
    for (byte, at) in bytes.iter_mut().zip((0..12).step_by(2)) {
        *byte = u8::from_str_radix(digits.get(at..at + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_read_as_routers_show_it_from_an_address_and_from_a_hardware_address() {
        for (typed, read) in [
            ("::1a2b:3cff:fe4d:5e6f", "::1a2b:3cff:fe4d:5e6f"),
            (" 1a2b:3cff:fe4d:5e6f ", "::1a2b:3cff:fe4d:5e6f"),
            ("::7", "::7"),
            ("2003:e1:1:2:1a2b:3cff:fe4d:5e6f", "::1a2b:3cff:fe4d:5e6f"),
            ("2003:e1:1:2::7", "::7"),
            ("18:2b:3c:4d:5e:6f", "::1a2b:3cff:fe4d:5e6f"),
            ("18-2B-3C-4D-5E-6F", "::1a2b:3cff:fe4d:5e6f"),
            ("182b.3c4d.5e6f", "::1a2b:3cff:fe4d:5e6f"),
            ("::2:1a2b:3cff:fe4d:5e6f", "::2:1a2b:3cff:fe4d:5e6f"),
        ] {
            let id = InterfaceId::parse(typed).expect(typed);
            assert_eq!(id.to_string(), read, "{typed}");
            let json = serde_json::to_string(&id).expect("serialises");
            assert_eq!(serde_json::from_str::<InterfaceId>(&json).expect("an identifier"), id);
        }
    }

    #[test]
    fn what_names_no_device_is_refused_by_its_reason() {
        use InterfaceIdError::{Multicast, NoDevice, NotPublic, Shape};
        for (typed, why) in [
            ("", Shape),
            ("nas", Shape),
            ("192.168.178.20", Shape),
            ("2003:e1:1:2::7/64", Shape),
            ("1a:2b:3c:4d:5e", Shape),
            ("1a:2b:3c:4d:5e:zz", Shape),
            ("+1:2b:3c:4d:5e:6f", Shape),
            ("fe80::1a2b:3cff:fe4d:5e6f", NotPublic),
            ("fd00::1a2b:3cff:fe4d:5e6f", NotPublic),
            ("2001:db8::7", NotPublic),
            ("::ffff:192.168.178.20", Shape),
            ("2003:e1:1:2:0:ffff:c0a8:b214", Shape),
            ("ff02::1", Multicast),
            ("ff:ff:ff:ff:ff:ff", Multicast),
            ("01:00:5e:00:00:fb", Multicast),
            ("::", NoDevice),
            ("2003:e1:1:2::", NoDevice),
            ("::2:0:0:0:0", NoDevice),
        ] {
            assert_eq!(InterfaceId::parse(typed), Err(why), "{typed}");
        }
    }

    #[test]
    fn an_address_is_the_prefix_and_the_identifier_and_nothing_else() {
        let prefix = |length| Prefix::of("2003:e1:1:2300::".parse().expect("an address"), length);
        let device = InterfaceId::parse("::1a2b:3cff:fe4d:5e6f").expect("an identifier");
        let in_guests = InterfaceId::parse("::12:1a2b:3cff:fe4d:5e6f").expect("an identifier");
        let address = |text: &str| text.parse::<Ipv6Addr>().ok();
        assert!(!device.names_network() && in_guests.names_network());
        assert_eq!(device.address_in(prefix(64)), address("2003:e1:1:2300:1a2b:3cff:fe4d:5e6f"));
        assert_eq!(in_guests.address_in(prefix(56)), address("2003:e1:1:2312:1a2b:3cff:fe4d:5e6f"));
        assert_eq!(in_guests.address_in(prefix(60)), None, "the network's number has no room");
        assert_eq!(in_guests.address_in(prefix(64)), None);
        assert_eq!(device.address_in(prefix(65)), None);
        assert_eq!(device.address_in(prefix(20)), None, "no home has that many networks");
    }
}
