//! A VPN: a real tunnel device in the home's machine, whose traffic leaves from another address.

use tokio::process::Child;

use super::{Networks, START, addresses};
use crate::{Result, wait::eventually};

/// Both ends of the tunnel.
pub(super) struct Vpn {
    client: Child,
    server: Child,
}

impl Networks {
    /// The VPN's tunnel becomes the way out for IPv4; IPv6 stays outside of it, as with many providers.
    pub async fn vpn_up(&mut self) -> Result<()> {
        if self.vpn.is_some() {
            return Ok(());
        }
        let log = self.folder.path().join("vpn.log");
        let listen = format!("UDP4-LISTEN:1194,bind={}", addresses::VPN_SERVER);
        let tunnel = "TUN:10.8.0.1/24,tun-name=vpn,tun-type=tun,iff-no-pi,iff-up";
        let server = self.provider.spawn("socat", &[&listen, tunnel], &log)?;
        eventually("the VPN's server", START, async || {
            self.provider.run("ss", &["-Hlnu", "sport = 1194"]).await.is_ok_and(|list| !list.is_empty())
        })
        .await?;
        let connect = format!("UDP4:{}:1194", addresses::VPN_SERVER);
        let tunnel = "TUN:10.8.0.2/24,tun-name=tun0,tun-type=tun,iff-no-pi,iff-up";
        let client = self.home.spawn("socat", &[&connect, tunnel], &log)?;
        self.vpn = Some(Vpn { client, server });
        let way = format!(
            "link set tun0 mtu 1400\nroute replace {}/32 via {} dev eth0\nroute replace default dev tun0 metric 50\n",
            addresses::VPN_SERVER,
            addresses::ROUTER_PRIVATE
        );
        eventually("the tunnel", START, async || self.home.ip(&way).await).await?;
        // The first packet makes the server's end.
        eventually("the VPN", START, async || {
            self.live("update.spdyn.de").await.is_ok_and(|server| !server.is_empty())
        })
        .await
    }

    /// The tunnel is gone, and with it the way through it.
    pub async fn vpn_down(&mut self) -> Result<()> {
        if let Some(Vpn { mut client, mut server }) = self.vpn.take() {
            let _gone_already = client.kill().await;
            let _gone_already = server.kill().await;
            self.home.ip(&format!("route del {}/32\n", addresses::VPN_SERVER)).await?;
        }
        Ok(())
    }
}
