//! Turns the state into all that people see: one whole snapshot, for tray, window and command line alike.

pub mod change;
pub mod diagnose;
mod lasting;
mod next;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::assess::due::{PaceLedger, ToSend, WaitReason, not_before, to_send};
use crate::assess::home::{has_no_identity, number_of_homes};
use crate::assess::{Assessment, KindAssessment};
use crate::observe::dns::Live;
use crate::observe::finding::{Explanation, HoldReason, Outcome};
use crate::observe::observation::LookUpProblem;
use crate::observe::release::Version;
use crate::present::diagnose::{Diagnosis, diagnose};
use crate::present::next::first_look;
pub use crate::present::next::{Next, NextStep, NextWhy};
use crate::protocol::retryable::RetryableError;
use crate::settings::LoginKind;
use crate::settings::{Entry, LanguageChoice, Settings, ThemeChoice};
use crate::state::entry::{EntryState, Halt, LastReply, Published};
use crate::state::health_issue::HealthIssue;
use crate::state::{Pause, State};
use crate::types::address::Family;
use crate::types::cow_arc::CowArc;
use crate::types::entry_id::EntryId;

/// Everything that people see at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Snapshot {
    /// Its number: every one that differs from the one before has a higher one, until the program ends.
    #[serde(default)]
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub revision: u64,
    /// The tray icon's state: the worst of the entries'.
    pub mood: Mood,
    /// The pause, while there is one.
    pub pause: Option<Pause>,
    /// The entries, in the form's order.
    pub entries: Vec<EntryStatus>,
    /// The diagnoses of the network, the gravest first.
    pub diagnoses: Vec<Diagnosis>,
    /// The number of home networks.
    pub homes: u32,
    /// True where this network has nothing by which it could be recognised later.
    #[serde(default)]
    pub has_no_identity: bool,
    /// The program's own faults.
    #[serde(rename = "ailments")]
    pub health_issues: Vec<HealthIssue>,
    /// The chosen language.
    pub language: LanguageChoice,
    /// The chosen colour scheme.
    pub theme: ThemeChoice,
    /// A newer version of Dyntray that was announced.
    pub newer: Option<Version>,
}

/// The five states that an icon shows by shape, and "nothing set up".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum Mood {
    /// No entry is enabled.
    #[default]
    Empty,
    /// Tick.
    Fine,
    /// Arrows.
    Working,
    /// Slash.
    Waiting,
    /// Bars.
    Paused,
    /// Exclamation mark.
    NeedsYou,
}

/// The status of one entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct EntryStatus {
    /// The number of the snapshot in which it last changed. It is nobody else's business.
    #[serde(skip)]
    pub revision: u64,
    /// Its identity.
    pub id: EntryId,
    /// Its host name.
    pub hostname: String,
    /// The kind of login.
    pub login: LoginKind,
    /// Its part of the icon's state.
    pub mood: Mood,
    /// Its status, as one code.
    pub status: Status,
    /// Each family that it keeps.
    pub families: Vec<FamilyStatus>,
    /// The last answer of the server.
    pub last_reply: Option<LastReply>,
    /// Its next step by itself, with the reason.
    pub next: Option<Next>,
    /// The state of its secret.
    pub secret: SecretStatus,
}

/// One family of an entry: detected → sent → answered → live.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct FamilyStatus {
    /// The family.
    pub family: Family,
    /// The explanation of its address.
    #[cfg_attr(feature = "bindings", ts(as = "Explanation"))]
    pub why: CowArc<Explanation>,
    /// The time of its most trusted source's last answer.
    #[cfg_attr(feature = "bindings", ts(type = "string | null"))]
    pub detected_at: Option<Timestamp>,
    /// The address last accepted by the service.
    pub published: Option<Published>,
    /// The state of its record at the zone's name servers.
    pub live: Live,
    /// True when the service has an address that this line had before, and another one is to be published.
    #[serde(default)]
    pub is_outdated: bool,
}

/// The state of a secret, as it is known without reading it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct SecretStatus {
    /// The time when it was saved; none where there is none.
    #[cfg_attr(feature = "bindings", ts(type = "string | null"))]
    pub saved: Option<Timestamp>,
    /// The time when the service last accepted it.
    #[cfg_attr(feature = "bindings", ts(type = "string | null"))]
    pub accepted: Option<Timestamp>,
    /// True while the keyring is to be looked into for it, because it was missing.
    #[serde(default)]
    #[cfg_attr(feature = "bindings", ts(skip))]
    pub looked_for: bool,
}

/// The status of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Status {
    /// Switched off in the form.
    Disabled,
    /// All updates are paused.
    Paused,
    /// Its first look-up is due or under way.
    LookingUp,
    /// A request is under way.
    Sending,
    /// The service has every address that is known.
    Fine,
    /// No source reported an address.
    NoAddress {
        /// The first source's reason; none where the line has no address of that family.
        why: Option<LookUpProblem>,
    },
    /// An address is known, but held back.
    Held {
        /// The reason.
        hold: HoldReason,
    },
    /// An address is to be sent as soon as the server is free.
    Queued,
    /// The name servers have another address, and one repair didn't help.
    ChangedElsewhere,
    /// The last request failed; it is tried again later.
    #[serde(rename = "troubled")]
    Failed {
        /// The error.
        #[serde(rename = "trouble")]
        error: RetryableError,
        /// The time of the next try.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(rename = "retryAt")]
        retry_at: Timestamp,
        /// The time when it failed.
        #[serde(default, rename = "failedAt")]
        #[cfg_attr(feature = "bindings", ts(skip))]
        failed_at: Option<Timestamp>,
    },
    /// Stopped until the person acts.
    Halted {
        /// The halt.
        halt: Halt,
    },
}

/// Everything that people see at `now`.
pub fn present(
    settings: &Settings,
    state: &State,
    assessment: &Assessment,
    health_issues: &[HealthIssue],
    now: Timestamp,
) -> Snapshot {
    let mut snapshot = Snapshot::default();
    refresh(&mut snapshot, settings, state, assessment, health_issues, now);
    snapshot
}

/// Makes `snapshot` everything that people see at `now`, entry by entry: with thousands, few differ from one to the next.
/// True if anything does.
pub fn refresh(
    snapshot: &mut Snapshot,
    settings: &Settings,
    state: &State,
    assessment: &Assessment,
    health_issues: &[HealthIssue],
    now: Timestamp,
) -> bool {
    let pace = PaceLedger::of(settings, state);
    let revision = snapshot.revision + 1;
    let shown = |entry: &Entry, revision| EntryStatus {
        revision,
        ..present_entry(settings, entry, state, assessment.kind(entry), &pace, now)
    };
    let mut entries = std::mem::take(&mut snapshot.entries);
    let mut has_changed = false;
    if !entries.iter().map(|entry| entry.id).eq(settings.entries.iter().map(|entry| entry.id)) {
        has_changed = true;
        let mut before: BTreeMap<EntryId, EntryStatus> =
            entries.into_iter().map(|entry| (entry.id, entry)).collect();
        let kept = |entry: &Entry| before.remove(&entry.id).unwrap_or_else(|| shown(entry, revision));
        entries = settings.entries.iter().map(kept).collect();
    }
    for (before, entry) in entries.iter_mut().zip(&settings.entries) {
        let after = shown(entry, before.revision);
        if *before != after {
            *before = EntryStatus { revision, ..after };
            has_changed = true;
        }
    }
    let worst = entries.iter().map(|entry| entry.mood).max().unwrap_or(Mood::Empty);
    let broken = health_issues.iter().any(HealthIssue::is_grave);
    let rest = Snapshot {
        revision: snapshot.revision,
        mood: if broken { Mood::NeedsYou } else { worst },
        pause: state.pause.filter(|_| state.is_paused(now)),
        diagnoses: diagnose(state, assessment),
        homes: number_of_homes(state),
        has_no_identity: has_no_identity(state),
        entries: Vec::new(),
        health_issues: health_issues.to_vec(),
        language: settings.language,
        theme: settings.theme,
        newer: state.releases.newer(),
    };
    has_changed |= *snapshot != rest;
    *snapshot = Snapshot { entries, ..rest };
    if has_changed {
        snapshot.revision = revision;
    }
    has_changed
}

impl Snapshot {
    /// The same with these entries.
    #[must_use]
    pub fn with_entries(&self, entries: Vec<EntryStatus>) -> Snapshot {
        Snapshot {
            revision: self.revision,
            mood: self.mood,
            pause: self.pause,
            entries,
            diagnoses: self.diagnoses.clone(),
            homes: self.homes,
            has_no_identity: self.has_no_identity,
            health_issues: self.health_issues.clone(),
            language: self.language,
            theme: self.theme,
            newer: self.newer,
        }
    }
}

fn present_entry(
    settings: &Settings,
    entry: &Entry,
    state: &State,
    kind: &KindAssessment,
    pace: &PaceLedger,
    now: Timestamp,
) -> EntryStatus {
    let at = state.entry(entry.id);
    let due = to_send(entry, &at, state, kind);
    let wait = due.as_ref().and_then(|due| not_before(entry, &at, due, state, pace, now));
    let checks_dns = settings.checks_dns(entry);
    let status_of = |why: &CowArc<Explanation>| {
        let published = *at.published.get(why.family);
        FamilyStatus {
            family: why.family,
            detected_at: why.said.first().map(|said| said.at),
            why: Explanation::of_a_request(why, due.and_then(|due| *due.addresses.get(why.family))),
            published,
            live: if checks_dns { at.live.records.get(why.family).clone() } else { Live::Unknown },
            is_outdated: is_outdated(published, &why.outcome),
        }
    };
    let mut families: Vec<FamilyStatus> = kind.explanations().map(status_of).collect();
    // Each of thousands of entries keeps it.
    families.shrink_to_fit();
    let status = status(entry, &at, state, kind, due.as_ref(), wait, now);
    EntryStatus {
        revision: 0,
        id: entry.id,
        hostname: entry.hostname.to_string(),
        login: entry.login.kind(),
        mood: mood(&status),
        next: next(settings, state, kind, &status, wait, now),
        status,
        families,
        last_reply: at.last_reply.clone(),
        secret: SecretStatus {
            saved: at.secret_kept_since(),
            accepted: at.secret_accepted,
            looked_for: !at.secret_look.is_none(),
        },
    }
}

/// True when the service has another address than the one that is to be published now.
fn is_outdated(published: Option<Published>, outcome: &Outcome) -> bool {
    match (published, outcome) {
        (Some(published), Outcome::Publish { address, .. }) => published.address != *address,
        _ => false,
    }
}

/// The next step of an entry by itself; none while it is stopped or something is under way.
fn next(
    settings: &Settings,
    state: &State,
    kind: &KindAssessment,
    status: &Status,
    wait: Option<(Timestamp, WaitReason)>,
    now: Timestamp,
) -> Option<Next> {
    match status {
        Status::Disabled | Status::Halted { .. } | Status::Paused | Status::Sending => return None,
        Status::Failed { retry_at, .. } => {
            let why = wait.map_or(NextWhy::Retry, |(_, reason)| reason.into());
            return Some(Next::update(*retry_at, why));
        }
        _ => {}
    }
    if let Some(until) = state.debounced_until(now) {
        return Some(Next::look_up(until, NextWhy::Settling));
    }
    if let Some((until, reason)) = wait.filter(|_| *status == Status::Queued) {
        return Some(Next::update(until, reason.into()));
    }
    let awaits_second_look = matches!(status, Status::Held { hold: HoldReason::Unconfirmed });
    let planned = if awaits_second_look { NextWhy::SecondLook } else { NextWhy::Round };
    first_look(settings, state, kind, planned, now)
}

fn mood(status: &Status) -> Mood {
    match status {
        Status::Disabled => Mood::Empty,
        Status::Paused => Mood::Paused,
        Status::Held { hold } if hold.is_about_home() => Mood::Paused,
        Status::LookingUp
        | Status::Sending
        | Status::Queued
        | Status::Held { hold: HoldReason::Unconfirmed | HoldReason::WhichNetwork } => Mood::Working,
        Status::Fine => Mood::Fine,
        Status::Failed { error, .. } if error.is_keyring() => Mood::NeedsYou,
        Status::ChangedElsewhere | Status::Halted { .. } => Mood::NeedsYou,
        Status::NoAddress { .. } | Status::Held { .. } | Status::Failed { .. } => Mood::Waiting,
    }
}

fn status(
    entry: &Entry,
    at: &EntryState,
    state: &State,
    kind: &KindAssessment,
    due: Option<&ToSend>,
    wait: Option<(Timestamp, WaitReason)>,
    now: Timestamp,
) -> Status {
    if !entry.enabled {
        return Status::Disabled;
    }
    if let Some(halt) = &at.halt {
        return Status::Halted { halt: halt.clone() };
    }
    if at.in_flight.is_some() {
        return Status::Sending;
    }
    if state.is_paused(now) {
        return Status::Paused;
    }
    let found = || kind.outcomes();
    if found().any(|outcome| *outcome == Outcome::Unknown) {
        return Status::LookingUp;
    }
    let hold = found().find_map(Outcome::hold);
    if found().all(|outcome| outcome.address().is_none()) {
        return match hold {
            Some(hold) => Status::Held { hold },
            None => Status::NoAddress { why: found().find_map(nothings_why) },
        };
    }
    match (due, &at.retry) {
        // A failure about an address that is gone doesn't count.
        (None, _) => match hold {
            // One family is held back, and a person can do something about it.
            Some(hold @ (HoldReason::Vpn | HoldReason::Conflict | HoldReason::AddressKept)) => {
                Status::Held { hold }
            }
            _ if is_foreign(at) => Status::ChangedElsewhere,
            _ => Status::Fine,
        },
        (Some(_), None) => match state.wait_of(&entry.server, now) {
            // Another host name's request was turned away, and this one waits with it.
            Some(asked) if wait.is_some_and(|(_, reason)| reason == WaitReason::RetryAfter) => {
                Status::Failed { error: asked.error(), retry_at: asked.until, failed_at: None }
            }
            _ => Status::Queued,
        },
        (Some(_), Some(retry)) => Status::Failed {
            error: retry.error.clone(),
            retry_at: wait.map_or(retry.retry_at, |(until, _)| until),
            failed_at: Some(retry.last),
        },
    }
}

fn nothings_why(outcome: &Outcome) -> Option<LookUpProblem> {
    match outcome {
        Outcome::Nothing { why } => Some(why.clone()),
        _ => None,
    }
}

/// True when somebody else's address is still there after the one repair.
fn is_foreign(at: &EntryState) -> bool {
    Family::BOTH.into_iter().any(|family| at.live.is_left(family))
}
