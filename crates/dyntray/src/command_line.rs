//! The command line: it asks the running program, exactly as the window does.

mod import;

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use dyntray_control::{Answer, Client, ConnectError, LogLine, Page, Place, Profile, Refusal, Request};
use dyntray_core::Snapshot;
use dyntray_core::agree::Hold;
use dyntray_core::present::{EntryStatus, Mood, Status};
use dyntray_core::settings::{LanguageChoice, Origin};
use dyntray_texts::{Language, Texts};
use jiff::{SignedDuration, Timestamp};

use crate::diagnostics::log_line;
use crate::log;

/// The program isn't running.
const NOT_RUNNING: u8 = 3;
/// An entry needs the person.
const NEEDS_YOU: u8 = 4;
/// How long `update` waits for the outcome.
const UPDATE_LIMIT: std::time::Duration = std::time::Duration::from_mins(1);
/// The program doesn't look again so shortly after a look-up.
const JUST_LOOKED: SignedDuration = SignedDuration::from_secs(6);

/// Keeps host names pointing at the right address. Without a command it starts in the tray.
#[derive(Debug, Parser)]
#[command(name = "dyntray", version)]
pub struct Arguments {
    /// What to ask the running program.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// A question or an order to the running program.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show what each host name is at. Exit code 0: fine; 3: not running; 4: something needs
    /// attention.
    Status {
        /// Print everything as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show why each host name has the address that it has: what every source said, what was made of it, and what comes
    /// next. Exit codes as for `status`.
    Why,
    /// Say that the network that this machine is in is home, too.
    Home,
    /// Look up the address now, update what differs, and show the outcome. Exit codes as for `status`.
    Update,
    /// Take host names and their tokens over from a file: SPDYN's spdyn_update_token.csv, ddclient.conf, inadyn.conf or
    /// update URLs. Shows first what would be taken over. Exit code 0: taken over; 1: not; 3: not running.
    Import {
        /// The file; `-` reads standard input.
        file: PathBuf,
        /// Don't ask.
        #[arg(long)]
        yes: bool,
    },
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
    /// End the running program.
    Quit,
}

/// Runs one command.
pub fn run(command: &Command) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let result = match (runtime, Place::for_this_user()) {
        (Ok(runtime), Ok(place)) => runtime.block_on(ask(command, &place)),
        (Err(error), _) | (_, Err(error)) => Err(ConnectError::Lost(error)),
    };
    match result {
        Ok(code) => code,
        Err(ConnectError::NotRunning) => {
            if let Command::Logs { lines } = command {
                return print_lines(&kept_log(*lines));
            }
            eprintln!("{}", Texts::of(Language::chosen(LanguageChoice::System)).say("report-not-running"));
            ExitCode::from(NOT_RUNNING)
        }
        Err(error) => {
            eprintln!("dyntray: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn ask(command: &Command, place: &Place) -> Result<ExitCode, ConnectError> {
    let mut client = Client::connect(place).await?;
    match command {
        Command::Status { json } => {
            let answer = client.ask(&Request::Status).await?;
            Ok(if *json { print_json(&answer) } else { print_report(&answer, Texts::report) })
        }
        Command::Why => Ok(print_report(&client.ask(&Request::Status).await?, Texts::why_report)),
        Command::Home => Ok(print_done(&client.ask(&Request::ThisIsHome).await?)),
        Command::Update => {
            let asked = Timestamp::now();
            client.ask(&Request::UpdateNow).await?;
            let answer = outcome(place, asked).await?;
            Ok(print_report(&answer, Texts::report))
        }
        Command::Import { file, yes } => {
            let consent = if *yes { import::Consent::Given } else { import::Consent::Asked };
            import::run(&mut client, file, consent).await
        }
        Command::Open => Ok(print_done(&client.ask(&Request::OpenWindow { page: Page::Status }).await?)),
        Command::Logs { lines } => match client.ask(&Request::Log { limit: *lines }).await? {
            Answer::Log { lines } => Ok(print_lines(&lines)),
            other => Ok(print_done(&other)),
        },
        Command::Diagnostics => match client.ask(&Request::Diagnostics).await? {
            Answer::Diagnostics { text } => Ok(written(print_text(&text))),
            other => Ok(print_done(&other)),
        },
        Command::Quit => Ok(print_done(&client.ask(&Request::Quit).await?)),
    }
}

/// Watches until every entry has looked since `asked`, and nothing is under way any more.
async fn outcome(place: &Place, asked: Timestamp) -> Result<Answer, ConnectError> {
    let mut watch = Client::watch(place, false).await?;
    let deadline = tokio::time::Instant::now() + UPDATE_LIMIT;
    let mut last = None;
    loop {
        match tokio::time::timeout_at(deadline, watch.next()).await {
            Ok(answer) => last = Some(answer?.ok_or(ConnectError::NotRunning)?),
            Err(_) => return last.ok_or(ConnectError::NotRunning),
        }
        if let Some(Answer::Snapshot { snapshot }) = &last
            && (snapshot.pause.is_some() || snapshot.entries.iter().all(|entry| is_settled(entry, asked)))
        {
            return last.ok_or(ConnectError::NotRunning);
        }
    }
}

fn is_settled(entry: &EntryStatus, asked: Timestamp) -> bool {
    // This machine's own addresses are known without asking.
    let is_known = |origin| matches!(origin, Origin::Interface | Origin::Fixed);
    let said = || entry.families.iter().flat_map(|family| &family.why.said);
    let looked = said().all(|said| is_known(said.origin) || said.at >= asked - JUST_LOOKED);
    match entry.status {
        Status::Disabled | Status::Paused | Status::Halted { .. } | Status::Troubled { .. } => true,
        Status::LookingUp | Status::Sending | Status::Queued => false,
        Status::Held { hold } => looked && !matches!(hold, Hold::Unconfirmed | Hold::WhichNetwork),
        Status::Fine | Status::NoAddress { .. } | Status::ChangedElsewhere => looked,
    }
}

fn print_report(answer: &Answer, report: fn(&Texts, &Snapshot, Timestamp) -> String) -> ExitCode {
    let Answer::Snapshot { snapshot } = answer else { return print_done(answer) };
    print(Ok(report(&texts_for(snapshot), snapshot, Timestamp::now())), snapshot)
}

fn print_json(answer: &Answer) -> ExitCode {
    let Answer::Snapshot { snapshot } = answer else { return print_done(answer) };
    print(serde_json::to_string_pretty(snapshot).map(|text| text + "\n").map_err(io::Error::other), snapshot)
}

fn print(text: io::Result<String>, snapshot: &Snapshot) -> ExitCode {
    match written(text.and_then(|text| print_text(&text))) {
        ExitCode::SUCCESS if snapshot.mood == Mood::NeedsYou => ExitCode::from(NEEDS_YOU),
        code => code,
    }
}

fn print_text(text: &str) -> io::Result<()> {
    io::stdout().write_all(text.as_bytes())
}

fn written(result: io::Result<()>) -> ExitCode {
    match result {
        // Whoever reads may have seen enough: `dyntray status | head -1`.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            eprintln!("dyntray: {error}");
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}

/// The log as it lies on disk: what a program that ended had to say last.
fn kept_log(lines: u32) -> Vec<LogLine> {
    let directories = Profile::from_environment().directories();
    directories.map(|at| log::newest_in(at.data_local_dir(), lines)).unwrap_or_default()
}

fn print_lines(lines: &[LogLine]) -> ExitCode {
    if lines.is_empty() {
        eprintln!("{}", Texts::of(Language::chosen(LanguageChoice::System)).say("report-no-log"));
    }
    let text: String = lines.iter().map(|line| log_line(line) + "\n").collect();
    written(print_text(&text))
}

fn texts_for(snapshot: &Snapshot) -> Texts {
    Texts::of(Language::chosen(snapshot.language))
}

fn print_done(answer: &Answer) -> ExitCode {
    match answer {
        Answer::Refused { refusal } => {
            eprintln!("{}", refused(refusal));
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}

/// Why the running program didn't do as asked, in the person's words.
fn refused(refusal: &Refusal) -> String {
    let texts = Texts::of(Language::chosen(LanguageChoice::System));
    match refusal {
        Refusal::Fields { .. } => texts.say("refusal-fields"),
        Refusal::KeyringLocked => texts.say("refusal-keyring-locked"),
        Refusal::KeyringAbsent => texts.say("refusal-keyring-absent"),
        Refusal::NotWritten { why } => texts.say_with("refusal-not-written", &[("why", why)]),
        Refusal::NoSuchEntry => texts.say("refusal-no-such-entry"),
        Refusal::NoWindow { why } => texts.say_with("refusal-no-window", &[("why", why)]),
        Refusal::NotShown { why } => texts.say_with("refusal-not-shown", &[("why", why)]),
        Refusal::NotUnderstood => texts.say("refusal-not-understood"),
    }
}
