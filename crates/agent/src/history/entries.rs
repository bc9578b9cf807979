//! The table of the entries' states: a row for each entry.

use std::collections::BTreeMap;

use dyntray_core::state::entry::EntryState;
use dyntray_core::types::cow_arc::CowArc;
use dyntray_core::types::entry_id::EntryId;
use rusqlite::{Connection, Transaction, params};

use super::error::HistoryError;
use super::row;

/// The rows that this process has written; none before its first write, whatever an earlier run left.
#[derive(Default)]
pub(super) struct Rows(Option<BTreeMap<EntryId, CowArc<EntryState>>>);

/// Rows that a transaction has written, or removed where there is no state. They count once it is committed.
pub(super) struct Changes(Vec<(EntryId, Option<CowArc<EntryState>>)>);

impl Rows {
    /// Writes the rows that differ from those in the table.
    pub(super) fn write(
        &self,
        transaction: &Transaction<'_>,
        entries: &BTreeMap<EntryId, CowArc<EntryState>>,
    ) -> Result<Changes, HistoryError> {
        let none = BTreeMap::new();
        let before = self.0.as_ref().unwrap_or(&none);
        if self.0.is_none() {
            transaction.execute("DELETE FROM entry_state", [])?;
        }
        let new = entries.iter().filter(|(id, at)| before.get(id) != Some(at));
        let new = new.map(|(id, at)| (*id, Some(at.clone())));
        let gone = before.keys().filter(|id| !entries.contains_key(id)).map(|id| (*id, None));
        let changes: Vec<(EntryId, Option<CowArc<EntryState>>)> = new.chain(gone).collect();
        let mut write = transaction.prepare(
            "INSERT INTO entry_state (entry, json) VALUES (?1, ?2)
             ON CONFLICT (entry) DO UPDATE SET json = excluded.json",
        )?;
        let mut remove = transaction.prepare("DELETE FROM entry_state WHERE entry = ?1")?;
        for (id, at) in &changes {
            match at {
                Some(at) => write.execute(params![id.0, serde_json::to_string(at)?])?,
                None => remove.execute([id.0])?,
            };
        }
        Ok(Changes(changes))
    }

    /// Takes over the changes of a committed transaction.
    pub(super) fn committed(&mut self, Changes(changes): Changes) {
        let rows = self.0.get_or_insert_default();
        for (id, at) in changes {
            match at {
                Some(at) => rows.insert(id, at),
                None => rows.remove(&id),
            };
        }
    }
}

/// Reads all rows.
pub(super) fn read(connection: &Connection) -> Result<BTreeMap<EntryId, CowArc<EntryState>>, HistoryError> {
    let mut query = connection.prepare("SELECT entry, json FROM entry_state")?;
    let rows = query.query_map([], |row| Ok((EntryId(row.get(0)?), row.get::<_, String>(1)?)))?;
    rows.map(|row| {
        let (id, json) = row?;
        Ok((id, row::read(&json)?))
    })
    .collect()
}
