//! The simulated WAN: the home's Internet connection, with the public addresses that clients appear to come from.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use crate::addresses::Addresses;
use crate::error::SandboxError;
use crate::random;

/// The exit address of the simulated VPN.
const VPN_EXIT: Ipv4Addr = Ipv4Addr::new(185, 107, 56, 20);

/// The addresses that clients appear to come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClientAddresses {
    /// The simulated WAN's, for every client.
    #[default]
    Simulated,
    /// The address of each client's own connection, as with a real service.
    Peer,
}

impl ClientAddresses {
    /// The addresses that the client with this peer address appears to come from.
    pub(crate) fn of(self, db: &Connection, peer: IpAddr) -> Result<Addresses, SandboxError> {
        Ok(match (self, peer) {
            (Self::Simulated, _) => read(db)?.seen(),
            (Self::Peer, IpAddr::V4(ipv4)) => Addresses { ipv4: Some(ipv4), ipv6: None },
            (Self::Peer, IpAddr::V6(ipv6)) => Addresses { ipv4: None, ipv6: Some(ipv6) },
        })
    }
}

/// The condition of the WAN: what stands between the home and the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// A connection with public addresses of its own.
    Normal,
    /// Carrier-grade NAT: many customers share the public IPv4 address, and the router has one of 100.64/10.
    Shared,
    /// All traffic leaves through a VPN: the service sees the VPN's exit address, and no IPv6.
    Vpn,
    /// A hotel's sign-in page (captive portal) answers in the service's place.
    Hotel,
    /// No Internet: connections to the service break.
    Offline,
}

impl Mode {
    pub(crate) const ALL: [Self; 5] = [Self::Normal, Self::Shared, Self::Vpn, Self::Hotel, Self::Offline];

    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Shared => "shared",
            Self::Vpn => "vpn",
            Self::Hotel => "hotel",
            Self::Offline => "offline",
        }
    }

    pub(crate) fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.key() == key)
    }
}

/// The simulated WAN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wan {
    /// The public addresses. The service sees them too, except in mode `vpn`.
    #[serde(flatten)]
    pub public: Addresses,
    /// The router's own IPv4 address, if that isn't the public one (mode `shared`) or if the service sees another
    /// one (mode `vpn`).
    pub router_ipv4: Option<Ipv4Addr>,
    /// What stands between the home and the service.
    pub mode: Mode,
}

impl Wan {
    /// A WAN with fresh addresses of both families.
    pub(crate) fn fresh() -> Result<Self, SandboxError> {
        let public = Addresses { ipv4: Some(random_ipv4()?), ipv6: Some(random_ipv6()?) };
        Ok(Self { public, router_ipv4: None, mode: Mode::Normal })
    }

    /// The same WAN after a reconnect, with new public addresses that are never the old ones by chance.
    pub(crate) fn reconnected(self) -> Result<Self, SandboxError> {
        loop {
            let fresh = Self::fresh()?.public;
            if fresh.ipv4 != self.public.ipv4 && fresh.ipv6 != self.public.ipv6 {
                return Self { public: fresh, ..self }.in_mode(self.mode);
            }
        }
    }

    /// The addresses that the service sees.
    pub(crate) fn seen(self) -> Addresses {
        match self.mode {
            Mode::Vpn => Addresses { ipv4: Some(VPN_EXIT), ipv6: None },
            Mode::Normal | Mode::Shared | Mode::Hotel | Mode::Offline => self.public,
        }
    }

    /// The same WAN in another mode.
    pub(crate) fn in_mode(self, mode: Mode) -> Result<Self, SandboxError> {
        let router_ipv4 = match mode {
            Mode::Shared => {
                let [a, b, c] = random::bytes::<3>()?;
                Some(Ipv4Addr::new(100, 0x40 | a & 0x3f, b, usable(c)))
            }
            Mode::Vpn => self.public.ipv4,
            Mode::Normal | Mode::Hotel | Mode::Offline => None,
        };
        Ok(Self { router_ipv4, mode, ..self })
    }
}

/// Reads the WAN. A new database gets one with fresh addresses.
pub(crate) fn read(db: &Connection) -> Result<Wan, SandboxError> {
    let sql = "SELECT ipv4, ipv6, router_ipv4, mode FROM line";
    let found = db
        .query_row(sql, [], |row| {
            let text = |column: usize| row.get::<_, Option<String>>(column);
            Ok(Wan {
                public: Addresses {
                    ipv4: text(0)?.and_then(|text| text.parse().ok()),
                    ipv6: text(1)?.and_then(|text| text.parse().ok()),
                },
                router_ipv4: text(2)?.and_then(|text| text.parse().ok()),
                mode: Mode::from_key(&row.get::<_, String>(3)?).unwrap_or(Mode::Normal),
            })
        })
        .optional()?;
    if let Some(wan) = found {
        return Ok(wan);
    }
    let wan = Wan::fresh()?;
    write(db, wan)?;
    Ok(wan)
}

/// Stores the WAN.
pub(crate) fn write(db: &Connection, wan: Wan) -> Result<(), SandboxError> {
    db.execute(
        "INSERT OR REPLACE INTO line VALUES (1, ?1, ?2, ?3, ?4)",
        params![
            wan.public.ipv4.map(|ip| ip.to_string()),
            wan.public.ipv6.map(|ip| ip.to_string()),
            wan.router_ipv4.map(|ip| ip.to_string()),
            wan.mode.key(),
        ],
    )?;
    Ok(())
}

/// Reconnects and returns the WAN with its new addresses.
pub(crate) fn reconnect(db: &Connection) -> Result<Wan, SandboxError> {
    let wan = read(db)?.reconnected()?;
    write(db, wan)?;
    Ok(wan)
}

/// An address of 84.160.0.0/13, a German provider's dial-in range.
fn random_ipv4() -> Result<Ipv4Addr, SandboxError> {
    let [a, b, c] = random::bytes::<3>()?;
    Ok(Ipv4Addr::new(84, 0xa0 | a & 0x07, b, usable(c)))
}

/// An address of 2003:e1::/32, of the same provider.
fn random_ipv6() -> Result<Ipv6Addr, SandboxError> {
    let mut octets = random::bytes::<16>()?;
    octets[..4].copy_from_slice(&[0x20, 0x03, 0x00, 0xe1]);
    Ok(Ipv6Addr::from(octets))
}

/// The octet, moved away from 0 and 255: a last octet of neither a network nor a broadcast address.
fn usable(octet: u8) -> u8 {
    octet.clamp(1, 254)
}
