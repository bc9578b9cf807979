/** The fields that hold for all entries, as the form shows them under "More". */
import type { Field } from '../../bindings/Field';
import type { Form } from '../../bindings/Form';

/** The ids of a field, of its caption and of its description. */
interface Shown {
  id: string;
  caption: string;
  about: string;
}

/** The fields that are typed, and can have mistakes. */
export const textFields = {
  resolverIpv4: { id: 'resolver-ipv4', caption: 'field-resolver-ipv4', about: 'field-resolver-about' },
  resolverIpv6: { id: 'resolver-ipv6', caption: 'field-resolver-ipv6', about: 'field-resolver-about' },
  interval: { id: 'interval', caption: 'field-interval', about: 'field-interval-about' },
  nameServer: { id: 'name-server', caption: 'field-name-server', about: 'field-name-server-about' },
  proxyAddress: { id: 'proxy-address', caption: 'field-proxy-address', about: 'field-proxy-address-about' },
  releases: { id: 'releases', caption: 'field-releases', about: 'field-releases-about' },
} as const satisfies Partial<Record<Field & keyof Form, Shown>>;
export type TextName = keyof typeof textFields;

/** The fields with choices. The type, as the catalogue calls it, gives the choices their texts. */
export const choiceFields = {
  proxy: { id: 'proxy', caption: 'field-proxy', about: 'field-proxy-about', type: 'proxy-choice', choices: ['system', 'none', 'manual'] },
  notices: { id: 'notices', caption: 'field-notices', about: 'field-notices-about', type: 'notice-level', choices: ['off', 'problems', 'changes', 'all'] },
  language: { id: 'language', caption: 'field-language', about: 'field-language-about', type: 'language-choice', choices: ['system', 'de', 'en'] },
  theme: { id: 'theme', caption: 'field-theme', about: 'field-theme-about', type: 'theme-choice', choices: ['system', 'light', 'dark'] },
} as const satisfies { [F in keyof Form]?: Shown & { type: string; choices: readonly Form[F][] } };
export type ChoiceName = keyof typeof choiceFields;
