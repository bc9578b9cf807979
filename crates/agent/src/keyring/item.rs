//! The places of secrets in the store.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use dyntray_core::types::entry_id::EntryId;

/// The place of a secret in the store: `7`, or `7.2` for the second one of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Item {
    entry: EntryId,
    slot: Slot,
}

/// Each entry has two places. So a secret for another host or server is written beside the one in use, and the settings
/// say which of them counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Slot {
    First,
    Second,
}

impl Item {
    /// The place of an entry's secret.
    pub(crate) fn new(entry: EntryId, slot: Slot) -> Self {
        Item { entry, slot }
    }

    /// The entry.
    pub(crate) fn entry(self) -> EntryId {
        self.entry
    }

    /// The slot.
    pub(crate) fn slot(self) -> Slot {
        self.slot
    }

    /// The entry's other place.
    pub(crate) fn other(self) -> Self {
        let slot = match self.slot {
            Slot::First => Slot::Second,
            Slot::Second => Slot::First,
        };
        Item { slot, ..self }
    }
}

impl From<EntryId> for Item {
    fn from(entry: EntryId) -> Self {
        Item::new(entry, Slot::First)
    }
}

impl Display for Item {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.slot {
            Slot::First => self.entry.fmt(f),
            Slot::Second => write!(f, "{}.2", self.entry),
        }
    }
}

impl FromStr for Item {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (number, slot) = match text.strip_suffix(".2") {
            Some(number) => (number, Slot::Second),
            None => (text, Slot::First),
        };
        Ok(Item::new(EntryId(number.parse()?), slot))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_read_as_it_is_written_and_has_one_beside_it() {
        let first = Item::from(EntryId(7));
        assert_eq!((first.to_string().as_str(), first.other().to_string().as_str()), ("7", "7.2"));
        assert_eq!(first.other().other(), first);
        for item in [first, first.other()] {
            assert_eq!(item.to_string().parse(), Ok(item));
        }
        assert!("7.3".parse::<Item>().is_err() && "x".parse::<Item>().is_err());
    }
}
