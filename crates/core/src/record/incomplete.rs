//! Updates that wait for the address of the other family: the beginning and the end of the wait.

use jiff::Timestamp;

use super::event::Event;
use super::recorded::Recorded;
use crate::assess::due::to_send;
use crate::protocol::dialect::Batching;
use crate::settings::{Entry, Settings};
use crate::types::entry_id::EntryId;

/// The entries whose wait an event may begin or end.
pub(super) enum Concerned {
    All,
    One(EntryId),
    None,
}

impl Concerned {
    pub(super) fn by(event: &Event) -> Self {
        match event {
            Event::SendEnded(id, _) => Concerned::One(*id),
            Event::SendStarted(_)
            | Event::LookUpStarted(_)
            | Event::DnsCheckStarted(_)
            | Event::DnsCheckEnded(..)
            | Event::SecretLookStarted(_)
            | Event::SecretLookEnded(..)
            | Event::SecretGone(_)
            | Event::ReleaseLookStarted
            | Event::ReleaseLookEnded(_)
            | Event::WindowClosed
            | Event::TrayKnown => Concerned::None,
            _ => Concerned::All,
        }
    }
}

/// Notes since when an update waits for the address of the other family, and forgets that once it doesn't.
pub(super) fn follow(done: &mut Recorded, settings: &Settings, concerned: &Concerned, now: Timestamp) {
    match concerned {
        Concerned::All => settings.entries.iter().for_each(|entry| follow_one(done, entry, now)),
        Concerned::One(id) => settings.entry(*id).into_iter().for_each(|entry| follow_one(done, entry, now)),
        Concerned::None => {}
    }
}

fn follow_one(done: &mut Recorded, entry: &Entry, now: Timestamp) {
    let Some(at) = done.state.entries.get(&entry.id) else { return };
    let kind = done.assessment.kind(entry);
    let may_wait = entry.enabled
        && entry.dialect.batching == Batching::AlwaysBoth
        && kind.outcomes().any(|outcome| outcome.address().is_none());
    let waits = may_wait && to_send(entry, at, &done.state, kind).is_some_and(|due| due.waits_for.is_some());
    if waits == at.incomplete_since.is_some() {
        return;
    }
    if let Some(at) = done.state.entries.get_mut(&entry.id) {
        at.incomplete_since = waits.then_some(now);
        // A program that ends after every update must not wait anew each time.
        done.is_ephemeral = false;
    }
}
