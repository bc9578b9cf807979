//! The networks of one story: their start and their end.

use super::{
    captive::Captive,
    ending::{self, Logs, Removal},
    line::{self, Line},
    machine,
    namespace::{self, Namespace},
    needs,
    router::{self, Router},
    tools,
    vpn::Vpn,
    world::{self, World},
};
use crate::{Error, Result};

/// The networks of one story. Dropping them removes them, and ends every process in them.
pub struct Networks {
    // Dropped in this order: first what runs in the namespaces, then the namespaces, then the files.
    pub(super) captive: Option<Captive>,
    pub(super) vpn: Option<Vpn>,
    pub(super) world: World,
    pub(super) router: Router,
    pub(super) cafe: Option<Router>,
    pub(super) line: Line,
    /// The home's machine was carried to the café.
    pub(super) away: bool,
    pub(super) home: Namespace,
    pub(super) provider: Namespace,
    pub(super) removal: Removal,
    logs: Logs,
    pub(super) folder: tempfile::TempDir,
}

impl Networks {
    /// Makes the networks: a home with an IPv4 address and an IPv6 prefix of its own, and a FRITZ!Box-like router.
    /// They are complete when this returns; none where the story has to be skipped, because anything that they need
    /// isn't there. The output of the programs in them is kept in a folder of the story's name, under `target/stories`.
    ///
    /// # Panics
    /// When something is missing and the environment has `DYNTRAY_NO_SKIP`.
    pub async fn for_story(story: &str) -> Result<Option<Self>> {
        if needs::skipped(story) { Ok(None) } else { Self::start(story).await.map(Some) }
    }

    /// Makes them where nothing is missing.
    pub(super) async fn start(story: &str) -> Result<Self> {
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

        let configure = async {
            tokio::try_join!(
                line::configure(&provider),
                machine::configure(&home),
                router::configure(&router),
                world::configure(&internet)
            )
        };
        configure.await?;
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

    /// The servers of the internet.
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
