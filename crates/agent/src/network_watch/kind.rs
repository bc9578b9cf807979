//! What an interface is, from what the operating system calls it. None of the three systems says "VPN", so types,
//! names and, on Windows, descriptions are read together.

use dyntray_core::types::network::InterfaceKind;
use netdev::Interface;
use netdev::interface::types::InterfaceType;

use super::System;

/// Whether an interface carries a default route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DefaultRoute {
    /// The system sends packets to the internet by it, or would if no better way were there.
    Carried,
    /// It leads to its own network only.
    None,
}

/// Hardware types of Linux tunnels (`linux/if_arp.h`) that netdev has no name for: `NONE` (WireGuard, tun),
/// `TUNNEL6`, `SIT`, `IPGRE`, `IP6GRE`.
const LINUX_TUNNELS: [u32; 5] = [65534, 769, 776, 778, 823];

/// How Linux names tunnels that look like Ethernet (OpenVPN's tap, ZeroTier), and all others, should their type be
/// unreadable.
const LINUX_TUNNEL_NAMES: [&str; 8] = ["tap", "tun", "wg", "zt", "tailscale", "ipsec", "gre", "sit"];

/// Containers' and virtual machines' inner networks on Linux.
const LINUX_VIRTUAL_NAMES: [&str; 17] = [
    "docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "vnet", "lxcbr", "lxdbr", "incusbr", "podman",
    "cni", "flannel", "cali", "nerdctl", "dummy", "ifb",
];

/// macOS calls every VPN of its own network extensions `utun`, IPsec ones `ipsec`, L2TP and PPTP ones `ppp`.
/// `feth` is ZeroTier's.
const MACOS_TUNNEL_NAMES: [&str; 9] = ["utun", "ipsec", "ppp", "gif", "stf", "tun", "tap", "wg", "feth"];

/// AirDrop (`awdl`, `llw`), Thunderbolt and sharing bridges, virtual machines, the Wi-Fi chip's own access point.
const MACOS_VIRTUAL_NAMES: [&str; 9] =
    ["awdl", "llw", "bridge", "vmnet", "vmenet", "vnic", "vboxnet", "ap", "anpi"];

/// Words in the names and descriptions of VPN adapters on Windows, in small letters. "vpn" covers OpenVPN, Proton
/// VPN, SoftEther VPN and many more.
const WINDOWS_TUNNEL_WORDS: [&str; 14] = [
    "vpn",
    "wireguard",
    "wintun",
    "tap-windows",
    "tap-win32",
    "tailscale",
    "zerotier",
    "nordlynx",
    "mullvad",
    "anyconnect",
    "fortinet",
    "pangp",
    "juniper networks virtual",
    "check point virtual",
];

/// Words for inner networks on Windows. A virtual machine's own card, "Microsoft Hyper-V Network Adapter", isn't one.
const WINDOWS_VIRTUAL_WORDS: [&str; 7] = [
    "vethernet",
    "hyper-v virtual ethernet",
    "vmware virtual ethernet",
    "virtualbox host-only",
    "wi-fi direct virtual",
    "km-test loopback",
    "npcap loopback",
];

/// Teams and bridges of real cards, which Windows counts as proprietary virtual ones too.
const WINDOWS_BUNDLE_WORDS: [&str; 2] = ["multiplexor", "mac bridge"];

/// What `interface` is. An inner network that carries a default route is the way out of a virtual machine's host or
/// of a bridged card, and so counts as [`InterfaceKind::Lan`].
pub(super) fn kind_of(interface: &Interface, route: DefaultRoute, system: System) -> InterfaceKind {
    if is_dialled(interface, system) {
        InterfaceKind::Dialled
    } else if is_tunnel(interface, system) {
        InterfaceKind::Tunnel
    } else if route == DefaultRoute::None && is_virtual(interface, system) {
        InterfaceKind::Virtual
    } else {
        InterfaceKind::Lan
    }
}

fn is_dialled(interface: &Interface, system: System) -> bool {
    match interface.if_type {
        // Elsewhere PPP is what the system's own VPN client makes.
        InterfaceType::Ppp => system == System::Linux,
        InterfaceType::GenericModem
        | InterfaceType::Wman
        | InterfaceType::Wwan
        | InterfaceType::Wwanpp
        | InterfaceType::Wwanpp2 => true,
        _ => false,
    }
}

fn is_tunnel(interface: &Interface, system: System) -> bool {
    match (system, interface.if_type) {
        (_, InterfaceType::Tunnel | InterfaceType::Ppp) => true,
        (System::Linux, InterfaceType::UnknownWithValue(hardware)) => LINUX_TUNNELS.contains(&hardware),
        (System::Linux, _) => is_named(interface, &LINUX_TUNNEL_NAMES),
        (System::MacOs, _) => is_named(interface, &MACOS_TUNNEL_NAMES),
        (System::Windows, InterfaceType::ProprietaryVirtual) => !is_told(interface, &WINDOWS_BUNDLE_WORDS),
        (System::Windows, _) => is_told(interface, &WINDOWS_TUNNEL_WORDS),
    }
}

fn is_virtual(interface: &Interface, system: System) -> bool {
    match system {
        System::Linux => is_named(interface, &LINUX_VIRTUAL_NAMES),
        System::MacOs => {
            matches!(interface.if_type, InterfaceType::Bridge | InterfaceType::PeerToPeerWireless)
                || is_named(interface, &MACOS_VIRTUAL_NAMES)
        }
        System::Windows => is_told(interface, &WINDOWS_VIRTUAL_WORDS),
    }
}

fn is_named(interface: &Interface, beginnings: &[&str]) -> bool {
    beginnings.iter().any(|beginning| interface.name.starts_with(beginning))
}

fn is_told(interface: &Interface, words: &[&str]) -> bool {
    let texts = [&interface.friendly_name, &interface.description];
    texts.into_iter().flatten().any(|text| {
        let text = text.to_lowercase();
        words.iter().any(|word| text.contains(word))
    })
}
