/** An entry in a few words: for its line in a long list, and for the search. */
import type { EntryStatus } from '../../bindings/EntryStatus';
import type { FamilyStatus } from '../../bindings/FamilyStatus';
import type { Next } from '../../bindings/Next';
import { halt, holdReason, lookUpProblem, retryableError, word } from '../../texts/codes';
import { t } from '../../texts/texts.svelte';

/** The reason why an entry isn't up to date, if its state doesn't say that already. */
export function reason({ status, hostname, login, families }: EntryStatus): string {
  switch (status.kind) {
    case 'halted':
      return halt(status.halt.reason, hostname, login).short;
    case 'held':
      return holdReason(status.hold).short;
    case 'troubled':
      return retryableError(status.trouble);
    case 'noAddress':
      return status.why ? lookUpProblem(status.why) : '';
    case 'changedElsewhere':
      return foreign(families);
    default:
      return '';
  }
}

function foreign(families: FamilyStatus[]): string {
  for (const { live } of families)
    if (live.kind === 'foreign') return live.there ? word('live', live) : t('live-foreign-gone');
  return '';
}

/** The time that a line shows, and its meaning. */
type Moment =
  | { kind: 'halted' | 'accepted' | 'live'; at: string }
  | ({ kind: 'next' } & Next)
  | { kind: 'pending' };

/** The time that matters most: of the halt, of the next step, or since when everything is fine. */
export function moment({ status, families, next }: EntryStatus): Moment | null {
  if (status.kind === 'halted') return { kind: 'halted', at: status.halt.at };
  if (status.kind !== 'fine') return next && { kind: 'next', ...next };
  const there = families.filter(({ published }) => published);
  if (there.some(({ live }) => live.kind === 'pending')) return { kind: 'pending' };
  const since = there.flatMap(({ live }) => (live.kind === 'live' ? [live.since] : []));
  if (since.length > 0 && since.length === there.length) return { kind: 'live', at: latest(since) };
  const accepted = there.flatMap(({ published }) => (published ? [published.at] : []));
  return accepted.length > 0 ? { kind: 'accepted', at: latest(accepted) } : null;
}

const latest = (times: string[]): string => times.reduce((one, other) => (Date.parse(one) < Date.parse(other) ? other : one));
