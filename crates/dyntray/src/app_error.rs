//! The reason why the program can't start or go on, or why a command failed.

use std::io;

use dyntray_agent::history::HistoryError;
use dyntray_agent::run::AgentError;
use dyntray_control::{ConnectError, ForeignOwner};
use dyntray_texts::Texts;

/// The reason why the program can't start or go on, or why a command failed.
#[derive(Debug)]
pub enum AppError {
    /// The command needs a running program, and there is none.
    NotRunning,
    /// The program runs already.
    Running,
    /// The program runs, and doesn't listen yet or any more.
    Starting,
    /// The program runs on another machine of this name, which shares the home.
    Elsewhere(String),
    /// The running program was asked to end, and takes long.
    StillEnding,
    /// The connection to the running program broke.
    Lost(ConnectError),
    /// A place of its own, or a file in it, is another user's.
    ForeignOwner(ForeignOwner),
    /// The service doesn't run, and no other process may do its work.
    ServiceNotRunning,
    /// There are mistakes in the settings, here in the person's words.
    Settings(String),
    /// The agent can't start.
    Agent(AgentError),
    /// The place where secrets are kept can't be read.
    Secrets(io::Error),
    /// The socket can't be made.
    Socket(io::Error),
    /// The system refuses something.
    System(io::Error),
    /// A part of the program that it can't do without has failed. The log says which.
    PartFailed,
    /// The running program doesn't understand.
    NotUnderstood,
    /// The person has cancelled the command, so nothing was saved.
    Cancelled,
    /// A secret can't be asked for, because the shell reads from the console at the same time.
    SharedConsole,
}

impl AppError {
    /// The error in the person's words.
    pub fn text(&self, texts: &Texts) -> String {
        let because =
            |id: &str, why: &dyn std::fmt::Display| texts.say_with(id, &[("why", &why.to_string())]);
        match self {
            AppError::NotRunning => texts.say("report-not-running"),
            AppError::Running => texts.say("failure-running"),
            AppError::Starting => texts.say("failure-starting"),
            AppError::Elsewhere(machine) => texts.say_with("failure-elsewhere", &[("machine", machine)]),
            AppError::StillEnding => texts.say("failure-still-ending"),
            AppError::Lost(error) => because("failure-lost", error),
            AppError::ForeignOwner(ForeignOwner { path, owner }) => texts.say_with(
                "failure-foreign-owner",
                &[("path", &path.display().to_string()), ("owner", &owner.to_string())],
            ),
            AppError::ServiceNotRunning => texts.say("failure-service"),
            AppError::Settings(said) => format!("{said}\n{}", texts.say("failure-settings-mistake")),
            AppError::Agent(AgentError::Settings { path, error }) => texts.say_with(
                "failure-settings",
                &[("path", &path.display().to_string()), ("why", &error.to_string())],
            ),
            AppError::Agent(AgentError::History(error)) => because("failure-history", error),
            AppError::Secrets(error) => because("failure-secrets", error),
            AppError::Socket(error) => because("failure-socket", error),
            AppError::System(error) => error.to_string(),
            AppError::PartFailed => texts.say("failure-fault"),
            AppError::NotUnderstood => texts.say("failure-other-version"),
            AppError::Cancelled => texts.say("failure-cancelled"),
            AppError::SharedConsole => texts.say("failure-shared-console"),
        }
    }
}

impl From<ConnectError> for AppError {
    fn from(error: ConnectError) -> Self {
        match error {
            ConnectError::NotRunning => AppError::NotRunning,
            ConnectError::Elsewhere { machine } => AppError::Elsewhere(machine),
            ConnectError::NotUnderstood => AppError::NotUnderstood,
            lost @ ConnectError::Lost(_) => AppError::Lost(lost),
            ConnectError::ForeignOwner(foreign) => AppError::ForeignOwner(foreign),
        }
    }
}

impl From<AgentError> for AppError {
    fn from(error: AgentError) -> Self {
        let (AgentError::Settings { error: file, .. } | AgentError::History(HistoryError::Files(file))) =
            &error
        else {
            return AppError::Agent(error);
        };
        ForeignOwner::of(file).cloned().map_or(AppError::Agent(error), AppError::ForeignOwner)
    }
}

impl From<io::Error> for AppError {
    fn from(error: io::Error) -> Self {
        match ForeignOwner::of(&error) {
            Some(foreign) => AppError::ForeignOwner(foreign.clone()),
            None => AppError::System(error),
        }
    }
}
