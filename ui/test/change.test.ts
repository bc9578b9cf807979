import { waitFor } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import type { EntryStatus } from '../src/bindings/EntryStatus';
import type { Snapshot } from '../src/bindings/Snapshot';
import type { SnapshotChange } from '../src/bindings/SnapshotChange';
import { changed } from '../src/change';
import { live } from '../src/live.svelte';
import { entryStatus, refusedEntry, snapshot } from './samples';
import { by, open } from './window';

const named = (id: number): EntryStatus => entryStatus({ id, hostname: `home${id}.spdns.de` });
const of = (ids: number[], revision = 1): Snapshot => snapshot(ids.map(named), { revision });

function change(since: number, entries: EntryStatus[], more: Partial<SnapshotChange> = {}): SnapshotChange {
  return { since, snapshot: snapshot(entries, { revision: since + 1, mood: 'needsYou' }), removed: [], order: null, ...more };
}

const ids = (shown: Snapshot | null) => shown?.entries.map(({ id }) => id);

describe('a change of the snapshot', () => {
  test('replaces the entries that differ and leaves the others as they are', () => {
    const before = of([1, 2, 3]);
    const refused = refusedEntry({ id: 2 });
    const after = changed(before, change(1, [refused]));
    expect(ids(after)).toEqual([1, 2, 3]);
    expect(after?.entries[0]).toBe(before.entries[0]);
    expect(after?.entries[1]).toBe(refused);
    expect([after?.revision, after?.mood]).toEqual([2, 'needsYou']);
  });

  test('removes, adds at the end, and takes over another order', () => {
    expect(ids(changed(of([1, 2, 3]), change(1, [named(4)], { removed: [2] })))).toEqual([1, 3, 4]);
    expect(ids(changed(of([1, 2, 3]), change(1, [named(4)], { removed: [2], order: [4, 3, 1] })))).toEqual([4, 3, 1]);
    expect(ids(changed(of([1, 2]), change(1, [], { removed: [1, 2] })))).toEqual([]);
  });

  test('of another snapshot is not made', () => {
    expect(changed(of([1]), change(2, []))).toBeNull();
    expect(changed(of([1], 3), change(2, []))).toBeNull();
  });

  test('of one among thousands keeps all others', () => {
    const many = Array.from({ length: 5000 }, (_, number) => number + 1);
    const before = of(many);
    const after = changed(before, change(1, [refusedEntry({ id: 2500 })]));
    expect(after?.entries.filter((entry, index) => entry !== before.entries[index]).map(({ id }) => id)).toEqual([2500]);
  });
});

describe('the window', () => {
  test('shows what has changed', async () => {
    const { program } = open({ snapshot: of([1, 2]) });
    await by('update-now');
    await waitFor(() => expect(ids(live.snapshot)).toEqual([1, 2]));
    await program.tellChange(change(1, [named(3)]));
    await waitFor(() => expect(ids(live.snapshot)).toEqual([1, 2, 3]));
    expect(program.of('status')).toHaveLength(2);
  });

  test('fetches everything where a change is missing, and passes over one that it has', async () => {
    const { program } = open({ snapshot: of([1, 2], 5) });
    await by('update-now');
    await waitFor(() => expect(live.snapshot?.revision).toBe(5));
    const asked = program.of('status').length;
    await program.tellChange(change(4, [named(9)]));
    expect(program.of('status')).toHaveLength(asked);
    program.snapshot = of([1, 2, 3], 9);
    await program.tellChange(change(7, [named(3)]));
    await waitFor(() => expect(ids(live.snapshot)).toEqual([1, 2, 3]));
    expect(program.of('status')).toHaveLength(asked + 1);
  });
});
