/** An entry's service, as the form shows it: one from the table, another server, or an update URL. */
import type { EntryForm } from '../../bindings/EntryForm';
import type { ProviderInfo } from '../../bindings/ProviderInfo';
import { providers } from '../../bindings/providers';

/** SPDYN's id in the table. In settings it is the default: no service, and its server. */
export const spdyn = 'spdyn';
/** Any other server that speaks dyndns2. */
export const other = 'other';
/** An update URL, in the select and in settings. */
export const own = 'custom';

/** All services, SPDYN first, then by name. */
export const services: readonly ProviderInfo[] = providers;
const spdynServer = providers[0]?.server ?? '';

/** The select's value for an entry. */
export function chosen(form: EntryForm): string {
  if (form.provider !== '') return form.provider;
  const server = form.server.trim().toLowerCase().replace(/^https:\/\//, '').replace(/(\/nic\/update)?\/?$/, '');
  return server === spdynServer ? spdyn : other;
}

/** The service, which has its own server and login; none if the person types them. */
export const serviceOf = (form: EntryForm): ProviderInfo | undefined =>
  form.provider === '' || form.provider === own ? undefined : services.find(({ id }) => id === form.provider);

/** Whether the accounts may be SPDYN's: at its server and others like it, not behind update URLs. */
export const isLikeSpdyn = (form: EntryForm): boolean => form.provider === '';

/** The service whose host names have this ending. */
export function byHostname(typed: string): ProviderInfo | undefined {
  const name = typed.trim().toLowerCase().replace(/\.$/, '');
  const fitting = services.flatMap((service) => service.suffixes.filter((suffix) => name.endsWith(`.${suffix}`) && name.length > suffix.length + 1).map((suffix) => ({ service, length: suffix.length })));
  return fitting.sort((a, b) => b.length - a.length)[0]?.service;
}

/** Gives the entry that service, with its server and login. */
export function choose(form: EntryForm, choice: string): void {
  const before = serviceOf(form);
  const service = services.find(({ id }) => id === choice && id !== spdyn);
  if (before?.families === 'ipv4-only' && form.protocol === 'ipv4') form.protocol = 'both';
  if (service) {
    form.provider = service.id;
    form.server = service.server;
    form.login = service.login === 'account' ? 'account' : 'token';
    if (service.families === 'ipv4-only') form.protocol = 'ipv4';
    return;
  }
  const wasKnown = before !== undefined || chosen(form) === spdyn;
  form.provider = choice === own ? own : '';
  if (choice === spdyn) form.server = spdynServer;
  else if (choice === other && wasKnown) form.server = '';
  if (before) form.login = 'token';
}

/** The server that an entry's requests go to. */
export const serverOf = (form: EntryForm): string => (form.provider === own ? form.updateUrl : (serviceOf(form)?.server ?? form.server));
