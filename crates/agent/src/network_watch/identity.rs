//! The identities of a network, by its gateway: what tells one router from another, hashed.

use std::fmt::Write;
use std::net::Ipv6Addr;

use dyntray_core::types::network::{IdentityKind, NetworkId};
use sha2::{Digest, Sha256};

/// Unique device names that many routers share: they stand in the sample configuration and in the sources of miniupnpd
/// (`miniupnpd.conf`, `upnpglobalvars.c`, seen in November 2026).
const EVERYBODYS: [&str; 2] =
    ["uuid:fc4ec57e-b051-11db-88f8-0060085db3f6", "uuid:00000000-0000-0000-0000-000000000000"];

/// By the gateway's hardware address.
pub(super) fn by_hardware_address(salt: u64, address: [u8; 6]) -> NetworkId {
    NetworkId::of(IdentityKind::HardwareAddress, &hash(salt, &address))
}

/// By the gateway's link-local address. None where it is one like `fe80::1`: such addresses are set by hand, and many
/// routers have the same.
pub(super) fn by_link_local_address(salt: u64, address: Ipv6Addr) -> Option<NetworkId> {
    let interface_id = address.to_bits() & u128::from(u64::MAX);
    let tells = address.is_unicast_link_local() && interface_id >= 1 << 32;
    tells.then(|| NetworkId::of(IdentityKind::LinkLocalAddress, &hash(salt, &address.octets())))
}

/// By the unique name that the gateway has as a UPnP device (`UDN`). None where many have the same.
pub(crate) fn by_device_name(salt: u64, name: &str) -> Option<NetworkId> {
    let name = name.trim().to_ascii_lowercase();
    let tells = name.len() > "uuid:".len() && !EVERYBODYS.contains(&name.as_str());
    tells.then(|| NetworkId::of(IdentityKind::DeviceName, &hash(salt, name.as_bytes())))
}

/// Hashes an address or a name with this installation's `salt`: SHA-256 over the salt's eight bytes (big-endian) and the
/// address, as 64 hexadecimal digits.
fn hash(salt: u64, address: &[u8]) -> String {
    let digest = Sha256::new().chain_update(salt.to_be_bytes()).chain_update(address).finalize();
    let mut hex = String::with_capacity(64);
    for byte in digest {
        // Writing to a string can't fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_name_tells_a_network_unless_many_routers_have_it() {
        let fritz_box = "uuid:75802409-bccb-40e7-8e6c-3CA62F112233";
        let known = by_device_name(7, fritz_box).expect("an identity");
        assert_eq!(known.kind(), IdentityKind::DeviceName);
        assert_eq!(by_device_name(7, &fritz_box.to_lowercase()), Some(known.clone()));
        assert_ne!(by_device_name(8, fritz_box), Some(known.clone()));
        assert!(!known.0.to_uppercase().contains("3CA62F"), "it is hashed");
        for everybodys in ["", "uuid:", EVERYBODYS[0], EVERYBODYS[1]] {
            assert_eq!(by_device_name(7, everybodys), None, "{everybodys}");
        }
    }
}
