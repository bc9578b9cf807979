/** Whom Dyntray speaks to, told from the form: nobody else is ever contacted. */
import type { EntryForm } from '../../bindings/EntryForm';
import type { Family } from '../../bindings/Family';
import type { Form } from '../../bindings/Form';

/** Everybody who is contacted. */
export interface Contacts {
  /** Hosts, each once: update servers, then web resolvers, then the name server. */
  hosts: string[];
  /** The router at home. */
  router: boolean;
  /** The name servers of the host names. */
  nameServers: boolean;
}

/** Everybody whom a program with this form contacts. */
export function contacts(form: Form): Contacts {
  const entries = form.entries.filter((entry) => entry.enabled);
  const servers = entries.map((entry) => host(entry.server));
  const resolvers = families.flatMap((family) => resolversOf(form, entries, family));
  const nameServer = form.nameServer.trim();
  const isChecked = nameServer !== '' || servers.some((server) => !isHere(server));
  const hosts = [...servers, ...resolvers, ...(entries.length > 0 ? [nameServer] : [])];
  return {
    hosts: [...new Set(hosts)].filter((name) => name !== ''),
    router: entries.some((entry) => asksRouter(form, entry)),
    nameServers: entries.length > 0 && isChecked && nameServer === '',
  };
}

const families = ['ipv4', 'ipv6'] as const satisfies Family[];
const first = (form: Form, family: Family) => host(family === 'ipv4' ? form.resolverIpv4 : form.resolverIpv6);
const keeps = (entry: EntryForm, family: Family) => entry.protocol === 'both' || entry.protocol === family;
const asksBoth = (entry: EntryForm) => entry.addressFrom === 'webresolver' && entry.webresolver;

/** Where the line is a pretended one, only resolvers on this machine are asked. */
function resolversOf(form: Form, entries: EntryForm[], family: Family): string[] {
  if (!entries.some((entry) => keeps(entry, family) && (asksBoth(entry) || entry.addressFrom === 'web'))) return [];
  const main = first(form, family);
  const further = form.fallBacks.filter((row) => row.enabled).map((row) => host(row[family]));
  return [main, ...further.filter((name) => isHere(name) || !isHere(main))];
}

function asksRouter(form: Form, entry: EntryForm): boolean {
  const isReal = families.some((family) => keeps(entry, family) && !isHere(first(form, family)));
  return entry.addressFrom === 'router' || (asksBoth(entry) && isReal);
}

/** `https://checkip4.spdyn.de/` becomes `checkip4.spdyn.de`. */
function host(typed: string): string {
  return (typed.trim().replace(/^https?:\/\//i, '').split('/')[0] ?? '').toLowerCase();
}

/** Whether it is this machine. */
function isHere(name: string): boolean {
  return /^(127\.[0-9.]+|localhost|\[::1\])(:[0-9]+)?$/.test(name);
}
