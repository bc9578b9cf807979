//! The loop: decide, perform, record, publish. Whatever takes time runs beside it and comes back as an event.

mod answer;
mod event_sources;
mod perform;
mod save_queue;

use std::path::PathBuf;
use std::time::Duration;

use dyntray_control::{AgentRequest, Rejection, Response};
use dyntray_core::assess::Assessment;
use dyntray_core::observe::dns::DnsAnswer;
use dyntray_core::observe::observation::Observation;
use dyntray_core::observe::release::Version;
use dyntray_core::record::{HistoryItem, SendEnd};
use dyntray_core::settings::Settings;
use dyntray_core::settings::form::Form;
use dyntray_core::state::health_issue::HealthIssue;
use dyntray_core::state::notice::Notice;
use dyntray_core::state::{NetworkReading, State};
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::network::Prefix;
use dyntray_core::types::source::Source;
use dyntray_core::{Event, Recorded, Snapshot, Step, decide, present, record};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::history::{self, Durability, History};
use crate::keyring::{Keyring, SecretStore};
use crate::saving::Plan;
use crate::settings_file::{self, SettingsFile};
use event_sources::EventSources;

/// The loop asks again at least so often, whatever the clock says. Linux tells when that is set.
const LONGEST_WAIT: Duration = Duration::from_mins(if cfg!(target_os = "linux") { 5 } else { 1 });
/// When it asks again after a request that couldn't be remembered.
const ROOM_AGAIN: Duration = Duration::from_mins(1);
/// What was merely seen is written so long after the first of it: a look-up and what came of it are mostly one write.
const GATHERING: Duration = Duration::from_millis(100);
/// How long a request under way is awaited when the program ends.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// Where the agent keeps its files and secrets.
#[derive(Clone, Debug)]
pub struct Folders {
    /// For the settings.
    pub config: PathBuf,
    /// For state and history.
    pub data: PathBuf,
    /// Where secrets are kept.
    pub secrets: SecretStore,
}

/// How much of its work the agent does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunMode {
    /// All of it, for as long as the machine is on.
    Daemon,
    /// All of it, for one command that ends soon.
    OneShot,
    /// It asks for addresses and shows what would be sent, but sends nothing and remembers nothing.
    DryRun,
    /// It answers, and does what it is asked to; by itself it does nothing.
    ControlOnly,
}

/// Why the agent can't start.
#[derive(Debug, thiserror::Error)]
pub enum AgentError {
    /// The settings are there and can't be read.
    #[error("the settings can't be read: {0}")]
    Settings(#[source] std::io::Error),
    /// No database can be opened.
    #[error("the history can't be opened: {0}")]
    History(#[from] history::HistoryError),
}

/// What other parts of the program hold of the agent. The agent ends when the last handle is gone.
#[derive(Clone)]
pub struct Handle {
    inbox: mpsc::Sender<Message>,
    /// The newest snapshot.
    pub snapshots: watch::Receiver<Snapshot>,
}

/// The agent's ends that exist once.
pub struct Started {
    /// To ask it.
    pub handle: Handle,
    /// What people are to be told, as far as they want to be.
    pub notices: mpsc::UnboundedReceiver<Notice>,
    /// The agent itself, to be run.
    pub agent: Agent,
}

enum Message {
    Ask(AgentRequest, oneshot::Sender<Response>),
    HealthIssue(HealthIssue, Active),
    Network(oneshot::Sender<NetworkReading>),
    WindowClosed,
}

/// Whether an health_issue is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Active {
    /// It is.
    Yes,
    /// It is over.
    No,
}

/// Something that ran beside the loop and has ended.
enum Ended {
    LookUp(Source, Observation, Option<Prefix>),
    DnsCheck(EntryId, DnsAnswer),
    Send(EntryId, SendEnd),
    ReleaseLook(Option<Version>),
    Secrets(Box<Plan>, Result<(), Rejection>, oneshot::Sender<Response>),
}

/// The loop and all that it owns.
pub struct Agent {
    form: Form,
    settings: Settings,
    state: State,
    /// That of the present settings and state.
    assessment: Assessment,
    health_issues: Vec<HealthIssue>,
    file: SettingsFile,
    history: History,
    /// When what was merely seen is to be written, where something was.
    unwritten: Option<Instant>,
    keyring: Keyring,
    mode: RunMode,
    running: JoinSet<Ended>,
    save_queue: save_queue::SaveQueue,
    inbox: mpsc::Receiver<Message>,
    snapshots: watch::Sender<Snapshot>,
    shown: Shown,
    notices: mpsc::UnboundedSender<Notice>,
}

/// When the snapshot was made anew, and whether anything happened since.
struct Shown {
    at: Instant,
    is_stale: bool,
}

impl Handle {
    /// Asks the agent, and awaits its response.
    pub async fn ask(&self, request: AgentRequest) -> Response {
        let (reply, response) = oneshot::channel();
        let ended = Response::Rejected { rejection: Rejection::NotUnderstood };
        if self.inbox.send(Message::Ask(request, reply)).await.is_err() {
            return ended;
        }
        response.await.unwrap_or(ended)
    }

    /// What this machine's network was when it was last read.
    pub async fn network(&self) -> NetworkReading {
        let (reply, network) = oneshot::channel();
        match self.inbox.send(Message::Network(reply)).await {
            Ok(()) => network.await.unwrap_or_default(),
            Err(_) => NetworkReading::Unread,
        }
    }

    /// Tells the agent of an health_issue of the shell, to be shown with its own.
    pub async fn health_issue(&self, health_issue: HealthIssue, present: Active) {
        // It can only fail when the agent has ended, and then nobody looks.
        let _ = self.inbox.send(Message::HealthIssue(health_issue, present)).await;
    }

    /// Tells the agent that the person closed the window.
    pub async fn window_closed(&self) {
        // As above.
        let _ = self.inbox.send(Message::WindowClosed).await;
    }
}

impl Agent {
    /// Reads settings, state and history from `folders`.
    ///
    /// # Errors
    /// [`AgentError`]; damaged files are no error, they are kept beside and shown.
    pub fn start(folders: &Folders, mode: RunMode) -> Result<Started, AgentError> {
        let now = Timestamp::now();
        let file = SettingsFile::in_folder(&folders.config);
        let settings_file::Loaded { form, settings, health_issue } =
            file.load(now).map_err(AgentError::Settings)?;
        let loaded = match mode {
            RunMode::Daemon => History::load(&folders.data, now)?,
            RunMode::OneShot | RunMode::ControlOnly => History::load_for_a_moment(&folders.data, now)?,
            RunMode::DryRun => History::look(&folders.data)?,
        };
        let state = loaded.state.unwrap_or_else(|| State { seed: seed(now), ..State::default() });
        let health_issues: Vec<HealthIssue> = health_issue.into_iter().chain(loaded.health_issue).collect();
        let (ask, inbox) = mpsc::channel(16);
        let (tell, notices) = mpsc::unbounded_channel();
        let assessment = Assessment::of(&settings, &state);
        let (show, snapshots) = watch::channel(present(&settings, &state, &assessment, &health_issues, now));
        let agent = Agent {
            form,
            settings,
            state,
            assessment,
            health_issues,
            file,
            history: loaded.history,
            unwritten: None,
            keyring: Keyring::start(folders.secrets.clone()),
            mode,
            running: JoinSet::new(),
            save_queue: save_queue::SaveQueue::default(),
            inbox,
            snapshots: show,
            shown: Shown { at: Instant::now(), is_stale: false },
            notices: tell,
        };
        Ok(Started { handle: Handle { inbox: ask, snapshots }, notices, agent })
    }

    /// Runs until the last handle is gone.
    pub async fn run(mut self) {
        let mut events = EventSources::start(self.state.seed);
        events.apply_settings(&self.settings);
        self.dispatch(Event::Started);
        let mut last = Timestamp::now();
        loop {
            let now = Timestamp::now();
            if std::mem::replace(&mut last, now) > now {
                // The clock was set back: waits that lie too far ahead now are put right at once.
                self.dispatch(Event::Tick);
            }
            let go_on = match self.next_step(now) {
                Step::LookUp(source) => {
                    self.begin_look_up(source, events.router());
                    true
                }
                Step::CheckDns(id) => {
                    self.begin_dns_check(id);
                    true
                }
                Step::LookForRelease => {
                    self.begin_release_look();
                    true
                }
                Step::Send(request) if self.begin_send(&request) => true,
                // It can't be remembered, so it isn't sent: the disk may have room again in a minute.
                Step::Send(_) => self.wait(&mut events, ROOM_AGAIN).await,
                Step::WaitForEvent => self.wait(&mut events, LONGEST_WAIT).await,
                Step::WaitUntil(at) => self.wait(&mut events, until(now, at)).await,
            };
            if !go_on {
                break;
            }
        }
        self.end().await;
    }

    /// What is to be done next, as far as that is part of its work.
    fn next_step(&self, now: Timestamp) -> Step {
        let step = match self.mode {
            RunMode::ControlOnly => return Step::WaitForEvent,
            RunMode::Daemon | RunMode::OneShot | RunMode::DryRun => {
                decide(&self.settings, &self.state, &self.assessment, now)
            }
        };
        match step {
            Step::Send(_) | Step::CheckDns(_) | Step::LookForRelease if self.mode == RunMode::DryRun => {
                Step::WaitForEvent
            }
            step => step,
        }
    }

    /// Waits for whatever comes first, and records it. False when the program is to end.
    async fn wait(&mut self, events: &mut EventSources, at_most: Duration) -> bool {
        // A burst of events is seen as one.
        let shows_again = self.shown.at + self.between_snapshots();
        if self.shown.is_stale && Instant::now() >= shows_again {
            self.show();
        }
        tokio::select! {
            Some(ended) = self.running.join_next() => match ended {
                Ok(ended) => self.ended(ended),
                Err(error) => {
                    tracing::error!(%error, "a task failed");
                    self.next_turn();
                }
            },
            message = self.inbox.recv() => match message {
                Some(Message::Ask(request, reply)) => self.answer(request, reply),
                Some(Message::Network(reply)) => {
                    // Whoever asked may be gone.
                    let _ = reply.send(self.state.network.clone());
                }
                Some(Message::HealthIssue(health_issue, present)) => {
                    self.set_ailment(health_issue, present);
                    self.show();
                }
                // Without a tray the window has said so already, and how to open it again.
                Some(Message::WindowClosed) if self.health_issues.contains(&HealthIssue::NoTray) => {}
                Some(Message::WindowClosed) => {
                    self.dispatch(Event::WindowClosed);
                }
                None => return false,
            },
            event = events.next_event() => { self.dispatch(event); },
            () = self.keyring.back() => { self.dispatch(Event::KeyringBack); },
            () = tokio::time::sleep_until(shows_again), if self.shown.is_stale => {
                self.show();
            }
            // What is to end soon writes then what it merely saw.
            () = reached(self.unwritten), if self.mode != RunMode::OneShot => self.write_what_was_seen(),
            () = tokio::time::sleep(at_most) => { self.dispatch(Event::Tick); },
        }
        events.apply_settings(&self.settings);
        true
    }

    fn ended(&mut self, ended: Ended) {
        match ended {
            Ended::LookUp(source, seen, prefix) => {
                tracing::info!(?source, ?seen, "looked up");
                if prefix.is_some() {
                    self.dispatch(Event::PrefixTold(source, prefix));
                }
                self.dispatch(Event::LookUpEnded(source, seen));
            }
            Ended::DnsCheck(id, answer) => {
                tracing::info!(entry = %id, ?answer, "asked the name servers");
                self.dispatch(Event::DnsCheckEnded(id, answer));
            }
            Ended::Send(id, end) => {
                tracing::info!(entry = %id, ?end, "request ended");
                self.dispatch(Event::SendEnded(id, end));
            }
            Ended::ReleaseLook(announced) => {
                tracing::info!(?announced, "looked for a new version");
                self.dispatch(Event::ReleaseLookEnded(announced));
            }
            Ended::Secrets(plan, kept, reply) => {
                let answer = match kept.and_then(|()| self.adopt(*plan)) {
                    Ok(form) => Response::Saved { form },
                    Err(rejection) => Response::Rejected { rejection },
                };
                // The window may have been closed meanwhile.
                let _ = reply.send(answer);
                self.next_turn();
            }
        }
    }

    /// Records an event, writes what it led to, tells and shows it. False when it couldn't be written.
    fn dispatch(&mut self, event: Event) -> bool {
        let now = Timestamp::now();
        let assessment = std::mem::take(&mut self.assessment);
        let recorded = record(self.state.clone(), assessment, &self.settings, event, now);
        let durability = if recorded.is_ephemeral { Durability::Deferred } else { Durability::Sync };
        let Recorded { state, assessment, notices, history, .. } = recorded;
        let can_wait = durability == Durability::Deferred && history.is_empty();
        let changed = state != self.state || !history.is_empty();
        let written = !changed || can_wait || self.write(&state, &history, durability);
        if changed && can_wait {
            self.unwritten.get_or_insert_with(|| Instant::now() + GATHERING);
        }
        self.state = state;
        self.assessment = assessment;
        for notice in notices.into_iter().filter(|notice| notice.is_told_at(self.settings.notices)) {
            // It can only fail when the program ends.
            let _ = self.notices.send(notice);
        }
        self.shown.is_stale = true;
        written
    }

    fn write(&mut self, state: &State, items: &[HistoryItem], durability: Durability) -> bool {
        self.health_issues.retain(|health_issue| !matches!(health_issue, HealthIssue::CannotRemember { .. }));
        if let Err(error) = self.history.save(state, items, durability) {
            tracing::error!(%error, "the state can't be written");
            self.health_issues.push(HealthIssue::CannotRemember { why: error.to_string() });
            return false;
        }
        self.unwritten = None;
        true
    }

    /// Several things that were merely seen are one write. Where that fails, the next event is the next try.
    fn write_what_was_seen(&mut self) {
        if self.unwritten.take().is_some() {
            let (state, ailing) = (std::mem::take(&mut self.state), self.health_issues.clone());
            self.write(&state, &[], Durability::Deferred);
            self.state = state;
            if self.health_issues != ailing {
                self.shown.is_stale = true;
            }
        }
    }

    fn set_ailment(&mut self, health_issue: HealthIssue, present: Active) {
        self.health_issues.retain(|there| *there != health_issue);
        if present == Active::Yes {
            self.health_issues.push(health_issue);
        }
    }

    /// A snapshot of thousands of entries takes its time, here and wherever it is looked at. A command waits for its
    /// own.
    fn between_snapshots(&self) -> Duration {
        let burst = if self.mode == RunMode::Daemon { 2 } else { 0 };
        let slow =
            u64::try_from(self.settings.entries.len()).unwrap_or(u64::MAX).min(2_000).saturating_sub(10);
        Duration::from_millis(burst + slow)
    }

    fn show(&mut self) {
        self.shown = Shown { at: Instant::now(), is_stale: false };
        let snapshot =
            present(&self.settings, &self.state, &self.assessment, &self.health_issues, Timestamp::now());
        self.snapshots.send_if_modified(|shown| {
            let changed = *shown != snapshot;
            *shown = snapshot;
            changed
        });
    }

    /// Gives what would be missed a moment to be answered; what isn't is on disk as begun.
    async fn end(mut self) {
        let answers = async {
            while self.would_miss_answers() {
                let Some(Ok(ended)) = self.running.join_next().await else { break };
                self.ended(ended);
            }
        };
        if tokio::time::timeout(LAST_WORDS, answers).await.is_err() {
            tracing::info!("ended with requests under way");
        }
        self.write_what_was_seen();
    }

    /// Whether a request or a change by the person is under way. For a single run all that it asked counts: there is no
    /// next round.
    fn would_miss_answers(&self) -> bool {
        let is_sending = self.state.entries.values().any(|entry| entry.in_flight.is_some());
        self.mode == RunMode::OneShot || is_sending || self.save_queue.are_taken()
    }
}

/// Returns at that moment; never, where there is none.
async fn reached(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

fn until(now: Timestamp, at: Timestamp) -> Duration {
    let left = at.duration_since(now).max(SignedDuration::ZERO);
    Duration::try_from(left).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT)
}

/// A number that differs between installations. Chance, not secrecy: the time and this process are enough.
fn seed(now: Timestamp) -> u64 {
    let nanoseconds = u64::try_from(now.as_nanosecond() & i128::from(u64::MAX)).unwrap_or_default();
    nanoseconds ^ (u64::from(std::process::id()) << 40)
}
