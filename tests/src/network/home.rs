//! The home's machine: its addresses, and Dyntray on it with a desktop of its own.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    process::Output,
    time::{Duration, Instant},
};

use dyntray_control::{Request, Response, SaveRequest, SecretChange};
use dyntray_core::{
    Snapshot,
    present::Mood,
    settings::form::{EntryForm, Form},
    types::address::Family,
};
use dyntray_sandbox::Addresses;

use super::{Networks, Relay, START, addresses, namespace::Namespace};
use crate::{
    Error, PATIENCE, Result,
    app::{self, App, binary},
    clock::WallClock,
    desktop::{Desktop, DesktopOptions},
    home::HOST,
    portal::Portal,
    wait::eventually,
    window::Window,
};

/// How long an announcement of the router's may take before it is asked for again.
const ANNOUNCEMENT: Duration = Duration::from_millis(300);

/// One IPv6 address of the home's machine, reachable from the world.
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

/// Makes the home's machine.
pub(super) async fn lay(home: &Namespace) -> Result<()> {
    home.set(&[
        ("ipv6/conf/eth0/use_tempaddr", "2"),
        // Nobody else is there; and the router is asked at once.
        ("ipv6/conf/eth0/dad_transmits", "0"),
        ("ipv6/conf/eth0/accept_dad", "0"),
        ("ipv6/conf/eth0/router_solicitation_delay", "0"),
        // Anybody may ping.
        ("ipv4/ping_group_range", "0 2147483647"),
    ])
    .await?;
    home.ip("link set lo up\nlink set eth0 address a8:a1:59:01:02:03\n").await?;
    home.ip(&joining(addresses::HOME_PRIVATE)).await
}

/// As after a new lease.
fn joining(ipv4: Ipv4Addr) -> String {
    format!(
        "link set eth0 up\naddr add {ipv4}/24 dev eth0\nroute add default via {} dev eth0 metric 100\n",
        addresses::ROUTER_PRIVATE
    )
}

impl Networks {
    /// The home's machine forgets the network it was in and joins the one that it is connected to.
    pub(super) async fn join(&self, ipv4: Ipv4Addr) -> Result<()> {
        // What NetworkManager does: without the link, addresses and routes go.
        self.home.ip("link set eth0 down\naddr flush dev eth0\n").await?;
        self.home.ip(&joining(ipv4)).await
    }

    /// The IPv6 addresses of the home's machine, without link-local and unique local ones.
    pub async fn home_ipv6(&self) -> Result<Vec<LocalIpv6>> {
        Ok(self.all_ipv6().await?.into_iter().filter(|known| !known.address.is_unique_local()).collect())
    }

    /// The address of the home's machine that stays as long as the prefix.
    pub async fn stable_ipv6(&self) -> Result<Ipv6Addr> {
        self.present_ipv6(|known| !known.temporary).await
    }

    /// The address of the home's machine that it shows to the world.
    pub async fn temporary_ipv6(&self) -> Result<Ipv6Addr> {
        self.present_ipv6(|known| known.temporary).await
    }

    /// What a look-up in the home is told, by `curl` over HTTPS with the service's authority; an error where there is
    /// no answer.
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

/// A home with real networks: a desktop, on which `dyntray` runs in the home's namespace.
///
/// ```no_run
/// # use dyntray_stories::{desktop::DesktopOptions, network::NetworkHome};
/// # async fn story() -> Result<(), Box<dyn std::error::Error>> {
/// let options = DesktopOptions::default();
/// if NetworkHome::skipped("a new address at night", &options) {
///     return Ok(());
/// }
/// let mut home = NetworkHome::start(options, "night").await?;
/// let (_app, _portal, _token) = home.set_up().await?;
/// home.networks.reconnect([84, 160, 99, 1].into()).await?;
/// home.command(&["update"]).await?;
/// home.wait_until_published(|now| now.ipv4 == Some([84, 160, 99, 1].into())).await?;
/// # Ok(()) }
/// ```
pub struct NetworkHome {
    // Dropped in this order: who uses the networks goes first.
    /// The desktop, outside of all namespaces.
    pub desktop: Desktop,
    /// The networks.
    pub networks: Networks,
}

impl NetworkHome {
    /// Whether the story has to be skipped here, and says why; see [`super::skipped`].
    ///
    /// # Panics
    /// As [`super::skipped`] does.
    pub fn skipped(story: &str, options: &DesktopOptions) -> bool {
        options.skipped(story, &[]) || super::skipped(story)
    }

    /// Starts desktop and networks.
    pub async fn start(options: DesktopOptions, story: &str) -> Result<Self> {
        let (desktop, networks) = tokio::try_join!(Desktop::start(options), Networks::start(story))?;
        Ok(Self { desktop, networks })
    }

    /// A program in the home's namespace, on the desktop, trusting the service's authority.
    pub fn program(&self, program: &str) -> tokio::process::Command {
        let mut command = self.desktop.command("ip");
        command
            .args(["netns", "exec", self.networks.home().name(), program])
            .env("SSL_CERT_FILE", self.networks.ca_file());
        command
    }

    /// Starts Dyntray, as a click on its icon does.
    pub fn start_app(&self) -> Result<App> {
        let program = binary("dyntray")?;
        App::start_prepared(&self.desktop, &program, self.program(&program.display().to_string()))
    }

    /// Starts Dyntray with a wall clock that can be pushed, for [`App::sleep_an_hour`].
    pub fn start_app_with_clock(&self, clock: WallClock) -> Result<App> {
        let program = binary("dyntray")?;
        let mut command = self.program(&program.display().to_string());
        command.envs(clock.environment());
        Ok(App::start_prepared(&self.desktop, &program, command)?.with_clock(clock))
    }

    /// A wall clock for [`NetworkHome::start_app_with_clock`]; none where faketime isn't installed.
    pub fn wall_clock(&self) -> Result<Option<WallClock>> {
        WallClock::start(self.desktop.folder())
    }

    /// Makes an account, the host and a token at the portal, as a browser would.
    pub async fn portal(&self) -> Result<(Portal, String)> {
        let url = self.networks.portal_url();
        let mut portal = Portal::register_at(url, "householder", "a-long-password").await?;
        portal.add_host(HOST).await?;
        let token = portal.make_token(HOST).await?;
        Ok((portal, token))
    }

    /// From nothing to green, in the form that a new user has: host name and token, everything else as it comes.
    pub async fn set_up(&self) -> Result<(App, Portal, String)> {
        let (portal, token) = self.portal().await?;
        let app = self.start_app()?;
        self.save(self.form(), &token).await?;
        self.wait_for_mood(Mood::Fine).await?;
        Ok((app, portal, token))
    }

    /// The form of a new user: a host name, and everything else as it comes.
    pub fn form(&self) -> Form {
        let entry = EntryForm { hostname: HOST.to_owned(), ..EntryForm::default() };
        Form { entries: vec![entry], ..Form::default() }
    }

    /// Saves the form, with a new token for its first entry, as the window does.
    pub async fn save(&self, form: Form, token: &str) -> Result<()> {
        let secret = SecretChange::Replace { secret: token.to_owned().into() };
        let keep = std::iter::repeat_with(SecretChange::default);
        let secrets = std::iter::once(secret).chain(keep).take(form.entries.len()).collect();
        match self.ask(&Request::Save(SaveRequest { form, secrets })).await? {
            Response::Saved { .. } => Ok(()),
            other => Err(Error::NotThere(format!("a saved form: {other:?}"))),
        }
    }

    /// Asks Dyntray over its socket, which it may be about to open.
    pub async fn ask(&self, request: &Request) -> Result<Response> {
        app::ask(&self.desktop, request).await
    }

    /// Runs `dyntray` with a command, as in a terminal.
    pub async fn command(&self, arguments: &[&str]) -> Result<Output> {
        let program = binary("dyntray")?.display().to_string();
        let started = self.program(&program).args(arguments).output();
        started.await.map_err(|source| Error::NotStarted { program, source })
    }

    /// What Dyntray says of itself.
    pub async fn status(&self) -> Result<Snapshot> {
        match self.ask(&Request::Status).await? {
            Response::Snapshot { snapshot } => Ok(snapshot),
            other => Err(Error::NotThere(format!("a snapshot: {other:?}"))),
        }
    }

    /// Waits until everything together is at `mood`.
    pub async fn wait_for_mood(&self, mood: Mood) -> Result<Snapshot> {
        eventually(&format!("the mood {mood:?}"), PATIENCE, async || {
            let snapshot = self.status().await?;
            if snapshot.mood == mood { Ok(snapshot) } else { Err(Error::NotThere(format!("{snapshot:?}"))) }
        })
        .await
    }

    /// What the service has accepted for the host.
    pub async fn published(&self) -> Result<Addresses> {
        let hosts = self.sandbox_state().await?.hosts;
        let host = hosts.iter().find(|host| host.name == HOST);
        Ok(host.map(|host| host.published).unwrap_or_default())
    }

    /// What the world's name servers say of the host.
    pub async fn live(&self) -> Result<Addresses> {
        self.networks.live(HOST).await
    }

    /// Waits until the service has accepted what is `wanted`, for a minute at most; tells how long that took.
    pub async fn wait_until_published(&self, wanted: impl Fn(Addresses) -> bool) -> Result<Duration> {
        let begun = Instant::now();
        eventually("the addresses to be published", 3 * PATIENCE, async || {
            let published = self.published().await?;
            if wanted(published) { Ok(()) } else { Err(Error::NotThere(published.to_string())) }
        })
        .await?;
        Ok(begun.elapsed())
    }

    /// What the service knows.
    pub async fn sandbox_state(&self) -> Result<dyntray_sandbox::State> {
        let state = self.networks.sandbox()?.state().await;
        state.map_err(|error| Error::NotThere(format!("the sandbox: {error}")))
    }

    /// How many update requests the service has had.
    pub async fn updates(&self) -> Result<usize> {
        Ok(self.sandbox_state().await?.log.len())
    }

    /// Hands for Dyntray's window, which is in the home's namespace: keep the relay as long as the window.
    pub async fn window(&self) -> Result<(Window, Relay)> {
        let port = self.desktop.inspector_port();
        let relay = Relay::start(self.networks.home(), port, (Ipv4Addr::LOCALHOST, port).into())?;
        Ok((Window::attach(&self.desktop).await?, relay))
    }
}
