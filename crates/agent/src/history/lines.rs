//! The table of the history's lines. Trouble that repeats itself is one line, and every entry keeps its share.

use std::collections::BTreeMap;

use dyntray_core::record::{HistoryItem, Repeated, UpdateResult};
use dyntray_core::types::entry_id::EntryId;
use jiff::Timestamp;
use rusqlite::{Connection, Row, Transaction, params};

use super::error::HistoryError;

/// The number of lines that are kept.
pub(super) const MAX_LINES: u32 = 10_000;
/// The number of its newest lines that an entry keeps, however many others there are.
pub(super) const MIN_OF_ENTRY: u32 = 30;

/// The number of each entry's lines.
pub(super) struct Lines(BTreeMap<EntryId, u32>);

impl Lines {
    /// Counts the lines in the table.
    pub(super) fn count(connection: &Connection) -> Result<Self, HistoryError> {
        let mut query = connection.prepare("SELECT entry, count(*) FROM history GROUP BY entry")?;
        let counts = query.query_map([], |row| Ok((EntryId(row.get(0)?), row.get(1)?)))?;
        Ok(Lines(counts.collect::<Result<_, _>>()?))
    }

    /// Adds one line. It takes the place of one with the same trouble, unless something else happened since.
    pub(super) fn add(
        &mut self,
        transaction: &Transaction<'_>,
        item: &HistoryItem,
    ) -> Result<(), HistoryError> {
        let what = serde_json::to_string(&item.result)?;
        let mut repeated = item.repeated;
        if is_trouble(&item.result)
            && let Some((id, before)) = same_trouble(transaction, item, &what)?
        {
            transaction.execute("DELETE FROM history WHERE id = ?1", [id])?;
            repeated = Some(Repeated { times: before.times.saturating_add(1), ..before });
        } else {
            *self.0.entry(item.entry).or_default() += 1;
        }
        transaction.execute(
            "INSERT INTO history (at, entry, hostname, addresses, what, why, first, times)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                item.at.to_string(),
                item.entry.0,
                item.hostname,
                item.addresses,
                what,
                serde_json::to_string(&item.why)?,
                repeated.map(|repeated| repeated.first.to_string()),
                repeated.map_or(1, |repeated| repeated.times),
            ],
        )?;
        Ok(())
    }

    /// Removes the oldest lines where there are too many: first those of entries that are gone, then those of the entry that
    /// has most. So an entry's trouble costs its own past, and nobody else's.
    pub(super) fn make_room(
        &mut self,
        transaction: &Transaction<'_>,
        is_there: impl Fn(EntryId) -> bool,
    ) -> Result<(), HistoryError> {
        let mut surplus = self.0.values().sum::<u32>().saturating_sub(MAX_LINES);
        while surplus > 0 {
            let gone = self.0.iter().find(|(id, _)| !is_there(**id)).map(|(id, count)| (*id, *count));
            let has_most = || self.0.iter().max_by_key(|(_, count)| **count).map(|(id, count)| (*id, *count));
            let most = || has_most().filter(|(_, count)| *count > MIN_OF_ENTRY).map(|(id, _)| (id, 1));
            let Some((id, count)) = gone.or_else(most) else { break };
            let count = count.min(surplus);
            transaction.execute(
                "DELETE FROM history WHERE id IN (SELECT id FROM history WHERE entry = ?1 ORDER BY id LIMIT ?2)",
                params![id.0, count],
            )?;
            if let Some(left) = self.0.get_mut(&id) {
                *left = left.saturating_sub(count);
            }
            self.0.retain(|_, left| *left > 0);
            surplus -= count;
        }
        Ok(())
    }
}

fn is_trouble(result: &UpdateResult) -> bool {
    matches!(result, UpdateResult::Failed { .. })
}

/// The line with the same trouble of the same entry as `item`, and what it says of its repetition. None if the entry had
/// anything but trouble since.
fn same_trouble(
    transaction: &Transaction<'_>,
    item: &HistoryItem,
    what: &str,
) -> Result<Option<(i64, Repeated)>, HistoryError> {
    let mut query = transaction.prepare(
        "SELECT id, at, hostname, addresses, what, first, times FROM history WHERE entry = ?1 ORDER BY id DESC",
    )?;
    let mut rows = query.query([item.entry.0])?;
    while let Some(row) = rows.next()? {
        let there: String = row.get(4)?;
        let is_same = there == what
            && row.get::<_, String>(2)? == item.hostname
            && row.get::<_, String>(3)? == item.addresses;
        if is_same {
            let first = match row.get(5)? {
                Some(first) => time(first)?,
                None => time(row.get(1)?)?,
            };
            return Ok(Some((row.get(0)?, Repeated { first, times: row.get(6)? })));
        }
        if !is_trouble(&serde_json::from_str(&there)?) {
            break;
        }
    }
    Ok(None)
}

/// The newest `limit` lines, newest first.
pub(super) fn newest(connection: &Connection, limit: u32) -> Result<Vec<HistoryItem>, HistoryError> {
    // One that can't be written is read as it was left by a program of before.
    let version: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let columns = match version {
        1 => "'[]', NULL, 1",
        2 | 3 => "why, NULL, 1",
        _ => "why, first, times",
    };
    let mut query = connection.prepare(&format!(
        "SELECT at, entry, hostname, addresses, what, {columns} FROM history ORDER BY id DESC LIMIT ?1"
    ))?;
    let mut rows = query.query([limit])?;
    let mut items = Vec::new();
    while let Some(row) = rows.next()? {
        items.push(item(row)?);
    }
    Ok(items)
}

fn item(row: &Row<'_>) -> Result<HistoryItem, HistoryError> {
    let first: Option<String> = row.get(6)?;
    let times = row.get(7)?;
    Ok(HistoryItem {
        at: time(row.get(0)?)?,
        entry: EntryId(row.get(1)?),
        hostname: row.get(2)?,
        addresses: row.get(3)?,
        result: serde_json::from_str(&row.get::<_, String>(4)?)?,
        why: serde_json::from_str(&row.get::<_, String>(5)?)?,
        repeated: first
            .map(|first| Ok::<_, HistoryError>(Repeated { first: time(first)?, times }))
            .transpose()?,
    })
}

#[allow(clippy::needless_pass_by_value, reason = "a column's value is owned")]
fn time(text: String) -> Result<Timestamp, HistoryError> {
    text.parse().map_err(|_| HistoryError::Damaged)
}
