/** The places of the form that two people changed in different ways, as the form shows them. */
import type { ConflictKind } from '../../bindings/ConflictKind';
import type { EntryForm } from '../../bindings/EntryForm';
import type { Form } from '../../bindings/Form';
import type { FormConflict } from '../../bindings/FormConflict';
import type { FormField } from '../../bindings/FormField';
import { word } from '../../texts/codes';
import { t } from '../../texts/texts.svelte';
import type { EntryDraft } from './entry.svelte';

/** One of them. */
export interface Conflict {
  /** The entry; none for a field that is there once, and for an entry that isn't in the form any more. */
  entry: EntryDraft | null;
  /** Its host name. */
  hostname: string;
  what: ConflictKind;
  /** The field's value as it is saved now. */
  newer: unknown;
  /** The entry as it is saved now. */
  saved: EntryForm | undefined;
}

/** The caption of each field, and the type of its value where that has words of its own. */
const fields: Record<FormField, [caption: string, type?: string]> = {
  enabled: ['field-enabled', 'switch'],
  hostname: ['field-hostname'],
  login: ['field-login', 'login-kind'],
  user: ['field-user'],
  provider: ['field-provider'],
  server: ['field-server'],
  updateUrl: ['field-update-url'],
  webresolver: ['field-webresolver', 'switch'],
  protocol: ['field-protocol', 'protocol'],
  addressFrom: ['field-address-from', 'address-choice'],
  fixedIpv4: ['field-fixed-ipv4'],
  fixedIpv6: ['field-fixed-ipv6'],
  device: ['field-device'],
  language: ['field-language', 'language-choice'],
  theme: ['field-theme', 'theme-choice'],
  notices: ['field-notices', 'notice-level'],
  resolverIpv4: ['field-resolver-ipv4'],
  resolverIpv6: ['field-resolver-ipv6'],
  fallBacks: ['fall-backs'],
  interval: ['field-interval'],
  homeLock: ['field-home-lock', 'switch'],
  publishVpn: ['field-publish-vpn', 'switch'],
  publishShared: ['field-publish-shared', 'switch'],
  nameServer: ['field-name-server'],
  proxy: ['field-proxy', 'proxy-choice'],
  proxyAddress: ['field-proxy-address'],
  releases: ['field-releases'],
};

/** The conflicts that a save was refused for; `form` is saved now. */
export function conflictsOf(conflicts: FormConflict[], form: Form, entries: EntryDraft[]): Conflict[] {
  return conflicts.map(({ entry: id, hostname, what }) => {
    const saved = form.entries.find((entry) => id !== null && entry.id === id);
    const all: Partial<Record<FormField, unknown>> = id === null ? form : { ...saved };
    const newer = what.kind === 'field' ? all[what.field] : undefined;
    return { entry: entries.find((entry) => id !== null && entry.id === id) ?? null, hostname, what, newer, saved };
  });
}

/** The place of a conflict, or what has become of its entry. */
export function placeOf({ hostname, what }: Conflict): string {
  if (what.kind !== 'field') return t(what.kind === 'removed' ? 'conflict-removed' : 'conflict-changed', { hostname });
  const field = t(fields[what.field][0]);
  return hostname === '' ? field : t('conflict-place', { hostname, field });
}

/** The newer value, as the field's message. */
export function newerValue({ what, newer }: Conflict): string {
  if (what.kind !== 'field' || typeof newer === 'object') return t('conflict-newer-many');
  const type = fields[what.field][1];
  if (type === 'switch') return t('conflict-newer', { value: t(newer ? 'conflict-on' : 'conflict-off') });
  const text = String(newer ?? '');
  return text === '' ? t('conflict-newer-nothing') : t('conflict-newer', { value: type ? word(type, text) : text });
}
