//! DNS checks: a record is live, on its way, changed by somebody else, or unknown.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};

use super::look_up::look_again;
use super::recorded::Recorded;
use crate::observe::dns::{DnsAnswer, DnsProblem, Live, LiveState, Repair};
use crate::settings::{Entry, Settings};
use crate::state::State;
use crate::state::entry::EntryState;
use crate::state::notice::{Cause, Notice};
use crate::types::address::{Addresses, Family, PerFamily, PublicAddress};
use crate::types::backoff::{LONGEST_CHANCE, dns_delay, jittered};
use crate::types::cow_arc::CowArc;
use crate::types::entry_id::EntryId;
use crate::types::moment::Moment;

/// The time that an accepted update may take to reach all of the zone's name servers.
const ON_ITS_WAY: SignedDuration = SignedDuration::from_mins(10);
/// The time between two checks while nothing is on its way.
const NOW_AND_THEN: SignedDuration = SignedDuration::from_hours(6);
/// The time before the second look at a record that seems to be somebody else's. Only then is it reported.
const ONCE_MORE: SignedDuration = SignedDuration::from_secs(30);

/// Notes that the service accepted the addresses `sent`, of which `new` are new to it. The name servers are asked
/// from now on.
pub(super) fn accepted(live: &mut LiveState, sent: Addresses, new: Addresses, now: Timestamp) {
    for family in sent.iter().map(PublicAddress::family) {
        if live.is_to_repair(family) {
            *live.repairs.get_mut(family) = Repair::Done;
        }
    }
    for address in new.iter() {
        *live.repairs.get_mut(address.family()) = Repair::None;
    }
    live.superseded = live.asked.is_some();
    live.looks = 0;
    live.accepted = Some(now);
    live.next = Some(now);
    for address in sent.iter() {
        *live.records.get_mut(address.family()) = Live::Pending;
    }
}

/// Notes that a person acted: each record may be repaired once more.
pub(super) fn acted_on(live: &mut LiveState, now: Timestamp) {
    live.repairs = PerFamily::default();
    if live.next.is_some() {
        live.next = Some(now);
    }
}

/// Notes that a person changed the entry. Name servers that are being asked may be asked for other records than those
/// that are kept now.
pub(super) fn key_changed(live: &mut LiveState, now: Timestamp) {
    live.superseded = live.asked.is_some();
    acted_on(live, now);
}

/// The longest wait between two checks.
pub(super) fn longest_wait() -> SignedDuration {
    jittered(NOW_AND_THEN, LONGEST_CHANCE)
}

pub(super) fn ended(
    done: &mut Recorded,
    settings: &Settings,
    id: EntryId,
    answer: &DnsAnswer,
    now: Timestamp,
) {
    let chance = done.state.draw();
    let (Some(entry), Some(at)) = (settings.entry(id), done.state.entries.get_mut(&id)) else {
        return;
    };
    if at.live.asked.take().is_none() || std::mem::take(&mut at.live.superseded) {
        return;
    }
    at.live.looks = at.live.looks.saturating_add(1);
    let (before, repairs_before) = (at.live.records.clone(), at.live.repairs);
    read(entry, at, answer, now);
    let newly_live = Family::BOTH.into_iter().filter(|family| {
        *before.get(*family) == Live::Pending && matches!(at.live.records.get(*family), Live::Live { .. })
    });
    let newly_live = newly_live.filter_map(|family| *at.published_addresses().get(family));
    done.notices.extend(newly_live.map(|address| Notice::of(entry, Cause::Live { address })));
    let any_foreign = at.live.foreign().is_some();
    let wait = next_wait(&before, &at.live, now);
    at.live.next = Some(now.later(jittered(wait, chance)));
    let was_foreign = |family: &Family| matches!(before.get(*family), Live::Foreign { .. });
    let was_any_foreign = Family::BOTH.iter().any(was_foreign);
    // Without an answer a foreign record stays as it was seen, which is no second look.
    let is_second_look = matches!(answer, DnsAnswer::Records(_));
    let still_foreign: Vec<Family> = Family::BOTH
        .into_iter()
        .filter(|family| is_second_look && was_foreign(family) && at.live.is_foreign(*family))
        .collect();
    for family in Family::BOTH {
        if *at.live.repairs.get(family) == Repair::Due && !at.live.is_foreign(family) {
            // It was put right by somebody else, or by a request of ours that was never answered.
            *at.live.repairs.get_mut(family) = Repair::Done;
        }
    }
    if any_foreign && !was_any_foreign {
        // It may be this line's own new address, published by another updater.
        look_again(&mut done.state, now);
    }
    if let Some(there) = changed_elsewhere(&mut done.state, id, &still_foreign) {
        done.notices.push(Notice::of(entry, Cause::ChangedElsewhere { there }));
    }
    // That what was sent has arrived is seen again after a power cut. What concerns others must not be forgotten, nor
    // how an unanswered update ended.
    let is_as_expected = |at: &CowArc<EntryState>| {
        let is_own = !any_foreign && !was_any_foreign && at.may_hold == Addresses::default();
        at.live.repairs == repairs_before && (is_own || at.live.records == before)
    };
    done.is_ephemeral = done.state.entries.get(&id).is_some_and(is_as_expected);
}

/// The wait before the next check. A record that can't be verified is looked at once more, and then as rarely as one
/// that is live: port 53 may be blocked, or an alias may lead elsewhere, and both last. The second look at a record that
/// seems to be somebody else's is made soon, and ever later where name servers are silent since the first.
fn next_wait(before: &PerFamily<Live>, live: &LiveState, now: Timestamp) -> SignedDuration {
    let any = |holds: &dyn Fn(Family) -> bool| Family::BOTH.into_iter().any(holds);
    let cant_verify =
        |records: &PerFamily<Live>, family: Family| matches!(records.get(family), Live::CantVerify { .. });
    let to_confirm = Family::BOTH.into_iter().filter_map(|family| match live.records.get(family) {
        Live::Foreign { since, .. } if *live.repairs.get(family) == Repair::None => Some(*since),
        _ => None,
    });
    if let Some(since) = to_confirm.max() {
        now.duration_since(since).clamp(ONCE_MORE, NOW_AND_THEN)
    } else if live.foreign().is_some() {
        NOW_AND_THEN
    } else if any(&|family| *live.records.get(family) == Live::Pending) {
        dns_delay(live.looks)
    } else if any(&|family| cant_verify(&live.records, family) && !cant_verify(before, family)) {
        ONCE_MORE
    } else {
        NOW_AND_THEN
    }
}

/// Notes records that somebody else changed, as a second look confirmed. Each is repaired once. Returns the addresses
/// there if they are to be reported, which happens once.
fn changed_elsewhere(state: &mut State, id: EntryId, families: &[Family]) -> Option<String> {
    let live = &mut state.entries.get_mut(&id)?.live;
    let is_told = live.repairs != PerFamily::default();
    let mut is_due = false;
    for family in families {
        let repair = live.repairs.get_mut(*family);
        if *repair == Repair::None {
            *repair = Repair::Due;
            is_due = true;
        }
    }
    (is_due && !is_told).then(|| live.foreign().unwrap_or_default().to_owned())
}

/// Compares each record that the entry keeps with the address that the service accepted.
fn read(entry: &Entry, at: &mut EntryState, answer: &DnsAnswer, now: Timestamp) {
    let is_young = at.live.accepted.is_some_and(|then| (then..then.later(ON_ITS_WAY)).contains(&now));
    let checked: Vec<Family> = at.families_to_check(entry.records).collect();
    for family in Family::BOTH {
        let published = at.published.get(family).filter(|_| checked.contains(&family));
        let record = at.live.records.get_mut(family);
        let Some(published) = published else {
            *record = Live::Unknown;
            continue;
        };
        // A request of ours that was never answered may have put it there.
        let is_ours = |there: &IpAddr| at.may_hold.get(family).is_some_and(|held| held.ip() == *there);
        let was_live = matches!(record, Live::Live { .. } | Live::Foreign { .. });
        *record = match answer.records(family) {
            Some([only]) if *only == published.address.ip() => match record {
                Live::Live { since } => Live::Live { since: *since },
                _ => Live::Live { since: now },
            },
            Some([only]) if is_ours(only) => Live::Pending,
            Some(_) if !was_live && is_young => Live::Pending,
            // An empty record names nobody: the service itself may have removed it.
            Some([]) => Live::Foreign { there: String::new(), since: foreign_since(record, now) },
            Some(there) => {
                let there: Vec<String> = there.iter().map(ToString::to_string).collect();
                Live::Foreign { there: there.join(","), since: foreign_since(record, now) }
            }
            None => match answer {
                DnsAnswer::CantVerify(DnsProblem::Disagree) if !was_live => Live::Pending,
                DnsAnswer::CantVerify(why) => match record {
                    // A missing answer is no news.
                    Live::Foreign { .. } => record.clone(),
                    _ => Live::CantVerify { why: *why },
                },
                DnsAnswer::Records(_) => Live::Unknown,
            },
        };
    }
}

fn foreign_since(record: &Live, now: Timestamp) -> Timestamp {
    match record {
        Live::Foreign { since, .. } => *since,
        _ => now,
    }
}
