//! The zone's name servers were asked: live, on its way, changed by somebody else, or not to be told.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};

use super::{Recorded, look_again};
use crate::address::{Addresses, Family};
use crate::live::{DnsAnswer, DnsProblem, Live, LiveState, Repair};
use crate::notice::{Cause, Notice};
use crate::retry::{LONGEST_CHANCE, dns_delay, jittered};
use crate::settings::{Entry, EntryId, Settings};
use crate::state::EntryState;

/// An accepted update may take so long to reach all of the zone's name servers.
const ON_ITS_WAY: SignedDuration = SignedDuration::from_mins(10);
/// What is live is looked at now and then.
const NOW_AND_THEN: SignedDuration = SignedDuration::from_hours(6);
/// A record that seems to be somebody else's is looked at once more before it is said.
const ONCE_MORE: SignedDuration = SignedDuration::from_secs(30);

/// The service accepted an address: the name servers are to be asked, beginning at once.
pub(super) fn accepted(live: &mut LiveState, sent: Addresses, now: Timestamp, is_new: bool) {
    if sent.iter().any(|address| live.is_to_repair(address.family())) {
        live.repair = Repair::Done;
    }
    // A repair that couldn't be made yet, for want of an address of its family, stays due.
    if is_new && live.repair == Repair::Done {
        live.repair = Repair::None;
    }
    live.overtaken = live.asked.is_some();
    live.looks = 0;
    live.accepted = Some(now);
    live.next = Some(now);
    for address in sent.iter() {
        *live.records.get_mut(address.family()) = Live::Pending;
    }
}

/// A person acted: what was repaired once may be repaired once more.
pub(super) fn acted_on(live: &mut LiveState, now: Timestamp) {
    live.repair = Repair::None;
    if live.next.is_some() {
        live.next = Some(now);
    }
}

/// A clock that was set back leaves times that lie too far ahead.
pub(super) fn heal(live: &mut LiveState, now: Timestamp) {
    live.next = live.next.map(|next| next.min(now + jittered(NOW_AND_THEN, LONGEST_CHANCE)));
}

pub(super) fn check_ended(
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
    if at.live.asked.take().is_none() || std::mem::take(&mut at.live.overtaken) {
        return;
    }
    at.live.looks = at.live.looks.saturating_add(1);
    let before = at.live.records.clone();
    read(entry, at, answer, now);
    let newly_live = Family::BOTH.into_iter().filter(|family| {
        *before.get(*family) == Live::Pending && matches!(at.live.records.get(*family), Live::Live { .. })
    });
    let newly_live = newly_live.filter_map(|family| *at.published_addresses().get(family));
    done.notices.extend(newly_live.map(|address| Notice::of(entry, Cause::Live { address })));
    let records = [&at.live.records.ipv4, &at.live.records.ipv6];
    let is_foreign = |record: &&Live| matches!(record, Live::Foreign { .. });
    let any_foreign = at.live.foreign().is_some();
    let wait = if any_foreign {
        if is_told(&at.live) { NOW_AND_THEN } else { ONCE_MORE }
    } else if records.iter().all(|record| matches!(record, Live::Live { .. } | Live::Unknown)) {
        NOW_AND_THEN
    } else {
        dns_delay(at.live.looks)
    };
    at.live.next = Some(now + jittered(wait, chance));
    let were = [&before.ipv4, &before.ipv6];
    let was_foreign = were.iter().any(is_foreign);
    // Name servers that tell nothing leave a foreign record as it was seen, which is no second look.
    let is_second_look = matches!(answer, DnsAnswer::Records(_));
    let is_still_foreign =
        is_second_look && were.iter().zip(records).any(|(was, is)| is_foreign(was) && is_foreign(&is));
    if at.live.repair == Repair::Due && !any_foreign {
        // It came right by itself, or by a request whose answer never came.
        at.live.repair = Repair::Done;
    }
    if any_foreign && !was_foreign {
        // It may be this line's own new address, published by another updater.
        look_again(&mut done.state, now);
    }
    if is_still_foreign {
        changed_elsewhere(done, entry);
    }
}

fn is_told(live: &LiveState) -> bool {
    live.repair != Repair::None
}

/// Somebody else changed the record, and a second look said so, too: it is told once and repaired once.
fn changed_elsewhere(done: &mut Recorded, entry: &Entry) {
    let Some(at) = done.state.entries.get_mut(&entry.id) else { return };
    if at.live.repair != Repair::None {
        return;
    }
    at.live.repair = Repair::Due;
    let there = at.live.foreign().unwrap_or_default().to_owned();
    done.notices.push(Notice::of(entry, Cause::ChangedElsewhere { there }));
}

/// Compares each record that the entry keeps with the address that the service accepted.
fn read(entry: &Entry, at: &mut EntryState, answer: &DnsAnswer, now: Timestamp) {
    let is_young = at.live.accepted.is_some_and(|then| (then..then + ON_ITS_WAY).contains(&now));
    for family in Family::BOTH {
        if !entry.protocol.covers(family) {
            *at.live.records.get_mut(family) = Live::Unknown;
            continue;
        }
        let published = *at.published.get(family);
        let record = at.live.records.get_mut(family);
        let Some(published) = published else {
            *record = Live::Unknown;
            continue;
        };
        // A request whose answer never came may have put it there: ours, too.
        let is_ours = |there: &IpAddr| at.may_hold.get(family).is_some_and(|held| held.ip() == *there);
        let was_live = matches!(record, Live::Live { .. } | Live::Foreign { .. });
        *record = match answer.records(family) {
            Some([only]) if *only == published.address.ip() => match record {
                Live::Live { since } => Live::Live { since: *since },
                _ => Live::Live { since: now },
            },
            Some([only]) if is_ours(only) => Live::Pending,
            Some(_) if !was_live && is_young => Live::Pending,
            // Nothing there at all is no somebody: the service itself may have removed it.
            Some([]) => Live::Foreign { there: String::new(), since: foreign_since(record, now) },
            Some(there) => {
                let there: Vec<String> = there.iter().map(ToString::to_string).collect();
                Live::Foreign { there: there.join(","), since: foreign_since(record, now) }
            }
            None => match answer {
                DnsAnswer::CantVerify(DnsProblem::Disagree) if !was_live => Live::Pending,
                DnsAnswer::CantVerify(why) => match record {
                    // What was seen stays seen: not being told is no news.
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
