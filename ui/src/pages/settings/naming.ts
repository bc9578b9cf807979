/** What an entry of the form is called. */
import { t } from '../../texts/texts.svelte';
import type { EntryDraft } from './entry.svelte';

/** Its host name, or while there is none, its place. */
export const nameOf = (entry: EntryDraft, index: number): string =>
  entry.form.hostname.trim() || t(entry.id === null ? 'entry-new' : 'entry-heading', { number: index + 1 });
