//! The command line. It asks the running program, exactly as the window does. Where none runs, many commands work
//! alone.

mod arguments;
mod backend;
mod consent;
mod docs;
mod entries;
mod exit_code;
mod export;
mod import;
mod print;
mod restore;
mod running;
mod saving;
mod secret;
mod update;

use std::process::ExitCode;

use dyntray_agent::backup::file::OldFile;
use dyntray_agent::run::RunMode;
use dyntray_control::{AgentRequest, Response};
use dyntray_core::settings::form::Existing;
use dyntray_texts::Texts;
use tokio::runtime;
use tokio::task::LocalSet;

use self::arguments::TokenCommand;
pub use self::arguments::{Arguments, Command};
use self::backend::Backend;
use self::consent::Consent;
use self::print::{
    json, print_done, print_explanation, print_report, print_snapshot, print_text, texts_for, written,
};
use crate::app_error::AppError;
use crate::app_paths::{AppPaths, InstanceArgs};
use crate::log;
#[cfg(windows)]
use crate::registration;

/// Runs one command.
pub fn run(command: &Command, instance: &InstanceArgs) -> ExitCode {
    match perform(command, instance) {
        Ok(code) => code,
        Err(error) => {
            log::say_error(&error.text(&Texts::of_system()));
            if matches!(error, AppError::NotRunning) {
                ExitCode::from(exit_code::NOT_RUNNING)
            } else {
                ExitCode::FAILURE
            }
        }
    }
}

fn perform(command: &Command, instance: &InstanceArgs) -> Result<ExitCode, AppError> {
    match command {
        Command::Completions { shell } => {
            docs::completions(*shell);
            return Ok(ExitCode::SUCCESS);
        }
        Command::Man => return Ok(written(docs::manual())),
        #[cfg(windows)]
        Command::Register => return Ok(registration::register().map(|()| ExitCode::SUCCESS)?),
        #[cfg(windows)]
        Command::Unregister => return Ok(registration::unregister().map(|()| ExitCode::SUCCESS)?),
        _ => {}
    }
    let paths = instance.paths()?;
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let local = LocalSet::new();
    let end = runtime.block_on(local.run_until(ask(command, &paths)));
    // Readings of the network that are still under way aren't waited for.
    drop(local);
    runtime.shutdown_background();
    end
}

/// Asks the running program or, where none runs and the command allows it, an agent of our own.
async fn ask(command: &Command, paths: &AppPaths) -> Result<ExitCode, AppError> {
    match command {
        Command::Open => return running::open(paths).await,
        Command::Logs { lines } => return running::logs(paths, *lines).await,
        Command::Diagnostics => return running::diagnostics(paths).await,
        Command::Quit => return running::quit(paths).await,
        _ => {}
    }
    let backend = match alone(command) {
        Some(mode) => Backend::running_or_alone(paths, mode).await,
        None => Backend::running(paths).await,
    };
    // Whoever forgets `--system` would take these host names for the service's.
    if matches!(backend, Ok(Backend::Alone(_)) | Err(AppError::NotRunning)) && paths.is_beside_service() {
        eprintln!("{}", Texts::of_system().say("report-service-runs"));
    }
    let mut backend = backend?;
    let code = ask_agent(command, &mut backend, paths).await;
    backend.end().await;
    code
}

/// The mode of an agent of our own, for commands that work where no program runs.
fn alone(command: &Command) -> Option<RunMode> {
    match command {
        Command::Check | Command::Export { with_secrets: false, .. } | Command::History { .. } => {
            Some(RunMode::DryRun)
        }
        Command::Update { once: true } | Command::Retry { .. } => Some(RunMode::OneShot),
        Command::Add { .. }
        | Command::Remove { .. }
        | Command::Token(_)
        | Command::Import { .. }
        | Command::Export { .. }
        | Command::Restore { .. } => Some(RunMode::ControlOnly),
        _ => None,
    }
}

async fn ask_agent(command: &Command, backend: &mut Backend, paths: &AppPaths) -> Result<ExitCode, AppError> {
    let secrets = &paths.folders.secrets;
    match command {
        Command::Status { json: true } => Ok(print_snapshot(&backend.snapshot().await?)),
        Command::Status { json: false } => Ok(print_report(&backend.snapshot().await?, paths, Texts::report)),
        Command::Why => Ok(print_explanation(&backend.snapshot().await?, paths)),
        Command::Check => Ok(print_report(&update::check(backend, paths).await?, paths, Texts::report)),
        Command::Update { once } => {
            Ok(print_report(&update::update(backend, paths, *once).await?, paths, Texts::report))
        }
        Command::Retry { hostname } => update::retry(backend, paths, hostname.as_deref()).await,
        Command::Add { hostname, service, server, user, device, credential } => {
            let new = entries::NewHost {
                hostname,
                service: service.as_deref(),
                server: server.as_deref(),
                user: user.as_deref(),
                device: device.as_deref(),
                has_credential: *credential,
            };
            entries::add(backend, secrets, &new).await
        }
        Command::Remove { hostname } => entries::remove(backend, secrets, hostname).await,
        Command::Token(TokenCommand::Set { hostname }) => {
            entries::set_secret(backend, secrets, hostname).await
        }
        Command::Import { file, yes, all, off } => {
            let consent = if *yes { Consent::Given } else { Consent::Asked };
            let others = match (*all, *off) {
                (true, _) => import::Others::Taken,
                (false, true) => import::Others::Off,
                (false, false) => import::Others::LeftOut,
            };
            import::run(backend, secrets, file, consent, others).await
        }
        Command::Export { file, with_secrets, replace } => {
            let old = if *replace { OldFile::IsReplaced } else { OldFile::Stays };
            match file {
                None => export::print(backend).await,
                Some(file) if *with_secrets => export::with_secrets(backend, secrets, file, old).await,
                Some(file) => export::settings(backend, file, old).await,
            }
        }
        Command::Restore { file, replace, yes } => {
            let consent = if *yes { Consent::Given } else { Consent::Asked };
            let existing = if *replace { Existing::AreReplaced } else { Existing::Stay };
            restore::run(backend, secrets, &restore::Wish { file, existing, consent }).await
        }
        Command::History { lines, json: as_json } => history(backend, *lines, *as_json).await,
        Command::Home => Ok(print_done(&backend.ask(AgentRequest::ThisIsHome).await?)),
        // These don't ask the agent.
        Command::Run
        | Command::Open
        | Command::Logs { .. }
        | Command::Diagnostics
        | Command::Quit
        | Command::Completions { .. }
        | Command::Man => Ok(ExitCode::SUCCESS),
        #[cfg(windows)]
        Command::Register | Command::Unregister => Ok(ExitCode::SUCCESS),
    }
}

async fn history(backend: &mut Backend, limit: u32, as_json: bool) -> Result<ExitCode, AppError> {
    let snapshot = backend.snapshot().await?;
    match backend.ask(AgentRequest::History { limit }).await? {
        Response::History { items } if as_json => {
            Ok(written(json(&items).and_then(|text| print_text(&text))))
        }
        Response::History { items } => {
            let report = texts_for(&snapshot).history_report(&items, &snapshot);
            Ok(written(print_text(&report)))
        }
        other => Ok(print_done(&other)),
    }
}
