//! Puts the always-on program together: the agent on a thread of its own, the tray on the main thread (where Windows
//! and macOS want it), and between them the shell, which does what people press.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use dyntray_agent::run::{RunMode, Started};
use dyntray_agent::{Agent, Folders, Handle};
use dyntray_control::server::Server;
use dyntray_control::{Claim, Client, ConnectError, Page, Request, Response, RuntimeDir};
use dyntray_core::settings::form::website;
use dyntray_core::types::address::PublicAddress;
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::server::WebAddress;
use dyntray_texts::tray::Press;
use dyntray_texts::{Language, Texts};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::app_paths::{AppPaths, Which};
use crate::clipboard::Clipboard;
use crate::launch::Windows;
use crate::log::{self, LogFile};
use crate::start_error::StartError;
use crate::{fault, notify, serve, service, tray};

/// How long a program that is just starting may take until it listens.
const SOCKET_PATIENCE: Duration = Duration::from_secs(5);

/// Where GNOME, which has no tray of its own, gets one.
const TRAY_HELP: &str = "https://extensions.gnome.org/extension/615/appindicator-support/";

/// What the shell is asked to do, from whichever side.
#[derive(Debug)]
pub enum Wish {
    /// A line of the tray menu was pressed.
    Pressed(Press),
    /// Show a page.
    Open(Page),
    /// Open the website where the tokens are made.
    OpenWebsite(EntryId),
    /// Open the website that new versions are announced on.
    OpenReleases,
    /// Open the page of the extension that gives GNOME a tray.
    OpenTrayHelp,
    /// End the program.
    Quit,
}

/// Starts in the tray, or shows the window of the program that runs already.
pub fn run(which: &Which) -> ExitCode {
    let began = Instant::now();
    match start(which, &log::begin()) {
        Err(StartError::Fault) => fault::begin_anew(began),
        end => ended(end),
    }
}

/// Runs in the foreground without a desktop: for servers and small machines that are always on.
pub fn serve(which: &Which) -> ExitCode {
    ended(start_without_desktop(which, &log::begin()))
}

fn ended(end: Result<(), StartError>) -> ExitCode {
    match end {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}", error.said(&Texts::of_system()));
            ExitCode::FAILURE
        }
    }
}

fn start(which: &Which, log: &LogFile) -> Result<(), StartError> {
    let places = which.places()?;
    let Some(claim) = places.place.claim()? else { return show_the_running_one(&places.place) };
    let (runtime, inside) = begin(&places, &claim, log)?;
    let mut pictures = tray::Pictures::following(inside.started.handle.snapshots.clone());
    let drawer = pictures.drawer();
    let (wish, wishes) = mpsc::unbounded_channel();
    let behind = {
        let wish = wish.clone();
        thread::Builder::new().name("agent".to_owned()).spawn(move || {
            let local = tokio::task::LocalSet::new();
            runtime.block_on(local.run_until(shell(inside, Frontend::Desktop(pictures), wish, wishes)))
        })?
    };
    let pressed = wish.clone();
    let drawn = catch_unwind(AssertUnwindSafe(|| {
        tray::run(drawer, move |press| {
            // It can only fail when the program is ending.
            let _ = pressed.send(Wish::Pressed(press));
        });
    }));
    // Without a tray to draw, nothing is left to be there for. Mostly it has ended because everything has.
    let _ = wish.send(Wish::Quit);
    let end = behind.join().unwrap_or(Err(StartError::Fault));
    drop(claim);
    drawn.map_err(|_| StartError::Fault).and(end)
}

fn start_without_desktop(which: &Which, log: &LogFile) -> Result<(), StartError> {
    let places = which.places()?;
    let Some(claim) = places.place.claim()? else { return Err(StartError::Running) };
    places.understand_settings().map_err(StartError::Settings)?;
    places.folders.secrets.check().map_err(StartError::Secrets)?;
    let (runtime, inside) = begin(&places, &claim, log)?;
    let (wish, wishes) = mpsc::unbounded_channel();
    let local = tokio::task::LocalSet::new();
    let end = runtime.block_on(local.run_until(shell(inside, Frontend::Service, wish, wishes)));
    drop(claim);
    end
}

/// What is there with and without a desktop.
struct Services {
    server: Server,
    started: Started,
    folders: Folders,
    log: LogFile,
}

fn begin(
    places: &AppPaths,
    claim: &Claim,
    log: &LogFile,
) -> Result<(tokio::runtime::Runtime, Services), StartError> {
    let folders = places.folders.clone();
    log.open(&folders.data);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (server, started) = {
        let _inside = runtime.enter();
        let server = Server::listen(&places.place, claim).map_err(StartError::Socket)?;
        (server, Agent::start(&folders, RunMode::Daemon)?)
    };
    Ok((runtime, Services { server, started, folders, log: log.clone() }))
}

/// Who shows what happens.
enum Frontend {
    /// Tray, notifications and window.
    Desktop(tray::Pictures),
    /// The log, and whoever started the service.
    Service,
}

/// A second start shows the window of the first.
fn show_the_running_one(place: &RuntimeDir) -> Result<(), StartError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime
        .block_on(ask_for_its_window(place))
        .map_err(|error| StartError::System(std::io::Error::other(error)))?;
    println!("{}", Texts::of_system().say("report-already-running"));
    Ok(())
}

async fn ask_for_its_window(place: &RuntimeDir) -> Result<(), ConnectError> {
    let began = Instant::now();
    let mut client = loop {
        match Client::connect(place).await {
            // It has the place, and will listen in a moment.
            Err(ConnectError::NotRunning) if began.elapsed() < SOCKET_PATIENCE => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            connected => break connected?,
        }
    };
    client.ask(&Request::OpenWindow { page: Page::Status }).await.map(|_| ())
}

/// Runs everything but the tray, until somebody wishes to quit or a part of it fails.
async fn shell(
    inside: Services,
    front: Frontend,
    wish: mpsc::UnboundedSender<Wish>,
    mut wishes: mpsc::UnboundedReceiver<Wish>,
) -> Result<(), StartError> {
    let Services { server, started, folders, log } = inside;
    let Started { handle, notices, agent } = started;
    let windows = Windows::default();
    let mut agent = tokio::task::spawn_local(agent.run());
    let behind = serve::ShellContext::new(handle.clone(), windows.clone(), folders, log, wish.clone());
    let mut beside = JoinSet::new();
    beside.spawn_local(serve::run(server, behind));
    #[cfg(debug_assertions)]
    beside.spawn_local(fault::on_purpose());
    let is_service = matches!(front, Frontend::Service);
    match front {
        Frontend::Desktop(pictures) => {
            #[cfg(target_os = "linux")]
            beside.spawn_local(crate::panel::watch(handle.clone(), windows.clone()));
            beside.spawn_local(notify::run(notices, handle.clone(), wish));
            beside.spawn_local(pictures.draw());
            if handle.snapshots.borrow().entries.is_empty() {
                show(&handle, &windows, Page::Settings);
            }
        }
        Frontend::Service => {
            beside.spawn_local(service::tell(notices, handle.clone()));
        }
    }
    let mut clipboard = Clipboard::default();
    let mut told_to_end = pin!(told_to_end());
    let end = loop {
        tokio::select! {
            wish = wishes.recv() => match wish {
                Some(Wish::Quit | Wish::Pressed(Press::Quit)) | None => break Ok(()),
                Some(wish) => fulfil(wish, &handle, &windows, &mut clipboard).await,
            },
            () = &mut told_to_end => break Ok(()),
            // It goes on for as long as there is a handle.
            _ = &mut agent => break Err(StartError::Fault),
            // What found nothing to do here, without a session bus for example, may end; what failed may not.
            Some(ended) = beside.join_next() => if ended.is_err() { break Err(StartError::Fault) },
        }
    };
    tracing::info!("ending");
    if is_service {
        service::ending();
    }
    // The handles that they hold go with them.
    beside.shutdown().await;
    drop(handle);
    if !agent.is_finished() && agent.await.is_err() {
        return Err(StartError::Fault);
    }
    end
}

async fn fulfil(wish: Wish, handle: &Handle, windows: &Windows, clipboard: &mut Clipboard) {
    let now = Timestamp::now();
    let request = match wish {
        Wish::Open(page) => return show(handle, windows, page),
        Wish::OpenWebsite(entry) => return open_website(handle, entry).await,
        Wish::OpenReleases => return open_releases(handle).await,
        Wish::OpenTrayHelp => return browse(TRAY_HELP),
        Wish::Quit => return,
        Wish::Pressed(press) => match press {
            Press::ShowEntry(_) | Press::Open => return show(handle, windows, Page::Status),
            Press::EnterToken(entry) => return show(handle, windows, Page::NewToken { entry }),
            Press::Copy(address) => return copy(handle, clipboard, address),
            Press::UpdateNow => Request::UpdateNow,
            Press::PauseHour => pause_until(now + SignedDuration::from_hours(1)),
            Press::PauseUntilTomorrow => pause_until(tomorrow(now)),
            Press::Pause => Request::Pause { until: None },
            Press::Resume => Request::Resume,
            Press::ThisIsHome => Request::ThisIsHome,
            Press::Quit => return,
        },
    };
    handle.ask(request).await;
}

/// Shows a page. Where there is no window to show it in, a notification says so.
pub fn show(handle: &Handle, windows: &Windows, page: Page) {
    if let Err(error) = windows.open(page) {
        tracing::error!(%error, "the window can't be opened");
        let texts = Texts::of(Language::chosen(handle.snapshots.borrow().language));
        notify::tell(texts.say_with("refusal-no-window", &[("why", &error.to_string())]));
    }
}

fn pause_until(until: Timestamp) -> Request {
    Request::Pause { until: Some(until) }
}

/// Opens the website where an entry's tokens are made: its service's, or the sandbox's own portal.
async fn open_website(handle: &Handle, entry: EntryId) {
    let Response::Form { form } = handle.ask(Request::Form).await else { return };
    let typed = form.entries.iter().find(|typed| typed.id == Some(entry));
    if let Some(website) = typed.and_then(website) {
        browse(&website);
    }
}

/// Opens the website of whoever announces new versions: its first page, and nothing that was announced.
async fn open_releases(handle: &Handle) {
    let Response::Form { form } = handle.ask(Request::Form).await else { return };
    if let Ok(releases) = WebAddress::parse(&form.releases) {
        browse(&releases.website());
    }
}

fn browse(website: &str) {
    if let Err(error) = open::that_detached(website) {
        tracing::warn!(%error, website, "no browser could be opened");
    }
}

fn copy(handle: &Handle, clipboard: &mut Clipboard, address: PublicAddress) {
    if let Err(error) = clipboard.copy(address) {
        tracing::warn!(%error, "nothing could be copied");
        let texts = Texts::of(Language::chosen(handle.snapshots.borrow().language));
        notify::tell(texts.say_with("tray-copy-failed", &[("why", &error.to_string())]));
    }
}

/// The beginning of the next day here.
fn tomorrow(now: Timestamp) -> Timestamp {
    let here = now.to_zoned_datetime(dyntray_texts::here());
    let begins = here.tomorrow().and_then(|tomorrow| tomorrow.start_of_day());
    begins.map_or(now + SignedDuration::from_hours(24), |begins| begins.timestamp())
}

/// SIGTERM and log-off, Ctrl-C, and whatever else a system says to end a program.
async fn told_to_end() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let (Ok(mut terminate), Ok(mut hang_up)) =
            (signal(SignalKind::terminate()), signal(SignalKind::hangup()))
        {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = hang_up.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    #[cfg(windows)]
    {
        use tokio::signal::windows::{ctrl_break, ctrl_close, ctrl_shutdown};
        if let (Ok(mut broken), Ok(mut closed), Ok(mut down)) = (ctrl_break(), ctrl_close(), ctrl_shutdown())
        {
            // They are said to programs with a console. One of the tray is ended at log-off without a word, which it
            // can be at any moment: what it does is on disk before.
            tokio::select! {
                _ = broken.recv() => {}
                _ = closed.recv() => {}
                _ = down.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    // Without a way to hear it, the program ends by its menu alone.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
