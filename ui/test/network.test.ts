import { waitFor, within } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import type { HoldReason } from '../src/bindings/HoldReason';
import type { Live } from '../src/bindings/Live';
import { at, entryStatus, family, held, heldEntry, snapshot, sourceReport } from './samples';
import { kebab } from '../src/texts/codes';
import { by, has, open, screen, value } from './window';

describe('what the name servers have', () => {
  const states: [Live, string][] = [
    [{ kind: 'unknown' }, 'not checked'],
    [{ kind: 'pending' }, 'on its way'],
    [{ kind: 'live', since: at(-7200) }, 'live since'],
    [{ kind: 'foreign', there: '198.51.100.7,198.51.100.8', since: at(-60) }, '198.51.100.7, 198.51.100.8'],
    [{ kind: 'foreign', there: '', since: at(-60) }, 'the record is gone'],
    [{ kind: 'cantVerify', why: { kind: 'noAnswer' } }, 'port 53 may be blocked'],
  ];
  test.each(states)('is the chain’s last link: %o', async (live, words) => {
    open({ snapshot: snapshot([entryStatus({ families: [family('ipv4', { live })] })]) });
    const link = await by('live');
    expect(link.dataset.state).toBe(live.kind);
    expect(link.textContent).toContain(words);
  });
});

test('an address from home isn’t called live in a network that may be home with a new router', async () => {
  const live: Live = { kind: 'live', since: at(-7200) };
  open({ snapshot: snapshot([heldEntry('newRouter', held('ipv4', 'newRouter'), { families: [family('ipv4', { live, why: held('ipv4', 'newRouter') })] })]) });
  expect((await by('unsure')).textContent).toContain('probably out of date');
  expect((await by('live')).textContent).not.toContain('live since');
});

test('an address from home isn’t called out of date in a network elsewhere, where nobody can tell', async () => {
  const live: Live = { kind: 'live', since: at(-7200) };
  open({ snapshot: snapshot([heldEntry('elsewhere', held('ipv4', 'elsewhere'), { families: [family('ipv4', { live, why: held('ipv4', 'elsewhere') })] })]) });
  expect((await by('away')).textContent).toContain("can't be checked from here");
  expect(has('unsure')).toBe(false);
});

describe('why this address', () => {
  test('is answered with each source, what was made of it, and the outcome', async () => {
    const { click } = open({});
    expect((await by('family-ipv4')).querySelector('[role=table]')).toBeNull();
    await click('why-1-ipv4');
    const table = (await by('family-ipv4')).querySelector('[role=table]');
    const rows = [...(table?.querySelectorAll('[data-weight]') ?? [])].map((row) => row.textContent);
    expect(rows[0]).toMatch(/web resolver.*checkip4\.spdyn\.de.*3 minutes ago.*84\.160\.12\.7.*used/);
    expect(rows[1]).toMatch(/router.*agrees/);
    expect((await by('outcome')).textContent).toBe('84.160.12.7 is used, because two sources say the same.');
  });

  test('names prefix and device where the address is another device’s', async () => {
    const prefix = { base: '2003:e1:1:2::', length: 64 };
    const why = { ...family('ipv6', {}).why, device: { prefix, id: '::7', address: '2003:e1:1:2::7' } };
    const { click } = open({ snapshot: snapshot([entryStatus({ families: [family('ipv6', { why })] })]) });
    await click('why-1-ipv6');
    expect((await by('device')).textContent).toContain('2003:e1:1:2::/64 is your home network');
    expect((await by('device')).textContent).toContain('::7 is the device');
  });

  test('is answered for what was sent earlier, too', async () => {
    const { click } = open({});
    expect(has('history-why-3')).toBe(false);
    await click('history-why-0');
    expect((await by('history-why-0')).getAttribute('aria-expanded')).toBe('true');
    expect(within(await by('history')).getByTestId('outcome').textContent).toContain('84.160.44.9 is used');
    await click('history-why-0');
    expect(within(await by('history')).queryByTestId('outcome')).toBeNull();
  });
});

describe('a network that isn’t home', () => {
  const elsewhere = snapshot([heldEntry('elsewhere')], { mood: 'paused', diagnoses: [{ kind: 'elsewhere' }] });

  test('is said once with its way out, and one press makes it home', async () => {
    const { program, click } = open({ snapshot: elsewhere });
    expect((await by('overall')).textContent).toBe('Paused: unknown network');
    expect((await by('diagnosis-elsewhere')).textContent).toContain('nothing is published from here');
    expect(has('held-1')).toBe(false);
    expect((await by('family-ipv4')).textContent).toContain('unknown network');
    expect(has('open-switch')).toBe(false);
    // They would do nothing here.
    expect(has('update-now')).toBe(false);
    expect(has('pause')).toBe(false);
    await click('this-is-home');
    expect(program.of('thisIsHome')).toHaveLength(1);
  });

  test.each([
    ['newRouter', 'Paused: new router?', 'its internet provider seems to be the same'],
    ['unrecognised', 'Paused: at home?', 'let Dyntray see which router'],
  ] as const)('may be home all the same: %s', async (kind, headline, why) => {
    const { program, click } = open({ snapshot: snapshot([heldEntry(kind)], { mood: 'paused', diagnoses: [{ kind }] }) });
    expect((await by('overall')).textContent).toBe(headline);
    expect((await by(`diagnosis-${kebab(kind)}`)).textContent).toContain(why);
    await click('this-is-home');
    expect(program.of('thisIsHome')).toHaveLength(1);
  });

  test('has no such press where that wouldn’t help', async () => {
    open({ snapshot: snapshot(undefined, { diagnoses: [{ kind: 'noInternet' }, { kind: 'sharedAddress', ipv6: true }] }) });
    expect((await by('diagnosis-no-internet')).textContent).toContain('Check cable');
    expect((await by('diagnosis-shared-address')).textContent).toContain('IPv6 works');
    expect(has('this-is-home')).toBe(false);
  });
});

describe('a wrong clock', () => {
  test('is named with the date that it shows, and what to do', async () => {
    open({ snapshot: snapshot(undefined, { diagnoses: [{ kind: 'wrongClock', shows: '2038-01-19' }] }) });
    const said = (await by('diagnosis-wrong-clock')).textContent;
    expect(said).toContain('2038');
    expect(said).toContain('Set the date and the time');
  });
});

describe('an address that is held back', () => {
  const holds: [HoldReason, string][] = [
    ['vpn', 'through a VPN'],
    ['conflict', 'different connections'],
    ['shared', 'shares this IPv4 address'],
    ['unconfirmed', 'Only one source'],
    ['whichNetwork', 'Which network'],
  ];
  test.each(holds)('says why: %s', async (hold, words) => {
    open({ snapshot: snapshot([heldEntry(hold)]) });
    const panel = await by('held-1');
    expect(panel.dataset.reason).toBe(hold);
    expect(panel.textContent).toContain(words);
    expect(panel.querySelectorAll('p')).toHaveLength(2);
  });

  test('leads to the switch that allows it', async () => {
    const why = held('ipv4', 'conflict', sourceReport('router', 'differs', { kind: 'known', address: '84.160.12.8' }));
    const { click } = open({ snapshot: snapshot([heldEntry('conflict', why)]) });
    await click('open-switch-1');
    const wanted = await by('publish-vpn');
    expect((await by('more')).closest('details')?.open).toBe(true);
    await waitFor(() => expect(document.activeElement).toBe(wanted));
  });

  test('has its way out in the banner where there is one, and says it once', async () => {
    open({ snapshot: snapshot([heldEntry('vpn')], { diagnoses: [{ kind: 'vpn' }] }) });
    await by('open-switch');
    expect(has('held-1')).toBe(false);
  });

  test('changed by somebody else, is tried again on a press', async () => {
    const status = { kind: 'changedElsewhere' } as const;
    const { program, click } = open({ snapshot: snapshot([entryStatus({ mood: 'needsYou', status })]) });
    expect((await by('changed-1')).textContent).toContain('setting it right once didn');
    await click('retry-1');
    expect(program.of('updateNow')).toHaveLength(1);
  });
});

describe('the settings of the network', () => {
  const settings = { page: { page: 'settings' } } as const;

  test('tell that a network without a visible router can’t become known', async () => {
    const { program } = open({ ...settings, snapshot: snapshot(undefined, { homes: 0, hasNoIdentity: true }) });
    expect((await by('no-identity')).textContent).toContain('let Dyntray see which router');
    await program.tell(snapshot(undefined, { homes: 1, hasNoIdentity: true }));
    await waitFor(() => expect(has('no-identity')).toBe(false));
  });

  test('tell how many networks are home, and forget them', async () => {
    const { program, click } = open({ ...settings, snapshot: snapshot(undefined, { homes: 2 }) });
    expect((await by('homes')).textContent).toBe('2 networks are known as home.');
    await click('forget-homes');
    await program.tell(snapshot(undefined, { homes: 0 }));
    await waitFor(() => expect(screen.getByTestId('homes').textContent).toContain('The next network'));
    expect(program.of('forgetHomes')).toHaveLength(1);
    expect(has('forget-homes')).toBe(false);
  });

  test('are saved with the rest of the form', async () => {
    const { program, click, type } = open(settings);
    await click('home-lock');
    await click('publish-vpn');
    await click('publish-shared');
    await type('name-server', '127.0.0.1:5353');
    await click('save');
    await by('saved');
    expect(program.of('save')[0]?.form).toMatchObject({ homeLock: false, publishVpn: true, publishShared: true, nameServer: '127.0.0.1:5353' });
    expect(value('name-server')).toBe('127.0.0.1:5353');
  });
});
