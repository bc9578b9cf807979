//! Many entries in one line: `2 need help · 11 up to date`.

use dyntray_core::present::{EntryStatus, Mood};

use crate::catalogue::Texts;

/// The counted states, the gravest first.
const COUNTED: [(Mood, &str); 6] = [
    (Mood::NeedsYou, "tray-count-needs-you"),
    (Mood::Paused, "tray-count-paused"),
    (Mood::Waiting, "tray-count-waiting"),
    (Mood::Working, "tray-count-working"),
    (Mood::Fine, "tray-count-fine"),
    (Mood::Empty, "tray-count-off"),
];

impl Texts {
    /// How many of `entries` are in which state, the gravest state first.
    pub(super) fn counts<'a>(&self, entries: impl Iterator<Item = &'a EntryStatus>) -> String {
        let moods: Vec<Mood> = entries.map(|entry| entry.mood).collect();
        let counted = COUNTED.into_iter().filter_map(|(mood, id)| {
            let count = moods.iter().filter(|of_entry| **of_entry == mood).count();
            (count > 0).then(|| self.say_count(id, count))
        });
        counted.collect::<Vec<_>>().join(" · ")
    }
}
