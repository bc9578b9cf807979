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

/// The earliest time for a request that must wait, after a failure or because the address keeps changing.
pub fn not_before(at: &EntryState, now: Timestamp) -> Option<Timestamp> {
    let retry = at.retry.as_ref().map(|retry| retry.retry_at);
    retry.max(damped_until(at)).filter(|later| *later > now)
}

/// The end of the wait for an address that keeps changing.
pub fn damped_until(at: &EntryState) -> Option<Timestamp> {
    at.changes.last().map(|last| *last + damping(at.changes.len()))
}
