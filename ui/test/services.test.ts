import { describe, expect, test } from 'vitest';
import { contacts } from '../src/pages/settings/contacts';
import { byHostname, choose, chosen, services } from '../src/pages/settings/services';
import { entryForm, form, refusesFields, snapshot } from './samples';
import { by, has, open, screen, value } from './window';

const settings = { page: { page: 'settings' } } as const;
const firstStart = { ...settings, form: form([]), snapshot: snapshot([]) };
const options = () => [...screen.getByTestId<HTMLSelectElement>('entry-0-provider').options].map((option) => option.text);

describe('the choice of a service', () => {
  test('has SPDYN first, then all others by name, and last what the person writes', async () => {
    open(settings);
    await by('entry-0-provider');
    const names = options();
    expect(names[0]).toContain('SPDYN');
    expect(names.slice(-2)).toEqual(['Other dyndns2 server', 'Own update URL']);
    const between = names.slice(1, -2).map((name) => name.toLowerCase());
    expect(between).toEqual([...between].sort());
    expect(value('entry-0-provider')).toBe('spdyn');
  });

  test('leaves SPDYN as it was: its server is typed, and another one is another server', async () => {
    const { program, type, click } = open(settings);
    expect((await by('entry-0-server')).hasAttribute('readonly')).toBe(false);
    await type('entry-0-server', 'dyn.example.org');
    expect(value('entry-0-provider')).toBe('other');
    await click('save');
    await by('saved');
    expect(program.of('save')[0]?.form.entries[0]).toMatchObject({ provider: '', server: 'dyn.example.org' });
  });

  test('by hand brings the service’s server, login and words along', async () => {
    const { program, user, type, click } = open(settings);
    await user.selectOptions(await by('entry-0-provider'), 'strato');
    expect(value('entry-0-server')).toBe('dyndns.strato.com');
    expect((await by('entry-0-server')).hasAttribute('readonly')).toBe(true);
    expect(has('entry-0-login-token')).toBe(false);
    await type('entry-0-user', 'example.org');
    await click('save');
    await by('saved');
    expect(program.of('save')[0]?.form.entries[0]).toMatchObject({
      provider: 'strato',
      server: 'dyndns.strato.com',
      login: 'account',
      user: 'example.org',
    });
    await user.selectOptions(await by('entry-0-provider'), 'spdyn');
    expect(value('entry-0-server')).toBe('update.spdyn.de');
    expect(has('entry-0-login-token')).toBe(true);
  });

  test('says who the user is where it isn’t an account', async () => {
    const { user } = open(settings);
    await user.selectOptions(await by('entry-0-provider'), 'duckdns');
    expect(value('entry-0-user')).toBe('not needed');
    await user.selectOptions(await by('entry-0-provider'), 'desec');
    expect(value('entry-0-user')).toBe('home.spdns.de');
  });

  test('by the host name fills in the rest, until it was made by hand', async () => {
    const { user, type, click } = open(firstStart);
    await click('all-settings');
    await type('entry-0-hostname', 'home.duckdns.org');
    expect(value('entry-0-provider')).toBe('duckdns');
    expect(value('entry-0-server')).toBe('www.duckdns.org');
    await type('entry-0-hostname', 'home.spdns.de');
    expect(value('entry-0-provider')).toBe('spdyn');
    await user.selectOptions(await by('entry-0-provider'), 'strato');
    await type('entry-0-hostname', 'home.duckdns.org');
    expect(value('entry-0-provider')).toBe('strato');
  });

  test('of a saved entry isn’t changed by another host name', async () => {
    const { type } = open(settings);
    await type('entry-0-hostname', 'home.duckdns.org');
    expect(value('entry-0-provider')).toBe('spdyn');
  });

  test('in the first steps leads to the form when the host name is another service’s', async () => {
    const { type, click } = open(firstStart);
    await type('first-hostname', 'home.ddns.net');
    expect((await by('first-service')).textContent).toContain('No-IP');
    await click('first-to-service');
    await by('entry-0-provider');
    expect(value('entry-0-provider')).toBe('noip');
  });

  test('may be an update URL, whose mistakes stand at its field', async () => {
    const { program, user, type, click } = open(settings);
    await user.selectOptions(await by('entry-0-provider'), 'custom');
    program.reply = refusesFields([
      { entry: 0, field: 'updateUrl', problem: { of: 'updateUrl', kind: 'placeholder', placeholder: '<ip6lanprefix>' } },
    ]);
    await type('entry-0-update-url', 'https://a.example.org/u?h={{host}&a=<ip6lanprefix>');
    await click('save');
    expect((await by('error-0-updateUrl')).textContent).toContain('<ip6lanprefix>');
    expect(program.of('save')[0]?.form.entries[0]).toMatchObject({
      provider: 'custom',
      updateUrl: 'https://a.example.org/u?h={host}&a=<ip6lanprefix>',
    });
  });

  test('that keeps IPv4 only brings its protocol along, and takes it away again', () => {
    const entry = entryForm();
    choose(entry, 'twodns');
    expect(entry.protocol).toBe('ipv4');
    choose(entry, 'spdyn');
    expect([entry.protocol, entry.provider, entry.server, chosen(entry)]).toEqual(['both', '', 'update.spdyn.de', 'spdyn']);
    choose(entry, 'other');
    expect([entry.server, chosen(entry)]).toEqual(['', 'other']);
  });

  test('is known by whole endings only', () => {
    expect(byHostname('Home.DDNS.net. ')?.id).toBe('noip');
    for (const name of ['ddns.net', '.ddns.net', 'myddns.net', 'home.ddns.net.example.org', '']) expect(byHostname(name), name).toBeUndefined();
  });

  test('is told among those who are contacted', () => {
    const told = (more: Parameters<typeof entryForm>[0]) => contacts(form([entryForm(more)])).filter(({ purpose }) => purpose === 'update').map(({ host }) => host);
    expect(told({ provider: 'duckdns', server: 'left.example.org' })).toEqual(['www.duckdns.org']);
    expect(told({ provider: 'custom', updateUrl: 'https://a.example.org?h={host}&a={ip4}' })).toEqual(['a.example.org']);
  });

  test('has a name, a server and at most one place for each ending', () => {
    const suffixes = services.flatMap((service) => service.suffixes);
    expect(new Set(suffixes).size).toBe(suffixes.length);
    expect(services.every(({ name, server }) => name !== '' && server !== '')).toBe(true);
  });
});
