//! Why the program can't start, or a command came to nothing.

use std::io;

use dyntray_agent::run::AgentError;
use dyntray_control::ConnectError;
use dyntray_texts::Texts;

/// The reason why the program can't start, or a command failed.
#[derive(Debug)]
pub enum StartError {
    /// No program runs, and the command needs one.
    NotRunning,
    /// A program runs, and there can't be two.
    Running,
    /// A program runs, and doesn't listen yet or any more.
    Starting,
    /// The running program was told to end, and takes long.
    StillEnding,
    /// The connection to the running program broke.
    Lost(ConnectError),
    /// The service doesn't run, and nobody else may do its work.
    ServiceNotRunning,
    /// Mistakes in the settings, in the person's words.
    Settings(String),
    /// The update loop can't start.
    Agent(AgentError),
    /// Where secrets are kept can't be read.
    Secrets(io::Error),
    /// The socket can't be made.
    Socket(io::Error),
    /// The system refuses something.
    System(io::Error),
    /// A part that the program can't be without has failed. The log says which.
    Fault,
    /// The running program doesn't understand.
    NotUnderstood,
}

impl StartError {
    /// The same in the person's words.
    pub fn said(&self, texts: &Texts) -> String {
        let because =
            |id: &str, why: &dyn std::fmt::Display| texts.say_with(id, &[("why", &why.to_string())]);
        match self {
            StartError::NotRunning => texts.say("report-not-running"),
            StartError::Running => texts.say("failure-running"),
            StartError::Starting => texts.say("failure-starting"),
            StartError::StillEnding => texts.say("failure-still-ending"),
            StartError::Lost(error) => because("failure-lost", error),
            StartError::ServiceNotRunning => texts.say("failure-service"),
            StartError::Settings(said) => said.clone(),
            StartError::Agent(AgentError::Settings(error)) => because("failure-settings", error),
            StartError::Agent(AgentError::History(error)) => because("failure-history", error),
            StartError::Secrets(error) => because("failure-secrets", error),
            StartError::Socket(error) => because("failure-socket", error),
            StartError::System(error) => error.to_string(),
            StartError::Fault => texts.say("failure-fault"),
            StartError::NotUnderstood => texts.say("failure-other-version"),
        }
    }
}

impl From<ConnectError> for StartError {
    fn from(error: ConnectError) -> Self {
        match error {
            ConnectError::NotRunning => StartError::NotRunning,
            lost @ ConnectError::Lost(_) => StartError::Lost(lost),
        }
    }
}

impl From<AgentError> for StartError {
    fn from(error: AgentError) -> Self {
        StartError::Agent(error)
    }
}

impl From<io::Error> for StartError {
    fn from(error: io::Error) -> Self {
        StartError::System(error)
    }
}
