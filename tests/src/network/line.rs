//! The home's line: which addresses the provider gives it, and what lies in between.

use std::net::Ipv4Addr;

use super::{Networks, addresses, addresses::PROVIDER, namespace::Namespace};
use crate::Result;

/// Who comes from where is translated as providers (and a router in front of the home's own) do it.
const RULES: &str = r#"
table ip provider {
    chain out {
        type nat hook postrouting priority srcnat
        ip saddr 100.64.0.0/10 oifname "world" snat to 80.187.1.1
        ip saddr 192.0.0.0/29 oifname "world" snat to 80.187.2.2
        ip saddr 192.168.1.0/24 oifname "world" snat to 84.160.12.7
        ip saddr 10.8.0.0/24 oifname "world" snat to 45.80.1.9
    }
}
"#;

/// What the provider gives to the home's router.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    ipv4: Option<Ipv4Addr>,
    ipv6: Routed,
    /// What comes back with the plug, while it is pulled.
    kept: Option<(Option<Ipv4Addr>, Routed)>,
}

/// Whether the provider routes the home's prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Routed {
    Yes,
    No,
}

impl Line {
    /// A line that will have the home's own address and prefix.
    pub(super) fn unplugged() -> Self {
        Self { ipv4: None, ipv6: Routed::No, kept: Some((Some(addresses::HOME_IPV4), Routed::Yes)) }
    }

    /// The router's own address.
    pub(super) fn inner(self) -> Option<Ipv4Addr> {
        self.ipv4
    }

    /// Whether IPv6 works.
    pub(super) fn has_ipv6(self) -> bool {
        self.ipv6 == Routed::Yes
    }
}

/// Makes the provider.
pub(super) async fn lay(provider: &Namespace) -> Result<()> {
    provider
        .set(&[("ipv4/ip_forward", "1"), ("ipv6/conf/all/forwarding", "1"), ("ipv4/conf/all/rp_filter", "0")])
        .await?;
    provider
        .ip(&format!(
            "link set lo up\naddr add {vpn}/32 dev lo\n\
             addr add {PROVIDER}/32 dev home-line\naddr add fe80::1/64 dev home-line nodad\nlink set home-line up\n\
             addr add 80.156.0.1/30 dev world\naddr add fe80::1/64 dev world nodad\nlink set world up\n\
             route add 185.55.72.0/23 via 80.156.0.2\nroute add 2a01:7e0::/32 via fe80::2 dev world\n",
            vpn = addresses::VPN_SERVER
        ))
        .await?;
    provider.nft(RULES).await
}

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

    /// The line is cut: the router has no addresses and says to everybody that there is no way.
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

    /// Gives the router another address, or none, and makes everything that went through the old one end.
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
