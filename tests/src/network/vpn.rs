//! A VPN: a real tunnel device in the home's machine, whose traffic leaves from another address.

use std::path::Path;

use tokio::process::Child;

use super::{addresses, namespace::Namespace, tools::START};
use crate::{Result, wait::eventually};

/// Both ends of the tunnel.
pub(super) struct Vpn {
    client: Child,
    server: Child,
}

impl Vpn {
    /// Opens the tunnel and makes it the home's way out for IPv4; IPv6 stays outside of it, as with many providers.
    pub(super) async fn open(home: &Namespace, provider: &Namespace, folder: &Path) -> Result<Self> {
        let log = folder.join("vpn.log");
        let listen = format!("UDP4-LISTEN:1194,bind={}", addresses::VPN_SERVER);
        let tunnel = "TUN:10.8.0.1/24,tun-name=vpn,tun-type=tun,iff-no-pi,iff-up";
        let server = provider.spawn("socat", &[&listen, tunnel], &log)?;
        eventually("the VPN's server", START, async || {
            provider.run("ss", &["-Hlnu", "sport = 1194"]).await.is_ok_and(|list| !list.is_empty())
        })
        .await?;
        let connect = format!("UDP4:{}:1194", addresses::VPN_SERVER);
        let tunnel = "TUN:10.8.0.2/24,tun-name=tun0,tun-type=tun,iff-no-pi,iff-up";
        let client = home.spawn("socat", &[&connect, tunnel], &log)?;
        let way = format!(
            "link set tun0 mtu 1400\nroute replace {}/32 via {} dev eth0\nroute replace default dev tun0 metric 50\n",
            addresses::VPN_SERVER,
            addresses::ROUTER_PRIVATE
        );
        eventually("the tunnel", START, async || home.ip(&way).await).await?;
        Ok(Self { client, server })
    }

    /// Ends the tunnel, and with it the way through it.
    pub(super) async fn close(mut self, home: &Namespace) -> Result<()> {
        let _gone_already = self.client.kill().await;
        let _gone_already = self.server.kill().await;
        home.ip(&format!("route del {}/32\n", addresses::VPN_SERVER)).await
    }
}
