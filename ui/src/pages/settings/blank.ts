/** The values of a new entry, as in `EntryForm::default` in the core. */
import type { EntryForm } from '../../bindings/EntryForm';

export const blank: Readonly<EntryForm> = {
  enabled: true,
  hostname: '',
  login: 'token',
  user: '',
  provider: '',
  server: 'update.spdyn.de',
  updateUrl: '',
  webresolver: true,
  protocol: 'both',
  addressFrom: 'webresolver',
  fixedIpv4: '',
  fixedIpv6: '',
  device: '',
};
