/** What is wrong at a field, as `Field` takes it: in words, and with its name in tests. */
import type { Field } from '../../bindings/Field';
import type { Form } from '../../bindings/Form';
import type { FormField } from '../../bindings/FormField';
import { problem } from '../../texts/codes';
import { newerValue } from './conflicts';
import type { Draft } from './draft.svelte';
import type { EntryDraft } from './entry.svelte';

/** The mistake of `entry`, at place `index` in the form, at one field, or the newer value that was saved there meanwhile. */
export function mistake(draft: Draft, entry: EntryDraft, index: number, field: Field | FormField): { error: string | undefined; errorTestid: string } {
  return { error: said(draft, entry, field), errorTestid: `error-${index}-${field}` };
}

/** The same at a field that is there once. */
export const sharedMistake = (draft: Draft, field: (Field | FormField) & keyof Form): string | undefined => said(draft, null, field);

function said(draft: Draft, entry: EntryDraft | null, field: Field | FormField): string | undefined {
  const error = draft.error(entry, field as Field);
  const conflict = draft.conflict(entry, field as FormField);
  return error ? problem(error) : conflict && newerValue(conflict);
}
