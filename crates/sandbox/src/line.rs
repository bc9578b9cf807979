//! The pretended Internet line: which public addresses the sandbox sees its callers come from.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use crate::error::SandboxError;
use crate::hosts::Addresses;
use crate::random;

/// Where the pretended VPN comes out.
const VPN_EXIT: Ipv4Addr = Ipv4Addr::new(185, 107, 56, 20);

/// Where callers come from, as far as the service can see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Callers {
    /// All of them from the pretended line.
    #[default]
    Pretended,
    /// Each from where its connection comes from, as with a real service.
    Real,
}

impl Callers {
    /// The addresses that the service sees `caller` come from.
    pub(crate) fn seen(self, db: &Connection, caller: IpAddr) -> Result<Addresses, SandboxError> {
        Ok(match (self, caller) {
            (Self::Pretended, _) => read(db)?.seen(),
            (Self::Real, IpAddr::V4(ipv4)) => Addresses { ipv4: Some(ipv4), ipv6: None },
            (Self::Real, IpAddr::V6(ipv6)) => Addresses { ipv4: None, ipv6: Some(ipv6) },
        })
    }
}

/// What stands between the home and the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// A line of one's own.
    Normal,
    /// The provider shares one public IPv4 address among many: the router has one of 100.64/10 only.
    Shared,
    /// All traffic leaves through a VPN: the service sees the address of its exit, and no IPv6.
    Vpn,
    /// A hotel's sign-in page answers in the service's place.
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

/// The line as it is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The public addresses of the line, which the service sees too, except in mode `vpn`.
    #[serde(flatten)]
    pub public: Addresses,
    /// The router's own IPv4 address, where that isn't the public one (mode `shared`), or where
    /// the service sees another (mode `vpn`).
    pub router_ipv4: Option<Ipv4Addr>,
    /// What stands in between.
    pub mode: Mode,
}

impl Line {
    /// A line with fresh addresses of both families.
    pub(crate) fn fresh() -> Result<Self, SandboxError> {
        let public = Addresses { ipv4: Some(random_ipv4()?), ipv6: Some(random_ipv6()?) };
        Ok(Self { public, router_ipv4: None, mode: Mode::Normal })
    }

    /// The same line after a reconnect: new public addresses, and never the old ones by chance.
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

    /// The same line in another mode.
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

/// The line; one with fresh addresses is made for a new database.
pub(crate) fn read(db: &Connection) -> Result<Line, SandboxError> {
    let sql = "SELECT ipv4, ipv6, router_ipv4, mode FROM line";
    let found = db
        .query_row(sql, [], |row| {
            let text = |column: usize| row.get::<_, Option<String>>(column);
            Ok(Line {
                public: Addresses {
                    ipv4: text(0)?.and_then(|text| text.parse().ok()),
                    ipv6: text(1)?.and_then(|text| text.parse().ok()),
                },
                router_ipv4: text(2)?.and_then(|text| text.parse().ok()),
                mode: Mode::from_key(&row.get::<_, String>(3)?).unwrap_or(Mode::Normal),
            })
        })
        .optional()?;
    if let Some(line) = found {
        return Ok(line);
    }
    let line = Line::fresh()?;
    write(db, line)?;
    Ok(line)
}

/// Changes the line.
pub(crate) fn write(db: &Connection, line: Line) -> Result<(), SandboxError> {
    db.execute(
        "INSERT OR REPLACE INTO line VALUES (1, ?1, ?2, ?3, ?4)",
        params![
            line.public.ipv4.map(|ip| ip.to_string()),
            line.public.ipv6.map(|ip| ip.to_string()),
            line.router_ipv4.map(|ip| ip.to_string()),
            line.mode.key(),
        ],
    )?;
    Ok(())
}

/// Reconnects and says what the line is now.
pub(crate) fn reconnect(db: &Connection) -> Result<Line, SandboxError> {
    let line = read(db)?.reconnected()?;
    write(db, line)?;
    Ok(line)
}

/// 84.160.0.0/13: a German provider's dial-in range.
fn random_ipv4() -> Result<Ipv4Addr, SandboxError> {
    let [a, b, c] = random::bytes::<3>()?;
    Ok(Ipv4Addr::new(84, 0xa0 | a & 0x07, b, usable(c)))
}

/// 2003:e1::/32: the same provider's.
fn random_ipv6() -> Result<Ipv6Addr, SandboxError> {
    let mut octets = random::bytes::<16>()?;
    octets[..4].copy_from_slice(&[0x20, 0x03, 0x00, 0xe1]);
    Ok(Ipv6Addr::from(octets))
}

/// A last octet that is neither a network's nor a broadcast address.
fn usable(octet: u8) -> u8 {
    octet.clamp(1, 254)
}
