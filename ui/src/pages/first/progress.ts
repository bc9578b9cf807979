/** The progress of the first update, read from the snapshots after a save: look-up, update, DNS. No clocks are compared. */
import type { Accepted } from '../../bindings/Accepted';
import type { DnsProblem } from '../../bindings/DnsProblem';
import type { EntryStatus } from '../../bindings/EntryStatus';
import type { HaltReason } from '../../bindings/HaltReason';
import type { HoldReason } from '../../bindings/HoldReason';
import type { LookUpProblem } from '../../bindings/LookUpProblem';
import type { Mood } from '../../bindings/Mood';
import type { NextWhy } from '../../bindings/NextWhy';
import type { RetryableError } from '../../bindings/RetryableError';
import { published } from '../../parts/published';

/** The look-up of this line's address. */
export type LookUp =
  | { kind: 'notYet' }
  | { kind: 'asking' }
  | { kind: 'confirming'; hold: HoldReason }
  /** The addresses found; others may be held back. */
  | { kind: 'found'; addresses: string; hold: HoldReason | null }
  | { kind: 'held'; hold: HoldReason }
  | { kind: 'nothing'; why: LookUpProblem | null; again: string | null };

/** The one real update. */
export type Update =
  | { kind: 'notYet' }
  | { kind: 'sending' }
  /** It is to be sent later: the other address isn't known yet, or the service wants more time. */
  | { kind: 'waits'; why: NextWhy; until: string }
  | { kind: 'accepted'; how: Accepted; addresses: string }
  /** The address was accepted earlier, with another secret. */
  | { kind: 'unneeded' }
  | { kind: 'halted'; reason: HaltReason }
  | { kind: 'troubled'; error: RetryableError; retryAt: string }
  | { kind: 'paused' }
  | { kind: 'disabled' };

/** The check of the zone's name servers. */
export type Dns =
  | { kind: 'notYet' }
  | { kind: 'pending' }
  | { kind: 'live'; since: string }
  | { kind: 'foreign'; there: string }
  | { kind: 'cantVerify'; why: DnsProblem }
  /** No name server is asked: the update server has no public zone. */
  | { kind: 'notChecked' };

/** All three. */
export interface Progress {
  lookUp: LookUp;
  update: Update;
  dns: Dns;
}

/** The state of an entry before it was saved again. */
export interface Before {
  /** The time when its secret was saved, if a new one was typed. */
  secretSaved: string | null;
  /** The time since which it was halted, if anything was changed. */
  haltedAt: string | null;
}

export type State = 'waiting' | 'working' | 'done' | 'failed';

const looks: Record<(LookUp | Update | Dns)['kind'], [State, Mood]> = {
  asking: ['working', 'working'],
  confirming: ['working', 'working'],
  found: ['done', 'fine'],
  held: ['failed', 'waiting'],
  nothing: ['failed', 'waiting'],
  notYet: ['waiting', 'empty'],
  sending: ['working', 'working'],
  waits: ['waiting', 'waiting'],
  accepted: ['done', 'fine'],
  unneeded: ['done', 'fine'],
  halted: ['failed', 'needsYou'],
  troubled: ['failed', 'waiting'],
  paused: ['waiting', 'paused'],
  disabled: ['waiting', 'paused'],
  pending: ['working', 'working'],
  live: ['done', 'fine'],
  // It is sent once more by itself first.
  foreign: ['failed', 'waiting'],
  cantVerify: ['failed', 'waiting'],
  notChecked: ['done', 'empty'],
};

/** The state of a line, and the shape that shows it. */
export function look(line: LookUp | Update | Dns): { state: State; mood: Mood } {
  const [state, mood] = looks[line.kind];
  return { state, mood };
}

/** Remembers what distinguishes a new answer from an old one; `typed` is about to be saved. */
export function before(entry: EntryStatus | undefined, typed: { secret: boolean; anything: boolean }): Before {
  return {
    secretSaved: typed.secret ? (entry?.secret.saved ?? null) : null,
    haltedAt: typed.anything && entry?.status.kind === 'halted' ? entry.status.halt.at : null,
  };
}

/** Reads the progress of an entry; without one, the save has only just been answered. */
export function progress(entry: EntryStatus | undefined, was: Before | null = null): Progress {
  if (!entry || isOld(entry, was)) return { lookUp: { kind: 'asking' }, update: { kind: 'notYet' }, dns: { kind: 'notYet' } };
  const found = lookUp(entry);
  const sent = update(entry, found.kind === 'found');
  return { lookUp: found, update: sent, dns: isThere(sent) ? dns(entry) : { kind: 'notYet' } };
}

/** True if that snapshot is from before the save. */
function isOld(entry: EntryStatus, was: Before | null): boolean {
  if (!was) return false;
  const isSameSecret = was.secretSaved !== null && entry.secret.saved === was.secretSaved;
  return isSameSecret || (was.haltedAt !== null && entry.status.kind === 'halted' && entry.status.halt.at === was.haltedAt);
}

function lookUp({ families, status, next }: EntryStatus): LookUp {
  const outcomes = families.map((family) => family.why.outcome);
  const addresses = outcomes.flatMap((outcome) => (outcome.kind === 'publish' ? [outcome.address] : []));
  const holds = outcomes.flatMap((outcome) => (outcome.kind === 'held' ? [outcome.hold] : []));
  const soon = holds.find((hold) => hold === 'unconfirmed' || hold === 'whichNetwork');
  // While paused or switched off, no source is asked: no line may spin for ever.
  const isResting = status.kind === 'paused' || status.kind === 'disabled';
  if (outcomes.some((outcome) => outcome.kind === 'unknown')) return { kind: isResting ? 'notYet' : 'asking' };
  if (addresses.length > 0) return { kind: 'found', addresses: addresses.join(', '), hold: holds[0] ?? null };
  if (soon) return { kind: 'confirming', hold: soon };
  if (holds[0]) return { kind: 'held', hold: holds[0] };
  const failed = outcomes.find((outcome) => outcome.kind === 'nothing');
  return { kind: 'nothing', why: failed?.why ?? (status.kind === 'noAddress' ? status.why : null), again: next?.at ?? null };
}

function update(entry: EntryStatus, isFound: boolean): Update {
  const { status, secret, lastReply } = entry;
  if (status.kind === 'halted') return { kind: 'halted', reason: status.halt.reason };
  if (secret.accepted) return { kind: 'accepted', how: lastReply?.accepted ?? 'good', addresses: published(entry).join(', ') };
  switch (status.kind) {
    case 'troubled':
      return { kind: 'troubled', error: status.trouble, retryAt: status.retryAt };
    case 'paused':
    case 'disabled':
      return { kind: status.kind };
    case 'fine':
    case 'changedElsewhere':
      return { kind: 'unneeded' };
    case 'queued':
      if (entry.next && later.includes(entry.next.why)) return { kind: 'waits', why: entry.next.why, until: entry.next.at };
      return { kind: 'sending' };
    case 'sending':
      return { kind: 'sending' };
    case 'lookingUp':
    case 'noAddress':
    case 'held':
      return isFound && published(entry).length > 0 ? { kind: 'unneeded' } : { kind: 'notYet' };
  }
}

/** The reasons for which an update that is due is sent later. */
const later: NextWhy[] = ['otherFamily', 'pace', 'flapping'];

const isThere = (sent: Update): boolean => sent.kind === 'accepted' || sent.kind === 'unneeded';

/** The worse record counts. Both are checked right after an update, so unknown means never. */
function dns({ families }: EntryStatus): Dns {
  const records = families.filter(({ published }) => published).map(({ live }) => live);
  const foreign = records.find((live) => live.kind === 'foreign');
  if (foreign) return { kind: 'foreign', there: foreign.there };
  if (records.some((live) => live.kind === 'pending')) return { kind: 'pending' };
  const unread = records.find((live) => live.kind === 'cantVerify');
  if (unread) return { kind: 'cantVerify', why: unread.why };
  const live = records.flatMap((record) => (record.kind === 'live' ? [record.since] : []));
  return live.length > 0 ? { kind: 'live', since: live.sort().at(-1) ?? '' } : { kind: 'notChecked' };
}
