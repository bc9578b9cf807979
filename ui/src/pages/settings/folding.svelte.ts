/** The entries of a long form: which are found, shown and open. */
import { untrack } from 'svelte';
import { SvelteSet } from 'svelte/reactivity';
import { portion } from '../../parts/many';
import { matcher } from '../../texts/search';
import type { Draft } from './draft.svelte';
import type { EntryDraft } from './entry.svelte';

/** The kinds of entries that can be filtered. */
export const kinds = ['mistaken', 'unsaved', 'leaving', 'off'] as const;
export type Kind = (typeof kinds)[number];

/** An entry and its place in the form, from 0. */
interface Placed {
  entry: EntryDraft;
  index: number;
}

/** The largest number of entries that open by themselves. */
const most = 10;

/** The entries of one draft as a folded list. */
export class Folding {
  readonly opened = new SvelteSet<number>();
  words = $state('');
  kind = $state<Kind | null>(null);
  /** Grows when the same search is to run again. */
  private round = $state(0);

  constructor(private readonly draft: Draft) {
    this.open(draft.entries.filter((entry) => entry.isUnsaved));
  }

  /** The number of entries of each kind. */
  readonly counts: Record<Kind, number> = $derived.by(() => {
    const counts = { mistaken: 0, unsaved: 0, leaving: 0, off: 0 };
    for (const entry of this.draft.entries) for (const kind of kinds) if (this.is(entry, kind)) counts[kind] += 1;
    return counts;
  });

  /** The entries found. Entries edited since then stay among them, even if they no longer match. */
  readonly found: Placed[] = $derived.by(() => {
    const { words, kind } = this;
    void this.round;
    const matches = matcher(words);
    const placed = this.draft.entries.map((entry, index) => ({ entry, index }));
    return untrack(() => placed.filter(({ entry }) => (kind === null || this.is(entry, kind)) && this.isTold(entry, matches)));
  });

  /** The number of them that have a line; open ones always have one. */
  limit = $derived((void this.words, void this.kind, portion.first as number));
  readonly shown: Placed[] = $derived(this.found.filter(({ entry }, place) => place < this.limit || this.opened.has(entry.key)));

  toggle({ key }: EntryDraft): void {
    if (!this.opened.delete(key)) this.opened.add(key);
  }

  /** Shows an entry, whatever was searched for. */
  reveal(entry: EntryDraft): void {
    this.words = '';
    this.kind = null;
    this.opened.add(entry.key);
  }

  /** Opens the entries with a mistake, whatever was searched for. */
  openMistaken(): void {
    this.kind = null;
    this.round += 1;
    this.open(this.draft.entries.filter((entry) => this.is(entry, 'mistaken')));
  }

  /** Searches again after a save. */
  renew(): void {
    this.round += 1;
  }

  private open(entries: EntryDraft[]): void {
    entries.slice(0, most).forEach(({ key }) => this.opened.add(key));
  }

  private is(entry: EntryDraft, kind: Kind): boolean {
    switch (kind) {
      case 'mistaken':
        return this.draft.mistakes.has(entry.key);
      case 'unsaved':
        return entry.isUnsaved && !entry.isRemoved;
      case 'leaving':
        return entry.isRemoved;
      case 'off':
        return !entry.form.enabled;
    }
  }

  /** True if an entry matches. New entries always do: they may have no name yet. */
  private isTold(entry: EntryDraft, matches: (told: string) => boolean): boolean {
    const { hostname, login, user, server } = entry.form;
    return entry.id === null || this.is(entry, 'mistaken') || matches(`${hostname} ${login === 'account' ? user : ''} ${server}`);
  }
}
