/** Names of the form's entries. */
import { t } from '../../texts/texts.svelte';
import type { EntryDraft } from './entry.svelte';

/** An entry's host name, or its place while it has none. */
export const nameOf = (entry: EntryDraft, index: number): string =>
  entry.form.hostname.trim() || t(entry.id === null ? 'entry-new' : 'entry-heading', { number: index + 1 });
