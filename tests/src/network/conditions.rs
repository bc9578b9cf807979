//! The conditions that a story can bring about in its networks: at the router, at a sign-in page, in a VPN, at the
//! service and its name servers.

use std::{
    net::{IpAddr, Ipv6Addr},
    path::PathBuf,
};

use dyntray_sandbox::{Addresses, Sandbox};

use super::{
    addresses,
    captive::{Captive, SecurePort},
    networks::Networks,
    router::PrefixLife,
    tools::{self, START},
    vpn::Vpn,
};
use crate::{Error, Result, wait::eventually};

/// Drops every event on its way from the router to the home.
const NO_EVENTS: &str = r#"
table inet no_events {
    chain output {
        type filter hook output priority filter
        oifname "lan" tcp flags & (syn | ack) == syn drop
        oifname "lan" udp dport 5350 drop
    }
}
"#;

/// Drops everything on its way to name servers.
const NO_DNS: &str = r"
table inet no_dns {
    chain forward {
        type filter hook forward priority -10
        meta l4proto { tcp, udp } th dport 53 drop
    }
}
";

impl Networks {
    /// The router no longer answers to UPnP and NAT-PMP, as if that were switched off in its settings.
    pub async fn router_upnp_off(&mut self) {
        self.router.stop_upnp().await;
    }

    /// The router answers to UPnP and NAT-PMP again; it has forgotten all subscriptions.
    pub async fn router_upnp_on(&mut self) -> Result<()> {
        self.router.stop_upnp().await;
        self.router.start_upnp()
    }

    /// The router answers to UPnP like a FRITZ!Box: it tells its outer address even where that isn't public, which
    /// miniupnpd never does. It has neither events nor NAT-PMP then.
    pub async fn router_upnp_of_a_fritzbox(&mut self) -> Result<()> {
        self.router.start_fritzbox_upnp().await
    }

    /// The router takes subscriptions, but its events never arrive.
    pub async fn router_events_off(&self) -> Result<()> {
        self.router.namespace.nft(NO_EVENTS).await
    }

    /// The router's events arrive again.
    pub async fn router_events_on(&self) -> Result<()> {
        self.router.namespace.nft_without("no_events").await
    }

    /// The router gives the home addresses of its own as well (unique local ones, RFC 4193).
    pub async fn local_prefix(&mut self, prefix: Ipv6Addr) -> Result<()> {
        self.router.announce_local(prefix).await?;
        self.wait_for_addresses_of(prefix).await
    }

    /// The provider gives the home another IPv6 prefix (64 bits). The addresses of the old one stay, deprecated.
    pub async fn change_prefix(&mut self, prefix: Ipv6Addr) -> Result<()> {
        let old = self.router.prefix();
        self.router.move_to_prefix(prefix).await?;
        if self.line.has_ipv6() {
            self.provider
                .ip(&format!("route del {old}/64\nroute add {prefix}/64 via fe80::2 dev home-line\n"))
                .await?;
        }
        self.router.namespace.ip(&format!("route replace {prefix}/64 dev lan\n")).await?;
        self.wait_for_addresses_of(prefix).await
    }

    /// Lets dnsmasq announce the home's prefix, and waits until the addresses of the home's machine are so.
    pub async fn announce_by_dnsmasq(&mut self, life: PrefixLife) -> Result<()> {
        self.router.start_dnsmasq(life).await?;
        let is_deprecated = life == PrefixLife::Deprecated;
        eventually(&format!("addresses that are {life:?}"), START, async || {
            let all = self.home_ipv6().await?;
            let is_so = !all.is_empty() && all.iter().all(|known| known.deprecated == is_deprecated);
            if is_so { Ok(()) } else { Err(Error::NotThere(format!("{all:?}"))) }
        })
        .await
    }

    /// Name servers can't be reached.
    pub async fn block_dns(&self) -> Result<()> {
        self.here().namespace.nft(NO_DNS).await
    }

    /// Name servers can be reached again.
    pub async fn allow_dns(&self) -> Result<()> {
        self.here().namespace.nft_without("no_dns").await
    }

    /// Every page is a sign-in page, behind the router that the home's machine is connected to. DNS works.
    pub async fn captive_portal_on(&mut self, secure: SecurePort) -> Result<()> {
        self.captive_portal_off().await?;
        let router = &self.here().namespace;
        self.captive = Some(Captive::start(router, secure, self.folder.path()).await?);
        Ok(())
    }

    /// Somebody has signed in.
    pub async fn captive_portal_off(&mut self) -> Result<()> {
        let Some(captive) = self.captive.take() else { return Ok(()) };
        for router in self.cafe.iter().chain([&self.router]) {
            Captive::open(&router.namespace).await?;
        }
        captive.end().await;
        Ok(())
    }

    /// The VPN's tunnel becomes the way out for IPv4; IPv6 stays outside of it, as with many providers.
    pub async fn vpn_up(&mut self) -> Result<()> {
        if self.vpn.is_some() {
            return Ok(());
        }
        self.vpn = Some(Vpn::open(&self.home, &self.provider, self.folder.path()).await?);
        // The first packet opens the server's end.
        eventually("the VPN", START, async || {
            self.live("update.spdyn.de").await.is_ok_and(|server| !server.is_empty())
        })
        .await
    }

    /// The tunnel is gone, and with it the way through it.
    pub async fn vpn_down(&mut self) -> Result<()> {
        match self.vpn.take() {
            Some(vpn) => vpn.close(&self.home).await,
            None => Ok(()),
        }
    }

    /// The service, to look at it and to inject faults.
    pub fn sandbox(&self) -> Result<&Sandbox> {
        Ok(self.world.sandbox()?)
    }

    /// The URL of the service's portal for this machine, outside of the networks.
    pub fn portal_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.world.portal_port())
    }

    /// The authority that vouches for the service: for `SSL_CERT_FILE`.
    pub fn ca_file(&self) -> PathBuf {
        self.world.ca_file()
    }

    /// The service goes away; its name servers stay.
    pub async fn server_away(&mut self) {
        self.world.away().await;
    }

    /// The service is back.
    pub async fn server_back(&mut self) -> Result<()> {
        self.world.back().await
    }

    /// Somebody else has changed a host's record at the name servers, behind the service's back. It stays so until the
    /// service accepts another address.
    pub async fn foreign_record(&self, host: &str, addresses: Addresses) -> Result<()> {
        self.world.publish(host, addresses).await
    }

    /// A host's addresses at the world's first name server, asked by `dig` from the home.
    pub async fn live(&self, host: &str) -> Result<Addresses> {
        self.live_at(IpAddr::V4(addresses::NS1_IPV4), host).await
    }

    /// A host's addresses at one name server, asked by `dig` from the home.
    pub async fn live_at(&self, server: IpAddr, host: &str) -> Result<Addresses> {
        let server = format!("@{server}");
        let dig = |kind| {
            let arguments = ["+short", "+norecurse", "+time=2", "+tries=1", &server, host, kind];
            let mut command = self.home.command("dig");
            command.args(arguments);
            tools::feed(command, "")
        };
        let (ipv4, ipv6) = tokio::try_join!(dig("A"), dig("AAAA"))?;
        Ok(Addresses { ipv4: ipv4.trim().parse().ok(), ipv6: ipv6.trim().parse().ok() })
    }
}
