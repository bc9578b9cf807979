/** A reseller's hosts: hundreds or thousands, of which a few are not as they should be. */
import type { EntryForm } from '../src/bindings/EntryForm';
import type { EntryStatus } from '../src/bindings/EntryStatus';
import type { HistoryItem } from '../src/bindings/HistoryItem';
import { agreed, at, entryForm, entryStatus, failed, family, refusedEntry } from './samples';

const zones = ['spdns.de', 'firewall-gateway.com', 'my-router.de', 'spdns.org'];

/** The name of one of them; ids count from 1. */
export const nameOf = (id: number): string => `customer-${String(id).padStart(4, '0')}.${zones[id % zones.length]}`;
const addressOf = (id: number): string => `84.160.${Math.floor(id / 250)}.${(id % 250) + 1}`;

/** It is switched off, and nothing else is wrong with it. */
const isOff = (id: number): boolean => id % 53 === 9 && id % 97 !== 3 && id % 61 !== 5 && id % 89 !== 7;

/** One of them: every 97th is refused, every 61st waits for its server, every 53rd is switched off. */
export function manyth(id: number): EntryStatus {
  const hostname = nameOf(id);
  if (id % 97 === 3) return refusedEntry({ id, hostname });
  const ipv4 = family('ipv4', { why: agreed('ipv4', addressOf(id)), published: { address: addressOf(id), at: at(-4 * 3600) } });
  const address = `2003:e1:bf0a:4d00:9c5e:21ff:fe4a:${id.toString(16)}`;
  const ipv6 = family('ipv6', { why: agreed('ipv6', address), published: { address, at: at(-4 * 3600) } });
  if (id % 61 === 5)
    return entryStatus({ id, hostname, mood: 'waiting', status: { kind: 'troubled', trouble: { kind: 'server', code: '911' }, retryAt: at(1500) }, families: [ipv4], next: { at: at(1500), step: 'update', why: 'retry' } });
  if (id % 89 === 7)
    return entryStatus({ id, hostname, mood: 'waiting', status: { kind: 'noAddress', why: { kind: 'timedOut' } }, families: [family('ipv4', { why: failed('ipv4', { kind: 'timedOut' }), published: null, live: { kind: 'unknown' } })], next: { at: at(40), step: 'lookUp', why: 'notReached' } });
  if (isOff(id)) return entryStatus({ id, hostname, mood: 'empty', status: { kind: 'disabled' }, families: [], lastReply: null, next: null });
  return entryStatus({ id, hostname, families: [ipv4, ipv6] });
}

/** `count` of them. */
export const manyEntries = (count: number): EntryStatus[] => Array.from({ length: count }, (_, number) => manyth(number + 1));

/** The same, `done` of which are up to date while the next hundred are being sent and the rest still wait their turn. */
export const updating = (count: number, done: number): EntryStatus[] =>
  manyEntries(count).map((entry, number) => {
    if (number < done) return entry;
    const status = { kind: number < done + 100 ? 'sending' : 'queued' } as const;
    return { ...entry, mood: 'working', status, lastReply: { at: at(-1), accepted: null, sent: addressOf(entry.id) }, next: null };
  });

/** Their form. */
export const manyForms = (count: number): EntryForm[] =>
  Array.from({ length: count }, (_, number) =>
    entryForm({
      id: number + 1,
      hostname: nameOf(number + 1),
      enabled: !isOff(number + 1),
      ...((number + 1) % 20 === 4 ? { login: 'account', user: `reseller-${number + 1}`, protocol: 'ipv4' } : {}),
    }),
  );

/** What was sent for them in a night's round, and for some of them a day before. */
export function manySent(count: number): HistoryItem[] {
  const sent = (id: number, seconds: number, address: string): HistoryItem => ({
    at: at(-seconds),
    entry: id,
    hostname: nameOf(id),
    addresses: address,
    what: id % 97 === 3 ? { kind: 'halted', reason: { kind: 'badAuth' } } : id % 61 === 5 ? { kind: 'troubled', trouble: { kind: 'server', code: '911' } } : { kind: 'accepted', how: 'good' },
    why: [agreed('ipv4', address)],
  });
  const ids = Array.from({ length: count }, (_, number) => count - number);
  const before = ids.filter((id) => id % 7 === 0).map((id): HistoryItem => ({ ...sent(id, 26 * 3600, `84.161.0.${(id % 250) + 1}`), what: { kind: 'accepted', how: 'good' } }));
  return [...ids.map((id) => sent(id, 4 * 3600 + (count - id), addressOf(id))), ...before];
}
