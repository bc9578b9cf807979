//! Starts the agent: reads settings, state and history, and opens the channels.

use std::path::PathBuf;

use dyntray_core::assess::Assessment;
use dyntray_core::present;
use dyntray_core::state::State;
use dyntray_core::state::health_issue::HealthIssue;
use dyntray_core::state::notice::Notice;
use jiff::Timestamp;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use super::Agent;
use super::handle::{Handle, Round};
use super::mode::RunMode;
use super::save_queue::SaveQueue;
use super::snapshots::Snapshots;
use super::unwritten::{PATIENCE, Unwritten};
use crate::dns_check::DnsChecks;
use crate::history::{self, History};
use crate::keyring::{Keyring, SecretStore};
use crate::refusals_file::RefusalsFile;
use crate::settings_file::{self, SettingsFile};

/// The places of the agent's files and secrets.
#[derive(Clone, Debug)]
pub struct Folders {
    /// The folder of the settings.
    pub config: PathBuf,
    /// The folder of the state and history.
    pub data: PathBuf,
    /// The store of the secrets.
    pub secrets: SecretStore,
}

/// An error that keeps the agent from starting.
#[derive(Debug, thiserror::Error)]
pub enum AgentError {
    /// The settings file is there and can't be read.
    #[error("the settings can't be read: {path}: {error}")]
    Settings {
        /// Its path.
        path: PathBuf,
        /// The system's words.
        #[source]
        error: std::io::Error,
    },
    /// The database can't be opened.
    #[error("the history can't be opened: {0}")]
    History(#[from] history::HistoryError),
}

/// A started agent with the ends of its channels.
pub struct Started {
    /// The handle to ask it.
    pub handle: Handle,
    /// The notices for the person, as far as the settings want them.
    pub notices: mpsc::UnboundedReceiver<Notice>,
    /// The agent itself, to be run.
    pub agent: Agent,
}

impl Agent {
    /// Reads settings, state and history from `folders`.
    ///
    /// # Errors
    /// [`AgentError`]. Damaged files are no error: they are moved aside and shown.
    pub fn start(folders: &Folders, mode: RunMode) -> Result<Started, AgentError> {
        let now = Timestamp::now();
        let file = SettingsFile::in_folder(&folders.config);
        if mode != RunMode::DryRun {
            file.remove_leftovers();
            folders.secrets.remove_leftovers();
        }
        let settings_file::Loaded { form, settings, second, health_issue } =
            file.load(now).map_err(|error| AgentError::Settings { path: file.path().to_owned(), error })?;
        let loaded = match mode {
            RunMode::Daemon => {
                let mut loaded = History::load(&folders.data, now)?;
                loaded.history.set_patience(PATIENCE)?;
                loaded
            }
            RunMode::OneShot | RunMode::ControlOnly => History::load_for_command(&folders.data, now)?,
            RunMode::DryRun => History::load_for_dry_run(&folders.data)?,
        };
        let refusals = RefusalsFile::load(&folders.config);
        let missing = missing(&loaded, &refusals);
        let health_issues: Vec<HealthIssue> =
            health_issue.into_iter().chain(loaded.health_issue).chain(missing).collect();
        let mut state = loaded.state.unwrap_or_else(|| State { seed: seed(now), ..State::default() });
        refusals.held().restore(&mut state);
        let assessment = Assessment::of(&settings, &state);
        let (to_agent, inbox) = mpsc::channel(16);
        let (to_shell, notices) = mpsc::unbounded_channel();
        let (told_rounds, rounds) = watch::channel(Round::default());
        let (publisher, snapshots) =
            watch::channel(present(&settings, &state, &assessment, &health_issues, now));
        let agent = Agent {
            form,
            second,
            settings,
            state,
            assessment,
            health_issues,
            file,
            history: loaded.history,
            refusals,
            write_due: None,
            unwritten: Unwritten::default(),
            keyring: Keyring::start(folders.secrets.clone()),
            dns_checks: DnsChecks::default(),
            mode,
            checks_secrets: false,
            tasks: JoinSet::new(),
            save_queue: SaveQueue::default(),
            inbox,
            snapshots: Snapshots::new(publisher),
            rounds: told_rounds,
            notices: to_shell,
        };
        Ok(Started { handle: Handle::new(to_agent, snapshots, rounds), notices, agent })
    }
}

/// The problem to report where there is no state although there must have been one.
fn missing(loaded: &history::Loaded, refusals: &RefusalsFile) -> Option<HealthIssue> {
    let is_lost = loaded.state.is_none() && loaded.health_issue.is_none() && refusals.held().answered;
    is_lost.then(|| {
        tracing::error!("the database is missing; state and history begin anew");
        HealthIssue::HistoryMissing
    })
}

/// A number that differs between installations. It needn't be secret, so the time and this process's number are enough.
fn seed(now: Timestamp) -> u64 {
    let nanoseconds = u64::try_from(now.as_nanosecond() & i128::from(u64::MAX)).unwrap_or_default();
    nanoseconds ^ (u64::from(std::process::id()) << 40)
}
