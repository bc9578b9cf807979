//! Why the program can't start, or a command came to nothing.

use std::io;

use dyntray_agent::run::StartError;
use dyntray_control::ConnectError;
use dyntray_texts::Texts;

/// Why.
#[derive(Debug)]
pub enum Failure {
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
    Agent(StartError),
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

impl Failure {
    /// The same in the person's words.
    pub fn said(&self, texts: &Texts) -> String {
        let because =
            |id: &str, why: &dyn std::fmt::Display| texts.say_with(id, &[("why", &why.to_string())]);
        match self {
            Failure::NotRunning => texts.say("report-not-running"),
            Failure::Running => texts.say("failure-running"),
            Failure::Starting => texts.say("failure-starting"),
            Failure::StillEnding => texts.say("failure-still-ending"),
            Failure::Lost(error) => because("failure-lost", error),
            Failure::ServiceNotRunning => texts.say("failure-service"),
            Failure::Settings(said) => said.clone(),
            Failure::Agent(StartError::Settings(error)) => because("failure-settings", error),
            Failure::Agent(StartError::History(error)) => because("failure-history", error),
            Failure::Secrets(error) => because("failure-secrets", error),
            Failure::Socket(error) => because("failure-socket", error),
            Failure::System(error) => error.to_string(),
            Failure::Fault => texts.say("failure-fault"),
            Failure::NotUnderstood => texts.say("failure-other-version"),
        }
    }
}

impl From<ConnectError> for Failure {
    fn from(error: ConnectError) -> Self {
        match error {
            ConnectError::NotRunning => Failure::NotRunning,
            lost @ ConnectError::Lost(_) => Failure::Lost(lost),
        }
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        Failure::Agent(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::System(error)
    }
}
