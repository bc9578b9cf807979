/** An entry's mistake at one field, as `Field` takes it: in words, and with its name in tests. */
import type { Field } from '../../bindings/Field';
import { problem } from '../../texts/codes';
import type { Draft } from './draft.svelte';
import type { EntryDraft } from './entry.svelte';

/** The mistake of `entry`, which is at place `index` in the form. */
export function mistake(draft: Draft, entry: EntryDraft, index: number, field: Field): { error: string | undefined; errorTestid: string } {
  const error = draft.error(entry, field);
  return { error: error && problem(error), errorTestid: `error-${index}-${field}` };
}
