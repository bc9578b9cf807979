//! Real networks for stories: a home behind its router, the provider, the world's servers, a café, a VPN.
//!
//! Everything is made of network namespaces, as a machine has them, by the story itself:
//!
//! ```text
//!  home ──eth0───lan── router ──wan────home-line── provider ──world────uplink── internet
//!  dyntray              NAT, IPv6 prefix (radvd),   carrier NAT,                 update.spdyn.de, checkip4, checkip6,
//!                       UPnP and NAT-PMP            VPN exit                     name servers (Knot DNS)
//!                       (miniupnpd)
//! ```
//!
//! Nothing of it can reach, or be reached from, anywhere else. Dropping [`Networks`] removes it all, also when the
//! story panics; when it is killed, a guard does; what is left even then is removed by the next story.

pub mod addresses;
mod cafe;
mod captive;
mod ending;
mod home;
mod line;
mod namespace;
mod needs;
mod outspoken;
mod relay;
mod router;
mod tools;
mod vpn;
mod world;
mod zone;

use std::time::Duration;

pub use captive::SecurePort;
pub use home::{LocalIpv6, NetworkHome};
pub use namespace::Namespace;
pub use needs::{missing, skipped};
pub use relay::Relay;

use crate::{Error, Result};
use captive::Captive;
use ending::{Logs, Removal};
use line::Line;
use router::Router;
use vpn::Vpn;
use world::World;

/// How long a part of the networks may take to be there.
const START: Duration = Duration::from_secs(10);

/// The networks of one story. Dropping them removes them, and ends every process in them.
pub struct Networks {
    // Dropped in this order: first what runs in the namespaces, then the namespaces, then the files.
    captive: Option<Captive>,
    vpn: Option<Vpn>,
    world: World,
    router: Router,
    cafe: Option<Router>,
    line: Line,
    /// Whether the home's machine was carried to the café.
    away: bool,
    home: Namespace,
    provider: Namespace,
    removal: Removal,
    logs: Logs,
    folder: tempfile::TempDir,
}

impl Networks {
    /// Makes the networks: a home with an IPv4 address and an IPv6 prefix of its own, and a FRITZ!Box-like router.
    /// They are complete when this returns. Ask [`skipped`] before. What the programs in them print is kept in a
    /// folder of the story's name, under `target/stories`.
    pub async fn start(story: &str) -> Result<Self> {
        ending::sweep();
        let folder = tempfile::Builder::new()
            .prefix("dyntray-networks-")
            .tempdir()
            .map_err(|source| Error::File { path: std::env::temp_dir(), source })?;
        let removal = Removal::post(folder.path())?;
        let [home, router, provider, internet] =
            ["home", "router", "provider", "internet"].map(|role| removal.namespace(role));
        tools::ip(&wiring(&home, &router, &provider, &internet)).await?;
        namespace::write_resolvers(&home)?;

        let lay = async {
            tokio::try_join!(
                line::lay(&provider),
                home::lay(&home),
                router::lay(&router),
                world::lay(&internet)
            )
        };
        lay.await?;
        let world = World::start(internet, folder.path());
        let router = Router::start_at_home(router, folder.path());
        let (world, router) = tokio::try_join!(world, router)?;
        let mut networks = Self {
            captive: None,
            vpn: None,
            world,
            router,
            cafe: None,
            line: Line::unplugged(),
            away: false,
            home,
            provider,
            removal,
            logs: Logs::of(story),
            folder,
        };
        networks.plug().await?;
        networks.router.start_upnp()?;
        networks.wait_for_ipv6().await?;
        Ok(networks)
    }

    /// The machine on which Dyntray runs.
    pub fn home(&self) -> &Namespace {
        &self.home
    }

    /// The router of the home.
    pub fn router(&self) -> &Namespace {
        &self.router.namespace
    }

    /// The provider, through which everything goes.
    pub fn provider(&self) -> &Namespace {
        &self.provider
    }

    /// The world's servers.
    pub fn internet(&self) -> &Namespace {
        &self.world.namespace
    }
}

impl Drop for Networks {
    fn drop(&mut self) {
        self.logs.keep(self.folder.path());
    }
}

/// All namespaces and the cables between them.
fn wiring(home: &Namespace, router: &Namespace, provider: &Namespace, internet: &Namespace) -> String {
    let [home, router, provider, internet] = [home, router, provider, internet].map(Namespace::name);
    format!(
        "netns add {home}\nnetns add {router}\nnetns add {provider}\nnetns add {internet}\n\
         link add lan netns {router} type bridge\n\
         link add port netns {router} type veth peer name eth0 netns {home}\n\
         link add wan netns {router} type veth peer name home-line netns {provider}\n\
         link add world netns {provider} type veth peer name uplink netns {internet}\n"
    )
}
