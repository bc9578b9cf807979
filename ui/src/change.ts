/** Makes a change of the snapshot, as `change.rs` of the core does: with thousands of entries one changes at a time. */
import type { EntryId } from './bindings/EntryId';
import type { Snapshot } from './bindings/Snapshot';
import type { SnapshotChange } from './bindings/SnapshotChange';

/** The snapshot after `change`; null if that is about another one than `before`. Entries that stay are the same objects. */
export function changed(before: Snapshot, change: SnapshotChange): Snapshot | null {
  if (change.since !== before.revision) return null;
  const gone = new Set<EntryId>(change.removed);
  const entries = new Map(before.entries.filter(({ id }) => !gone.has(id)).map((entry) => [entry.id, entry]));
  // A key that is there keeps its place, and a new one comes last.
  for (const entry of change.snapshot.entries) entries.set(entry.id, entry);
  const ordered = change.order?.map((id) => entries.get(id)).filter((entry) => entry !== undefined);
  return { ...change.snapshot, entries: ordered ?? [...entries.values()] };
}
