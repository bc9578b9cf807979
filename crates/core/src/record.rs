//! Folds one event into the state, and says which notices and history items it raised.

mod dns;
mod following;
mod look_up;
mod releases;
mod request;
mod stir;

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use self::following::{follow_settings, forget_removed, look_again_with_other_settings};
use self::look_up::{look_up_ended, look_up_started, prefix_told};
use self::request::{send_ended, send_started};
use crate::agree::{Outcome, Why, outcome};
use crate::decide::{detected, unpublished};
use crate::live::DnsAnswer;
use crate::network::{Network, Prefix};
use crate::notice::{Notice, ProgramNotice};
use crate::observation::Observation;
use crate::release::Version;
use crate::reply::{Accepted, HaltReason, Verdict};
use crate::request::UpdateRequest;
use crate::retry::{LONGEST_CHANCE, Trouble, jittered};
use crate::settings::{Entry, EntryId, Origin, Settings, Source};
use crate::state::{EntryState, Pause, Reading, State};

/// A restart within this time of a look-up doesn't look again; nor does a second press of "Update now".
const JUST_ASKED: SignedDuration = SignedDuration::from_secs(5);

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The program started: what was in flight has an unknown end.
    Started,
    /// Time passed; heals waits that a clock set back has made too long.
    Tick,
    /// The settings are these now, and the secrets of these entries are new.
    SettingsChanged {
        /// Entries whose secret was just saved.
        new_secrets: BTreeSet<EntryId>,
    },
    /// What this machine's network is, read at the start and whenever it may have changed; none where it can't be read.
    NetworkSeen(Option<Network>),
    /// Something else says that the address may have changed: the router, or a wake from sleep.
    Stirred,
    /// The person says that this network is home, too.
    ThisIsHome,
    /// The person wants all known networks forgotten: the next one that updates is home.
    HomesForgotten,
    /// The name servers are being asked for an entry's records.
    DnsCheckStarted(EntryId),
    /// The name servers answered.
    DnsCheckEnded(EntryId, DnsAnswer),
    /// The router told which IPv6 prefix it was given.
    PrefixTold(Source, Option<Prefix>),
    /// A source is being asked.
    LookUpStarted(Source),
    /// A source answered.
    LookUpEnded(Source, Observation),
    /// A request is about to be sent.
    SendStarted(UpdateRequest),
    /// A request ended.
    SendEnded(EntryId, SendEnd),
    /// The person asks for a look-up now, and an update if the address differs.
    UpdateNow,
    /// The person says that a halt's cause is gone.
    TryAgain(EntryId),
    /// The person pauses.
    Paused(Pause),
    /// The person resumes.
    Resumed,
    /// The keyring answers again.
    KeyringBack,
    /// It is being asked for new versions of Dyntray.
    ReleaseLookStarted,
    /// What is announced; none where nothing could be learnt.
    ReleaseLookEnded(Option<Version>),
    /// The person closed the window, and the tray's icon is all that stays.
    WindowClosed,
}

impl Event {
    /// Whether it only tells what was seen, that time has passed, or that it is to be looked now. What the name servers
    /// have lasts, unless it is what they had: it may say how an update ended whose answer was lost.
    fn is_fleeting(&self) -> bool {
        matches!(
            self,
            Event::Started
                | Event::Tick
                | Event::Stirred
                | Event::UpdateNow
                | Event::LookUpStarted(_)
                | Event::LookUpEnded(..)
                | Event::NetworkSeen(_)
                | Event::DnsCheckStarted(_)
        )
    }
}

/// How a request ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendEnd {
    /// The server answered.
    Answered(Verdict),
    /// No answer: nothing was sent, or it is unknown whether anything happened.
    Failed(Trouble),
    /// There is no secret for this entry, so nothing was sent.
    NoSecret,
}

impl SendEnd {
    /// Whether it is a refusal of the login or secret that was used, and of nothing else.
    fn refuses_login(&self) -> bool {
        matches!(
            self,
            SendEnd::NoSecret
                | SendEnd::Answered(Verdict::Halt(
                    HaltReason::BadAuth
                        | HaltReason::NotYours
                        | HaltReason::NotDonator
                        | HaltReason::NotActive
                ))
        )
    }

    /// Whether the service may hold what was sent although it didn't say so.
    fn may_have_published(&self) -> bool {
        match self {
            SendEnd::Answered(Verdict::Trouble(trouble)) | SendEnd::Failed(trouble) => trouble.was_sent(),
            SendEnd::Answered(Verdict::Halt(HaltReason::OtherAddress { .. })) => true,
            SendEnd::Answered(Verdict::Halt(_) | Verdict::Accepted(_)) | SendEnd::NoSecret => false,
        }
    }
}

/// What one event led to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// The new state.
    pub state: State,
    /// Notifications to show.
    pub notices: Vec<Notice>,
    /// Lines for the history.
    pub history: Vec<HistoryItem>,
    /// Whether a power cut may take it: nothing but what was seen, of which nobody was told. After a power cut everything
    /// is looked at anew. All else is to be on disk before it is acted upon.
    pub is_fleeting: bool,
}

/// One line of the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct HistoryItem {
    /// When.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub at: Timestamp,
    /// The entry.
    pub entry: EntryId,
    /// Its host name then.
    pub hostname: String,
    /// The addresses sent, comma separated.
    pub addresses: String,
    /// What came of it.
    pub what: Happening,
    /// Why these addresses.
    #[serde(default)]
    pub why: Vec<Why>,
}

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Happening {
    /// Accepted.
    Accepted {
        /// How.
        how: Accepted,
    },
    /// Halted.
    Halted {
        /// Why.
        reason: HaltReason,
    },
    /// To be tried again.
    Troubled {
        /// Why.
        trouble: Trouble,
    },
}

/// Folds `event`, which happened at `now`, into `state`.
pub fn record(state: State, settings: &Settings, event: Event, now: Timestamp) -> Recorded {
    let mut done = Recorded { state, is_fleeting: event.is_fleeting(), ..Recorded::default() };
    match event {
        Event::Started => started(&mut done, settings, now),
        Event::Tick => tick(&mut done.state, settings, now),
        Event::SettingsChanged { new_secrets } => {
            forget_removed(&mut done.state, settings);
            follow_settings(&mut done.state, settings, &new_secrets, now);
            look_again_with_other_settings(&mut done.state);
            stir::own_addresses_seen(&mut done.state, settings, now);
            releases::follow_settings(&mut done.state, settings);
        }
        Event::NetworkSeen(seen) => stir::network_seen(&mut done, settings, seen, now),
        Event::Stirred => stir::stir(&mut done.state, now),
        Event::ThisIsHome => stir::this_is_home(&mut done.state),
        Event::HomesForgotten => done.state.homes.clear(),
        Event::DnsCheckStarted(id) => done.state.entries.entry(id).or_default().live.asked = Some(now),
        Event::DnsCheckEnded(id, answer) => dns::check_ended(&mut done, settings, id, &answer, now),
        Event::PrefixTold(source, prefix) => prefix_told(&mut done.state, source, prefix),
        Event::LookUpStarted(source) => look_up_started(&mut done.state, source, now),
        Event::LookUpEnded(source, seen) => look_up_ended(&mut done.state, settings, source, seen, now),
        Event::SendStarted(request) => send_started(&mut done.state, settings, &request, now),
        Event::SendEnded(id, end) => send_ended(&mut done, settings, id, end, now),
        Event::UpdateNow => update_now(&mut done.state, now),
        Event::TryAgain(id) => try_again(&mut done.state, id, now),
        Event::Paused(pause) => {
            done.state.pause = Some(pause);
            done.state.pause_length = pause.until.map(|until| until.duration_since(now));
        }
        Event::Resumed => done.state.pause = None,
        Event::KeyringBack => keyring_back(&mut done.state, now),
        Event::ReleaseLookStarted => done.state.releases.asked = Some(now),
        Event::ReleaseLookEnded(announced) => releases::look_ended(&mut done, announced, now),
        Event::WindowClosed => still_running(&mut done, settings),
    }
    stir::learn_home(&mut done.state, settings);
    stir::tell_elsewhere(&mut done, settings);
    done.is_fleeting &= done.notices.is_empty();
    done
}

/// Requests whose end was never noted may have been processed: they are unconfirmed, and wait like a time-out.
fn started(done: &mut Recorded, settings: &Settings, now: Timestamp) {
    for source in done.state.sources.values_mut() {
        source.asked = None;
        source.overtaken = false;
    }
    // This machine may have been carried elsewhere meanwhile.
    done.state.sources.retain(|source, _| source.origin != Origin::Interface);
    done.state.network = Reading::Unread;
    look_again(&mut done.state, now);
    for at in done.state.entries.values_mut() {
        at.live.asked = None;
        at.live.overtaken = false;
    }
    let interrupted: Vec<EntryId> =
        done.state.entries.iter().filter(|(_, at)| at.in_flight.is_some()).map(|(id, _)| *id).collect();
    for id in interrupted {
        send_ended(done, settings, id, SendEnd::Failed(Trouble::Unconfirmed), now);
    }
    follow_settings(&mut done.state, settings, &BTreeSet::new(), now);
    done.state.releases.asked = None;
    releases::follow_settings(&mut done.state, settings);
}

/// A clock that was set back leaves waits that end too far ahead. Nothing is ever shortened below the longest wait
/// that its cause can have. What no longer is to be sent is no trouble any more, once its wait is over.
fn tick(state: &mut State, settings: &Settings, now: Timestamp) {
    stir::heal(state, now);
    releases::heal(state, now);
    for at in state.entries.values_mut() {
        at.correct(|at| heal(at, now));
    }
    for source in state.sources.values_mut() {
        let latest = now + jittered(settings.interval, LONGEST_CHANCE);
        source.next = source.next.map(|next| next.min(latest));
    }
    let settled: Vec<EntryId> = settings
        .entries
        .iter()
        .filter(|entry| nothing_left_to_try(settings, entry, state, now))
        .map(|entry| entry.id)
        .collect();
    for id in settled {
        state.entries.entry(id).or_default().trouble = None;
    }
    if let (Some(Pause { until: Some(until) }), Some(length)) = (&mut state.pause, state.pause_length) {
        *until = (*until).min(now + length);
    }
    if !state.is_paused(now) {
        state.pause = None;
    }
}

fn heal(at: &mut EntryState, now: Timestamp) {
    dns::heal(&mut at.live, now);
    for then in &mut at.changes {
        *then = (*then).min(now);
    }
    if let Some(trouble) = &mut at.trouble {
        trouble.retry_at = trouble.retry_at.min(now + trouble.trouble.longest_delay());
        trouble.since = trouble.since.min(now);
        trouble.last = trouble.last.min(now);
    }
}

/// Whether an entry's wait is over and every source tells what the service holds already.
fn nothing_left_to_try(settings: &Settings, entry: &Entry, state: &State, now: Timestamp) -> bool {
    let could_tell = |family| {
        let found = outcome(settings, state, entry, family);
        matches!(found, Outcome::Publish { .. } | Outcome::NoAddress)
    };
    state.entries.get(&entry.id).is_some_and(|at| {
        at.trouble.as_ref().is_some_and(|trouble| trouble.retry_at <= now)
            && at.in_flight.is_none()
            && entry.protocol.families().all(could_tell)
            && !detected(settings, entry, state).is_empty()
            && unpublished(settings, entry, at, state).is_none()
    })
}

/// Makes all look-ups due, except those that have just been made.
fn look_again(state: &mut State, now: Timestamp) {
    for source in state.sources.values_mut() {
        let just_asked = source.last.as_ref().is_some_and(|seen| (now - JUST_ASKED..=now).contains(&seen.at));
        if !just_asked {
            source.next = None;
        }
    }
}

fn update_now(state: &mut State, now: Timestamp) {
    look_again(state, now);
    state.stirs.recent.clear();
    for at in state.entries.values_mut() {
        hasten(at, now);
    }
}

fn try_again(state: &mut State, id: EntryId, now: Timestamp) {
    look_again(state, now);
    if let Some(at) = state.entries.get_mut(&id) {
        at.halt = None;
        at.person_waits = true;
        hasten(at, now);
    }
}

/// A person who asks needn't wait as long as the program by itself.
fn hasten(at: &mut EntryState, now: Timestamp) {
    at.changes.clear();
    dns::acted_on(&mut at.live, now);
    if let Some(trouble) = &mut at.trouble {
        let earliest = trouble.last + trouble.trouble.shortest_delay_when_asked();
        trouble.retry_at = trouble.retry_at.min(earliest);
    }
}

/// Said once: a program that goes on unseen is no surprise the second time.
fn still_running(done: &mut Recorded, settings: &Settings) {
    if settings.enabled().next().is_some() && !std::mem::replace(&mut done.state.told_still_running, true) {
        done.notices.push(Notice::Program(ProgramNotice::StillRunning));
    }
}

/// Only the keyring was in the way: there is no reason to wait on.
fn keyring_back(state: &mut State, now: Timestamp) {
    for trouble in state.entries.values_mut().filter_map(|at| at.trouble.as_mut()) {
        if trouble.trouble.is_keyring() {
            trouble.retry_at = now;
        }
    }
}
