/** The outcome of saving a secret, read from the snapshots that follow. */
import type { EntryStatus } from '../../bindings/EntryStatus';
import type { HaltReason } from '../../bindings/HaltReason';
import type { RetryableError } from '../../bindings/RetryableError';
import { published } from '../../parts/published';

/** The state of the new secret. */
export type Outcome =
  | { kind: 'waiting' }
  | { kind: 'accepted'; addresses: string }
  | { kind: 'refused'; reason: HaltReason }
  | { kind: 'troubled'; error: RetryableError; retryAt: string }
  | { kind: 'held' }
  | { kind: 'unused' };

/** The state of an entry before its new secret was saved. */
export interface Before {
  saved: string | null;
  haltedAt: string | null;
}

/** Remembers what distinguishes a new answer from an old one. No clocks are compared. */
export function before(entry: EntryStatus | undefined): Before {
  return {
    saved: entry?.secret.saved ?? null,
    haltedAt: entry?.status.kind === 'halted' ? entry.status.halt.at : null,
  };
}

/** Reads the outcome. A snapshot without the new secret says nothing yet. */
export function outcome(was: Before, entry: EntryStatus): Outcome {
  if (entry.secret.saved === was.saved) return { kind: 'waiting' };
  if (entry.secret.accepted) return { kind: 'accepted', addresses: published(entry).join(', ') };
  const { status } = entry;
  switch (status.kind) {
    case 'halted':
      return status.halt.at === was.haltedAt ? { kind: 'waiting' } : { kind: 'refused', reason: status.halt.reason };
    case 'troubled':
      return { kind: 'troubled', error: status.trouble, retryAt: status.retryAt };
    case 'disabled':
    case 'paused':
    case 'noAddress':
    case 'held':
      return { kind: 'held' };
    case 'fine':
    case 'changedElsewhere':
      return { kind: 'unused' };
    case 'lookingUp':
    case 'sending':
    case 'queued':
      return { kind: 'waiting' };
  }
}
