//! Real networks for stories: a home behind its router, the provider, the servers of the internet, a café, a VPN.
//!
//! Each story makes them for itself, from the network namespaces of the machine that it runs on:
//!
//! ```text
//!  home ──eth0───lan── router ──wan────home-line── provider ──world────uplink── internet
//!  dyntray              NAT, IPv6 prefix (radvd),   carrier NAT,                 update.spdyn.de, checkip4, checkip6,
//!                       UPnP and NAT-PMP            VPN exit                     name servers (Knot DNS)
//!                       (miniupnpd)
//! ```
//!
//! They can't reach anything outside, nor be reached from there. Dropping [`Networks`] removes them, even when the
//! story panics. When a story is killed, a guard removes them, and left-overs of the guard are removed by the next
//! story.

pub mod addresses;
mod cafe;
mod captive;
mod conditions;
mod ending;
mod fritzbox_upnp;
mod home;
mod home_addresses;
mod line;
mod machine;
mod namespace;
mod needs;
mod networks;
mod reconnects;
mod relay;
mod router;
mod tools;
mod vpn;
mod world;
mod zone;

pub use captive::SecurePort;
pub use home::NetworkHome;
pub use home_addresses::LocalIpv6;
pub use namespace::Namespace;
pub use networks::Networks;
pub use relay::Relay;
pub use router::PrefixLife;
