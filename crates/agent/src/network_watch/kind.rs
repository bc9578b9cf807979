//! Tells the kinds of interfaces apart. None of the three systems says "VPN", so types, names and, on Windows, descriptions
//! are considered together.

use dyntray_core::types::network::InterfaceKind;
use netdev::Interface;
use netdev::interface::types::InterfaceType;

use super::platform::Platform;

/// The default route of an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DefaultRoute {
    /// It has one: packets to the internet leave by it, or would without a better route.
    Exists,
    /// It has none: it leads to its own network only.
    None,
}

/// Hardware types of Linux tunnels (`linux/if_arp.h`) that netdev has no name for: `NONE` (WireGuard, tun),
/// `TUNNEL6`, `SIT`, `IPGRE`, `IP6GRE`.
const LINUX_TUNNELS: [u32; 5] = [65534, 769, 776, 778, 823];

/// The names of tunnels on Linux: of those that look like Ethernet (OpenVPN's tap, ZeroTier), and of all others in case
/// their type can't be read.
const LINUX_TUNNEL_NAMES: [&str; 8] = ["tap", "tun", "wg", "zt", "tailscale", "ipsec", "gre", "sit"];

/// The names of containers' and virtual machines' networks on Linux.
const LINUX_VIRTUAL_NAMES: [&str; 17] = [
    "docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "vnet", "lxcbr", "lxdbr", "incusbr", "podman",
    "cni", "flannel", "cali", "nerdctl", "dummy", "ifb",
];

/// The names of tunnels on macOS: `utun` for all VPNs of its network extensions, `ipsec` for IPsec, `ppp` for L2TP and PPTP,
/// `feth` for ZeroTier.
const MACOS_TUNNEL_NAMES: [&str; 9] = ["utun", "ipsec", "ppp", "gif", "stf", "tun", "tap", "wg", "feth"];

/// The names of inner networks on macOS: AirDrop (`awdl`, `llw`), Thunderbolt and sharing bridges, virtual machines, the
/// Wi-Fi chip's own access point.
const MACOS_VIRTUAL_NAMES: [&str; 9] =
    ["awdl", "llw", "bridge", "vmnet", "vmenet", "vnic", "vboxnet", "ap", "anpi"];

/// Words in the names and descriptions of VPN adapters on Windows, in lower case. "vpn" covers OpenVPN, Proton VPN, SoftEther
/// VPN and many more.
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

/// Words for inner networks on Windows. A virtual machine's own card, "Microsoft Hyper-V Network Adapter", is none.
const WINDOWS_VIRTUAL_WORDS: [&str; 7] = [
    "vethernet",
    "hyper-v virtual ethernet",
    "vmware virtual ethernet",
    "virtualbox host-only",
    "wi-fi direct virtual",
    "km-test loopback",
    "npcap loopback",
];

/// Words for teams and bridges of real cards, which Windows counts among the proprietary virtual ones.
const WINDOWS_TEAM_WORDS: [&str; 2] = ["multiplexor", "mac bridge"];

/// The kind of `interface`. An inner network with a default route is the way out of a virtual machine's host or of a bridged
/// card, and so counts as [`InterfaceKind::Lan`].
pub(super) fn kind_of(interface: &Interface, route: DefaultRoute, platform: Platform) -> InterfaceKind {
    if is_dialled(interface, platform) {
        InterfaceKind::Dialled
    } else if is_tunnel(interface, platform) {
        InterfaceKind::Tunnel
    } else if route == DefaultRoute::None && is_virtual(interface, platform) {
        InterfaceKind::Virtual
    } else {
        InterfaceKind::Lan
    }
}

fn is_dialled(interface: &Interface, platform: Platform) -> bool {
    match interface.if_type {
        // Elsewhere the system's own VPN client makes PPP interfaces.
        InterfaceType::Ppp => platform == Platform::Linux,
        InterfaceType::GenericModem
        | InterfaceType::Wman
        | InterfaceType::Wwan
        | InterfaceType::Wwanpp
        | InterfaceType::Wwanpp2 => true,
        _ => false,
    }
}

fn is_tunnel(interface: &Interface, platform: Platform) -> bool {
    match (platform, interface.if_type) {
        (_, InterfaceType::Tunnel | InterfaceType::Ppp) => true,
        (Platform::Linux, InterfaceType::UnknownWithValue(hardware)) => LINUX_TUNNELS.contains(&hardware),
        (Platform::Linux, _) => is_named(interface, &LINUX_TUNNEL_NAMES),
        (Platform::MacOs, _) => is_named(interface, &MACOS_TUNNEL_NAMES),
        (Platform::Windows, InterfaceType::ProprietaryVirtual) => {
            !is_described(interface, &WINDOWS_TEAM_WORDS)
        }
        (Platform::Windows, _) => is_described(interface, &WINDOWS_TUNNEL_WORDS),
    }
}

fn is_virtual(interface: &Interface, platform: Platform) -> bool {
    match platform {
        Platform::Linux => is_named(interface, &LINUX_VIRTUAL_NAMES),
        Platform::MacOs => {
            matches!(interface.if_type, InterfaceType::Bridge | InterfaceType::PeerToPeerWireless)
                || is_named(interface, &MACOS_VIRTUAL_NAMES)
        }
        Platform::Windows => is_described(interface, &WINDOWS_VIRTUAL_WORDS),
    }
}

fn is_named(interface: &Interface, prefixes: &[&str]) -> bool {
    prefixes.iter().any(|prefix| interface.name.starts_with(prefix))
}

fn is_described(interface: &Interface, words: &[&str]) -> bool {
    let texts = [&interface.friendly_name, &interface.description];
    texts.into_iter().flatten().any(|text| {
        let text = text.to_lowercase();
        words.iter().any(|word| text.contains(word))
    })
}
