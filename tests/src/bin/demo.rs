//! `cargo xtask demo`: the main job on the built-in sandbox service. With a display it runs there and stays open;
//! without one it runs on a headless desktop of its own. Either way it leaves a timeline under `target/demo`.

use std::path::{Path, PathBuf};
use std::time::Instant;

use dyntray_control::{
    AgentRequest, Client, Page, Request, Response, RuntimeDir, SaveRequest, SecretChange, ShellRequest,
};
use dyntray_core::present::Mood;
use dyntray_core::settings::form::{EntryForm, Form};
use dyntray_core::types::entry_id::EntryId;
use dyntray_sandbox::{Options, Sandbox};
use dyntray_stories::app::binary;
use dyntray_stories::desktop::DesktopOptions;
use dyntray_stories::home::{HOST, Home, field};
use dyntray_stories::portal::{ACCOUNT, Portal};
use dyntray_stories::wait::eventually;
use dyntray_stories::window::Window;
use dyntray_stories::{Error, PATIENCE, Story};

/// The demo's own Dyntray: other settings, secrets and socket than the person's.
const PROFILE: &str = "demo";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Story {
    let folder = binary("dyntray")?.with_file_name("..").join("demo");
    std::fs::create_dir_all(&folder)?;
    let folder = folder.canonicalize()?;
    let headless = std::env::args().any(|argument| argument == "--headless");
    if has_display() && !headless {
        on_this_desktop(&folder).await
    } else {
        on_a_headless_desktop(&folder).await
    }
}

/// Tells whether there is a display to look at.
fn has_display() -> bool {
    !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// The steps with their times, on the screen and in `timeline.txt`.
struct Timeline {
    began: Instant,
    path: PathBuf,
    lines: String,
}

impl Timeline {
    fn begin(folder: &Path) -> Self {
        Timeline { began: Instant::now(), path: folder.join("timeline.txt"), lines: String::new() }
    }

    fn note(&mut self, what: &str) -> Story {
        let line = format!("{:6.1} s  {what}", self.began.elapsed().as_secs_f32());
        println!("{line}");
        self.lines = format!("{}{line}\n", self.lines);
        std::fs::write(&self.path, &self.lines)?;
        Ok(())
    }
}

/// The demo on a headless desktop, which leaves pictures.
async fn on_a_headless_desktop(folder: &Path) -> Story {
    let options = DesktopOptions::default();
    if options.skipped("the demo on a headless desktop", &[]) {
        return Err("install the parts named above, or run the demo where there is a display".into());
    }
    let home = Home::with_pictures(options, folder.join("pictures")).await?;
    let mut timeline = Timeline::begin(folder);
    timeline.note(
        "a headless desktop with tray, keyring and notifications is up; SPDYN's stand-in runs on loopback",
    )?;
    let (mut portal, token) = home.portal().await?;
    timeline.note(&format!("at the portal: an account, the host {HOST} and its update token were made"))?;

    let mut app = home.start_app()?;
    let window = Window::attach(&home.desktop).await?;
    window.find(&field("welcome")).await?;
    home.picture("first-start").await?;
    timeline.note("Dyntray started; without an entry its window opens by itself")?;
    home.fill_in(&window, &token).await?;
    home.wait_for_mood(Mood::Fine).await?;
    window.click(&field("nav-status")).await?;
    home.picture("first-update").await?;
    timeline.note(&format!("form filled in and saved; first update: {}", published(&home).await?))?;

    home.sandbox()?.reconnect().await?;
    home.wait_until_followed().await?;
    home.wait_for_mood(Mood::Fine).await?;
    home.picture("reconnected").await?;
    timeline.note(&format!("the line reconnected; the name followed: {}", published(&home).await?))?;

    let new_token = portal.make_token(HOST).await?;
    timeline.note("at the portal: the token was replaced, as if it had been lost")?;
    home.sandbox()?.reconnect().await?;
    home.wait_for_mood(Mood::NeedsYou).await?;
    // The panel redraws its icon within a second.
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    home.picture("token-refused").await?;
    timeline.note("next update refused; Dyntray stopped, told it once, and shows the way out")?;

    let line = format!("Enter new token for {HOST}…");
    let item = home.tray_item(&app).await?;
    eventually("the way out in the tray's menu", PATIENCE, async || item.click(&line).await.is_ok()).await?;
    window.find(&field("new-token")).await?;
    home.picture("four-steps").await?;
    window.fill(&field("new-token"), &new_token).await?;
    window.click(&field("save-token")).await?;
    window.wait_for_text(&field("token-result"), HOST).await?;
    home.wait_for_mood(Mood::Fine).await?;
    home.picture("green-again").await?;
    timeline.note(&format!("new token entered; green again: {}", published(&home).await?))?;

    window.close(&home.desktop).await?;
    let code = home.quit_from_tray(&mut app).await?;
    timeline.note(&format!("quit from the tray; exit code {code}"))?;
    let updates = home.sandbox_state().await?.log;
    let codes: Vec<_> = updates.iter().map(|update| update.code.as_str()).collect();
    timeline.note(&format!("requests that the service saw, in order: {}", codes.join(", ")))?;
    println!("\nPictures and timeline: {}", folder.display());
    Ok(())
}

async fn published(home: &Home) -> Result<String, Error> {
    let state = home.sandbox_state().await?;
    let host = state.hosts.into_iter().find(|host| host.name == HOST);
    let addresses = host
        .map(|host| [host.published.ipv4.map(|a| a.to_string()), host.published.ipv6.map(|a| a.to_string())]);
    Ok(addresses.into_iter().flatten().flatten().collect::<Vec<_>>().join(", "))
}

/// On the person's own desktop: Dyntray runs in a profile of its own, is set up as its window would do it, and stays
/// until it is quit from the tray.
async fn on_this_desktop(folder: &Path) -> Story {
    let place = demo_place()?;
    let sandbox_folder = folder.join("sandbox");
    if sandbox_folder.exists() {
        std::fs::remove_dir_all(&sandbox_folder)?;
    }
    std::fs::create_dir_all(&sandbox_folder)?;
    let sandbox = dyntray_sandbox::start(Options::new(&sandbox_folder).dns_port(0)).await?;
    let mut timeline = Timeline::begin(folder);
    timeline.note(&format!("SPDYN's stand-in runs at {}", sandbox.base_url()))?;
    let (mut portal, token) = Portal::with_host(sandbox.base_url(), HOST).await?;
    timeline.note(&format!("at the portal: an account, the host {HOST} and its update token were made"))?;

    let mut app = tokio::process::Command::new(binary("dyntray")?)
        .env("DYNTRAY_PROFILE", PROFILE)
        .kill_on_drop(true)
        .spawn()?;
    let mut client = eventually("Dyntray to start", PATIENCE, async || Client::connect(&place).await).await?;
    let entry = save(&mut client, &sandbox, &token).await?;
    wait_for(&mut client, Mood::Fine).await?;
    timeline.note("Dyntray runs in the tray; first update done")?;
    ask(&mut client, ShellRequest::OpenWindow { page: Page::Status, activation: None, session: None })
        .await?;

    sandbox.reconnect().await?;
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    wait_for(&mut client, Mood::Fine).await?;
    timeline.note("the line reconnected; the name followed")?;
    let new_token = portal.make_token(HOST).await?;
    sandbox.reconnect().await?;
    wait_for(&mut client, Mood::NeedsYou).await?;
    timeline
        .note("the token was replaced at the portal; the next update was refused, and Dyntray says so")?;
    ask(
        &mut client,
        ShellRequest::OpenWindow { page: Page::NewToken { entry }, activation: None, session: None },
    )
    .await?;
    tokio::time::sleep(std::time::Duration::from_secs(5)).await;
    ask(&mut client, AgentRequest::SetSecret { entry, secret: new_token.into() }).await?;
    wait_for(&mut client, Mood::Fine).await?;
    timeline.note("the new token was entered; green again")?;

    println!("\nNow it's yours, until \"Quit\" in the tray's menu or Ctrl-C here:");
    println!("  portal  {}/hosts  (name {}, password {})", sandbox.base_url(), ACCOUNT.0, ACCOUNT.1);
    println!("  line    {}/line  (press \"reconnect\")", sandbox.base_url());
    tokio::select! {
        ended = app.wait() => println!("Dyntray ended: {}", ended?),
        stopped = tokio::signal::ctrl_c() => {
            stopped?;
            ask(&mut client, ShellRequest::Quit).await?;
            app.wait().await?;
        }
    }
    sandbox.stop().await;
    Ok(())
}

/// The place of the demo's own Dyntray, with nothing left of an earlier demo.
fn demo_place() -> Story<RuntimeDir> {
    let profile = dyntray_control::Profile::named(PROFILE);
    let directories = profile.directories()?;
    for folder in [directories.config_dir(), directories.data_local_dir()] {
        if folder.exists() {
            std::fs::remove_dir_all(folder)?;
        }
    }
    Ok(RuntimeDir::of(&profile)?)
}

/// Saves one entry for the sandbox, as the window's form does.
async fn save(client: &mut Client, sandbox: &Sandbox, token: &str) -> Story<EntryId> {
    let base = sandbox.base_url();
    let entry = EntryForm { hostname: HOST.to_owned(), server: sandbox.authority(), ..EntryForm::default() };
    let form = Form {
        resolver_ipv4: format!("{base}/checkip4"),
        resolver_ipv6: format!("{base}/checkip6"),
        interval: "1 s".to_owned(),
        name_server: sandbox.dns_address().map(|address| address.to_string()).unwrap_or_default(),
        entries: vec![entry],
        ..Form::default()
    };
    let secrets = vec![SecretChange::Replace { secret: token.into() }];
    match client
        .ask(AgentRequest::Save(Box::new(SaveRequest { base: Form::default(), form, secrets })))
        .await?
    {
        Response::Saved { form, .. } => {
            form.entries.first().and_then(|entry| entry.id).ok_or_else(|| "no entry was saved".into())
        }
        other => Err(format!("the settings were not saved: {other:?}").into()),
    }
}

async fn wait_for(client: &mut Client, mood: Mood) -> Story {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let answer = client.ask(AgentRequest::Status).await?;
        if matches!(&answer, Response::Snapshot { snapshot } if snapshot.mood == mood) {
            return Ok(());
        }
        if Instant::now() > deadline {
            return Err(format!("waited for {mood:?}, and it is {answer:?}").into());
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
}

async fn ask(client: &mut Client, request: impl Into<Request>) -> Story {
    match client.ask(request).await? {
        Response::Rejected { rejection } => Err(format!("refused: {rejection:?}").into()),
        _ => Ok(()),
    }
}
