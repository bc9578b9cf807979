/** Which of many entries are shown, and in which order. Every snapshot passes through here: no step is more than linear. */
import type { EntryId } from '../../bindings/EntryId';
import type { EntryStatus } from '../../bindings/EntryStatus';
import type { Mood } from '../../bindings/Mood';
import { published } from '../../parts/published';
import { word } from '../../texts/codes';
import { matcher } from '../../texts/search';
import { reason } from './in-short';

/** The worst first, as in the tray: `Mood` in the core counts the other way. */
export const worstFirst = ['needsYou', 'paused', 'waiting', 'working', 'fine', 'empty'] as const satisfies Mood[];

/** What is asked of the list. */
export interface Asked {
  words: string;
  mood: Mood | null;
}

/** The moods of the entries whose cards are open, as they were then: an open card stays where it was opened. */
type Opened = ReadonlyMap<EntryId, Mood>;

/** How many entries there are of each mood. */
export function counted(entries: EntryStatus[]): Record<Mood, number> {
  const counts: Record<Mood, number> = { needsYou: 0, paused: 0, waiting: 0, working: 0, fine: 0, empty: 0 };
  for (const { mood } of entries) counts[mood] += 1;
  return counts;
}

/** The entries that were asked for: the worst first, among equals as in the form. */
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

/** The entries that need the person, as many as are opened without being asked. */
export const openedAtFirst = (entries: EntryStatus[]): [EntryId, Mood][] =>
  entries.filter(({ mood }) => mood === 'needsYou').slice(0, 3).map(({ id, mood }) => [id, mood]);

/** All that an entry is found by. */
const told = (entry: EntryStatus): string => [entry.hostname, ...published(entry), word('status', entry.status.kind), reason(entry)].join(' ');
