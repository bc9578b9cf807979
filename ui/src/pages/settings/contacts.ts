/** Everybody whom Dyntray contacts with a form, and the purpose. Nobody else is ever contacted. */
import type { EntryForm } from '../../bindings/EntryForm';
import type { Family } from '../../bindings/Family';
import type { Form } from '../../bindings/Form';
import { serverOf } from './services';

/** The purposes, in the order in which they are shown. */
const purposes = ['update', 'resolver', 'fallBack', 'router', 'nameServers', 'nameServer', 'releases', 'proxy', 'systemProxy'] as const;
export type Purpose = (typeof purposes)[number];

/** Somebody who is contacted. */
export interface Contact {
  purpose: Purpose;
  /** The host, with its port if one was typed; empty if the form doesn't name it. */
  host: string;
  /** The host names concerned. */
  hostnames: string[];
  /** The families of addresses that it reports. */
  families: Family[];
}

/** Everybody whom the program contacts with this form, once for each purpose. */
export function contacts(form: Form): Contact[] {
  const entries = form.entries.filter((entry) => entry.enabled);
  const all = [
    ...entries.map((entry) => contact('update', host(serverOf(entry)), { hostnames: [entry.hostname.trim()].filter((name) => name !== '') })),
    ...families.flatMap((family) => resolversOf(form, entries, family)),
    ...(entries.some((entry) => asksRouter(form, entry)) ? [contact('router')] : []),
    ...nameServersOf(form, entries),
    contact('releases', host(form.releases)),
    ...proxyOf(form, entries),
  ];
  return merged(all.filter(({ purpose, host }) => host !== '' || unnamed.includes(purpose)));
}

const families = ['ipv4', 'ipv6'] as const satisfies Family[];
/** The contacts that the form doesn't name. */
const unnamed: Purpose[] = ['router', 'nameServers', 'systemProxy'];
const first = (form: Form, family: Family) => host(family === 'ipv4' ? form.resolverIpv4 : form.resolverIpv6);
const keeps = (entry: EntryForm, family: Family) => entry.protocol === 'both' || entry.protocol === family;
const asksBoth = (entry: EntryForm) => entry.addressFrom === 'webresolver' && entry.webresolver;

function contact(purpose: Purpose, host = '', more: Partial<Contact> = {}): Contact {
  return { purpose, host, hostnames: [], families: [], ...more };
}

/** On a simulated line, only resolvers on this machine are asked. */
function resolversOf(form: Form, entries: EntryForm[], family: Family): Contact[] {
  if (!entries.some((entry) => keeps(entry, family) && (asksBoth(entry) || entry.addressFrom === 'web'))) return [];
  const main = first(form, family);
  const further = form.fallBacks.filter((row) => row.enabled).map((row) => host(row[family]));
  const allowed = further.filter((name) => isHere(name) || !isHere(main));
  return [contact('resolver', main, { families: [family] }), ...allowed.map((name) => contact('fallBack', name, { families: [family] }))];
}

function asksRouter(form: Form, entry: EntryForm): boolean {
  const isReal = families.some((family) => keeps(entry, family) && !isHere(first(form, family)));
  return entry.addressFrom === 'router' || (asksBoth(entry) && isReal);
}

/** The name servers asked. A service on this machine has no public zone. */
function nameServersOf(form: Form, entries: EntryForm[]): Contact[] {
  if (entries.length === 0) return [];
  if (form.nameServer.trim() !== '') return [contact('nameServer', form.nameServer.trim())];
  return entries.some((entry) => !isHere(host(serverOf(entry)))) ? [contact('nameServers')] : [];
}

/** The proxy used, if any. This machine itself is never contacted through one. */
function proxyOf(form: Form, entries: EntryForm[]): Contact[] {
  const through = [...entries.map((entry) => host(serverOf(entry))), host(form.releases)];
  if (form.proxy === 'none' || !through.some((name) => name !== '' && !isHere(name))) return [];
  return [form.proxy === 'manual' ? contact('proxy', host(form.proxyAddress)) : contact('systemProxy')];
}

function merged(all: Contact[]): Contact[] {
  const known = new Map<string, { first: Contact; hostnames: Set<string>; families: Set<Family> }>();
  for (const one of all) {
    const key = `${one.purpose} ${one.host}`;
    const of = known.get(key) ?? { first: one, hostnames: new Set(), families: new Set() };
    known.set(key, of);
    one.hostnames.forEach((hostname) => of.hostnames.add(hostname));
    one.families.forEach((family) => of.families.add(family));
  }
  const whole = [...known.values()].map(({ first, hostnames, families }) => ({ ...first, hostnames: [...hostnames], families: [...families] }));
  return whole.sort((a, b) => purposes.indexOf(a.purpose) - purposes.indexOf(b.purpose));
}

/** The host of a typed address: `https://checkip4.spdyn.de/` becomes `checkip4.spdyn.de`. A login typed by mistake is left out. */
function host(typed: string): string {
  const authority = typed.trim().replace(/^https?:\/\//i, '').split(/[/?]/)[0] ?? '';
  return (authority.split('@').at(-1) ?? '').toLowerCase();
}

/** True if it is this machine. */
function isHere(name: string): boolean {
  return /^(127\.[0-9.]+|localhost|\[::1\])(:[0-9]+)?$/.test(name);
}
