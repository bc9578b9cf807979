//! Real networks for stories: a home behind its router, the provider, the world's servers, a café, a VPN.
//!
//! Everything is made of network namespaces, as a machine has them, by the story itself:
//!
//! ```text
//!  home ──eth0───lan── router ──wan────home-line── provider ──world────uplink── internet
//!  dyntray              NAT, IPv6 prefix (radvd),   carrier NAT,                 update.spdyn.de, checkip4, checkip6,
//!                       UPnP and NAT-PMP            VPN exit                     name servers (Knot DNS)
//!                       (miniupnpd)
//! ```
//!
//! Nothing of it can reach, or be reached from, anywhere else. Dropping [`Networks`] removes it all, also when the
//! story panics; when it is killed, a guard does; what is left even then is removed by the next story.

pub mod addresses;
mod cafe;
mod captive;
mod conditions;
mod ending;
mod home;
mod home_addresses;
mod line;
mod machine;
mod namespace;
mod needs;
mod networks;
mod outspoken;
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
