//! macOS: Wi-Fi, the system's own tunnels and radios, VPNs.

use super::*;

fn macos() -> Vec<Interface> {
    // A stable address is "secured" (RFC 7217) on macOS, for which netdev has no flag.
    let wifi = row(
        14,
        "en0",
        Type::Wireless80211,
        &[
            "fe80::146a:8d2f:77e0:31aa/64",
            "192.168.178.23/24",
            "2003:e1:1:2342:40c:9b2:6d1e:ff01/64",
            "2003:e1:1:2342:9d1f:5a:b0c:77/64 temporary",
            "2003:e1:1:2300:40c:9b2:6d1e:ff01/64 deprecated",
            "2003:e1:1:2300:8811:22:33:44/64 temporary deprecated",
        ],
    );
    let mut table = vec![
        Interface { name: "lo0".into(), ..loopback() },
        routed(wifi, &["192.168.178.1", "fe80::3ea6:2fff:fe11:2233"], ROUTER),
        row(12, "awdl0", Type::PeerToPeerWireless, &["fe80::f4d4:88ff:fe00:1/64"]),
        row(13, "llw0", Type::Ethernet, &["fe80::f4d4:88ff:fe00:1/64"]),
        row(10, "bridge0", Type::Bridge, &[]),
    ];
    for number in 0..4 {
        let address = format!("fe80::ce81:b1c:bd2c:{number}/64");
        let tunnel = row(16 + number, &format!("utun{number}"), Type::Tunnel, &[&address]);
        // macOS has an IPv6 route through each of them, with a gateway that is only their own network.
        table.push(routed(tunnel, &["fe80::"], [0; 6]));
    }
    table
}

const MACOS_AT_HOME: &str = "
    bridge0 Virtual:
    awdl0 Virtual: fe80::f4d4:88ff:fe00:1/64
    llw0 Virtual: fe80::f4d4:88ff:fe00:1/64
    en0 Lan: 192.168.178.23/24 fe80::146a:8d2f:77e0:31aa/64 2003:e1:1:2342:40c:9b2:6d1e:ff01/64 2003:e1:1:2342:9d1f:5a:b0c:77/64 (Temporary) 2003:e1:1:2300:40c:9b2:6d1e:ff01/64 (Deprecated) 2003:e1:1:2300:8811:22:33:44/64 (Temporary, Deprecated)
    utun0 Tunnel: fe80::ce81:b1c:bd2c:0/64
    utun1 Tunnel: fe80::ce81:b1c:bd2c:1/64
    utun2 Tunnel: fe80::ce81:b1c:bd2c:2/64
    utun3 Tunnel: fe80::ce81:b1c:bd2c:3/64";

#[test]
fn on_macos_the_systems_own_tunnels_and_radios_are_not_the_way_out() {
    let expected = followed_by(
        MACOS_AT_HOME,
        "Ipv4 leaves by en0
        Ipv6 leaves by en0
        gateway 192.168.178.1 fe80::3ea6:2fff:fe11:2233 hardware+link-local",
    );
    let ways = ["192.168.178.23", "2003:e1:1:2342:9d1f:5a:b0c:77"];
    is_read_as(&macos(), Platform::MacOs, &ways, &expected);
}

#[test]
fn on_macos_a_vpn_with_the_default_route_leaves_the_homes_gateway_in_place() {
    for (name, if_type) in [("utun4", Type::Tunnel), ("ipsec0", Type::Unknown), ("ppp0", Type::Ppp)] {
        let mut table = macos();
        table.push(routed(row(25, name, if_type, &["10.66.1.2/32"]), &["10.66.1.1"], [0; 6]));
        let expected = followed_by(
            MACOS_AT_HOME,
            &format!(
                "{name} Tunnel: 10.66.1.2/32
                Ipv4 leaves by {name}
                Ipv6 leaves by en0
                gateway 192.168.178.1 fe80::3ea6:2fff:fe11:2233 hardware+link-local"
            ),
        );
        let ways = ["10.66.1.2", "2003:e1:1:2342:9d1f:5a:b0c:77"];
        is_read_as(&table, Platform::MacOs, &ways, &expected);
    }
}
