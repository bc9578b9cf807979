//! The command line. It asks the running program, exactly as the window does; where none runs, much of it works alone.

mod backend;
mod docs;
mod entries;
mod import;
mod look;
mod print;
mod secret;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::{Parser, Subcommand};
use clap_complete::Shell;
use dyntray_agent::run::RunMode;
use dyntray_agent::settings_file;
use dyntray_control::{Page, Request, Response};
use dyntray_core::Snapshot;
use dyntray_core::present::{EntryStatus, Mood, Status};
use dyntray_texts::Texts;

use self::backend::Backend;
use self::print::{
    json, print_done, print_lines, print_report, print_snapshot, print_text, texts_for, written,
};
use crate::app_paths::{AppPaths, Which};
use crate::log;
use crate::start_error::StartError;

/// The program isn't running.
const NOT_RUNNING: u8 = 3;
/// `check` and `update`: what is detected isn't published yet.
const DUE: u8 = 5;
/// A program that was told to end has ended after so long: it gives what is under way a few seconds.
const ENDING: Duration = Duration::from_secs(10);

/// Keeps host names pointing at the right address. Without a command it starts in the tray.
#[derive(Debug, Parser)]
#[command(name = "dyntray", version)]
pub struct Arguments {
    /// Which Dyntray is meant.
    #[command(flatten)]
    pub which: Which,
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// A question or an order.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run in the foreground without tray, window and notifications: on servers, a NAS, small computers. What people
    /// would be told goes to the log. Ends with SIGTERM. Without a keyring, secrets come from --secrets-file or from
    /// systemd's credentials, one for each host name.
    Run,
    /// Show what each host name is at. Exit code 0: fine; 3: not running; 4: something needs attention.
    Status {
        /// Print everything as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show why each host name has the address that it has: what every source said, what was made of it, and what comes
    /// next. Exit codes as for `status`.
    Why,
    /// Look up the address and show what would be sent, without sending anything. A running Dyntray shows what it knows.
    /// Exit code 0: nothing is to be sent; 4: something needs attention; 5: an update is due.
    Check,
    /// Look up the address now, update what differs, and show the outcome. Exit code 0: fine; 3: not running; 4: something
    /// needs attention; 5: it didn't come through and is tried again.
    Update {
        /// Also when Dyntray isn't running: one look and one update, for cron and timers. What the service has accepted
        /// is remembered, and not sent again.
        #[arg(long)]
        once: bool,
    },
    /// Take a new host name in. Its token or password is read from standard input, and not shown at a terminal.
    Add {
        /// The full host name.
        hostname: String,
        /// The service, by its name in docs/providers.md; without it the host name tells.
        #[arg(long, conflicts_with = "server")]
        service: Option<String>,
        /// The update server of any other service that speaks dyndns2.
        #[arg(long)]
        server: Option<String>,
        /// The user of an account; without it the secret is an update token.
        #[arg(long)]
        user: Option<String>,
        /// The secret is one of systemd's credentials, called like the host name: none is read.
        #[arg(long)]
        credential: bool,
    },
    /// Take a host name out again, with its token or password. Whatever the service has for it stays there.
    Remove {
        /// The host name.
        hostname: String,
    },
    /// Tokens and passwords.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Take host names and their tokens over from a file: SPDYN's spdyn_update_token.csv, ddclient.conf, inadyn.conf or
    /// update URLs. Shows first what would be taken over. Exit code 0: taken over; 1: not.
    Import {
        /// The file; `-` reads standard input.
        file: PathBuf,
        /// Don't ask.
        #[arg(long)]
        yes: bool,
    },
    /// Print the settings as they are kept in the settings file. There is no secret in them.
    Export,
    /// Show what was sent and answered, the newest first.
    History {
        /// At most so many.
        #[arg(short = 'n', long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
        lines: u32,
        /// Print everything as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Say that the network that this machine is in is home, too.
    Home,
    /// Open the window.
    Open,
    /// Show the newest lines of the log, also when Dyntray isn't running.
    Logs {
        /// At most so many.
        #[arg(short = 'n', long, value_name = "N", default_value_t = 50)]
        lines: u32,
    },
    /// Print all that helps to find a fault, without secrets: version, settings, state, network, log.
    Diagnostics,
    /// End the running program, and wait until it has ended.
    Quit,
    /// Print the completions for a shell.
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Print the manual page.
    Man,
}

/// What can be done with tokens and passwords.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Give a host name another token or password. It is read from standard input, and not shown at a terminal.
    Set {
        /// The host name.
        hostname: String,
    },
}

/// Runs one command.
pub fn run(command: &Command, which: &Which) -> ExitCode {
    match perform(command, which) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("{}", failure.said(&Texts::of_system()));
            if matches!(failure, StartError::NotRunning) {
                ExitCode::from(NOT_RUNNING)
            } else {
                ExitCode::FAILURE
            }
        }
    }
}

fn perform(command: &Command, which: &Which) -> Result<ExitCode, StartError> {
    match command {
        Command::Completions { shell } => {
            docs::completions(*shell);
            return Ok(ExitCode::SUCCESS);
        }
        Command::Man => return Ok(written(docs::manual())),
        _ => {}
    }
    let places = which.places()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let local = tokio::task::LocalSet::new();
    let end = runtime.block_on(local.run_until(ask(command, &places)));
    // Nobody waits for what is still being read of the network.
    drop(local);
    runtime.shutdown_background();
    match end {
        // The log as it lies on disk: what a program that ended had to say last.
        Err(StartError::NotRunning) if matches!(command, Command::Logs { .. }) => {
            let Command::Logs { lines } = command else { return Err(StartError::NotRunning) };
            Ok(print_lines(&log::newest_in(&places.folders.data, *lines)))
        }
        end => end,
    }
}

/// How much of the agent's work a command needs where no program runs; none where it has no sense alone.
fn alone(command: &Command) -> Option<RunMode> {
    match command {
        Command::Check | Command::Export | Command::History { .. } => Some(RunMode::DryRun),
        Command::Update { once: true } => Some(RunMode::OneShot),
        Command::Add { .. } | Command::Remove { .. } | Command::Token(_) | Command::Import { .. } => {
            Some(RunMode::ControlOnly)
        }
        _ => None,
    }
}

async fn ask(command: &Command, places: &AppPaths) -> Result<ExitCode, StartError> {
    let mut peer = match alone(command) {
        Some(work) => Backend::running_or_alone(places, work).await?,
        None => Backend::running(places).await?,
    };
    let code = ask_of(command, &mut peer, places).await;
    peer.end().await;
    code
}

async fn ask_of(command: &Command, peer: &mut Backend, places: &AppPaths) -> Result<ExitCode, StartError> {
    match command {
        Command::Status { json: true } => Ok(print_snapshot(&snapshot(peer).await?)),
        Command::Status { json: false } => Ok(print_report(&snapshot(peer).await?, Texts::report)),
        Command::Why => Ok(print_report(&snapshot(peer).await?, Texts::why_report)),
        Command::Check => Ok(print_outcome(&look::look(peer, places).await?)),
        Command::Update { .. } => Ok(print_outcome(&look::update(peer, places).await?)),
        Command::Add { hostname, service, server, user, credential } => {
            let (service, server, user) = (service.as_deref(), server.as_deref(), user.as_deref());
            let has_credential = *credential;
            entries::add(peer, &entries::NewHost { hostname, service, server, user, has_credential }).await
        }
        Command::Remove { hostname } => entries::remove(peer, hostname).await,
        Command::Token(TokenCommand::Set { hostname }) => entries::set_secret(peer, hostname).await,
        Command::Import { file, yes } => {
            let consent = if *yes { import::Consent::Given } else { import::Consent::Asked };
            import::run(peer, file, consent).await
        }
        Command::Export => {
            let form = entries::form(peer).await?;
            Ok(written(settings_file::to_toml(&form).and_then(|text| print_text(&text))))
        }
        Command::History { lines, json: as_json } => history(peer, *lines, *as_json).await,
        Command::Home => Ok(print_done(&peer.ask(&Request::ThisIsHome).await?)),
        Command::Open => Ok(print_done(&peer.ask(&Request::OpenWindow { page: Page::Status }).await?)),
        Command::Logs { lines } => match peer.ask(&Request::Log { limit: *lines }).await? {
            Response::Log { lines } => Ok(print_lines(&lines)),
            other => Ok(print_done(&other)),
        },
        Command::Diagnostics => match peer.ask(&Request::Diagnostics).await? {
            Response::Diagnostics { text } => Ok(written(print_text(&text))),
            other => Ok(print_done(&other)),
        },
        Command::Quit => quit(peer, places).await,
        Command::Run | Command::Completions { .. } | Command::Man => Ok(ExitCode::SUCCESS),
    }
}

/// Ends the running program. Returns once it has ended, so that it can be replaced or started again.
async fn quit(peer: &mut Backend, places: &AppPaths) -> Result<ExitCode, StartError> {
    let answer = peer.ask(&Request::Quit).await?;
    let began = Instant::now();
    while matches!(answer, Response::Done) && places.place.is_taken()? {
        if began.elapsed() > ENDING {
            return Err(StartError::StillEnding);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(print_done(&answer))
}

/// Prints a report; the exit code says as well whether something is still due.
fn print_outcome(seen: &Snapshot) -> ExitCode {
    let code = print_report(seen, Texts::report);
    let is_due = |entry: &EntryStatus| matches!(entry.status, Status::Queued | Status::Failed { .. });
    if seen.mood != Mood::NeedsYou && seen.entries.iter().any(is_due) { ExitCode::from(DUE) } else { code }
}

async fn snapshot(peer: &mut Backend) -> Result<Snapshot, StartError> {
    match peer.ask(&Request::Status).await? {
        Response::Snapshot { snapshot } => Ok(snapshot),
        _ => Err(StartError::NotUnderstood),
    }
}

async fn history(peer: &mut Backend, limit: u32, as_json: bool) -> Result<ExitCode, StartError> {
    let snapshot = snapshot(peer).await?;
    match peer.ask(&Request::History { limit }).await? {
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

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_definition_of_the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn no_option_takes_a_secret() {
        let command = Arguments::command();
        for part in command.get_subcommands() {
            for argument in part.get_arguments() {
                let name = argument.get_id().as_str();
                let is_one = ["token", "password", "secret"].contains(&name);
                assert!(!is_one, "{} takes {name}: arguments are for everyone to read", part.get_name());
            }
        }
    }
}
