//! The addresses of the home's machine: its own, and those that the internet sees.

use std::{
    net::{IpAddr, Ipv6Addr},
    time::Duration,
};

use dyntray_core::types::address::Family;

use super::{networks::Networks, tools::START};
use crate::{Error, Result, wait::eventually};

/// After this time without an announcement the router is asked for another one.
const ANNOUNCEMENT: Duration = Duration::from_millis(300);

/// One global IPv6 address of the home's machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalIpv6 {
    /// The address.
    pub address: Ipv6Addr,
    /// A privacy address (RFC 8981).
    pub temporary: bool,
    /// No longer to be used.
    pub deprecated: bool,
}

impl LocalIpv6 {
    /// From one item of `ip -json addr`.
    fn from_json(item: &serde_json::Value) -> Option<Self> {
        let is = |key: &str| item[key].as_bool().unwrap_or_default();
        let address = item["local"].as_str()?.parse().ok()?;
        Some(Self { address, temporary: is("temporary"), deprecated: is("deprecated") })
    }
}

impl Networks {
    /// The IPv6 addresses of the home's machine, without link-local and unique local ones.
    pub async fn home_ipv6(&self) -> Result<Vec<LocalIpv6>> {
        Ok(self.all_ipv6().await?.into_iter().filter(|known| !known.address.is_unique_local()).collect())
    }

    /// The address of the home's machine that stays as long as the prefix.
    pub async fn stable_ipv6(&self) -> Result<Ipv6Addr> {
        self.present_ipv6(|known| !known.temporary).await
    }

    /// The address that the home's machine shows to the internet.
    pub async fn temporary_ipv6(&self) -> Result<Ipv6Addr> {
        self.present_ipv6(|known| known.temporary).await
    }

    /// The address that a look-up in the home gets, by `curl` over HTTPS with the service's authority; an error where
    /// there is no answer.
    pub async fn looked_up(&self, family: Family) -> Result<IpAddr> {
        let (option, name) = match family {
            Family::Ipv4 => ("-4", "checkip4"),
            Family::Ipv6 => ("-6", "checkip6"),
        };
        let (ca, page) = (self.ca_file().display().to_string(), format!("https://{name}.spdyn.de/"));
        let told = self.home.run("curl", &["-sS", "-m", "5", option, "--cacert", &ca, &page]).await?;
        told.trim().parse().map_err(|_| Error::NotThere(format!("an address: {told:?}")))
    }

    async fn present_ipv6(&self, wanted: impl Fn(&LocalIpv6) -> bool) -> Result<Ipv6Addr> {
        let all = self.home_ipv6().await?;
        let found = all.iter().find(|known| !known.deprecated && wanted(known));
        found
            .map(|known| known.address)
            .ok_or_else(|| Error::NotThere(format!("such an IPv6 address: {all:?}")))
    }

    async fn all_ipv6(&self) -> Result<Vec<LocalIpv6>> {
        let text =
            self.home.run("ip", &["-6", "-j", "addr", "show", "dev", "eth0", "scope", "global"]).await?;
        let list: serde_json::Value = serde_json::from_str(&text)
            .map_err(|_| Error::NotThere(format!("a list of addresses: {text}")))?;
        let devices = list.as_array().into_iter().flatten();
        let all = devices.filter_map(|device| device["addr_info"].as_array()).flatten();
        // Addresses of another scope are listed as `{}`.
        Ok(all.filter_map(LocalIpv6::from_json).collect())
    }

    /// Waits until the home's machine has a stable and a temporary address of the present prefix.
    pub(super) async fn wait_for_ipv6(&self) -> Result<()> {
        eventually("the home's IPv6 addresses", START, async || {
            // The first announcement may have come before the home was there.
            self.router.announce().await?;
            self.addresses_of(self.router.prefix(), ANNOUNCEMENT).await
        })
        .await
    }

    pub(super) async fn wait_for_addresses_of(&self, prefix: Ipv6Addr) -> Result<()> {
        self.addresses_of(prefix, START).await
    }

    async fn addresses_of(&self, prefix: Ipv6Addr, patience: Duration) -> Result<()> {
        let network = |address: Ipv6Addr| address.to_bits() >> 64;
        eventually(&format!("addresses of {prefix}"), patience, async || {
            let all = self.all_ipv6().await?;
            let in_it =
                all.iter().filter(|known| network(known.address) == network(prefix) && !known.deprecated);
            if in_it.count() >= 2 { Ok(()) } else { Err(Error::NotThere(format!("{all:?}"))) }
        })
        .await
    }
}
