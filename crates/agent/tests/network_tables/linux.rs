//! Linux: containers, tunnels of all kinds, dialled lines.

use super::*;

/// Hardware types of Linux (`linux/if_arp.h`) that netdev passes on as numbers.
const ARPHRD_NONE: Type = Type::UnknownWithValue(65534);
const ARPHRD_SIT: Type = Type::UnknownWithValue(776);

fn linux() -> Vec<Interface> {
    let ethernet = row(
        2,
        "eth0",
        Type::Ethernet,
        &["192.168.178.30/24", "2003:e1:1:2342:5054:ff:fe12:3456/64", "fe80::5054:ff:fe12:3456/64"],
    );
    vec![
        loopback(),
        routed(ethernet, &["192.168.178.1", "fe80::3ea6:2fff:fe11:2233"], ROUTER),
        row(3, "docker0", Type::Ethernet, &["172.17.0.1/16", "fe80::42:1/64"]),
        row(4, "br-8c1f2a3b4c5d", Type::Ethernet, &["172.18.0.1/16"]),
        row(5, "veth12ab34c", Type::Ethernet, &["fe80::42:2/64"]),
        row(6, "virbr0", Type::Ethernet, &["192.168.122.1/24"]),
    ]
}

const LINUX_AT_HOME: &str = "
    eth0 Lan: 192.168.178.30/24 2003:e1:1:2342:5054:ff:fe12:3456/64 fe80::5054:ff:fe12:3456/64
    docker0 Virtual: 172.17.0.1/16 fe80::42:1/64
    br-8c1f2a3b4c5d Virtual: 172.18.0.1/16
    veth12ab34c Virtual: fe80::42:2/64
    virbr0 Virtual: 192.168.122.1/24";

#[test]
fn on_linux_containers_are_inner_networks() {
    let expected = followed_by(
        LINUX_AT_HOME,
        "Ipv4 leaves by eth0
        Ipv6 leaves by eth0
        gateway 192.168.178.1 fe80::3ea6:2fff:fe11:2233 hardware+link-local",
    );
    let ways = ["192.168.178.30", "2003:e1:1:2342:5054:ff:fe12:3456"];
    is_read_as(&linux(), Platform::Linux, &ways, &expected);
}

#[test]
fn on_linux_every_kind_of_tunnel_may_be_the_way_out_and_the_gateway_stays() {
    for (name, if_type) in [
        ("wg0", ARPHRD_NONE),
        ("tun0", ARPHRD_NONE),
        ("tailscale0", ARPHRD_NONE),
        ("tap0", Type::Ethernet),
        ("ztabcdef12", Type::Ethernet),
        ("ipip0", Type::Tunnel),
        ("sixxs", ARPHRD_SIT),
        // If the type can't be read.
        ("wg-office", Type::Unknown),
    ] {
        let mut table = linux();
        table.push(row(9, name, if_type, &["10.66.1.2/32", "fd66::2/128"]));
        let expected = followed_by(
            LINUX_AT_HOME,
            &format!(
                "{name} Tunnel: 10.66.1.2/32 fd66::2/128
                Ipv4 leaves by {name}
                Ipv6 leaves by {name}
                gateway 192.168.178.1 fe80::3ea6:2fff:fe11:2233 hardware+link-local"
            ),
        );
        is_read_as(&table, Platform::Linux, &["10.66.1.2", "fd66::2"], &expected);
    }
}

#[test]
fn on_linux_a_dialled_line_has_no_gateway_of_the_lan() {
    let table = [
        loopback(),
        row(2, "eth0", Type::Ethernet, &["192.168.10.1/24", "2003:e1:1:2342::1/64"]),
        row(8, "ppp0", Type::Ppp, &["84.160.12.7/32", "2003:e1:1:1::9/64", "fe80::9/128"]),
    ];
    is_read_as(
        &table,
        Platform::Linux,
        &["84.160.12.7", "2003:e1:1:1::9"],
        "
        eth0 Lan: 192.168.10.1/24 2003:e1:1:2342::1/64
        ppp0 Dialled: 84.160.12.7/32 2003:e1:1:1::9/64 fe80::9/128
        Ipv4 leaves by ppp0
        Ipv6 leaves by ppp0
        no gateway
        ",
    );
}
