/** Snapshots and forms as the always-on program would send them, for tests and pictures. */
import type { About } from '../src/bindings/About';
import type { EntryForm } from '../src/bindings/EntryForm';
import type { EntryStatus } from '../src/bindings/EntryStatus';
import type { Explanation } from '../src/bindings/Explanation';
import type { Family } from '../src/bindings/Family';
import type { FamilyStatus } from '../src/bindings/FamilyStatus';
import type { FieldError } from '../src/bindings/FieldError';
import type { Form } from '../src/bindings/Form';
import type { HistoryItem } from '../src/bindings/HistoryItem';
import type { HoldReason } from '../src/bindings/HoldReason';
import type { ImportEntry } from '../src/bindings/ImportEntry';
import type { ImportElsewhere } from '../src/bindings/ImportElsewhere';
import type { ImportPreview } from '../src/bindings/ImportPreview';
import type { LogLine } from '../src/bindings/LogLine';
import type { LookUpProblem } from '../src/bindings/LookUpProblem';
import type { Observation } from '../src/bindings/Observation';
import type { Origin } from '../src/bindings/Origin';
import type { Request } from '../src/bindings/Request';
import type { Response } from '../src/bindings/Response';
import type { Snapshot } from '../src/bindings/Snapshot';
import type { SourceReport } from '../src/bindings/SourceReport';
import type { Status } from '../src/bindings/Status';
import type { Weight } from '../src/bindings/Weight';
import { blank } from '../src/pages/settings/blank';

/** A time `seconds` from now. */
export const at = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();

const addresses: Record<Family, string> = { ipv4: '84.160.12.7', ipv6: '2003:e1:bf0a:4d00:9c5e:21ff:fe4a:7b30' };

const hosts: Record<Family, string> = { ipv4: 'checkip4.spdyn.de', ipv6: 'checkip6.spdyn.de' };

/** One source's report. */
export function sourceReport(origin: Origin['kind'], weight: Weight, observation: Observation, more: Partial<SourceReport> = {}): SourceReport {
  return { origin: { kind: origin, number: 0 } as Origin, host: null, observation, at: at(-190), weight, ...more };
}

const known = (address: string): Observation => ({ kind: 'known', address });

/** Two sources that agree on `address`. */
export function agreed(of: Family, address: string): Explanation {
  const web = sourceReport('webResolver', 'taken', known(address), { host: hosts[of] });
  const second = of === 'ipv4' ? sourceReport('router', 'agrees', known(address)) : sourceReport('interface', 'agrees', known(address));
  return {
    family: of,
    said: [web, second],
    outcome: { kind: 'publish', address, because: of === 'ipv4' ? 'twoSources' : 'webResolver' },
  };
}

/** The web resolver's word against `second`, held back. */
export function held(of: Family, hold: HoldReason, second?: SourceReport, address = addresses[of]): Explanation {
  const web = sourceReport('webResolver', 'differs', known(address), { host: hosts[of] });
  return { family: of, said: second ? [web, second] : [web], outcome: { kind: 'held', address, hold } };
}

/** The one source failed. */
export function failed(of: Family, why: LookUpProblem): Explanation {
  const web = sourceReport('webResolver', 'unused', { kind: 'unavailable', why }, { host: hosts[of] });
  return { family: of, said: [web], outcome: { kind: 'nothing', why } };
}

/** No source was asked yet. */
export const unasked = (of: Family): Explanation => ({ family: of, said: [], outcome: { kind: 'unknown' } });

export function family(of: Family, more: Partial<FamilyStatus> = {}): FamilyStatus {
  const status: FamilyStatus = {
    family: of,
    why: agreed(of, addresses[of]),
    detectedAt: at(-190),
    published: { address: addresses[of], at: at(-4 * 3600) },
    live: { kind: 'live', since: at(-4 * 3600 + 90) },
    isOutdated: false,
    ...more,
  };
  const { outcome } = status.why;
  return { ...status, isOutdated: outcome.kind === 'publish' && !!status.published && status.published.address !== outcome.address };
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
    next: { at: at(252), step: 'lookUp', why: 'round' },
    secret: { saved: at(-9 * 86400), accepted: at(-4 * 3600) },
    ...more,
  };
}

export function snapshot(entries: EntryStatus[] = [entryStatus()], more: Partial<Snapshot> = {}): Snapshot {
  return { revision: 0, mood: entries[0]?.mood ?? 'empty', pause: null, entries, diagnoses: [], homes: 1, hasNoIdentity: false, ailments: [], language: 'en', theme: 'system', newer: null, ...more };
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
    families: [family('ipv4', { why: agreed('ipv4', '84.160.44.9') }), family('ipv6')],
    next: null,
    ...more,
  });

export function entryForm(more: Partial<EntryForm> = {}): EntryForm {
  return { id: 1, ...blank, hostname: 'home.spdns.de', ...more };
}

export function form(entries: EntryForm[] = [entryForm()], more: Partial<Form> = {}): Form {
  return {
    language: 'en',
    theme: 'system',
    notices: 'changes',
    resolverIpv4: 'https://checkip4.spdyn.de/',
    resolverIpv6: 'https://checkip6.spdyn.de/',
    fallBacks: [
      { enabled: true, ipv4: 'https://api4.ipify.org/', ipv6: 'https://api6.ipify.org/' },
      { enabled: true, ipv4: 'https://ipv4.icanhazip.com/', ipv6: 'https://ipv6.icanhazip.com/' },
    ],
    interval: '10 min',
    homeLock: true,
    publishVpn: false,
    publishShared: false,
    nameServer: '',
    proxy: 'system',
    proxyAddress: '',
    releases: '',
    entries,
    ...more,
  };
}

/** One line of a file. */
function importEntry(number: number, more: Partial<ImportEntry> = {}): ImportEntry {
  return { number, hostname: `host-${number}.spdns.de`, login: 'token', user: '', server: 'update.spdyn.de', protocol: 'both', effect: 'new', ...more };
}

/** `count` of them. */
export const importEntries = (count: number): ImportEntry[] => Array.from({ length: count }, (_, number) => importEntry(number));

/** What a file would do: one entry is there already, two are new, two lines can't be used. */
export function importPreview(more: Partial<ImportPreview> = {}): ImportPreview {
  return {
    source: 'table',
    entries: [
      importEntry(0, { hostname: 'home.spdns.de', effect: 'replacesSecret' }),
      importEntry(1, { hostname: 'cabin.my-router.de' }),
      importEntry(2, { hostname: 'office.firewall-gateway.com', login: 'account', user: 'anna', server: 'dyn.example.org', protocol: 'ipv4' }),
    ],
    leftOut: [
      { line: 5, what: 'moved.spdns.de', why: 'moveToken' },
      { line: 6, what: '', why: 'noHostname' },
    ],
    leftOutMore: 0,
    ...more,
  };
}

/** The program's part in an import. */
export const imports =
  (preview: ImportPreview, saved: Form, elsewhere: ImportElsewhere[] = []) =>
  (request: Request): Response | undefined => {
    if (request.request === 'previewImport') return { answer: 'import', preview };
    if (request.request === 'locateImport') return { answer: 'located', elsewhere, unknown: 0 };
    return request.request === 'import' ? { answer: 'saved', form: saved, ids: [] } : undefined;
  };

/** An entry whose address is held back. */
export const heldEntry = (hold: HoldReason, why: Explanation = held('ipv4', hold), more: Partial<EntryStatus> = {}): EntryStatus =>
  entryStatus({ mood: 'waiting', status: { kind: 'held', hold }, families: [family('ipv4', { why })], ...more });

/** The form refused, with these mistakes. */
export const refusesFields = (errors: FieldError[]) => (request: Request): Response | undefined =>
  request.request === 'save' ? { answer: 'refused', refusal: { kind: 'fields', errors } } : undefined;

/** Two entries, the second by account, as the form shows them. */
export const twoForms = () => [entryForm(), entryForm({ id: 2, hostname: 'office.firewall-gateway.com', login: 'account', user: 'anna' })];

const both = [agreed('ipv4', addresses.ipv4), agreed('ipv6', addresses.ipv6)];

export const history: HistoryItem[] = [
  { at: at(-300), entry: 2, hostname: 'office.firewall-gateway.com', addresses: '84.160.44.9', what: { kind: 'halted', reason: { kind: 'badAuth' } }, why: [agreed('ipv4', '84.160.44.9')] },
  { at: at(-4 * 3600), entry: 1, hostname: 'home.spdns.de', addresses: `${addresses.ipv4},${addresses.ipv6}`, what: { kind: 'accepted', how: 'good' }, why: both },
  { at: at(-5 * 3600), entry: 1, hostname: 'home.spdns.de', addresses: addresses.ipv4, what: { kind: 'troubled', trouble: { kind: 'server', code: '911' } }, why: both.slice(0, 1) },
  { at: at(-30 * 3600), entry: 1, hostname: 'home.spdns.de', addresses: '84.160.3.221', what: { kind: 'accepted', how: 'noChange' }, why: [] },
];

/** A month of a line with a new address every night, now and then twice, and one day without the server. */
export function month(): HistoryItem[] {
  const items: HistoryItem[] = [];
  const sent = (days: number, addresses: string, what: HistoryItem['what']) =>
    items.push({ at: at(-days * 86_400), entry: 1, hostname: 'home.spdns.de', addresses, what, why: [] });
  for (let days = 2; days < 26; days += 1) {
    const prefix = `2003:e1:bf0a:${(0x4d00 + Math.floor(days / 6)).toString(16)}:9c5e:21ff:fe4a:7b30`;
    if (days % 9 === 4) sent(days - 0.4, `84.160.${days}.9`, { kind: 'accepted', how: 'good' });
    sent(days, `84.160.${days}.7,${prefix}`, { kind: 'accepted', how: 'good' });
    if (days === 11) sent(days + 0.8, `84.160.${days}.7,${prefix}`, { kind: 'troubled', trouble: { kind: 'unreachable' } });
  }
  return [...history.slice(1), ...items];
}

const logged: [number, LogLine['level'], string, string, string][] = [
  [-30 * 3600, 'info', 'dyntray::app', 'ending', ''],
  [-29 * 3600, 'info', 'dyntray_agent::run::event_sources', 'the network: eth0; router 192.168.178.1; IPv4 and IPv6 lead to the internet', 'network=Some(Network { interfaces: [Interface { name: "eth0", kind: Lan }] })'],
  [-5 * 3600, 'info', 'dyntray_agent::run', 'looked up IPv4: the web resolver reports 84.160.12.7', 'source=WebResolverIpv4 | seen=Known { address: 84.160.12.7 }'],
  [-5 * 3600 + 1, 'warn', 'dyntray_agent::keyring', 'the keyring did not answer as hoped', 'unavailable=Locked'],
  [-5 * 3600 + 2, 'error', 'dyntray::app', "the window can't be opened", 'error=No such file or directory (os error 2)'],
  [-4 * 3600, 'info', 'dyntray_agent::run', 'the update of home.spdns.de was accepted', 'entry=1 | end=Answered { status: 200, body: "good 84.160.12.7" }'],
  [-190, 'info', 'dyntray_agent::run', 'looked up IPv6: the web resolver reports 2003:e1:bf0a:4d00:5a1:92be:77c4:e01', 'source=WebResolverIpv6 | seen=Known { address: 2003:e1:bf0a:4d00:5a1:92be:77c4:e01 }'],
];

/** Some lines of the log, the oldest first. */
export const log: LogLine[] = logged.map(([seconds, level, part, message, details]) => ({
  at: at(seconds),
  level,
  message,
  text: [`${part}: ${message}`, details].filter(Boolean).join(' | '),
}));

/** The diagnostics' beginning, as the always-on program would put it. */
export const diagnostics = `Dyntray 0.1.0 on Debian GNU/Linux 13 (trixie), x86_64, GNOME, wayland
Created 2026-11-23 12:00:00+01:00

# State

home.spdns.de → 84.160.12.7, live since 08:01
  IPv4: detected 84.160.12.7 → published 84.160.12.7 (since 08:00) → in DNS: live since 08:01
  Next step: 12:04, because nothing changed.

# Why this address?

home.spdns.de
  IPv4
    web resolver checkip4.spdyn.de, 11:57 – taken: 84.160.12.7
    router, 11:57 – agrees: 84.160.12.7
    84.160.12.7 is used, because two sources say the same.

# Network

eth0 (local network): 192.168.178.20/24, 2003:e1:bf0a:4d00:…/64
Router: 192.168.178.1

# Log

2026-11-23 11:56:50+01:00 INFO  dyntray_agent::run: a token stood here: ****-****-****
`;

/** The facts about the program, on a sample machine. */
export const about: About = {
  version: '0.1.0',
  system: 'Debian GNU/Linux 13 (trixie), x86_64, GNOME',
  settingsFolder: '/home/anna/.config/dyntray',
  dataFolder: '/home/anna/.local/share/dyntray',
};
