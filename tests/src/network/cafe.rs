//! A café: another router with the same inner addresses, another hardware address, and another public address.

use super::{
    addresses, addresses::PROVIDER, machine, namespace::Namespace, networks::Networks, router::Router, tools,
};
use crate::Result;

impl Networks {
    /// The home's machine is carried to a café and joins its network, which has IPv4 only.
    pub async fn to_cafe(&mut self) -> Result<()> {
        if self.away {
            return Ok(());
        }
        if self.cafe.is_none() {
            self.cafe = Some(self.open_cafe().await?);
        }
        self.away = true;
        self.carry("router", "cafe").await?;
        machine::join(&self.home, addresses::CAFE_PRIVATE).await
    }

    /// The home's machine is carried home.
    pub async fn to_home(&mut self) -> Result<()> {
        if !self.away {
            return Ok(());
        }
        self.away = false;
        self.carry("cafe", "router").await?;
        machine::join(&self.home, addresses::HOME_PRIVATE).await?;
        if self.line.has_ipv6() { self.wait_for_ipv6().await } else { Ok(()) }
    }

    /// The router of the network that the home's machine is in.
    pub(super) fn here(&self) -> &Router {
        self.cafe.as_ref().filter(|_| self.away).unwrap_or(&self.router)
    }

    async fn open_cafe(&self) -> Result<Router> {
        let cafe = self.removal.namespace("cafe");
        let (name, provider) = (cafe.name(), self.provider.name());
        tools::ip(&format!(
            "netns add {name}\nlink add lan netns {name} type bridge\n\
             link add wan netns {name} type veth peer name cafe-line netns {provider}\n"
        ))
        .await?;
        let provider = format!(
            "addr add {PROVIDER}/32 dev cafe-line\nlink set cafe-line up\nroute add {}/32 dev cafe-line\n",
            addresses::CAFE_IPV4
        );
        self.provider.ip(&provider).await?;
        cafe.ip(&format!(
            "link set lo up\nlink set lan address {}\naddr add {}/24 dev lan\nlink set lan up\n\
             addr add {}/32 dev wan\nlink set wan up\nroute add default via {PROVIDER} dev wan onlink\n",
            addresses::CAFE_HARDWARE,
            addresses::ROUTER_PRIVATE,
            addresses::CAFE_IPV4
        ))
        .await?;
        Router::start(cafe, self.folder.path()).await
    }

    /// Pulls the cable out of one router and puts it into another.
    async fn carry(&self, from: &str, to: &str) -> Result<()> {
        let [from, to] = [from, to].map(|role| self.removal.namespace(role));
        from.ip(&format!("link set port netns {}\n", Namespace::name(&to))).await?;
        to.ip("link set port master lan\nlink set port up\n").await
    }
}
