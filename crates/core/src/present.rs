//! Turns the state into all that people see: one whole snapshot, for tray, window and command line alike.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::address::Family;
use crate::decide::unpublished;
use crate::form::LoginKind;
use crate::observation::{LookUpProblem, Observation};
use crate::retry::Trouble;
use crate::settings::{Entry, EntryId, LanguageChoice, Settings, Source};
use crate::state::{EntryState, Halt, LastReply, Pause, Published, State};

/// All that is to be seen at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Snapshot {
    /// The tray icon's state: the worst of the entries'.
    pub mood: Mood,
    /// The pause, while there is one.
    pub pause: Option<Pause>,
    /// The entries, in the form's order.
    pub entries: Vec<EntryStatus>,
    /// The program's own troubles.
    pub ailments: Vec<Ailment>,
    /// The chosen language.
    pub language: LanguageChoice,
}

/// The five states that an icon shows by shape, and "nothing set up".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum Mood {
    /// No entry is enabled.
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

/// What one entry is at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct EntryStatus {
    /// Its identity.
    pub id: EntryId,
    /// Its host name.
    pub hostname: String,
    /// How it logs in.
    pub login: LoginKind,
    /// Its part of the icon's state.
    pub mood: Mood,
    /// What it is at, in one code.
    pub status: Status,
    /// Each family that it keeps.
    pub families: Vec<FamilyStatus>,
    /// The request under way, or the last one.
    pub last_reply: Option<LastReply>,
    /// When its sources are asked next.
    #[cfg_attr(feature = "bindings", ts(type = "string | null"))]
    pub next_look: Option<Timestamp>,
    /// What is known of its secret.
    pub secret: SecretStatus,
}

/// One family of an entry: detected → sent → answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct FamilyStatus {
    /// Which.
    pub family: Family,
    /// Where its address comes from.
    pub source: Source,
    /// What the source last told; none before the first look-up.
    pub detected: Option<Observation>,
    /// When it told that.
    #[cfg_attr(feature = "bindings", ts(type = "string | null"))]
    pub detected_at: Option<Timestamp>,
    /// The address last accepted by the service.
    pub published: Option<Published>,
}

/// What is known of a secret without reading it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct SecretStatus {
    /// When it was saved; none when there is none.
    #[cfg_attr(feature = "bindings", ts(type = "string | null"))]
    pub saved: Option<Timestamp>,
    /// When the service last accepted it.
    #[cfg_attr(feature = "bindings", ts(type = "string | null"))]
    pub accepted: Option<Timestamp>,
}

/// What an entry is at.
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
    /// No source told an address.
    NoAddress {
        /// Why the first of them didn't; none where the line has no address of that family.
        why: Option<LookUpProblem>,
    },
    /// An address is to be sent as soon as the server is free.
    Queued,
    /// It is tried again later.
    Troubled {
        /// Why.
        trouble: Trouble,
        /// When.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(rename = "retryAt")]
        retry_at: Timestamp,
    },
    /// Stopped until the person acts.
    Halted {
        /// Why and since when.
        halt: Halt,
    },
}

/// A trouble of the program itself, told by the edges.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Ailment {
    /// The settings file couldn't be read; the old one is kept beside.
    SettingsDamaged {
        /// Where it is kept.
        kept: String,
    },
    /// The state and history couldn't be read; the old ones are kept beside.
    HistoryDamaged {
        /// Where they are kept.
        kept: String,
    },
    /// State can't be written: nothing is sent, because a restart would forget it.
    CannotRemember {
        /// The system's words.
        why: String,
    },
    /// No panel shows tray icons.
    NoTray,
}

/// Everything that is seen at `now`.
pub fn present(settings: &Settings, state: &State, ailments: &[Ailment], now: Timestamp) -> Snapshot {
    let entries: Vec<EntryStatus> =
        settings.entries.iter().map(|entry| present_entry(entry, state, now)).collect();
    let worst = entries.iter().map(|entry| entry.mood).max().unwrap_or(Mood::Empty);
    let broken = ailments.iter().any(|ailment| !matches!(ailment, Ailment::NoTray));
    Snapshot {
        mood: if broken { Mood::NeedsYou } else { worst },
        pause: state.pause.filter(|_| state.is_paused(now)),
        entries,
        ailments: ailments.to_vec(),
        language: settings.language,
    }
}

fn present_entry(entry: &Entry, state: &State, now: Timestamp) -> EntryStatus {
    let at = state.entry(entry.id);
    let status = status(entry, &at, state, now);
    let families =
        entry.protocol.families().map(|family| present_family(entry, &at, state, family)).collect();
    EntryStatus {
        id: entry.id,
        hostname: entry.hostname.to_string(),
        login: entry.login.kind(),
        mood: mood(&status),
        status,
        families,
        last_reply: at.last_reply,
        next_look: entry.sources().filter_map(|source| state.sources.get(&source)?.next).min(),
        secret: SecretStatus { saved: at.secret_saved, accepted: at.secret_accepted },
    }
}

fn present_family(entry: &Entry, at: &EntryState, state: &State, family: Family) -> FamilyStatus {
    let source = entry.source(family);
    let seen = state.sources.get(&source).and_then(|s| s.last.as_ref());
    FamilyStatus {
        family,
        source,
        detected: seen.map(|seen| seen.observation.clone()),
        detected_at: seen.map(|seen| seen.at),
        published: *at.published.get(family),
    }
}

fn mood(status: &Status) -> Mood {
    match status {
        Status::Disabled => Mood::Empty,
        Status::Paused => Mood::Paused,
        Status::LookingUp | Status::Sending | Status::Queued => Mood::Working,
        Status::Fine => Mood::Fine,
        Status::Troubled { trouble: Trouble::KeyringLocked | Trouble::KeyringAbsent, .. }
        | Status::Halted { .. } => Mood::NeedsYou,
        Status::NoAddress { .. } | Status::Troubled { .. } => Mood::Waiting,
    }
}

fn status(entry: &Entry, at: &EntryState, state: &State, now: Timestamp) -> Status {
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
    let seen: Vec<Option<&Observation>> = entry.sources().map(|source| state.observation(source)).collect();
    if seen.contains(&None) {
        return Status::LookingUp;
    }
    let knows_one = seen.iter().any(|seen| matches!(seen, Some(Observation::Known { .. })));
    if !knows_one {
        let why = seen.iter().find_map(|seen| match seen {
            Some(Observation::Unavailable { why }) => Some(why.clone()),
            _ => None,
        });
        return Status::NoAddress { why };
    }
    match &at.trouble {
        // Trouble with an address that has gone again is none.
        _ if unpublished(entry, at, state).is_none() => Status::Fine,
        None => Status::Queued,
        Some(trouble) => Status::Troubled { trouble: trouble.trouble.clone(), retry_at: trouble.retry_at },
    }
}
