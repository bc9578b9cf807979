//! Events of the home's line: reconnects, shared addresses, IPv6 on and off, the plug.

use std::net::Ipv4Addr;

use super::{addresses, addresses::PROVIDER, line::Routed, networks::Networks};
use crate::Result;

impl Networks {
    /// The line breaks and comes back with another public IPv4 address, as it does at night. The IPv6 prefix stays
    /// ([`Networks::change_prefix`]). Also the way back from carrier NAT and the like.
    pub async fn reconnect(&mut self, ipv4: Ipv4Addr) -> Result<()> {
        self.dial(Some(ipv4)).await
    }

    /// The provider shares one public IPv4 address among many homes; the router has one of 100.64/10.
    pub async fn carrier_nat(&mut self) -> Result<()> {
        self.dial(Some(addresses::CARRIER_INNER)).await
    }

    /// DS-Lite: IPv6 works; the router has no public IPv4 address, but shares one with many homes.
    pub async fn ds_lite(&mut self) -> Result<()> {
        self.dial(Some(addresses::DS_LITE_INNER)).await
    }

    /// There is another router in front of the home's own.
    pub async fn double_nat(&mut self) -> Result<()> {
        self.dial(Some(addresses::DOUBLE_NAT_INNER)).await
    }

    /// The line has no IPv4 at all.
    pub async fn ipv6_only(&mut self) -> Result<()> {
        self.dial(None).await
    }

    /// The line has IPv4 only: the provider routes nothing to the home's prefix.
    pub async fn ipv6_off(&mut self) -> Result<()> {
        self.route_ipv6(Routed::No).await
    }

    /// The provider routes the home's prefix again.
    pub async fn ipv6_on(&mut self) -> Result<()> {
        self.route_ipv6(Routed::Yes).await
    }

    /// The line is cut: the router has no addresses and answers "no route".
    pub async fn unplug(&mut self) -> Result<()> {
        if self.line.kept.is_none() {
            let kept = (self.line.ipv4, self.line.ipv6);
            self.dial(None).await?;
            self.route_ipv6(Routed::No).await?;
            self.line.kept = Some(kept);
        }
        Ok(())
    }

    /// The line is back, with the addresses that it had.
    pub async fn plug(&mut self) -> Result<()> {
        if let Some((ipv4, ipv6)) = self.line.kept.take() {
            self.dial(ipv4).await?;
            self.route_ipv6(ipv6).await?;
        }
        Ok(())
    }

    /// The address that the router has on its outer side, if any.
    pub fn router_ipv4(&self) -> Option<Ipv4Addr> {
        self.line.ipv4
    }

    async fn route_ipv6(&mut self, routed: Routed) -> Result<()> {
        if self.line.ipv6 == routed {
            return Ok(());
        }
        let prefix = self.router.prefix();
        let (outside, inside) = match routed {
            Routed::Yes => (
                format!("route add {prefix}/64 via fe80::2 dev home-line\n"),
                format!("route replace {prefix}/64 dev lan\nroute add default via fe80::1 dev wan\n"),
            ),
            Routed::No => {
                (format!("route del {prefix}/64\n"), "route del default via fe80::1 dev wan\n".to_owned())
            }
        };
        self.provider.ip(&outside).await?;
        self.router.namespace.ip(&inside).await?;
        self.line.ipv6 = routed;
        Ok(())
    }

    /// Gives the router another address, or none, and ends all connections through the old one.
    async fn dial(&mut self, ipv4: Option<Ipv4Addr>) -> Result<()> {
        if let Some(old) = self.line.ipv4 {
            self.provider.ip(&format!("route del {old}/32 dev home-line\n")).await?;
            let gone = format!("route del default via {PROVIDER} dev wan\naddr del {old}/32 dev wan\n");
            self.router.namespace.ip(&gone).await?;
        }
        if let Some(new) = ipv4 {
            self.provider.ip(&format!("route add {new}/32 dev home-line\n")).await?;
            let way = format!("addr add {new}/32 dev wan\nroute add default via {PROVIDER} dev wan onlink\n");
            self.router.namespace.ip(&way).await?;
        }
        self.line.ipv4 = ipv4;
        tokio::try_join!(
            self.provider.run("conntrack", &["-F"]),
            self.router.namespace.run("conntrack", &["-F"])
        )?;
        Ok(())
    }
}
