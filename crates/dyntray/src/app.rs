//! Puts the always-on program together. On Linux all of it is on the main thread. On Windows and macOS the tray must be
//! there, and so agent and shell are on a thread of their own.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::process::ExitCode;
use std::rc::Rc;
use std::time::Instant;

use dyntray_agent::run::{RunMode, Started};
use dyntray_agent::{Agent, Folders, faults};
use dyntray_control::Claim;
use dyntray_control::server::Server;
use dyntray_texts::Texts;
use dyntray_texts::notice::NoticeText;
use tokio::runtime::{self, Runtime};
use tokio::task::{JoinSet, LocalSet};

use crate::app_error::AppError;
use crate::app_paths::{AppPaths, InstanceArgs};
use crate::desktop::Desktop;
use crate::log::{self, LogFile};
use crate::moving::Belonging;
use crate::shell::{End, Shell};
use crate::shutdown_signal::{HangUp, shutdown_signal};
use crate::tray::Tray;
use crate::window::Window;
use crate::{already_running, memory, notification, requests, restart, serve, service};

/// Starts in the tray, or opens the window of the program that runs already.
pub fn run(instance: &InstanceArgs) -> ExitCode {
    let began = Instant::now();
    match start_desktop(instance, &log::begin()) {
        Err(AppError::PartFailed) => restart::restart(began),
        Ok(End::MoveTo(session)) => restart::move_to(&session),
        Ok(End::Restart) => restart::into_installed(),
        Err(error @ AppError::Elsewhere(_)) => {
            // It was perhaps started with the session, and nobody sees what it prints.
            let texts = Texts::of_system();
            notification::tell_at_the_end(&NoticeText::of_program(&texts, error.text(&texts)));
            exit_code(Err(error))
        }
        end => exit_code(end),
    }
}

/// Runs in the foreground without a desktop, for servers and small machines that are always on.
pub fn run_service(instance: &InstanceArgs) -> ExitCode {
    match start_service(instance, &log::begin()) {
        Ok(End::Restart) => restart::into_installed(),
        end => exit_code(end),
    }
}

fn exit_code(end: Result<End, AppError>) -> ExitCode {
    match end {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            log::say_error(&error.text(&Texts::of_system()));
            ExitCode::FAILURE
        }
    }
}

fn start_desktop(instance: &InstanceArgs, log: &LogFile) -> Result<End, AppError> {
    let paths = instance.paths()?;
    let Some(claim) = paths.runtime_dir.claim()? else {
        return already_running::open_its_window(&paths.runtime_dir).map(|()| End::Quit);
    };
    let (runtime, app) = App::start(&paths, &claim, log)?;
    let end = run_desktop(runtime, app);
    drop(claim);
    end
}

/// Runs the program with its desktop's side.
#[cfg(target_os = "linux")]
fn run_desktop(runtime: Runtime, app: App) -> Result<End, AppError> {
    let (sender, requests) = requests::channel();
    let tray = Tray::new(app.agent.handle.snapshots.clone(), sender.clone());
    let (window, lost_windows) = Window::new();
    let frontend = Frontend::Desktop(Box::new(Desktop { tray, sender, requests, lost_windows }));
    let run = move || run_on(runtime, app.run(frontend, window));
    catch_unwind(AssertUnwindSafe(run)).unwrap_or(Err(AppError::PartFailed))
}

/// Runs the program with its desktop's side, and the tray on this thread.
#[cfg(not(target_os = "linux"))]
fn run_desktop(runtime: Runtime, app: App) -> Result<End, AppError> {
    let (sender, requests) = requests::channel();
    let (tray, views) = Tray::new(app.agent.handle.snapshots.clone());
    let (pressed, ending) = (sender.clone(), sender.clone());
    let agent_thread = std::thread::Builder::new().name("agent".to_owned()).spawn(move || {
        let (window, lost_windows) = Window::new();
        let frontend = Frontend::Desktop(Box::new(Desktop { tray, sender, requests, lost_windows }));
        run_on(runtime, app.run(frontend, window))
    })?;
    let draw = || crate::tray::draw(views, move |press| pressed.press(press, None));
    let drawn = catch_unwind(AssertUnwindSafe(draw));
    // The tray has mostly ended because everything has. Otherwise the rest is of no use without it.
    ending.send(dyntray_control::ShellRequest::Quit);
    let end = agent_thread.join().unwrap_or(Err(AppError::PartFailed));
    drawn.map_err(|_| AppError::PartFailed).and(end)
}

fn start_service(instance: &InstanceArgs, log: &LogFile) -> Result<End, AppError> {
    let paths = instance.paths()?;
    let Some(claim) = paths.runtime_dir.claim()? else {
        return Err(paths.runtime_dir.other_machine().map_or(AppError::Running, AppError::Elsewhere));
    };
    paths.check_settings().map_err(AppError::Settings)?;
    paths.folders.secrets.check().map_err(AppError::Secrets)?;
    let (runtime, app) = App::start(&paths, &claim, log)?;
    // Nobody is told on a desktop; the log has it.
    let (window, _) = Window::new();
    let end = run_on(runtime, app.run(Frontend::Service, window));
    drop(claim);
    end
}

/// Runs `app` to its end on `runtime`. What is left of its tasks is dropped inside of the runtime, because a bus
/// connection says good-bye when it is dropped.
fn run_on<T>(runtime: Runtime, app: impl Future<Output = T>) -> T {
    let runtime = Abandoned(Some(runtime));
    let Some(running) = &runtime.0 else { unreachable!("it was just put there") };
    let tasks = LocalSet::new();
    let end = running.block_on(tasks.run_until(app));
    let _entered = running.enter();
    drop(tasks);
    end
}

/// A runtime whose threads aren't waited for when it ends, however that comes about. The system's resolver holds one for
/// a quarter of a minute where the name servers are silent.
struct Abandoned(Option<Runtime>);

impl Drop for Abandoned {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// The part that people see.
enum Frontend {
    /// Tray, notifications and window.
    Desktop(Box<Desktop>),
    /// The log and systemd.
    Service,
}

/// The program's parts with and without a desktop, before they run.
struct App {
    server: Server,
    agent: Started,
    folders: Folders,
    log: LogFile,
    /// The beginning of each command about it.
    program: &'static str,
}

impl App {
    /// Opens log and socket, and starts the agent.
    fn start(paths: &AppPaths, claim: &Claim, log: &LogFile) -> Result<(Runtime, Self), AppError> {
        let folders = paths.folders.clone();
        log.open(&folders.data);
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let (server, agent) = {
            let _entered = runtime.enter();
            let server = Server::listen(&paths.runtime_dir, claim).map_err(AppError::Socket)?;
            let started = Agent::start(&folders, RunMode::Daemon)?;
            (server, Started { agent: started.agent.with_secrets_checked(), ..started })
        };
        Ok((runtime, App { server, agent, folders, log: log.clone(), program: paths.program() }))
    }

    /// Runs everything but the tray's drawing, until the program is asked to end or a part of it fails.
    async fn run(self, frontend: Frontend, window: Window) -> Result<End, AppError> {
        let Started { handle, notices, agent } = self.agent;
        let mut agent = tokio::task::spawn_local(agent.run());
        let (belonging, hang_up) = match &frontend {
            Frontend::Desktop(_) => (Belonging::to_own_session(), HangUp::Ends),
            Frontend::Service => (Belonging::None, HangUp::of_service()),
        };
        let (shell, mut ends) = Shell::new(handle, window, self.folders, self.log, belonging);
        let shell = Rc::new(shell);
        let mut tasks = JoinSet::new();
        tasks.spawn_local(serve::run(self.server, shell.clone()));
        tasks.spawn_local(memory::return_when_idle(shell.agent().rounds.clone()));
        #[cfg(debug_assertions)]
        {
            tasks.spawn_local(crate::fault_injection::fail_on_purpose());
            crate::fault_injection::fail_in_a_thread();
        }
        let board = match frontend {
            Frontend::Desktop(desktop) => Some(desktop.start(&shell, notices, &mut tasks)),
            Frontend::Service => {
                tasks.spawn_local(service::run(notices, shell.agent().clone(), hang_up, self.program));
                None
            }
        };
        let mut shutdown = pin!(shutdown_signal(hang_up));
        let end = loop {
            tokio::select! {
                Some(end) = ends.recv() => break Ok(end),
                () = &mut shutdown => break Ok(End::Quit),
                // The agent runs as long as there is a handle.
                _ = &mut agent => break Err(AppError::PartFailed),
                () = faults::fault() => break Err(AppError::PartFailed),
                // A task without anything to do, for example without a session bus, may end. None may fail.
                Some(ended) = tasks.join_next() => if ended.is_err() { break Err(AppError::PartFailed) },
            }
        };
        tracing::info!("ending");
        match board {
            // The next start shows them again, in their own places.
            Some(_) if matches!(end, Ok(End::Restart)) => {}
            Some(board) => board.close_all().await,
            None => service::ending(),
        }
        // The agent ends with the last handle: those of the tasks, then the shell's.
        tasks.shutdown().await;
        drop(shell);
        if !agent.is_finished() && agent.await.is_err() {
            return Err(AppError::PartFailed);
        }
        end
    }
}
