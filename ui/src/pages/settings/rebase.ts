/** What is typed, on top of what somebody else has saved meanwhile. The program decides whether the two go together. */
import type { EntryForm } from '../../bindings/EntryForm';

/** The fields that say where an entry's secret goes, and as whose. A typed secret belongs to those that were seen. */
export const leadingTheSecret = ['hostname', 'login', 'user', 'provider', 'server', 'updateUrl'] as const satisfies (keyof EntryForm)[];

/**
 * `typed` was made from `before`, while `saved` was saved elsewhere. Fields that aren't typed follow it, unless they are
 * `bound`. Where both differ, the base stays what it was, so that the program sees it, until the person has.
 */
export function rebased<T extends object>(typed: T, before: T, saved: T, isSeen: boolean, bound: readonly (keyof T)[] = []): { form: T; base: T } {
  const form = { ...saved };
  const base = { ...saved };
  for (const field of Object.keys(saved) as (keyof T)[]) {
    const isChanged = !same(saved[field], before[field]);
    const isTyped = !same(typed[field], before[field]) || (isChanged && bound.includes(field));
    if (!isTyped) continue;
    form[field] = typed[field];
    if (!isSeen) base[field] = before[field];
  }
  return { form, base };
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
