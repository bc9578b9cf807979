/** Mistakes of entries, as `Field` takes them: in words, and with their names in tests. */
import type { Field } from '../../bindings/Field';
import { problem } from '../../texts/codes';
import type { Draft } from './draft.svelte';
import type { EntryDraft } from './entry.svelte';

/** The mistake of `entry`, at place `index` in the form, at one field. */
export function mistake(draft: Draft, entry: EntryDraft, index: number, field: Field): { error: string | undefined; errorTestid: string } {
  const error = draft.error(entry, field);
  return { error: error && problem(error), errorTestid: `error-${index}-${field}` };
}
