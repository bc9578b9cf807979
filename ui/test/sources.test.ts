import { describe, expect, test } from 'vitest';
import type { EntryForm } from '../src/bindings/EntryForm';
import type { Form } from '../src/bindings/Form';
import { contacts } from '../src/pages/settings/contacts';
import { entryForm, form, refusesFields, twoForms } from './samples';
import { by, has, open, value } from './window';

const settings = { page: { page: 'settings' } } as const;

describe('where an address comes from', () => {
  test('is folded away while it is usual, and in sight when it isn’t', async () => {
    open({ ...settings, form: form([entryForm(), entryForm({ id: 2, addressFrom: 'router' })]) });
    await by('entry-0-more');
    expect(has('entry-0-address-from')).toBe(false);
    expect(value('entry-1-address-from')).toBe('router');
  });

  test('asks for fixed addresses only where they are chosen, of the families that are kept', async () => {
    const { program, user, click, type } = open(settings);
    await click('entry-0-more');
    expect(has('entry-0-fixed-ipv4')).toBe(false);
    await user.selectOptions(await by('entry-0-address-from'), 'fixed');
    await by('entry-0-fixed-ipv6');
    await user.selectOptions(await by('entry-0-protocol'), 'ipv4');
    expect(has('entry-0-fixed-ipv6')).toBe(false);
    await type('entry-0-fixed-ipv4', '84.160.12.7');
    await click('save');
    await by('saved');
    expect(program.of('save')[0]?.form.entries[0]).toMatchObject({ addressFrom: 'fixed', fixedIpv4: '84.160.12.7', fixedIpv6: '' });
  });

  test('has its mistakes at its fields', async () => {
    const { program, click } = open({ ...settings, form: form([entryForm({ addressFrom: 'fixed', fixedIpv4: '192.168.178.1' })]) });
    program.reply = refusesFields([
      { entry: 0, field: 'fixedIpv4', problem: { kind: 'fixedUnpublishable', why: 'private' } },
      { entry: 0, field: 'fixedIpv6', problem: { kind: 'fixedMissing' } },
      { entry: null, field: 'nameServer', problem: { kind: 'nameServerShape' } },
    ]);
    await click('save');
    expect((await by('error-0-fixedIpv4')).textContent).toContain('it is a private address');
    expect((await by('error-0-fixedIpv6')).textContent).toContain('Enter the fixed address');
    expect((await by('error-name-server')).textContent).toContain('IP address');
  });
});

describe('further web resolvers', () => {
  test('are added, switched off and removed', async () => {
    const { program, click, type } = open(settings);
    await click('fall-back-0-enabled');
    await click('fall-back-1-remove');
    await click('fall-back-add');
    expect(document.activeElement).toBe(await by('fall-back-1-ipv4'));
    await type('fall-back-1-ipv4', 'https://ip.example.org/');
    await click('save');
    await by('saved');
    expect(program.of('save')[0]?.form.fallBacks).toEqual([
      { enabled: false, ipv4: 'https://api4.ipify.org/', ipv6: 'https://api6.ipify.org/' },
      { enabled: true, ipv4: 'https://ip.example.org/', ipv6: '' },
    ]);
  });

  test('have their mistakes in their rows, whatever is removed from the entries', async () => {
    const { program, click, type } = open({ ...settings, form: form(twoForms()) });
    program.reply = refusesFields([{ entry: 1, field: 'fallBackIpv6', problem: { kind: 'resolverNotEncrypted' } }]);
    await click('entry-0-remove');
    await click('save');
    expect((await by('error-fall-back-1-ipv6')).textContent).toContain('https://');
    expect((await by('more')).closest('details')?.open).toBe(true);
    await type('fall-back-1-ipv6', 'https://ip6.example.org/');
    expect(has('error-fall-back-1-ipv6')).toBe(false);
  });
});

describe('whom Dyntray contacts', () => {
  const told = (entry: Partial<EntryForm>, more: Partial<Form> = {}) => contacts(form([entryForm(entry)], more));

  test('stands in one line', async () => {
    open(settings);
    expect((await by('contacts')).textContent).toBe(
      'Dyntray contacts only: update.spdyn.de, checkip4.spdyn.de, api4.ipify.org, ipv4.icanhazip.com, checkip6.spdyn.de, ' +
        'api6.ipify.org, ipv6.icanhazip.com, the router at home, and the host names\' name servers.',
    );
  });

  test('follows the form', () => {
    expect(told({ enabled: false })).toEqual({ hosts: [], router: false, nameServers: false });
    expect(told({ webresolver: false })).toEqual({ hosts: ['update.spdyn.de'], router: false, nameServers: true });
    expect(told({ addressFrom: 'router' })).toEqual({ hosts: ['update.spdyn.de'], router: true, nameServers: true });
    expect(told({ addressFrom: 'web', protocol: 'ipv4' }, { fallBacks: [] }).hosts).toEqual(['update.spdyn.de', 'checkip4.spdyn.de']);
    expect(told({ addressFrom: 'fixed' }, { nameServer: '9.9.9.9' })).toEqual({ hosts: ['update.spdyn.de', '9.9.9.9'], router: false, nameServers: false });
  });

  test('is nobody in the world where everything is on this machine', () => {
    const here = { resolverIpv4: 'http://127.0.0.1:8245/ip', resolverIpv6: 'http://[::1]:8245/ip' };
    expect(told({ server: '127.0.0.1:8245' }, here)).toEqual({ hosts: ['127.0.0.1:8245', '[::1]:8245'], router: false, nameServers: false });
  });
});
