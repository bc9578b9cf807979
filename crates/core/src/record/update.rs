//! Update requests: accepted, halted, or to be tried again.

use jiff::{SignedDuration, Timestamp};

use super::event::SendEnd;
use super::recorded::{HistoryItem, Recorded, UpdateResult};
use super::{dns, halt};
use crate::observe::finding::Explanation;
use crate::protocol::reply::{Accepted, HaltReason, Verdict};
use crate::protocol::request::UpdateRequest;
use crate::protocol::retryable::RetryableError;
use crate::settings::{Entry, Settings};
use crate::state::entry::{Attempt, EntryState, LastReply, Published, RetryState, Superseded};
use crate::state::notice::{After, Cause, Notice};
use crate::types::address::{Addresses, Family};
use crate::types::entry_id::EntryId;
use crate::types::moment::Moment;

/// The time after which a lasting failure is reported.
const LASTING: SignedDuration = SignedDuration::from_hours(1);
/// The number of `nochg` answers within [`NOCHG_SPAN`] that mean another updater.
const NOCHG_LIMIT: usize = 3;
/// The span in which changes of the address are counted.
const DAMPED_SPAN: SignedDuration = SignedDuration::from_hours(1);
/// The most changes that are counted.
const MOST_CHANGES: usize = 20;
/// The span in which `nochg` answers are counted.
const NOCHG_SPAN: SignedDuration = SignedDuration::from_hours(24);

pub(super) fn started(done: &mut Recorded, settings: &Settings, request: &UpdateRequest, now: Timestamp) {
    let why = settings
        .entry(request.entry)
        .map_or_else(Vec::new, |entry| explained(done, settings, entry, request));
    done.state.entries.entry(request.entry).or_default().in_flight = Some(Box::new(Attempt {
        server: request.server.authority().to_owned(),
        addresses: request.addresses,
        since: now,
        superseded: Superseded::No,
        why,
    }));
}

/// The explanations of all addresses of a request, also of one that goes along for another entry of the same host name.
fn explained(
    done: &Recorded,
    settings: &Settings,
    entry: &Entry,
    request: &UpdateRequest,
) -> Vec<Explanation> {
    let companion = entry.companion.and_then(|id| settings.entry(id));
    let families = Family::BOTH.into_iter().filter_map(|family| {
        let sent = *request.addresses.get(family);
        let keeper =
            if entry.records.covers(family) { Some(entry) } else { companion.filter(|_| sent.is_some()) };
        let explanation = done.assessment.kind(keeper?).explanations.get(family).clone()?;
        Some(Explanation::clone(&Explanation::of_a_request(&explanation, sent)))
    });
    families.collect()
}

pub(super) fn ended(done: &mut Recorded, settings: &Settings, id: EntryId, end: SendEnd, now: Timestamp) {
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
    match attempt.superseded {
        Superseded::ByHost => return,
        Superseded::ByLogin if end.refuses_login() => return,
        Superseded::ByLogin | Superseded::No => {}
    }
    // What went along for another entry of the same host name is that entry's.
    let own =
        Addresses::from_fn(|family| attempt.addresses.get(family).filter(|_| entry.records.covers(family)));
    if end.may_have_published() {
        for address in own.iter() {
            if at.published_addresses().get(address.family()) != &Some(address) {
                *at.may_hold.get_mut(address.family()) = Some(address);
            }
        }
    }
    if let SendEnd::Answered(verdict) = &end {
        let accepted = if let Verdict::Accepted(how) = verdict { Some(*how) } else { None };
        at.last_reply = Some(LastReply { at: now, accepted, sent: attempt.addresses.to_string().into() });
        if attempt.superseded == Superseded::No {
            // What was just used is kept somewhere, whatever became of what was known of it.
            at.secret_saved.get_or_insert(now);
        }
    }
    let (result, causes) = match end {
        SendEnd::Answered(Verdict::Accepted(how)) => {
            if attempt.superseded == Superseded::No {
                at.secret_accepted = Some(now);
            }
            accepted(at, how, own, now)
        }
        SendEnd::Answered(Verdict::Halt(reason)) => halt::begin(at, reason, now),
        SendEnd::NoSecret { keyring } => halt::begin(at, HaltReason::SecretMissing { keyring }, now),
        SendEnd::Answered(Verdict::Retry(error)) | SendEnd::Failed(error) => failed(at, error, chance, now),
    };
    done.notices.extend(causes.into_iter().map(|cause| Notice::of(entry, cause)));
    done.history.push(HistoryItem {
        at: now,
        entry: id,
        hostname: entry.hostname.to_string(),
        addresses: attempt.addresses.to_string(),
        result,
        why: attempt.why,
        repeated: None,
    });
}

fn accepted(
    at: &mut EntryState,
    how: Accepted,
    sent: Addresses,
    now: Timestamp,
) -> (UpdateResult, Vec<Cause>) {
    halt::end(at);
    let was_told_of_failure = at.retry.take().is_some_and(|retry| retry.told || retry.told_keyring);
    let is_our_own_doing = sent.iter().all(|address| at.may_have_published(address));
    let before = at.published_addresses();
    let new =
        Addresses::from_fn(|family| sent.get(family).filter(|address| *before.get(family) != Some(*address)));
    let is_new = !new.is_empty();
    for address in sent.iter() {
        *at.may_hold.get_mut(address.family()) = None;
    }
    for address in new.iter() {
        *at.published.get_mut(address.family()) = Some(Published { address, at: now });
    }
    note_change(&mut at.changes, is_new, now);
    for family in Family::BOTH {
        note_change(at.unchanged.get_mut(family), is_new && new.get(family).is_none(), now);
    }
    let repaired = sent.iter().any(|address| at.live.is_to_repair(address.family()));
    dns::accepted(&mut at.live, sent, new, now);
    let after = match (std::mem::take(&mut at.person_waits), was_told_of_failure, is_new) {
        (true, ..) => After::Deed,
        (false, true, _) => After::Failure,
        (false, false, true) => After::Change,
        (false, false, false) => After::Nothing,
    };
    let mut causes = vec![Cause::Published { addresses: at.published_addresses(), after }];
    if suspects_another_updater(at, how == Accepted::NoChange && !is_our_own_doing && !repaired, now) {
        causes.push(Cause::AnotherUpdater);
    }
    (UpdateResult::Accepted { how }, causes)
}

/// Adds the present to the times of changes where `is_one`, and forgets the old ones.
fn note_change(changes: &mut Vec<Timestamp>, is_one: bool, now: Timestamp) {
    changes.retain(|then| *then <= now && then.later(DAMPED_SPAN) > now);
    if is_one {
        changes.push(now);
        let surplus = changes.len().saturating_sub(MOST_CHANGES);
        changes.drain(..surplus);
    }
}

/// Notes whether somebody else may have published the address. True when that is to be reported: once, until a whole
/// day was quiet.
fn suspects_another_updater(at: &mut EntryState, was_there_already: bool, now: Timestamp) -> bool {
    for then in &mut at.nochg {
        *then = (*then).min(now);
    }
    at.nochg.retain(|then| then.later(NOCHG_SPAN) > now);
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

fn failed(
    at: &mut EntryState,
    error: RetryableError,
    chance: u64,
    now: Timestamp,
) -> (UpdateResult, Vec<Cause>) {
    let before = at.retry.take();
    let before = before.as_ref();
    let is_keyring = error.is_keyring();
    let failures = before.filter(|b| error.continues(&b.error)).map_or(0, |b| b.failures).saturating_add(1);
    let since = before.filter(|b| b.error.is_keyring() == is_keyring).map_or(now, |b| b.since.min(now));
    // The keyring and the network are two causes, each reported once.
    let told = before.is_some_and(|b| b.told);
    let told_keyring = before.is_some_and(|b| b.told_keyring);
    let tell = if is_keyring { !told_keyring } else { !told && now.earlier(LASTING) >= since };
    at.retry = Some(Box::new(RetryState {
        retry_at: now.later(error.delay(failures, chance)),
        told: told || (tell && !is_keyring),
        told_keyring: told_keyring || (tell && is_keyring),
        failures,
        since,
        last: now,
        error: error.clone(),
    }));
    let is_first = before.is_none();
    let cause = match (tell, is_keyring) {
        (true, true) => Some(Cause::Keyring { error: error.clone() }),
        (true, false) => Some(Cause::Lasting { error: error.clone() }),
        (false, _) => is_first.then(|| Cause::Failed { error: error.clone() }),
    };
    (UpdateResult::Failed { error }, cause.into_iter().collect())
}
