//! Folds one event into the state, and says which notices and history items it raised.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::address::Addresses;
use crate::decide::{detected, unpublished};
use crate::notice::{Cause, Notice};
use crate::observation::Observation;
use crate::reply::{Accepted, HaltReason, Verdict};
use crate::request::UpdateRequest;
use crate::retry::{LONGEST_CHANCE, Trouble, jittered, look_up_delay};
use crate::settings::{Entry, EntryId, Settings, Source};
use crate::state::{
    Attempt, EntryState, Halt, LastReply, Overtaken, Pause, Published, Sighting, SourceState, State, Subject,
    TroubleState,
};

/// Trouble is told when it lasts longer than this.
const LASTING: SignedDuration = SignedDuration::from_hours(1);
/// So many `nochg` within [`NOCHG_SPAN`] mean another updater.
const NOCHG_LIMIT: usize = 3;
/// The span in which `nochg` answers are counted.
const NOCHG_SPAN: SignedDuration = SignedDuration::from_hours(24);
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
    let mut done = Recorded { state, ..Recorded::default() };
    match event {
        Event::Started => started(&mut done, settings, now),
        Event::Tick => tick(&mut done.state, settings, now),
        Event::SettingsChanged { new_secrets } => {
            follow_settings(&mut done.state, settings, &new_secrets, now);
            look_again_with_other_settings(&mut done.state);
        }
        Event::LookUpStarted(source) => look_up_started(&mut done.state, source, now),
        Event::LookUpEnded(source, seen) => look_up_ended(&mut done.state, settings, source, seen, now),
        Event::SendStarted(request) => send_started(&mut done.state, &request, now),
        Event::SendEnded(id, end) => send_ended(&mut done, settings, id, end, now),
        Event::UpdateNow => update_now(&mut done.state, now),
        Event::TryAgain(id) => try_again(&mut done.state, id, now),
        Event::Paused(pause) => {
            done.state.pause = Some(pause);
            done.state.pause_length = pause.until.map(|until| until.duration_since(now));
        }
        Event::Resumed => done.state.pause = None,
        Event::KeyringBack => keyring_back(&mut done.state, now),
    }
    done
}

/// Requests whose end was never noted may have been processed: they are unconfirmed, and wait like a time-out.
fn started(done: &mut Recorded, settings: &Settings, now: Timestamp) {
    for source in done.state.sources.values_mut() {
        source.asked = None;
        source.overtaken = false;
    }
    look_again(&mut done.state, now);
    let interrupted: Vec<EntryId> =
        done.state.entries.iter().filter(|(_, at)| at.in_flight.is_some()).map(|(id, _)| *id).collect();
    for id in interrupted {
        send_ended(done, settings, id, SendEnd::Failed(Trouble::Unconfirmed), now);
    }
    follow_settings(&mut done.state, settings, &BTreeSet::new(), now);
}

/// A clock that was set back leaves waits that end too far ahead. Nothing is ever shortened below the longest wait
/// that its cause can have. What no longer is to be sent is no trouble any more, once its wait is over.
fn tick(state: &mut State, settings: &Settings, now: Timestamp) {
    for source in state.sources.values_mut() {
        let latest = now + jittered(settings.interval, LONGEST_CHANCE);
        source.next = source.next.map(|next| next.min(latest));
    }
    for trouble in state.entries.values_mut().filter_map(|at| at.trouble.as_mut()) {
        trouble.retry_at = trouble.retry_at.min(now + trouble.trouble.longest_delay());
        trouble.since = trouble.since.min(now);
        trouble.last = trouble.last.min(now);
    }
    let settled: Vec<EntryId> = settings
        .entries
        .iter()
        .filter(|entry| nothing_left_to_try(entry, state, now))
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

/// Whether an entry's wait is over and every source tells what the service holds already.
fn nothing_left_to_try(entry: &Entry, state: &State, now: Timestamp) -> bool {
    let could_tell = |source| {
        let seen = state.observation(source);
        matches!(seen, Some(Observation::Known { .. } | Observation::NoAddress))
    };
    state.entries.get(&entry.id).is_some_and(|at| {
        at.trouble.as_ref().is_some_and(|trouble| trouble.retry_at <= now)
            && at.in_flight.is_none()
            && entry.sources().all(could_tell)
            && !detected(entry, state).is_empty()
            && unpublished(entry, at, state).is_none()
    })
}

fn follow_settings(state: &mut State, settings: &Settings, new_secrets: &BTreeSet<EntryId>, now: Timestamp) {
    state.entries.retain(|id, at| settings.entry(*id).is_some() || at.in_flight.is_some());
    for entry in &settings.entries {
        let at = state.entries.entry(entry.id).or_default();
        let new_secret = new_secrets.contains(&entry.id);
        follow_subject(at, Subject::of(entry), new_secret);
        if new_secret {
            at.secret_saved = Some(now);
            at.secret_accepted = None;
        }
        state.last_entry = state.last_entry.max(entry.id.0);
    }
    let needed: BTreeSet<Source> = settings.entries.iter().flat_map(Entry::sources).collect();
    state.sources.retain(|source, at| needed.contains(source) || at.asked.is_some());
}

/// Other settings may mean another web resolver.
fn look_again_with_other_settings(state: &mut State) {
    for source in state.sources.values_mut() {
        source.next = None;
        source.failures = 0;
        source.overtaken = source.asked.is_some();
    }
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

/// Another host or server is another story; any other change by the person ends a halt and a wait.
fn follow_subject(at: &mut EntryState, subject: Subject, new_secret: bool) {
    let Some(old) = at.subject.replace(subject.clone()) else {
        return;
    };
    let other_login = old.login != subject.login || new_secret;
    let overtaken = if old.hostname != subject.hostname || old.server != subject.server {
        *at = EntryState {
            subject: Some(subject),
            in_flight: at.in_flight.take(),
            secret_saved: at.secret_saved,
            ..EntryState::default()
        };
        Overtaken::ByHost
    } else if old != subject || new_secret {
        at.halt = None;
        at.trouble = None;
        if other_login { Overtaken::ByLogin } else { Overtaken::No }
    } else {
        return;
    };
    if let Some(attempt) = &mut at.in_flight {
        attempt.overtaken = attempt.overtaken.max(overtaken);
    }
}

fn look_up_started(state: &mut State, source: Source, now: Timestamp) {
    let at = state.sources.entry(source).or_default();
    at.asked = Some(now);
    at.overtaken = false;
}

fn look_up_ended(state: &mut State, settings: &Settings, source: Source, seen: Observation, now: Timestamp) {
    let chance = state.draw();
    let at = state.sources.entry(source).or_default();
    at.asked = None;
    if std::mem::take(&mut at.overtaken) {
        // What another resolver may have said doesn't count; this one is asked at once.
        return;
    }
    let had_failed = at.failures > 0;
    let wait = match &seen {
        Observation::Unavailable { why } if why.was_not_asked() => {
            at.failures = at.failures.saturating_add(1);
            look_up_delay(at.failures, settings.interval, chance)
        }
        Observation::Known { .. } | Observation::NoAddress | Observation::Unavailable { .. } => {
            at.failures = 0;
            jittered(settings.interval, chance)
        }
    };
    at.next = Some(now + wait);
    at.last = Some(Sighting { observation: seen, at: now });
    let is_back = had_failed && at.failures == 0;
    if is_back {
        ask_the_others_again(state);
    }
    meet(state);
}

/// Sources on their regular round are asked together, or a reconnect's two new addresses would go out in two
/// requests, the first of them with an old one.
fn meet(state: &mut State) {
    let is_on_its_round = |at: &SourceState| at.failures == 0 && at.asked.is_none() && at.last.is_some();
    let round = state.sources.values().filter(|at| is_on_its_round(at)).filter_map(|at| at.next).max();
    for at in state.sources.values_mut().filter(|at| is_on_its_round(at) && at.next.is_some()) {
        at.next = round;
    }
}

/// The line is back, so other sources may be, too: ask them before anything is sent, not seconds after.
fn ask_the_others_again(state: &mut State) {
    for at in state.sources.values_mut().filter(|at| at.failures > 0) {
        at.next = None;
    }
}

fn send_started(state: &mut State, request: &UpdateRequest, now: Timestamp) {
    state.entries.entry(request.entry).or_default().in_flight = Some(Attempt {
        server: request.server.authority(),
        addresses: request.addresses,
        since: now,
        overtaken: Overtaken::No,
    });
}

fn send_ended(done: &mut Recorded, settings: &Settings, id: EntryId, end: SendEnd, now: Timestamp) {
    let chance = done.state.draw();
    let Some(at) = done.state.entries.get_mut(&id) else {
        return;
    };
    let Some(attempt) = at.in_flight.take() else {
        return;
    };
    let Some(entry) = settings.entry(id) else {
        done.state.entries.remove(&id);
        return;
    };
    match attempt.overtaken {
        Overtaken::ByHost => return,
        Overtaken::ByLogin if end.refuses_login() => return,
        Overtaken::ByLogin | Overtaken::No => {}
    }
    if end.may_have_published() {
        for address in attempt.addresses.iter() {
            if at.published_addresses().get(address.family()) != &Some(address) {
                *at.may_hold.get_mut(address.family()) = Some(address);
            }
        }
    }
    if let SendEnd::Answered(verdict) = &end {
        let accepted = if let Verdict::Accepted(how) = verdict { Some(*how) } else { None };
        at.last_reply = Some(LastReply { at: now, accepted, sent: attempt.addresses.to_string() });
    }
    let (what, causes) = match end {
        SendEnd::Answered(Verdict::Accepted(how)) => {
            if attempt.overtaken == Overtaken::No {
                at.secret_accepted = Some(now);
            }
            accepted(at, how, attempt.addresses, now)
        }
        SendEnd::Answered(Verdict::Halt(reason)) => halted(at, reason, now),
        SendEnd::NoSecret => halted(at, HaltReason::SecretMissing, now),
        SendEnd::Answered(Verdict::Trouble(trouble)) | SendEnd::Failed(trouble) => {
            troubled(at, trouble, chance, now)
        }
    };
    let hostname = entry.hostname.to_string();
    done.notices.extend(causes.into_iter().map(|cause| Notice {
        entry: id,
        hostname: hostname.clone(),
        login: entry.login.kind(),
        cause,
    }));
    done.history.push(HistoryItem {
        at: now,
        entry: id,
        hostname,
        addresses: attempt.addresses.to_string(),
        what,
    });
}

fn accepted(at: &mut EntryState, how: Accepted, sent: Addresses, now: Timestamp) -> (Happening, Vec<Cause>) {
    at.halt = None;
    at.trouble = None;
    let is_our_own_doing = sent.iter().all(|address| at.may_have_published(address));
    for address in sent.iter() {
        *at.may_hold.get_mut(address.family()) = None;
        let published = at.published.get_mut(address.family());
        if published.is_none_or(|before| before.address != address) {
            *published = Some(Published { address, at: now });
        }
    }
    let mut causes = vec![Cause::Published { addresses: at.published_addresses() }];
    if suspects_another_updater(at, how == Accepted::NoChange && !is_our_own_doing, now) {
        causes.push(Cause::AnotherUpdater);
    }
    (Happening::Accepted { how }, causes)
}

/// Notes whether somebody else had published the address, and says whether to tell of it: once, until a whole day
/// was quiet.
fn suspects_another_updater(at: &mut EntryState, was_there_already: bool, now: Timestamp) -> bool {
    for then in &mut at.nochg {
        *then = (*then).min(now);
    }
    at.nochg.retain(|then| *then + NOCHG_SPAN > now);
    if at.nochg.is_empty() {
        at.told_nochg = false;
    }
    if was_there_already {
        at.nochg.push(now);
    }
    let tell = at.nochg.len() >= NOCHG_LIMIT && !at.told_nochg;
    at.told_nochg |= tell;
    tell
}

fn halted(at: &mut EntryState, reason: HaltReason, now: Timestamp) -> (Happening, Vec<Cause>) {
    at.trouble = None;
    at.halt = Some(Halt { reason: reason.clone(), at: now });
    (Happening::Halted { reason: reason.clone() }, vec![Cause::Halted { reason }])
}

fn troubled(at: &mut EntryState, trouble: Trouble, chance: u64, now: Timestamp) -> (Happening, Vec<Cause>) {
    let before = at.trouble.take();
    let before = before.as_ref();
    let is_keyring = trouble.is_keyring();
    let failures =
        before.filter(|b| trouble.continues(&b.trouble)).map_or(0, |b| b.failures).saturating_add(1);
    let since = before.filter(|b| b.trouble.is_keyring() == is_keyring).map_or(now, |b| b.since.min(now));
    // The keyring and the network are two causes, each told once.
    let told = before.is_some_and(|b| b.told);
    let told_keyring = before.is_some_and(|b| b.told_keyring);
    let tell = if is_keyring { !told_keyring } else { !told && now - LASTING >= since };
    at.trouble = Some(TroubleState {
        retry_at: now + trouble.delay(failures, chance),
        told: told || (tell && !is_keyring),
        told_keyring: told_keyring || (tell && is_keyring),
        failures,
        since,
        last: now,
        trouble: trouble.clone(),
    });
    let cause = if is_keyring {
        Cause::Keyring { trouble: trouble.clone() }
    } else {
        Cause::Lasting { trouble: trouble.clone() }
    };
    (Happening::Troubled { trouble }, if tell { vec![cause] } else { Vec::new() })
}

fn update_now(state: &mut State, now: Timestamp) {
    look_again(state, now);
    for at in state.entries.values_mut() {
        hasten(at);
    }
}

fn try_again(state: &mut State, id: EntryId, now: Timestamp) {
    look_again(state, now);
    if let Some(at) = state.entries.get_mut(&id) {
        at.halt = None;
        hasten(at);
    }
}

/// A person who asks needn't wait as long as the program by itself.
fn hasten(at: &mut EntryState) {
    if let Some(trouble) = &mut at.trouble {
        let earliest = trouble.last + trouble.trouble.shortest_delay_when_asked();
        trouble.retry_at = trouble.retry_at.min(earliest);
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
