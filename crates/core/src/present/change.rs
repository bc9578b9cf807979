//! The difference between two snapshots. With thousands of entries one changes at a time, and a receiver that has the
//! others needn't be sent them again.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::present::{EntryStatus, Snapshot};
use crate::types::entry_id::EntryId;

/// The change from one snapshot to a later one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct SnapshotChange {
    /// The revision of the snapshot that it changes.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub since: u64,
    /// The later snapshot. Of its entries only those that are new or differ.
    pub snapshot: Snapshot,
    /// The entries that are gone.
    pub removed: Vec<EntryId>,
    /// The order of all entries. None where it is that of before, without those that are gone and with new ones at the end.
    pub order: Option<Vec<EntryId>>,
}

/// The entries and the revision that a receiver has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    revision: u64,
    order: Vec<EntryId>,
}

/// The change is about another snapshot than the one that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtherRevision;

impl Known {
    /// What a receiver of `snapshot` has.
    pub fn of(snapshot: &Snapshot) -> Self {
        Known { revision: snapshot.revision, order: order_of(snapshot) }
    }
}

impl SnapshotChange {
    /// The change from what is `known` to `snapshot`, which is of the same program.
    pub fn since(known: &Known, snapshot: &Snapshot) -> Self {
        let differs = |entry: &&EntryStatus| entry.revision > known.revision;
        let entries: Vec<EntryStatus> = snapshot.entries.iter().filter(differs).cloned().collect();
        let (removed, order) =
            if snapshot.entries.iter().map(|entry| entry.id).eq(known.order.iter().copied()) {
                (Vec::new(), None)
            } else {
                let order = order_of(snapshot);
                let there: BTreeSet<EntryId> = order.iter().copied().collect();
                let (kept, removed): (Vec<EntryId>, Vec<EntryId>) =
                    known.order.iter().partition(|id| there.contains(id));
                let before: BTreeSet<EntryId> = kept.iter().copied().collect();
                let new = entries.iter().map(|entry| entry.id).filter(|id| !before.contains(id));
                let is_expected = kept.iter().copied().chain(new).eq(order.iter().copied());
                (removed, (!is_expected).then_some(order))
            };
        SnapshotChange { since: known.revision, snapshot: snapshot.with_entries(entries), removed, order }
    }

    /// Makes the change to a snapshot.
    ///
    /// # Errors
    /// [`OtherRevision`] if it is about another one, which stays as it is.
    pub fn apply(self, snapshot: &mut Snapshot) -> Result<(), OtherRevision> {
        if self.since != snapshot.revision {
            return Err(OtherRevision);
        }
        let gone: BTreeSet<EntryId> = self.removed.into_iter().collect();
        let mut entries = std::mem::take(&mut snapshot.entries);
        entries.retain(|entry| !gone.contains(&entry.id));
        let mut later = self.snapshot;
        let mut places: Vec<(EntryId, usize)> =
            entries.iter().enumerate().map(|(place, entry)| (entry.id, place)).collect();
        places.sort_unstable();
        for entry in std::mem::take(&mut later.entries) {
            match places.binary_search_by_key(&entry.id, |(id, _)| *id) {
                Ok(found) => entries[places[found].1] = entry,
                Err(_) => entries.push(entry),
            }
        }
        if let Some(order) = self.order {
            let mut ranks: Vec<(EntryId, usize)> =
                order.into_iter().enumerate().map(|(rank, id)| (id, rank)).collect();
            ranks.sort_unstable();
            let rank =
                |id: EntryId| ranks.binary_search_by_key(&id, |(id, _)| *id).map(|at| ranks[at].1).ok();
            entries.sort_by_key(|entry| rank(entry.id));
        }
        *snapshot = Snapshot { entries, ..later };
        Ok(())
    }
}

fn order_of(snapshot: &Snapshot) -> Vec<EntryId> {
    snapshot.entries.iter().map(|entry| entry.id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::Assessment;
    use crate::present::{Mood, refresh};
    use crate::settings::form::{EntryForm, Form, check};
    use crate::state::State;

    /// A program whose entries are seen by a receiver.
    struct Program {
        state: State,
        form: Form,
        snapshot: Snapshot,
        known: Known,
        received: Snapshot,
    }

    fn named(number: u32) -> EntryForm {
        let hostname = format!("home{number}.spdns.de");
        EntryForm { id: Some(EntryId(number)), hostname, ..EntryForm::default() }
    }

    impl Program {
        fn with(count: u32) -> Self {
            let form = Form { entries: (1..=count).map(named).collect(), ..Form::default() };
            let snapshot = Snapshot::default();
            let (known, received) = (Known::of(&snapshot), snapshot.clone());
            let mut program = Program { state: State::default(), form, snapshot, known, received };
            program.step();
            program
        }

        /// Shows what is so now, and hands the change to the receiver. None if there is none.
        fn step(&mut self) -> Option<SnapshotChange> {
            let settings = check(&self.form).expect("valid");
            let assessment = Assessment::of(&settings, &self.state);
            let now = jiff::Timestamp::UNIX_EPOCH;
            let differs = refresh(&mut self.snapshot, &settings, &self.state, &assessment, &[], now);
            let change = SnapshotChange::since(&self.known, &self.snapshot);
            self.known = Known::of(&self.snapshot);
            assert_eq!(differs, change.since != change.snapshot.revision);
            // As it arrives.
            let text = serde_json::to_string(&change).expect("JSON");
            let arrived: SnapshotChange = serde_json::from_str(&text).expect("is read");
            assert_eq!(arrived.apply(&mut self.received), Ok(()));
            let whole = serde_json::to_value(&self.snapshot).expect("JSON");
            assert_eq!(serde_json::to_value(&self.received).expect("JSON"), whole);
            differs.then_some(change)
        }

        fn halt(&mut self, number: u32) {
            let at = jiff::Timestamp::UNIX_EPOCH;
            let halt = crate::state::entry::Halt { reason: crate::protocol::reply::HaltReason::BadAuth, at };
            self.state.entries.entry(EntryId(number)).or_default().halt = Some(halt);
        }
    }

    fn ids(change: &SnapshotChange) -> Vec<u32> {
        change.snapshot.entries.iter().map(|entry| entry.id.0).collect()
    }

    #[test]
    fn a_change_holds_what_differs_and_nothing_else() {
        let mut program = Program::with(9);
        assert_eq!(program.step(), None);
        program.halt(7);
        let change = program.step().expect("a change");
        assert_eq!((ids(&change), change.snapshot.mood), (vec![7], Mood::NeedsYou));
        assert_eq!((change.removed.len(), &change.order), (0, &None));
        program.state.pause = Some(crate::state::Pause { until: None });
        assert_eq!(ids(&program.step().expect("a change")), [1, 2, 3, 4, 5, 6, 8, 9], "the halt stays");
    }

    #[test]
    fn entries_come_go_and_change_places() {
        let mut program = Program::with(5);
        program.form.entries.push(named(6));
        let change = program.step().expect("a change");
        assert_eq!((ids(&change), &change.order), (vec![6], &None));
        program.form.entries.remove(1);
        let change = program.step().expect("a change");
        assert_eq!((ids(&change), change.removed, change.order), (vec![], vec![EntryId(2)], None));
        program.form.entries.reverse();
        program.form.entries.insert(2, named(7));
        program.form.entries.remove(0);
        program.halt(3);
        let change = program.step().expect("a change");
        assert_eq!((ids(&change), &change.removed), (vec![7, 3], &vec![EntryId(6)]));
        assert_eq!(change.order, Some([5, 7, 4, 3, 1].map(EntryId).to_vec()));
        program.form.entries.clear();
        assert_eq!(program.step().expect("a change").removed.len(), 5);
    }

    #[test]
    fn a_change_of_another_snapshot_is_refused_and_changes_nothing() {
        let mut program = Program::with(2);
        program.halt(1);
        let change = program.step().expect("a change");
        let before = program.received.clone();
        assert_eq!(change.apply(&mut program.received), Err(OtherRevision));
        assert_eq!(program.received, before);
    }

    #[test]
    fn with_thousands_of_entries_a_change_of_one_takes_the_bytes_of_one() {
        for count in [2_000, 5_000] {
            let mut program = Program::with(count);
            let length = |value: &Snapshot| serde_json::to_string(value).expect("JSON").len();
            let of_one = length(&program.snapshot.with_entries(program.snapshot.entries[..1].to_vec()));
            for number in [1, count / 2, count] {
                program.halt(number);
                let change = serde_json::to_string(&program.step().expect("a change")).expect("JSON");
                assert!(change.len() < of_one + 300, "{} bytes, of one entry {of_one}", change.len());
            }
            // Ten that change at once are ten.
            (10..20).for_each(|number| program.halt(number));
            let change = serde_json::to_string(&program.step().expect("a change")).expect("JSON");
            assert!(change.len() < 10 * (of_one + 300));
        }
    }
}
