//! Dyntray on the home's machine, with a desktop of its own.

use std::{
    net::Ipv4Addr,
    process::Output,
    time::{Duration, Instant},
};

use dyntray_control::{AgentRequest, Request, Response, SecretChange};
use dyntray_core::{
    Snapshot,
    present::Mood,
    settings::form::{EntryForm, Form},
};
use dyntray_sandbox::Addresses;

use super::{needs, networks::Networks, relay::Relay};
use crate::{
    Error, Result,
    app::{self, App, binary},
    clock::WallClock,
    desktop::{Desktop, DesktopOptions},
    home::HOST,
    portal::Portal,
    wait::eventually,
    window::Window,
};

/// A home with real networks: a desktop, on which `dyntray` runs in the home's namespace.
///
/// ```no_run
/// # use dyntray_stories::{PATIENCE, desktop::DesktopOptions, network::NetworkHome};
/// # async fn story() -> Result<(), Box<dyn std::error::Error>> {
/// let story = NetworkHome::for_story(DesktopOptions::default(), "night", &[]).await?;
/// let Some(mut home) = story else { return Ok(()) };
/// let (_app, _portal, _token) = home.set_up().await?;
/// home.networks.reconnect([84, 160, 99, 1].into()).await?;
/// home.command(&["update"]).await?;
/// home.wait_until_published(PATIENCE, |now| now.ipv4 == Some([84, 160, 99, 1].into())).await?;
/// # Ok(()) }
/// ```
pub struct NetworkHome {
    // Dropped in this order: the user of the networks goes first.
    /// The desktop, outside of all namespaces.
    pub desktop: Desktop,
    /// The networks.
    pub networks: Networks,
}

impl NetworkHome {
    /// Starts desktop and networks for a story; none where the story has to be skipped, because something that they
    /// need or one of these programs isn't there.
    ///
    /// # Panics
    /// When something is missing and the environment has `DYNTRAY_NO_SKIP`.
    pub async fn for_story(
        options: DesktopOptions,
        story: &str,
        programs: &[&'static str],
    ) -> Result<Option<Self>> {
        if options.skipped(story, programs) || needs::skipped(story) {
            return Ok(None);
        }
        let (desktop, networks) =
            tokio::try_join!(Desktop::start(options), Box::pin(Networks::start(story)))?;
        Ok(Some(Self { desktop, networks }))
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

    /// Starts Dyntray with a wall clock that can be set, for [`App::sleep_an_hour`].
    pub fn start_app_with_clock(&self, clock: WallClock) -> Result<App> {
        let program = binary("dyntray")?;
        let mut command = self.program(&program.display().to_string());
        command.envs(clock.environment());
        Ok(App::start_prepared(&self.desktop, &program, command)?.with_clock(clock))
    }

    /// Makes an account, the host and a token at the portal, as a browser would.
    pub async fn portal(&self) -> Result<(Portal, String)> {
        Portal::with_host(self.networks.portal_url(), HOST).await
    }

    /// Sets Dyntray up as a new user does, with host name and token and every other setting at its default, until it is
    /// green.
    pub async fn set_up(&self) -> Result<(App, Portal, String)> {
        let (portal, token) = self.portal().await?;
        let app = self.start_app()?;
        self.save(self.form(), &token).await?;
        self.wait_for_mood(Mood::Fine).await?;
        Ok((app, portal, token))
    }

    /// The form of a new user: a host name, and every other field at its default.
    pub fn form(&self) -> Form {
        let entry = EntryForm { hostname: HOST.to_owned(), ..EntryForm::default() };
        Form { entries: vec![entry], ..Form::default() }
    }

    /// Saves the form, with a new token for its first entry, as the window does.
    pub async fn save(&self, form: Form, token: &str) -> Result<()> {
        let secret = SecretChange::Replace { secret: token.to_owned().into() };
        let keep = std::iter::repeat_with(SecretChange::default);
        let secrets = std::iter::once(secret).chain(keep).take(form.entries.len()).collect();
        app::save(&self.desktop, form, secrets).await
    }

    /// Asks Dyntray over its socket, which it may be about to open.
    pub async fn ask(&self, request: impl Into<Request>) -> Result<Response> {
        app::ask(&self.desktop, request).await
    }

    /// Runs `dyntray` with a command, as in a terminal.
    pub async fn command(&self, arguments: &[&str]) -> Result<Output> {
        let program = binary("dyntray")?.display().to_string();
        let started = self.program(&program).args(arguments).output();
        started.await.map_err(|source| Error::NotStarted { program, source })
    }

    /// The snapshot that Dyntray gives over its socket.
    pub async fn status(&self) -> Result<Snapshot> {
        match self.ask(AgentRequest::Status).await? {
            Response::Snapshot { snapshot } => Ok(snapshot),
            other => Err(Error::NotThere(format!("a snapshot: {other:?}"))),
        }
    }

    /// Waits until the overall mood is `mood`.
    pub async fn wait_for_mood(&self, mood: Mood) -> Result<Snapshot> {
        app::wait_for_mood(mood, async || self.status().await).await
    }

    /// The addresses that the service has accepted for the host.
    pub async fn published(&self) -> Result<Addresses> {
        let hosts = self.sandbox_state().await?.hosts;
        let host = hosts.iter().find(|host| host.name == HOST);
        Ok(host.map(|host| host.published).unwrap_or_default())
    }

    /// The host's addresses at the name servers.
    pub async fn live(&self) -> Result<Addresses> {
        self.networks.live(HOST).await
    }

    /// Waits until the service has accepted the `wanted` addresses; gives the time that it took.
    pub async fn wait_until_published(
        &self,
        patience: Duration,
        wanted: impl Fn(Addresses) -> bool,
    ) -> Result<Duration> {
        let begun = Instant::now();
        eventually("the addresses to be published", patience, async || {
            let published = self.published().await?;
            if wanted(published) {
                return Ok(());
            }
            Err(Error::NotThere(format!("{published} {:#?}", self.status().await?.entries)))
        })
        .await?;
        Ok(begun.elapsed())
    }

    /// Everything that the service knows.
    pub async fn sandbox_state(&self) -> Result<dyntray_sandbox::State> {
        let state = self.networks.sandbox()?.state().await;
        state.map_err(|error| Error::NotThere(format!("the sandbox: {error}")))
    }

    /// The number of update requests at the service so far.
    pub async fn updates(&self) -> Result<usize> {
        Ok(self.sandbox_state().await?.log.len())
    }

    /// Attaches to Dyntray's window, which is in the home's namespace. Keep the relay as long as the window.
    pub async fn window(&self) -> Result<(Window, Relay)> {
        let port = self.desktop.inspector_port();
        let relay = Relay::start(self.networks.home(), port, (Ipv4Addr::LOCALHOST, port).into())?;
        Ok((Window::attach(&self.desktop).await?, relay))
    }
}
