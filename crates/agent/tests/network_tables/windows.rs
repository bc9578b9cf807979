//! Windows: cards, switches and VPN adapters, told apart by types and descriptions.

use super::*;

fn windows() -> Vec<Interface> {
    let ethernet = row(
        12,
        "{B5A3E1C0-0000-4000-8000-000000000012}",
        Type::Ethernet,
        &[
            "192.168.178.20/24",
            "2003:e1:1:2342:1c2d:3e4f:5061:7283/64",
            "2003:e1:1:2342:a9f0:11:22:33/128 temporary",
            "2003:e1:1:2342:b801:44:55:66/128 temporary deprecated",
            "fe80::1c2d:3e4f:5061:7283/64",
        ],
    );
    let wifi = row(
        7,
        "{B5A3E1C0-0000-4000-8000-000000000007}",
        Type::Wireless80211,
        &["192.168.178.21/24", "2003:e1:1:2342:77aa:bb:cc:dd/64 tentative"],
    );
    let switch = row(
        33,
        "{B5A3E1C0-0000-4000-8000-000000000033}",
        Type::Ethernet,
        &["172.27.96.1/20", "fe80::aaaa:1/64"],
    );
    let down = Interface {
        flags: 0,
        ..row(40, "{B5A3E1C0-0000-4000-8000-000000000040}", Type::Ethernet, &["169.254.7.7/16"])
    };
    let loopback = row(1, "{B5A3E1C0-0000-4000-8000-000000000001}", Type::Loopback, &["127.0.0.1/8"]);
    vec![
        called(loopback, "Loopback Pseudo-Interface 1", "Software Loopback Interface 1"),
        routed(
            called(wifi, "WLAN", "Intel(R) Wi-Fi 6 AX201 160MHz"),
            &["192.168.178.1", "fe80::3ea6:2fff:fe11:2233"],
            ROUTER,
        ),
        routed(
            called(ethernet, "Ethernet", "Realtek PCIe GbE Family Controller"),
            &["fe80::3ea6:2fff:fe11:2233", "192.168.178.1"],
            ROUTER,
        ),
        called(switch, "vEthernet (Default Switch)", "Hyper-V Virtual Ethernet Adapter"),
        called(down, "Bluetooth-Netzwerkverbindung", "Bluetooth Device (Personal Area Network)"),
    ]
}

#[test]
fn on_windows_cards_are_told_from_switches_and_temporary_addresses_from_stable_ones() {
    is_read_as(
        &windows(),
        Platform::Windows,
        &["192.168.178.20", "2003:e1:1:2342:a9f0:11:22:33"],
        "
        WLAN Lan: 192.168.178.21/24 2003:e1:1:2342:77aa:bb:cc:dd/64 (Tentative)
        Ethernet Lan: 192.168.178.20/24 2003:e1:1:2342:1c2d:3e4f:5061:7283/64 2003:e1:1:2342:a9f0:11:22:33/128 (Temporary) 2003:e1:1:2342:b801:44:55:66/128 (Temporary, Deprecated) fe80::1c2d:3e4f:5061:7283/64
        vEthernet (Default Switch) Virtual: 172.27.96.1/20 fe80::aaaa:1/64
        Ipv4 leaves by Ethernet
        Ipv6 leaves by Ethernet
        gateway 192.168.178.1 fe80::3ea6:2fff:fe11:2233 hardware+link-local
        ",
    );
}

#[test]
fn on_windows_a_vpn_is_the_way_out_and_the_gateway_stays_the_homes() {
    let mut table = windows();
    let wireguard =
        row(50, "{B5A3E1C0-0000-4000-8000-000000000050}", Type::ProprietaryVirtual, &["10.66.1.2/32"]);
    table.push(called(wireguard, "office", "WireGuard Tunnel"));
    let network = network_of(&table, outgoing(&["10.66.1.2"]), SALT, Platform::Windows);
    assert!(network.leaves_by_tunnel(Family::Ipv4));
    assert!(shown(&network).contains("office Tunnel: 10.66.1.2/32\n"));
    assert!(shown(&network).ends_with("gateway 192.168.178.1 fe80::3ea6:2fff:fe11:2233 hardware+link-local"));
}

#[test]
fn on_windows_every_well_known_vpn_is_a_tunnel_by_its_type_or_its_words() {
    let guid = "{B5A3E1C0-0000-4000-8000-000000000060}";
    for (if_type, friendly, description) in [
        (Type::ProprietaryVirtual, "office", "WireGuard Tunnel"),
        (Type::ProprietaryVirtual, "Local Area Connection", "Wintun Userspace Tunnel"),
        (Type::ProprietaryVirtual, "Ethernet 3", "OpenVPN Data Channel Offload"),
        (Type::Ethernet, "Ethernet 4", "TAP-Windows Adapter V9"),
        (Type::Ethernet, "Ethernet 5", "Cisco AnyConnect Secure Mobility Client Virtual Miniport Adapter"),
        (Type::Ethernet, "ZeroTier One [8056c2e21c000001]", "ZeroTier Virtual Port"),
        (Type::Ppp, "Firma", "Firma"),
        (Type::Tunnel, "Teredo Tunneling Pseudo-Interface", "Microsoft Teredo Tunneling Adapter"),
    ] {
        // Windows gives dialled VPNs the gateway 0.0.0.0.
        let adapter = called(row(60, guid, if_type, &["10.8.0.2/24"]), friendly, description);
        let table = [routed(adapter, &["0.0.0.0"], [0; 6])];
        let network = network_of(&table, outgoing(&["10.8.0.2"]), SALT, Platform::Windows);
        assert!(network.leaves_by_tunnel(Family::Ipv4), "{description}");
        assert_eq!(network.gateway, None, "{description}");
    }
}

#[test]
fn on_windows_a_switch_a_team_or_a_virtual_machines_card_with_the_way_out_is_a_lan() {
    let guid = "{B5A3E1C0-0000-4000-8000-000000000061}";
    for (if_type, friendly, description) in [
        (Type::Ethernet, "vEthernet (External)", "Hyper-V Virtual Ethernet Adapter #2"),
        (Type::ProprietaryVirtual, "Team", "Microsoft Network Adapter Multiplexor Driver"),
        (Type::Ethernet, "Ethernet", "Microsoft Hyper-V Network Adapter"),
    ] {
        let card = called(row(61, guid, if_type, &["192.168.178.20/24"]), friendly, description);
        is_read_as(
            &[routed(card, &["192.168.178.1"], ROUTER)],
            Platform::Windows,
            &["192.168.178.20"],
            &format!(
                "{friendly} Lan: 192.168.178.20/24
                Ipv4 leaves by {friendly}
                Ipv6 leaves by -
                gateway 192.168.178.1 - hardware"
            ),
        );
    }
}
