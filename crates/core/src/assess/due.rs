//! The update that is due for one entry: the addresses to send, and the earliest time.

use jiff::Timestamp;

use crate::protocol::dialect::Batching;
use crate::settings::Entry;
use crate::state::entry::EntryState;
use crate::types::address::{Addresses, PublicAddress};
use crate::types::backoff::damping;

/// Those of the `known` addresses that are to be sent: all of them as soon as one isn't certainly held by the service
/// or is to be repaired. Where a service takes one address per request, the first such address alone.
pub fn to_send(entry: &Entry, at: &EntryState, known: Addresses) -> Option<Addresses> {
    let is_to_send =
        |address: &PublicAddress| !at.is_published(*address) || at.live.is_to_repair(address.family());
    let first = known.iter().find(is_to_send)?;
    Some(match entry.dialect.batching {
        Batching::Together => known,
        Batching::OneByOne => Addresses::from_fn(|family| (family == first.family()).then_some(first)),
    })
}

/// The earliest time for a request with the addresses `sending` that must wait, after a failure or because an address
/// keeps changing.
pub fn not_before(at: &EntryState, sending: Addresses, now: Timestamp) -> Option<Timestamp> {
    let retry = at.retry.as_ref().map(|retry| retry.retry_at);
    retry.max(damped_until(at, sending)).filter(|later| *later > now)
}

/// The end of the wait for addresses that keep changing. An address doesn't wait for the other family's changes.
pub fn damped_until(at: &EntryState, sending: Addresses) -> Option<Timestamp> {
    let of = |address: PublicAddress| {
        let changes = || at.changes_of(address.family());
        changes().next_back().map(|last| last + damping(changes().count()))
    };
    // None, no wait, is the least.
    sending.iter().filter(|address| !at.is_published(*address)).map(of).min().flatten()
}
