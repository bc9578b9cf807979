//! Puts the always-on program together: the agent and the shell on a thread of their own, and the tray on the main
//! thread, as Windows and macOS require.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::process::ExitCode;
use std::rc::Rc;
use std::thread;
use std::time::Instant;

use dyntray_agent::run::{RunMode, Started};
use dyntray_agent::{Agent, Folders};
use dyntray_control::server::Server;
use dyntray_control::{Claim, ShellRequest};
use dyntray_texts::Texts;
use tokio::runtime::{self, Runtime};
use tokio::task::{JoinSet, LocalSet};

use crate::app_error::AppError;
use crate::app_paths::{AppPaths, InstanceArgs};
use crate::desktop::Desktop;
use crate::log::{self, LogFile};
use crate::shell::Shell;
use crate::shutdown_signal::shutdown_signal;
use crate::tray::Presenter;
use crate::{already_running, requests, restart, serve, service, tray};

/// Starts in the tray, or opens the window of the program that runs already.
pub fn run(instance: &InstanceArgs) -> ExitCode {
    let began = Instant::now();
    match start_desktop(instance, &log::begin()) {
        Err(AppError::PartFailed) => restart::restart(began),
        end => exit_code(end),
    }
}

/// Runs in the foreground without a desktop, for servers and small machines that are always on.
pub fn run_service(instance: &InstanceArgs) -> ExitCode {
    exit_code(start_service(instance, &log::begin()))
}

fn exit_code(end: Result<(), AppError>) -> ExitCode {
    match end {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}", error.text(&Texts::of_system()));
            ExitCode::FAILURE
        }
    }
}

fn start_desktop(instance: &InstanceArgs, log: &LogFile) -> Result<(), AppError> {
    let paths = instance.paths()?;
    let Some(claim) = paths.runtime_dir.claim()? else {
        return already_running::open_its_window(&paths.runtime_dir);
    };
    let (runtime, app) = App::start(&paths, &claim, log)?;
    let (presenter, views) = Presenter::new(app.agent.handle.snapshots.clone());
    let (sender, requests) = requests::channel();
    let desktop = Desktop { presenter, sender: sender.clone(), requests };
    let agent_thread = thread::Builder::new()
        .name("agent".to_owned())
        .spawn(move || runtime.block_on(LocalSet::new().run_until(app.run(Frontend::Desktop(desktop)))))?;
    let pressed = sender.clone();
    let drawn = catch_unwind(AssertUnwindSafe(|| tray::run(views, move |press| pressed.press(press))));
    // The tray has mostly ended because everything has. Otherwise the rest is of no use without it.
    sender.send(ShellRequest::Quit);
    let end = agent_thread.join().unwrap_or(Err(AppError::PartFailed));
    drop(claim);
    drawn.map_err(|_| AppError::PartFailed).and(end)
}

fn start_service(instance: &InstanceArgs, log: &LogFile) -> Result<(), AppError> {
    let paths = instance.paths()?;
    let Some(claim) = paths.runtime_dir.claim()? else { return Err(AppError::Running) };
    paths.check_settings().map_err(AppError::Settings)?;
    paths.folders.secrets.check().map_err(AppError::Secrets)?;
    let (runtime, app) = App::start(&paths, &claim, log)?;
    let end = runtime.block_on(LocalSet::new().run_until(app.run(Frontend::Service)));
    drop(claim);
    end
}

/// The part that people see.
enum Frontend {
    /// Tray, notifications and window.
    Desktop(Desktop),
    /// The log and systemd.
    Service,
}

/// The program's parts with and without a desktop, before they run.
struct App {
    server: Server,
    agent: Started,
    folders: Folders,
    log: LogFile,
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
            (server, Agent::start(&folders, RunMode::Daemon)?)
        };
        Ok((runtime, App { server, agent, folders, log: log.clone() }))
    }

    /// Runs everything but the tray's drawing, until the program is asked to end or a part of it fails.
    async fn run(self, frontend: Frontend) -> Result<(), AppError> {
        let Started { handle, notices, agent } = self.agent;
        let mut agent = tokio::task::spawn_local(agent.run());
        let shell = Rc::new(Shell::new(handle, self.folders, self.log));
        let mut tasks = JoinSet::new();
        tasks.spawn_local(serve::run(self.server, shell.clone()));
        #[cfg(debug_assertions)]
        tasks.spawn_local(crate::fault_injection::fail_on_purpose());
        let is_service = matches!(frontend, Frontend::Service);
        match frontend {
            Frontend::Desktop(desktop) => desktop.start(&shell, notices, &mut tasks),
            Frontend::Service => {
                tasks.spawn_local(service::run(notices, shell.agent().clone()));
            }
        }
        let mut shutdown = pin!(shutdown_signal());
        let end = loop {
            tokio::select! {
                () = shell.quit_requested() => break Ok(()),
                () = &mut shutdown => break Ok(()),
                // The agent runs as long as there is a handle.
                _ = &mut agent => break Err(AppError::PartFailed),
                // A task without anything to do, for example without a session bus, may end. None may fail.
                Some(ended) = tasks.join_next() => if ended.is_err() { break Err(AppError::PartFailed) },
            }
        };
        tracing::info!("ending");
        if is_service {
            service::ending();
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
