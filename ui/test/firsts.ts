/** The first entry's snapshots after its save, as the always-on program would send them, for tests and pictures. */
import type { EntryStatus } from '../src/bindings/EntryStatus';
import type { FamilyStatus } from '../src/bindings/FamilyStatus';
import type { Snapshot } from '../src/bindings/Snapshot';
import { at, entryStatus, failed, family, halted, held, snapshot, unasked } from './samples';

/** The identity that the stand-in program gives to the first entry. */
const firstId = 100;

/** The first entry, saved a moment ago. */
export const fresh = (more: Partial<EntryStatus> = {}): EntryStatus =>
  entryStatus({
    id: firstId,
    mood: 'working',
    status: { kind: 'lookingUp' },
    families: [empty('ipv4', { why: unasked('ipv4') }), empty('ipv6', { why: unasked('ipv6') })],
    lastReply: null,
    next: null,
    secret: { saved: at(0), accepted: null },
    ...more,
  });

/** A family without anything published yet. */
export const empty = (of: 'ipv4' | 'ipv6', more: Partial<FamilyStatus> = {}): FamilyStatus =>
  family(of, { published: null, live: { kind: 'unknown' }, ...more });

const found = [empty('ipv4'), empty('ipv6')];
const accepted = (live: FamilyStatus['live']): Partial<EntryStatus> => ({
  mood: 'fine',
  status: { kind: 'fine' },
  families: [family('ipv4', { live }), family('ipv6', { live })],
  lastReply: { at: at(0), accepted: 'good', sent: '' },
  secret: { saved: at(-2), accepted: at(0) },
});
const refused = (kind: 'badAuth' | 'notYours' | 'abuse'): Partial<EntryStatus> => ({ mood: 'needsYou', status: halted({ kind }, 0), families: found });

/** The snapshots that can follow. */
export const firsts = {
  lookingUp: () => snapshot([fresh()]),
  sending: () => snapshot([fresh({ status: { kind: 'sending' }, families: found })]),
  pending: () => snapshot([fresh(accepted({ kind: 'pending' }))]),
  green: () => snapshot([fresh(accepted({ kind: 'live', since: at(0) }))]),
  notChecked: () => snapshot([fresh(accepted({ kind: 'unknown' }))]),
  cantVerify: () => snapshot([fresh(accepted({ kind: 'cantVerify', why: { kind: 'noAnswer' } }))]),
  foreign: () => snapshot([fresh(accepted({ kind: 'foreign', there: '203.0.114.8', since: at(0) }))]),
  refused: () => snapshot([fresh(refused('badAuth'))]),
  notYours: () => snapshot([fresh(refused('notYours'))]),
  abuse: () => snapshot([fresh(refused('abuse'))]),
  troubled: () => snapshot([fresh({ mood: 'waiting', status: { kind: 'troubled', trouble: { kind: 'unreachable' }, retryAt: at(120) }, families: found })]),
  keyring: () => snapshot([fresh({ mood: 'needsYou', status: { kind: 'troubled', trouble: { kind: 'keyringLocked' }, retryAt: at(120) }, families: found })]),
  vpn: () =>
    snapshot([fresh({ mood: 'waiting', status: { kind: 'held', hold: 'vpn' }, families: [empty('ipv4', { why: held('ipv4', 'vpn') })] })], { diagnoses: [{ kind: 'vpn' }] }),
  elsewhere: () => snapshot([fresh({ mood: 'waiting', status: { kind: 'held', hold: 'elsewhere' }, families: [empty('ipv4', { why: held('ipv4', 'elsewhere') })] })]),
  unconfirmed: () => snapshot([fresh({ status: { kind: 'held', hold: 'unconfirmed' }, families: [empty('ipv4', { why: held('ipv4', 'unconfirmed') })] })]),
  offline: () =>
    snapshot(
      [
        fresh({
          mood: 'waiting',
          status: { kind: 'noAddress', why: { kind: 'unreachable' } },
          families: [empty('ipv4', { why: failed('ipv4', { kind: 'unreachable' }) })],
          next: { at: at(40), step: 'lookUp', why: 'notReached' },
        }),
      ],
      { diagnoses: [{ kind: 'noInternet' }] },
    ),
  paused: () => snapshot([fresh({ mood: 'paused', status: { kind: 'paused' } })], { pause: { until: null } }),
} satisfies Record<string, () => Snapshot>;
