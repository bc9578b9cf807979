/** The choice and the order of many entries. It runs for every snapshot, so no step is more than linear. */
import type { EntryId } from '../../bindings/EntryId';
import type { EntryStatus } from '../../bindings/EntryStatus';
import type { Mood } from '../../bindings/Mood';
import { published } from '../../parts/published';
import { status as statusOf } from '../../texts/codes';
import { matcher } from '../../texts/search';
import { reason } from './in-short';

/** The moods, the worst first, as in the tray: `Mood` in the core is in the reverse order. */
export const worstFirst = ['needsYou', 'paused', 'waiting', 'working', 'fine', 'empty'] as const satisfies Mood[];

/** A search in the list. */
export interface Asked {
  words: string;
  mood: Mood | null;
}

/** The moods of open cards when they were opened: an open card stays in its place. */
type Opened = ReadonlyMap<EntryId, Mood>;

/** The number of entries of each mood. */
export function counted(entries: EntryStatus[]): Record<Mood, number> {
  const counts: Record<Mood, number> = { needsYou: 0, paused: 0, waiting: 0, working: 0, fine: 0, empty: 0 };
  for (const { mood } of entries) counts[mood] += 1;
  return counts;
}

/** The entries found, the worst first, and equal ones as in the form. */
export function arranged(entries: EntryStatus[], { words, mood }: Asked, opened: Opened): EntryStatus[] {
  const matches = matcher(words);
  const isSearched = words.trim() !== '';
  const places: Record<Mood, EntryStatus[]> = { needsYou: [], paused: [], waiting: [], working: [], fine: [], empty: [] };
  for (const entry of entries) {
    const as = opened.get(entry.id) ?? entry.mood;
    if (mood !== null && entry.mood !== mood && as !== mood) continue;
    if (isSearched && !matches(told(entry))) continue;
    places[as].push(entry);
  }
  return worstFirst.flatMap((of) => places[of]);
}

/** The entries that open by themselves, because they need the person. */
export const openedAtFirst = (entries: EntryStatus[]): [EntryId, Mood][] =>
  entries.filter(({ mood }) => mood === 'needsYou').slice(0, 3).map(({ id, mood }) => [id, mood]);

/** The words that an entry is found by. */
const told = (entry: EntryStatus): string => [entry.hostname, ...published(entry), statusOf(entry.status), reason(entry)].join(' ');
