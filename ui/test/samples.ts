/** Snapshots and forms as the always-on program would send them, for tests and pictures. */
import type { EntryForm } from '../src/bindings/EntryForm';
import type { EntryStatus } from '../src/bindings/EntryStatus';
import type { Family } from '../src/bindings/Family';
import type { FamilyStatus } from '../src/bindings/FamilyStatus';
import type { Form } from '../src/bindings/Form';
import type { HistoryItem } from '../src/bindings/HistoryItem';
import type { Snapshot } from '../src/bindings/Snapshot';
import type { Status } from '../src/bindings/Status';

/** A time so many seconds from now. */
export const at = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();

const addresses: Record<Family, string> = { ipv4: '84.160.12.7', ipv6: '2003:e1:bf0a:4d00:9c5e:21ff:fe4a:7b30' };

export function family(of: Family, more: Partial<FamilyStatus> = {}): FamilyStatus {
  return {
    family: of,
    source: of === 'ipv4' ? 'webResolverIpv4' : 'webResolverIpv6',
    detected: { kind: 'known', address: addresses[of] },
    detectedAt: at(-190),
    published: { address: addresses[of], at: at(-4 * 3600) },
    ...more,
  };
}

export function entryStatus(more: Partial<EntryStatus> = {}): EntryStatus {
  return {
    id: 1,
    hostname: 'home.spdns.de',
    login: 'token',
    mood: 'fine',
    status: { kind: 'fine' },
    families: [family('ipv4'), family('ipv6')],
    lastReply: { at: at(-4 * 3600), accepted: 'good', sent: `${addresses.ipv4},${addresses.ipv6}` },
    nextLook: at(252),
    secret: { saved: at(-9 * 86400), accepted: at(-4 * 3600) },
    ...more,
  };
}

export function snapshot(entries: EntryStatus[] = [entryStatus()], more: Partial<Snapshot> = {}): Snapshot {
  return { mood: entries[0]?.mood ?? 'empty', pause: null, entries, ailments: [], language: 'en', ...more };
}

export const halted = (reason: Extract<Status, { kind: 'halted' }>['halt']['reason'], seconds = -300): Status => ({
  kind: 'halted',
  halt: { reason, at: at(seconds) },
});

/** An entry that the service refused. */
export const refusedEntry = (more: Partial<EntryStatus> = {}): EntryStatus =>
  entryStatus({
    mood: 'needsYou',
    status: halted({ kind: 'badAuth' }),
    lastReply: { at: at(-300), accepted: null, sent: '84.160.44.9' },
    families: [family('ipv4', { detected: { kind: 'known', address: '84.160.44.9' } }), family('ipv6')],
    ...more,
  });

export function entryForm(more: Partial<EntryForm> = {}): EntryForm {
  return {
    id: 1,
    enabled: true,
    hostname: 'home.spdns.de',
    login: 'token',
    user: '',
    server: 'update.spdyn.de',
    webresolver: true,
    protocol: 'both',
    ...more,
  };
}

export function form(entries: EntryForm[] = [entryForm()], more: Partial<Form> = {}): Form {
  return {
    language: 'en',
    notices: 'changes',
    resolverIpv4: 'https://checkip4.spdyn.de/',
    resolverIpv6: 'https://checkip6.spdyn.de/',
    interval: '10 min',
    entries,
    ...more,
  };
}

export const history: HistoryItem[] = [
  { at: at(-300), entry: 2, hostname: 'office.firewall-gateway.com', addresses: '84.160.44.9', what: { kind: 'halted', reason: { kind: 'badAuth' } } },
  { at: at(-4 * 3600), entry: 1, hostname: 'home.spdns.de', addresses: `${addresses.ipv4},${addresses.ipv6}`, what: { kind: 'accepted', how: 'good' } },
  { at: at(-5 * 3600), entry: 1, hostname: 'home.spdns.de', addresses: addresses.ipv4, what: { kind: 'troubled', trouble: { kind: 'server', code: '911' } } },
  { at: at(-30 * 3600), entry: 1, hostname: 'home.spdns.de', addresses: '84.160.3.221', what: { kind: 'accepted', how: 'noChange' } },
];
