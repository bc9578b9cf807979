import { describe, expect, test } from 'vitest';
import type { EntryForm } from '../src/bindings/EntryForm';
import type { Form } from '../src/bindings/Form';
import { contacts, type Purpose } from '../src/pages/settings/contacts';
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

  test('may be another device’s, and says so while it is folded away', async () => {
    const { program, user, click, type } = open(settings);
    await click('entry-0-more');
    await type('entry-0-device', '::1a2b:3cff:fe4d:5e6f');
    await user.selectOptions(await by('entry-0-protocol'), 'ipv4');
    expect(has('entry-0-device')).toBe(false);
    await user.selectOptions(await by('entry-0-protocol'), 'both');
    await user.selectOptions(await by('entry-0-address-from'), 'fixed');
    expect(has('entry-0-device')).toBe(false);
    await user.selectOptions(await by('entry-0-address-from'), 'webresolver');
    program.reply = refusesFields([{ entry: 0, field: 'device', problem: { of: 'device', kind: 'notPublic' } }]);
    await click('save');
    expect((await by('error-0-device')).textContent).toContain('at home only');
    await type('entry-0-device', '::7');
    expect(has('error-0-device')).toBe(false);
    expect((await by('entry-0-more')).textContent).toContain('Device ::7');
  });

  test('has its mistakes at its fields', async () => {
    const { program, click } = open({ ...settings, form: form([entryForm({ addressFrom: 'fixed', fixedIpv4: '192.168.178.1' })]) });
    program.reply = refusesFields([
      { entry: 0, field: 'fixedIpv4', problem: { of: 'fixedAddress', kind: 'unpublishable', why: 'private' } },
      { entry: 0, field: 'fixedIpv6', problem: { of: 'fixedAddress', kind: 'missing' } },
      { entry: null, field: 'nameServer', problem: { of: 'nameServer', kind: 'shape' } },
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
    program.reply = refusesFields([{ entry: 1, field: 'fallBackIpv6', problem: { of: 'webAddress', kind: 'notEncrypted' } }]);
    await click('entry-0-remove');
    await click('save');
    expect((await by('error-fall-back-1-ipv6')).textContent).toContain('https://');
    expect((await by('more')).closest('details')?.open).toBe(true);
    await type('fall-back-1-ipv6', 'https://ip6.example.org/');
    expect(has('error-fall-back-1-ipv6')).toBe(false);
  });
});

describe('whom Dyntray contacts', () => {
  const told = (entry: Partial<EntryForm>, more: Partial<Form> = {}) =>
    contacts(form([entryForm(entry)], { fallBacks: [], proxy: 'none', ...more })).map(({ purpose, host }) => (host ? [purpose, host] : [purpose]));
  const update: [Purpose, string] = ['update', 'update.spdyn.de'];

  test('stands in one line, which leads to the list with what for and when', async () => {
    const { click } = open(settings);
    expect((await by('contacts')).textContent).toBe(
      'Dyntray contacts only: update.spdyn.de, checkip4.spdyn.de, checkip6.spdyn.de, api4.ipify.org, ipv4.icanhazip.com, ' +
        'api6.ipify.org, ipv6.icanhazip.com, the router at home, and the host names\' name servers.',
    );
    await click('contacts-more');
    await by('contact-list');
  });

  test('follows the form', () => {
    expect(told({ enabled: false })).toEqual([]);
    expect(told({ webresolver: false })).toEqual([update, ['nameServers']]);
    expect(told({ addressFrom: 'router' })).toEqual([update, ['router'], ['nameServers']]);
    expect(told({ addressFrom: 'web', protocol: 'ipv4' })).toEqual([update, ['resolver', 'checkip4.spdyn.de'], ['nameServers']]);
    expect(told({ addressFrom: 'fixed' }, { nameServer: '9.9.9.9' })).toEqual([update, ['nameServer', '9.9.9.9']]);
  });

  test('includes whoever announces new versions, even while no entry is enabled', () => {
    expect(told({ enabled: false }, { releases: 'https://example.org/dyntray.json' })).toEqual([['releases', 'example.org']]);
  });

  test('includes the proxy that updates go through, and only while something goes through it', () => {
    const manual: Partial<Form> = { proxy: 'manual', proxyAddress: 'http://proxy.example.org:3128' };
    expect(told({ addressFrom: 'fixed' }, manual)).toContainEqual(['proxy', 'proxy.example.org:3128']);
    expect(told({ addressFrom: 'fixed' }, { proxy: 'system' })).toContainEqual(['systemProxy']);
    expect(told({ addressFrom: 'fixed' }, { ...manual, proxyAddress: 'anna:secret@proxy:3128' })).toContainEqual(['proxy', 'proxy:3128']);
    expect(told({ enabled: false }, manual)).toEqual([]);
  });

  test('names a server once for each purpose, with all that it is for', () => {
    const both = contacts(form([entryForm(), entryForm({ id: 2, hostname: 'cabin.my-router.de' })], { resolverIpv6: 'https://checkip4.spdyn.de/six' }));
    expect(both.find(({ purpose }) => purpose === 'update')?.hostnames).toEqual(['home.spdns.de', 'cabin.my-router.de']);
    expect(both.filter(({ purpose }) => purpose === 'resolver')).toMatchObject([{ host: 'checkip4.spdyn.de', families: ['ipv4', 'ipv6'] }]);
  });

  test('is nobody in the world where everything is on this machine', () => {
    const here: Partial<Form> = { resolverIpv4: 'http://127.0.0.1:8245/ip', resolverIpv6: 'http://[::1]:8245/ip', proxy: 'system' };
    expect(told({ server: '127.0.0.1:8245' }, here)).toEqual([['update', '127.0.0.1:8245'], ['resolver', '127.0.0.1:8245'], ['resolver', '[::1]:8245']]);
  });
});
