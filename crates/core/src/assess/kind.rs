//! The kinds of entries, by what an outcome depends on.

use crate::settings::{AddressFrom, Entry, Records};
use crate::types::interface_id::InterfaceId;

/// What an outcome depends on of an entry. Thousands of entries are of a few kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kind {
    /// The sources of the addresses.
    pub(super) from: AddressFrom,
    /// The records that are kept.
    pub(super) records: Records,
    /// The device of the IPv6 address; none for this machine.
    pub(super) device: Option<InterfaceId>,
}

impl Kind {
    /// The kind of `entry`.
    pub(super) fn of(entry: &Entry) -> Self {
        Kind { from: entry.from, records: entry.records, device: entry.device }
    }
}
