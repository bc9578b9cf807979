//! The agent's loop: decide, perform, record, publish. Anything that takes time runs in a task beside the loop, and comes
//! back as a `TaskResult`.

mod answer;
mod back_up;
mod event_sources;
mod handle;
mod in_words;
mod locate;
mod mode;
mod perform;
mod persist;
mod reload;
mod save;
mod save_queue;
mod secrets;
mod show;
mod snapshots;
mod start;
mod task_result;
mod unwritten;

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::time::Duration;

use dyntray_control::Response;
use dyntray_core::assess::Assessment;
use dyntray_core::protocol::reply::Verdict;
use dyntray_core::protocol::retry_after::RetryAfter;
use dyntray_core::record::SendEnd;
use dyntray_core::settings::Settings;
use dyntray_core::settings::form::Form;
use dyntray_core::state::State;
use dyntray_core::state::health_issue::HealthIssue;
use dyntray_core::state::notice::Notice;
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::{Event, Recorded, Step, decide, record};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

use self::event_sources::EventSources;
use self::handle::Message;
pub use self::handle::{Handle, MissingTray, Round};
pub use self::mode::RunMode;
use self::save_queue::SaveQueue;
use self::snapshots::Snapshots;
pub use self::start::{AgentError, Folders, Started};
use self::task_result::{LookUpEnd, TaskResult};
use self::unwritten::{BUSY_RETRY, Unwritten};
use crate::dns_check::DnsChecks;
use crate::faults::{contain, fail_on_purpose};
use crate::history::{Durability, History};
use crate::keyring::{Keyring, KeyringError};
use crate::refusals_file::RefusalsFile;
use crate::router::LocalNetworkAccess;
use crate::sender::Sent;
use crate::settings_file::SettingsFile;

/// The longest wait between two decisions, in case the clock was set. Linux reports that.
const MAX_WAIT: Duration = Duration::from_mins(if cfg!(target_os = "linux") { 5 } else { 1 });
/// The wait before the next try to send a request that couldn't be written to disk.
const WRITE_RETRY: Duration = Duration::from_mins(1);
/// The delay of deferred writes, so that a look-up and its consequences are mostly one write.
const WRITE_DELAY: Duration = Duration::from_millis(100);
/// The time that requests in flight get to finish when the program ends, which is to take three seconds at most.
const SHUTDOWN_GRACE: Duration = Duration::from_millis(1500);
/// The time that the last write waits for another process that writes.
const LAST_WRITE: Duration = Duration::from_secs(1);
/// The time that everything in flight gets at the end of a one-shot run.
const LAST_ROUND: Duration = Duration::from_secs(3);

/// The loop and everything it owns.
pub struct Agent {
    form: Form,
    /// The entries whose secret is in their second place in the store.
    second: BTreeSet<EntryId>,
    settings: Settings,
    state: State,
    /// The assessment of the current settings and state.
    assessment: Assessment,
    health_issues: Vec<HealthIssue>,
    file: SettingsFile,
    history: History,
    refusals: RefusalsFile,
    /// The time of the next deferred write; none if everything is written.
    write_due: Option<Instant>,
    unwritten: Unwritten,
    keyring: Keyring,
    dns_checks: DnsChecks,
    mode: RunMode,
    checks_secrets: bool,
    tasks: JoinSet<TaskResult>,
    save_queue: SaveQueue,
    inbox: mpsc::Receiver<Message>,
    snapshots: Snapshots,
    rounds: watch::Sender<Round>,
    notices: mpsc::UnboundedSender<Notice>,
}

impl Agent {
    /// Runs until the last handle is dropped.
    pub async fn run(mut self) {
        let mut events = EventSources::start(self.state.seed, &self.keyring);
        events.apply_settings(&self.settings);
        self.dispatch(Event::Started);
        let mut last = Timestamp::now();
        loop {
            fail_on_purpose("the loop");
            let now = Timestamp::now();
            if std::mem::replace(&mut last, now) > now {
                // The clock was set back: waits that would now end too late are corrected at once.
                self.dispatch(Event::Tick);
            }
            if std::mem::take(&mut self.checks_secrets) {
                self.check_all_secrets().await;
            }
            let step = self.next_step(now);
            if self.perform(step, now, &mut events).await.is_break() {
                break;
            }
        }
        self.shut_down().await;
    }

    /// The next step, as far as it is part of the run mode.
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

    async fn perform(&mut self, step: Step, now: Timestamp, events: &mut EventSources) -> ControlFlow<()> {
        match step {
            Step::LookUp(source) => self.begin_look_up(source, events.router()),
            Step::CheckDns(id) => self.begin_dns_check(id),
            Step::LookForSecret(id) => self.begin_secret_look(id),
            Step::LookForRelease => self.begin_release_look(),
            Step::Send(request) => {
                if !self.begin_send(&request) {
                    // The request couldn't be written, so it isn't sent. The disk may have room again in a minute, and
                    // another process that is writing ends sooner.
                    let retry = if self.unwritten.is_busy() { BUSY_RETRY } else { WRITE_RETRY };
                    return self.wait(events, retry).await;
                }
            }
            Step::WaitForEvent => return self.wait(events, MAX_WAIT).await,
            Step::WaitUntil(at) => return self.wait(events, until(now, at)).await,
        }
        ControlFlow::Continue(())
    }

    /// Waits for the next event, at most for `limit`, and records it. Breaks when the program is to end.
    async fn wait(&mut self, events: &mut EventSources, limit: Duration) -> ControlFlow<()> {
        // A burst of events makes one snapshot.
        let snapshot_due = self.snapshot_due();
        if self.snapshots.is_stale() && Instant::now() >= snapshot_due {
            self.show();
        }
        let is_idle = self.tasks.is_empty() && !self.save_queue.is_saving() && self.write_due.is_none();
        self.rounds.send_replace(Round { is_idle });
        tokio::select! {
            Some(ended) = self.tasks.join_next() => match ended {
                Ok(result) => self.task_ended(result),
                Err(error) => {
                    tracing::error!(%error, "a task failed");
                    self.finish_save();
                }
            },
            message = self.inbox.recv() => match message {
                Some(message) => self.receive(message),
                None => return ControlFlow::Break(()),
            },
            event = events.next_event() => { self.dispatch(event); },
            () = self.keyring.back() => { self.dispatch(Event::KeyringBack); },
            () = sleep_until(snapshot_due), if self.snapshots.is_stale() => self.show(),
            // A one-shot run makes its deferred writes when it ends.
            () = reached(self.write_due), if self.mode != RunMode::OneShot => self.write_deferred(),
            () = sleep(limit) => { self.dispatch(Event::Tick); },
        }
        events.apply_settings(&self.settings);
        ControlFlow::Continue(())
    }

    fn receive(&mut self, message: Message) {
        match message {
            Message::Ask(request, reply) => self.answer(*request, reply),
            Message::Network(reply) => {
                // The asker may be gone.
                let _ = reply.send(self.state.network.clone());
            }
            Message::Keyring(reply) => {
                let keyring = self.keyring.clone();
                tokio::spawn(contain(async move {
                    // The asker may be gone.
                    let _ = reply.send(keyring.owner().await);
                }));
            }
            Message::Reload(reply) => {
                self.reload();
                // The asker may be gone.
                let _ = reply.send(());
            }
            Message::RaiseIssue(issue) => self.raise(issue),
            Message::ClearIssue(issue) => self.clear(&issue),
            // Without a tray the window has already shown how to open it again.
            Message::WindowClosed if self.health_issues.contains(&HealthIssue::NoTray) => {}
            Message::WindowClosed => {
                self.dispatch(Event::WindowClosed);
            }
            Message::TrayShown => {
                self.clear(&HealthIssue::NoTray);
                self.dispatch(Event::TrayKnown);
            }
            Message::TrayMissing(reply) => {
                self.raise(HealthIssue::NoTray);
                let known = if self.state.tray_known { MissingTray::Known } else { MissingTray::News };
                self.dispatch(Event::TrayKnown);
                // The program may be ending.
                let _ = reply.send(known);
            }
        }
    }

    fn raise(&mut self, issue: HealthIssue) {
        self.health_issues.retain(|raised| *raised != issue);
        self.health_issues.push(issue);
        self.show();
    }

    fn clear(&mut self, issue: &HealthIssue) {
        self.health_issues.retain(|raised| raised != issue);
        self.show();
    }

    /// Says it where the system keeps this program from the local network, and no longer once it doesn't.
    fn note_local_network(&mut self, access: LocalNetworkAccess) {
        let issue = HealthIssue::LocalNetworkDenied;
        match (access, self.health_issues.contains(&issue)) {
            (LocalNetworkAccess::Denied, false) => self.raise(issue),
            (LocalNetworkAccess::Open, true) => self.clear(&issue),
            _ => {}
        }
    }

    /// The host name of an entry, for the log; its number once it is gone.
    fn name_of(&self, id: EntryId) -> String {
        let entry = self.settings.entries.iter().find(|entry| entry.id == id);
        entry.map_or_else(|| format!("entry {id}"), |entry| entry.hostname.to_string())
    }

    fn task_ended(&mut self, result: TaskResult) {
        match result {
            TaskResult::LookUp(source, LookUpEnd { seen, prefix, identity, local_network, retry_after }) => {
                tracing::info!(?source, ?seen, "{}", in_words::looked_up(source, &seen));
                self.note_wish(retry_after);
                if let Some(access) = local_network {
                    self.note_local_network(access);
                }
                if prefix.is_some() {
                    self.dispatch(Event::PrefixTold(source, prefix));
                }
                if let Some(identity) = identity {
                    self.dispatch(Event::IdentityTold(identity));
                }
                self.dispatch(Event::LookUpEnded(source, seen));
            }
            TaskResult::DnsCheck(id, answer) => {
                tracing::info!(entry = %id, ?answer, "{}", in_words::in_dns(&self.name_of(id), &answer));
                self.dispatch(Event::DnsCheckEnded(id, answer));
            }
            TaskResult::Send(id, Sent { end, retry_after }) => {
                let words = in_words::sent(&self.name_of(id), &end);
                // Nothing more is sent until a person acts, so that is no everyday line.
                if matches!(end, SendEnd::Answered(Verdict::Halt(_)) | SendEnd::NoSecret { .. }) {
                    tracing::warn!(entry = %id, ?end, "{words}");
                } else {
                    tracing::info!(entry = %id, ?end, "{words}");
                }
                self.note_wish(retry_after);
                self.dispatch(Event::SendEnded(id, end));
            }
            TaskResult::SecretLook(id, presence) => {
                tracing::info!(entry = %id, ?presence, "looked for the missing secret");
                self.dispatch(Event::SecretLookEnded(id, presence));
            }
            TaskResult::Unlocked(unlocked, reply) => {
                let answer = match unlocked {
                    // The person cancelled, or sees the prompt.
                    Err(KeyringError::Locked) => Response::Done,
                    // An update that waits for the keyring goes on, or shows why it can't.
                    Ok(()) | Err(KeyringError::Absent | KeyringError::Unusable { .. }) => {
                        self.acted(Event::KeyringBack)
                    }
                };
                // The asker may be gone.
                let _ = reply.send(answer);
            }
            TaskResult::ReleaseLook(announced) => {
                tracing::info!(?announced, "looked for a new version");
                self.dispatch(Event::ReleaseLookEnded(announced));
            }
            TaskResult::LookedBeforeSave(change, looks, reply) => {
                self.save_looked_for(change, looks, reply);
            }
            TaskResult::SecretsWritten(plan, written, reply) => {
                self.secrets_written(*plan, written, reply);
            }
            TaskResult::SaveEnded(answer, reply) => self.end_save(reply, answer),
        }
    }

    /// Notes a server's wish to be left alone for a while, before the end of what it answered to.
    fn note_wish(&mut self, wish: Option<RetryAfter>) {
        if let Some(wish) = wish {
            tracing::info!(server = %wish.server, status = wish.status, wait = %wish.wait, "asked to wait");
            self.dispatch(Event::RetryAfter(wish));
        }
    }

    /// Records an event, writes the state that it leads to, and passes its notices on. False if the state couldn't be
    /// written.
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
            self.write_due.get_or_insert_with(|| Instant::now() + WRITE_DELAY);
        }
        self.state = state;
        self.assessment = assessment;
        for notice in notices.into_iter().filter(|notice| notice.is_told_at(self.settings.notices)) {
            // It can only fail when the program ends.
            let _ = self.notices.send(notice);
        }
        self.snapshots.mark_stale();
        written
    }

    /// Gives requests in flight a moment to finish. The others are on disk as begun.
    async fn shut_down(mut self) {
        let mode = self.mode;
        let answers = async {
            while self.awaits_answers() {
                let Some(Ok(result)) = self.tasks.join_next().await else { break };
                self.task_ended(result);
            }
        };
        let grace = if mode == RunMode::OneShot { LAST_ROUND } else { SHUTDOWN_GRACE };
        if tokio::time::timeout(grace, answers).await.is_err() {
            tracing::info!("ended with requests under way");
        }
        self.write_last(LAST_WRITE);
    }

    /// True while a request or a save is in progress. In a one-shot run every task counts, because there is no next
    /// round.
    fn awaits_answers(&self) -> bool {
        let is_sending = self.state.entries.values().any(|entry| entry.in_flight.is_some());
        self.mode == RunMode::OneShot || is_sending || self.save_queue.is_saving()
    }
}

/// Returns at `at`, or never if there is no such time.
async fn reached(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}

fn until(now: Timestamp, at: Timestamp) -> Duration {
    let left = at.duration_since(now).max(SignedDuration::ZERO);
    Duration::try_from(left).unwrap_or(MAX_WAIT).min(MAX_WAIT)
}
