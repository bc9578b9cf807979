//! A home: a desktop for Dyntray, and the sandbox, which simulates SPDYN and the home's internet line.

mod files;

use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;

use dyntray_control::{AgentRequest, Request, Response, SecretChange};
use dyntray_core::Snapshot;
use dyntray_core::present::Mood;
use dyntray_core::settings::form::Form;
use dyntray_sandbox::{Options, Sandbox};

use crate::app::{self, App, binary};
use crate::clock::WallClock;
use crate::desktop::{Desktop, DesktopOptions};
use crate::portal::Portal;
use crate::tray::{Tray, TrayItem};
use crate::wait::eventually;
use crate::window::Window;
use crate::{Error, PATIENCE, Result};

/// The host of every story.
pub const HOST: &str = "home.spdns.de";

/// A home and everything in it.
pub struct Home {
    /// The desktop.
    pub desktop: Desktop,
    sandbox: Option<Sandbox>,
    port: u16,
    /// The sandbox's files, outside of the desktop's folder: a search for secrets there must not find them.
    sandbox_folder: tempfile::TempDir,
    pictures: PathBuf,
    pictures_taken: std::cell::Cell<u32>,
}

impl Home {
    /// Moves in for a story; none where the story has to be skipped, because parts of the desktop or these programs
    /// aren't installed. Pictures go to a folder of the story's name, under `target/stories`.
    ///
    /// # Panics
    /// See [`DesktopOptions::skipped`].
    pub async fn for_story(
        options: DesktopOptions,
        story: &str,
        programs: &[&'static str],
    ) -> Result<Option<Self>> {
        if options.skipped(story, programs) {
            return Ok(None);
        }
        Self::with_pictures(options, app::output_folder()?.join(story)).await.map(Some)
    }

    /// Moves in, with the pictures somewhere else.
    pub async fn with_pictures(options: DesktopOptions, pictures: PathBuf) -> Result<Self> {
        let file = |source| Error::File { path: pictures.clone(), source };
        if pictures.exists() {
            std::fs::remove_dir_all(&pictures).map_err(file)?;
        }
        std::fs::create_dir_all(&pictures).map_err(file)?;
        let sandbox_folder = tempfile::tempdir().map_err(file)?;
        let sandbox = start_sandbox(sandbox_folder.path(), 0).await?;
        let desktop = Desktop::start(options).await?;
        let (sandbox, port) = (Some(sandbox), 0);
        Ok(Home { desktop, sandbox, port, sandbox_folder, pictures, pictures_taken: std::cell::Cell::new(0) })
    }

    /// Makes an account, the host and a token at the portal, as a browser would.
    pub async fn portal(&self) -> Result<(Portal, String)> {
        Portal::with_host(self.sandbox()?.base_url(), HOST).await
    }

    /// Starts Dyntray, as a click on its icon does.
    pub fn start_app(&self) -> Result<App> {
        self.start_app_with(&[], &[])
    }

    /// Starts Dyntray with arguments and further entries in its environment.
    pub fn start_app_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Result<App> {
        App::start(&self.desktop, &binary("dyntray")?, arguments, environment)
    }

    /// Starts Dyntray with a wall clock that can be set, for [`App::sleep_an_hour`].
    pub fn start_app_with_clock(&self, clock: WallClock) -> Result<App> {
        let program = binary("dyntray")?;
        let mut command = self.desktop.command(&program);
        command.envs(clock.environment());
        Ok(App::start_prepared(&self.desktop, &program, command)?.with_clock(clock))
    }

    /// Takes a numbered picture of the whole screen.
    pub async fn picture(&self, name: &str) -> Result<()> {
        let number = self.pictures_taken.replace(self.pictures_taken.get() + 1) + 1;
        // Fonts and animations settle.
        tokio::time::sleep(Duration::from_millis(400)).await;
        self.desktop.screenshot(self.pictures.join(format!("{number:02}-{name}.png"))).await
    }

    /// Leaves the first steps, which offer no other server, fills in the form's first entry for the sandbox, and saves.
    pub async fn fill_in(&self, window: &Window, token: &str) -> Result<()> {
        let (server, base) = (self.sandbox()?.authority(), self.sandbox()?.base_url());
        let name_server =
            self.sandbox()?.dns_address().map(|address| address.to_string()).unwrap_or_default();
        window.click(&field("all-settings")).await?;
        window.fill(&field("entry-0-hostname"), HOST).await?;
        window.fill(&field("entry-0-secret"), token).await?;
        window.fill(&field("entry-0-server"), &server).await?;
        window.click(&field("more")).await?;
        window.fill(&field("resolver-ipv4"), &format!("{base}/checkip4")).await?;
        window.fill(&field("resolver-ipv6"), &format!("{base}/checkip6")).await?;
        window.fill(&field("interval"), "1 s").await?;
        window.fill(&field("name-server"), &name_server).await?;
        window.click(&field("save")).await?;
        window.find(&field("saved")).await.map(|_| ())
    }

    /// Sets Dyntray up until it is green, for stories that begin there: the settings are written, and the token is
    /// saved as the window saves it. No window has been open.
    pub async fn set_up(&self) -> Result<(App, Portal, String)> {
        self.set_up_with(&[]).await
    }

    /// The same with further entries in Dyntray's environment.
    pub async fn set_up_with(&self, environment: &[(&str, &str)]) -> Result<(App, Portal, String)> {
        let (portal, token) = self.portal().await?;
        self.write_settings()?;
        let app = self.start_app_with(&[], environment)?;
        let mut form = self.form().await?;
        form.entries[0].enabled = true;
        let secret = SecretChange::Replace { secret: token.clone().into() };
        app::save(&self.desktop, form, vec![secret]).await?;
        self.wait_for_mood(Mood::Fine).await?;
        Ok((app, portal, token))
    }

    /// Dyntray's form.
    pub async fn form(&self) -> Result<Form> {
        match self.ask(AgentRequest::Form).await? {
            Response::Form { form } => Ok(form),
            other => Err(Error::NotThere(format!("the form: {other:?}"))),
        }
    }

    /// Asks Dyntray over its socket, which it may be about to open.
    pub async fn ask(&self, request: impl Into<Request>) -> Result<Response> {
        app::ask(&self.desktop, request).await
    }

    /// Runs `dyntray` with a command, as in a terminal.
    pub async fn command(&self, arguments: &[&str]) -> Result<Output> {
        let program = binary("dyntray")?;
        let started = self.desktop.command(&program).args(arguments).output();
        started.await.map_err(|source| Error::NotStarted { program: program.display().to_string(), source })
    }

    /// Opens the window by `dyntray open`, and attaches to it.
    pub async fn open_window(&self) -> Result<Window> {
        self.command(&["open"]).await?;
        Window::attach(&self.desktop).await
    }

    /// The snapshot that `dyntray status --json` prints.
    pub async fn status(&self) -> Result<Snapshot> {
        let output = self.command(&["status", "--json"]).await?;
        serde_json::from_slice(&output.stdout).map_err(|error| {
            Error::NotThere(format!("a snapshot: {error}: {}", String::from_utf8_lossy(&output.stderr)))
        })
    }

    /// Waits until the overall mood is `mood`.
    pub async fn wait_for_mood(&self, mood: Mood) -> Result<Snapshot> {
        app::wait_for_mood(mood, async || self.status().await).await
    }

    /// Waits until the first entry's IPv4 address is published as the line's present one.
    pub async fn wait_until_followed(&self) -> Result<()> {
        let wan = self.sandbox_state().await?.wan;
        eventually(&format!("{:?} to be published", wan.public.ipv4), PATIENCE, async || {
            let state = self.sandbox_state().await?;
            let host = state.hosts.iter().find(|host| host.name == HOST);
            let published = host.is_some_and(|host| host.published == wan.public);
            if published { Ok(()) } else { Err(Error::NotThere(format!("{:?}", state.hosts))) }
        })
        .await
    }

    /// Everything that the sandbox knows.
    pub async fn sandbox_state(&self) -> Result<dyntray_sandbox::State> {
        self.sandbox()?.state().await.map_err(|error| Error::NotThere(format!("the sandbox: {error}")))
    }

    /// The number of update requests at the server so far.
    pub async fn updates(&self) -> Result<usize> {
        Ok(self.sandbox_state().await?.log.len())
    }

    /// The server goes away; it comes back with [`Home::server_back`] at the same address.
    pub async fn server_away(&mut self) {
        if let Some(sandbox) = self.sandbox.take() {
            self.port = sandbox.port();
            sandbox.stop().await;
        }
    }

    /// The server is back.
    pub async fn server_back(&mut self) -> Result<()> {
        self.sandbox = Some(start_sandbox(self.sandbox_folder.path(), self.port).await?);
        Ok(())
    }

    /// The sandbox: SPDYN and the line.
    pub fn sandbox(&self) -> Result<&Sandbox> {
        self.sandbox.as_ref().ok_or_else(|| Error::NotThere("the server: it is away".to_owned()))
    }

    /// Quits `app` from its tray menu; gives the exit code.
    pub async fn quit_from_tray(&self, app: &mut App) -> Result<i32> {
        match self.tray_item(app).await?.click("Quit (updates stop)").await {
            // The program may be gone before its answer to the click has left.
            Ok(()) | Err(Error::Bus(_)) => app.wait_exit(PATIENCE).await,
            Err(error) => Err(error),
        }
    }

    /// The tray item of `app`.
    pub async fn tray_item(&self, app: &App) -> Result<TrayItem> {
        Tray::of(&self.desktop).wait_for_pid(app.pid(), PATIENCE).await
    }
}

/// The CSS selector of a field by the name that the pages give it for tests.
pub fn field(name: &str) -> String {
    format!("[data-testid=\"{name}\"]")
}

async fn start_sandbox(folder: &Path, port: u16) -> Result<Sandbox> {
    dyntray_sandbox::start(Options::new(folder).port(port).https_port(0).dns_port(0))
        .await
        .map_err(|error| Error::NotThere(format!("the sandbox: {error}")))
}
