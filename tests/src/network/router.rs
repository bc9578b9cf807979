//! A home router: address translation, a firewall, an IPv6 prefix for the home, UPnP and NAT-PMP.

use std::{
    fs,
    net::Ipv6Addr,
    path::{Path, PathBuf},
};

use rustix::process::Signal;
use tokio::process::Child;

use super::{addresses, fritzbox_upnp::FritzboxUpnp, namespace::Namespace, tools::START};
use crate::{Error, Result, processes, wait::eventually};

/// Both sides of the home's router, without the addresses that the provider gives.
const SIDES: &str = "\
link set lo up
link set lan address 3c:a6:2f:10:20:30
addr add 192.168.178.1/24 dev lan
addr add fe80::1/64 dev lan nodad
link set port master lan
link set port up
link set lan up
addr add fe80::2/64 dev wan nodad
link set wan up
";

/// Configures the home's router.
pub(super) async fn configure(router: &Namespace) -> Result<()> {
    // No link-local addresses of the kernel's choice: checking for duplicates takes a second, and radvd waits for it.
    router.set(&[("ipv6/conf/lan/addr_gen_mode", "1"), ("ipv6/conf/wan/addr_gen_mode", "1")]).await?;
    router.ip(SIDES).await
}

/// Address translation for the home, a firewall towards the internet, and chains for miniupnpd's forwardings.
const RULES: &str = r#"
table ip home {
    chain out {
        type nat hook postrouting priority srcnat
        oifname "wan" masquerade
    }
}
table inet firewall {
    chain forward {
        type filter hook forward priority filter
        iifname "wan" ct state new jump forwarded
    }
    chain forwarded {
        jump miniupnpd
        drop
    }
    chain miniupnpd {
    }
    chain prerouting {
        type nat hook prerouting priority dstnat
        jump prerouting_miniupnpd
    }
    chain prerouting_miniupnpd {
    }
    chain postrouting {
        type nat hook postrouting priority 99
        jump postrouting_miniupnpd
    }
    chain postrouting_miniupnpd {
    }
}
"#;

/// The way in which a prefix is announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrefixLife {
    /// For use.
    Preferred,
    /// With a preferred lifetime of zero: no longer for anything new.
    Deprecated,
}

/// A router and the programs on it.
pub(super) struct Router {
    pub(super) namespace: Namespace,
    /// The prefixes of the home's IPv6 addresses, the present one last.
    prefixes: Vec<Ipv6Addr>,
    /// A unique local prefix, where the router has one.
    local_prefix: Option<Ipv6Addr>,
    radvd: Option<Child>,
    dnsmasq: Option<Child>,
    miniupnpd: Option<Child>,
    fritzbox_upnp: Option<FritzboxUpnp>,
    folder: PathBuf,
}

impl Router {
    /// A router that only shares its IPv4 address; its inner side is configured already.
    pub(super) async fn start(namespace: Namespace, folder: &Path) -> Result<Self> {
        namespace
            .set(&[
                ("ipv4/ip_forward", "1"),
                ("ipv6/conf/all/forwarding", "1"),
                ("ipv4/conf/all/rp_filter", "0"),
                // "No route" is answered at once.
                ("ipv4/icmp_ratelimit", "0"),
                ("ipv6/icmp/ratelimit", "0"),
            ])
            .await?;
        namespace.nft(RULES).await?;
        let (radvd, dnsmasq, miniupnpd, fritzbox_upnp) = (None, None, None, None);
        let folder = folder.to_owned();
        Ok(Self {
            namespace,
            prefixes: Vec::new(),
            local_prefix: None,
            radvd,
            dnsmasq,
            miniupnpd,
            fritzbox_upnp,
            folder,
        })
    }

    /// The home's router, which also announces the home's IPv6 prefix.
    pub(super) async fn start_at_home(namespace: Namespace, folder: &Path) -> Result<Self> {
        let mut router = Self::start(namespace, folder).await?;
        router.prefixes.push(addresses::HOME_PREFIX);
        router.write_announcement()?;
        let (configuration, pid) = (router.file("radvd.conf"), router.file("radvd.pid"));
        let arguments = ["-n", "-m", "stderr", "-C", &configuration, "-p", &pid];
        router.radvd = Some(router.namespace.spawn("radvd", &arguments, &router.folder.join("radvd.log"))?);
        Ok(router)
    }

    /// Starts UPnP and NAT-PMP, as FRITZ!Boxes place them.
    pub(super) fn start_upnp(&mut self) -> Result<()> {
        let configuration = self.file("miniupnpd.conf");
        let leases = self.file("miniupnpd.leases");
        let text = format!(
            "ext_ifname=wan\nlistening_ip=lan\nport=49000\nenable_upnp=yes\nenable_natpmp=yes\nsecure_mode=yes\n\
             notify_interval=60\nuuid=75802409-bccb-40e7-8e6c-3ca62f102030\nlease_file={leases}\n\
             friendly_name=OpenWrt router\nupnp_table_name=firewall\nupnp_nat_table_name=firewall\n\
             upnp_forward_chain=miniupnpd\nupnp_nat_chain=prerouting_miniupnpd\n\
             upnp_nat_postrouting_chain=postrouting_miniupnpd\nallow 1024-65535 192.168.178.0/24 1024-65535\n\
             deny 0-65535 0.0.0.0/0 0-65535\n"
        );
        write(&configuration, &text)?;
        let pid = self.file("miniupnpd.pid");
        let arguments = ["-d", "-f", &configuration, "-P", &pid];
        let log = self.folder.join("miniupnpd.log");
        self.miniupnpd = Some(self.namespace.spawn("miniupnpd", &arguments, &log)?);
        Ok(())
    }

    /// Ends UPnP and NAT-PMP without a goodbye message.
    pub(super) async fn stop_upnp(&mut self) {
        if let Some(fritzbox_upnp) = self.fritzbox_upnp.take() {
            fritzbox_upnp.stop().await;
        }
        if let Some(mut miniupnpd) = self.miniupnpd.take() {
            let _gone_already = miniupnpd.kill().await;
        }
    }

    /// Lets [`FritzboxUpnp`] answer in miniupnpd's place.
    pub(super) async fn start_fritzbox_upnp(&mut self) -> Result<()> {
        self.stop_upnp().await;
        self.fritzbox_upnp = Some(FritzboxUpnp::start(&self.namespace).await?);
        Ok(())
    }

    /// Another prefix takes the place of the present one, whose addresses are no longer to be used.
    pub(super) async fn move_to_prefix(&mut self, prefix: Ipv6Addr) -> Result<()> {
        self.prefixes.retain(|known| *known != prefix);
        self.prefixes.push(prefix);
        self.announce().await
    }

    /// Announces a unique local prefix as well.
    pub(super) async fn announce_local(&mut self, prefix: Ipv6Addr) -> Result<()> {
        self.local_prefix = Some(prefix);
        self.announce().await
    }

    /// Lets dnsmasq announce the present prefix in radvd's place, which goes without a farewell.
    pub(super) async fn start_dnsmasq(&mut self, life: PrefixLife) -> Result<()> {
        for mut program in [self.radvd.take(), self.dnsmasq.take()].into_iter().flatten() {
            let _gone_already = program.kill().await;
        }
        let prefix = self.prefix();
        // It announces the prefixes of its own addresses.
        let own = Ipv6Addr::from_bits(prefix.to_bits() | 1);
        self.namespace.ip(&format!("addr replace {own}/64 dev lan nodad\n")).await?;
        let mut range = format!("--dhcp-range={prefix},ra-only,64");
        range.push_str(match life {
            PrefixLife::Preferred => ",2h",
            PrefixLife::Deprecated => ",deprecated",
        });
        let (pid, leases) = (self.file("dnsmasq.pid"), self.file("dnsmasq.leases"));
        let (pid, leases) = (format!("--pid-file={pid}"), format!("--dhcp-leasefile={leases}"));
        let arguments = [
            "--keep-in-foreground",
            "--conf-file=/dev/null",
            "--log-facility=-",
            "--user=root",
            "--port=0",
            "--interface=lan",
            "--enable-ra",
            "--ra-param=lan,4,1800",
            &range,
            &pid,
            &leases,
        ];
        self.dnsmasq = Some(self.namespace.spawn("dnsmasq", &arguments, &self.folder.join("dnsmasq.log"))?);
        Ok(())
    }

    /// The present prefix.
    pub(super) fn prefix(&self) -> Ipv6Addr {
        self.prefixes.last().copied().unwrap_or(Ipv6Addr::UNSPECIFIED)
    }

    /// Announces the prefixes now.
    pub(super) async fn announce(&self) -> Result<()> {
        self.write_announcement()?;
        if let Some(pid) = self.radvd.as_ref().and_then(Child::id) {
            // The signal would end a radvd that doesn't listen for it yet.
            eventually("radvd to listen", START, async || catches_hangups(pid)).await?;
            processes::signal(pid, Signal::HUP);
        }
        Ok(())
    }

    fn write_announcement(&self) -> Result<()> {
        let own = self.local_prefix.iter().map(|prefix| (prefix, 3600));
        let given =
            self.prefixes.iter().map(|prefix| (prefix, if *prefix == self.prefix() { 3600 } else { 0 }));
        let announced = |(prefix, preferred)| {
            format!(
                "prefix {prefix}/64 {{ AdvOnLink on; AdvAutonomous on; AdvValidLifetime 7200; \
                 AdvPreferredLifetime {preferred}; }};\n"
            )
        };
        let prefixes: String = own.chain(given).map(announced).collect();
        let text = format!(
            "interface lan {{\nIgnoreIfMissing on;\nAdvSendAdvert on;\nMinRtrAdvInterval 3;\n\
             MaxRtrAdvInterval 10;\nAdvDefaultLifetime 1800;\n{prefixes}}};\n"
        );
        write(&self.file("radvd.conf"), &text)
    }

    fn file(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }
}

/// Tells whether a process has a handler for SIGHUP.
fn catches_hangups(pid: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
    caught.is_some_and(|mask| u64::from_str_radix(mask.trim(), 16).is_ok_and(|mask| mask & 1 == 1))
}

fn write(path: &str, text: &str) -> Result<()> {
    fs::write(path, text).map_err(|source| Error::File { path: path.into(), source })
}
