import { fireEvent, waitFor } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import type { Status } from '../src/bindings/Status';
import { at, entryStatus, failed, family, halted, refusedEntry, snapshot } from './samples';
import { by, has, open, screen } from './window';

describe('the status page', () => {
  const states: [Status, string][] = [
    [{ kind: 'fine' }, 'up to date'],
    [{ kind: 'disabled' }, 'switched off'],
    [{ kind: 'paused' }, 'paused'],
    [{ kind: 'lookingUp' }, 'looking up the address'],
    [{ kind: 'sending' }, 'sending the address'],
    [{ kind: 'queued' }, 'about to send'],
    [{ kind: 'noAddress', why: { kind: 'timedOut' } }, 'no address known'],
    [{ kind: 'troubled', trouble: { kind: 'unreachable' }, retryAt: at(60) }, 'can’t be reached'.replace('’', "'")],
    [{ kind: 'troubled', trouble: { kind: 'wrongClock', shows: '2038-01-19' }, retryAt: at(60) }, '2038'],
    [{ kind: 'troubled', trouble: { kind: 'certificateExpired' }, retryAt: at(60) }, 'certificate has expired'],
    [{ kind: 'troubled', trouble: { kind: 'keyringLocked' }, retryAt: at(60) }, 'the keyring is locked'],
    [{ kind: 'troubled', trouble: { kind: 'keyringAbsent' }, retryAt: at(60) }, 'no keyring'],
    [{ kind: 'troubled', trouble: { kind: 'secretsUnusable', why: 'x' }, retryAt: at(60) }, "the token file can't be used"],
    [halted({ kind: 'secretMissing', keyring: 'kwalletd5' }), 'kwalletd5 has no update token for home.spdns.de'],
    [halted({ kind: 'abuse' }), 'locked home.spdns.de'],
  ];
  test.each(states)('says %o in words', async (status, words) => {
    open({ snapshot: snapshot([entryStatus({ status })]) });
    const card = await by('status-1');
    expect(card.dataset.status).toBe(status.kind);
    expect(card.textContent).toContain(words);
  });

  test('has a locked keyring ask for its password', async () => {
    const status: Status = { kind: 'troubled', trouble: { kind: 'keyringLocked' }, retryAt: at(60) };
    const { program, click } = open({ snapshot: snapshot([entryStatus({ mood: 'needsYou', status })]) });
    await click('unlock-1');
    expect(program.of('unlockKeyring')).toEqual([{ request: 'unlockKeyring' }]);
  });

  test('shows the chain from detected to published, and when it looks next', async () => {
    open({});
    const card = await by('status-1');
    expect(card.textContent).toContain('84.160.12.7');
    expect(card.textContent).toContain('accepted 4 hours ago');
    expect((await by('next-1')).textContent).toBe('in 4 minutes');
    expect(card.querySelector('time')?.title).toMatch(/\d{4}/);
  });

  test.each([
    ['lookUp', 'Next check'],
    ['update', 'Next attempt'],
  ] as const)('calls what comes after a wait that a server asked for by its name: %s', async (step, words) => {
    open({ snapshot: snapshot([entryStatus({ next: { at: at(252), step, why: 'retryAfter' } })]) });
    const next = await by('next-1');
    expect(next.parentElement?.textContent).toContain(words);
    expect(next.textContent).toContain('because the server asked to wait until then');
  });

  test('says why an address is not published', async () => {
    const why = failed('ipv4', { kind: 'unpublishable', address: '100.64.1.2', why: 'shared' });
    open({ snapshot: snapshot([entryStatus({ families: [family('ipv4', { why, published: null })] })]) });
    expect((await by('family-ipv4')).textContent).toContain('100.64.1.2 is not published: it is an address that the provider shares');
  });

  test('leads from a refused token to a new one', async () => {
    const { click } = open({ snapshot: snapshot([refusedEntry()]) });
    expect((await by('halt-1')).textContent).toContain('The service refused the update token of home.spdns.de.');
    expect(has('try-again-1')).toBe(false);
    await click('enter-token-1');
    await by('new-token');
  });

  test('a refused name that leads to the old address does not look live', async () => {
    open({ snapshot: snapshot([refusedEntry()]) });
    const old = await by('family-ipv4');
    expect(old.textContent).toContain('still points to your old address');
    expect(old.textContent).not.toContain('live since');
    expect(old.querySelectorAll('.arrow.same')).toHaveLength(0);
    const current = await by('family-ipv6');
    expect(current.textContent).toContain('live since');
    expect(current.querySelectorAll('.arrow.same')).toHaveLength(2);
  });

  test('a connection without IPv6 says so in one line', async () => {
    const why = { family: 'ipv6', said: [], outcome: { kind: 'noAddress' } } as const;
    open({ snapshot: snapshot([entryStatus({ families: [family('ipv4'), family('ipv6', { why: { ...why, said: [] }, published: null, live: { kind: 'unknown' } })] })]) });
    const row = await by('family-ipv6');
    expect(row.textContent).toContain('This connection has no IPv6 address.');
    expect(row.textContent).not.toContain('Published');
  });

  test('copies a host name and an address by one press, and says so', async () => {
    const { click, user } = open({});
    await by('status-1');
    const copied = () => window.navigator.clipboard.readText();
    void user;
    await click('copy-host-1');
    expect(await copied()).toBe('home.spdns.de');
    expect((await by('copy-host-1-said')).textContent).toBe('home.spdns.de was copied.');
    await click('copy-address-1-ipv4');
    expect(await copied()).toBe('84.160.12.7');
    expect((await by('copy-address-1-ipv4')).getAttribute('aria-label')).toBe('Copy 84.160.12.7');
  });

  test('opens what answers at the host name', async () => {
    const { program, click } = open({});
    await click('open-host-1');
    expect(program.of('openHost')).toEqual([{ request: 'openHost', entry: 1 }]);
  });

  test('updates, goes to the settings and to the search by keyboard', async () => {
    const { program, user } = open({ snapshot: snapshot(Array.from({ length: 8 }, (_, n) => entryStatus({ id: n + 1, hostname: `host${n}.spdns.de` }))) });
    const search = await by('status-search');
    await user.keyboard('{Control>}f{/Control}');
    expect(document.activeElement).toBe(search);
    await user.keyboard('{Control>}r{/Control}');
    expect(program.of('updateNow')).toHaveLength(1);
    await user.keyboard('{Control>},{/Control}');
    await by('more');
    await user.keyboard('{Control>}r{/Control}');
    await by('status-search');
  });

  test('speaks of a password where one is used', async () => {
    open({ snapshot: snapshot([refusedEntry({ login: 'account' })]) });
    await waitFor(() => expect(screen.getByTestId('halt-1').textContent).toContain('user name or password'));
    expect((await by('enter-token-1')).textContent).toContain('Enter password');
  });

  test('offers another try for every other stop', async () => {
    const { program, click } = open({ snapshot: snapshot([entryStatus({ mood: 'needsYou', status: halted({ kind: 'fatal' }) })]) });
    expect((await by('halt-1')).textContent).toContain('switched off by hand');
    await click('try-again-1');
    await click('open-website-1');
    expect(program.of('tryAgain')).toEqual([{ request: 'tryAgain', entry: 1 }]);
    expect(program.of('openWebsite')).toHaveLength(1);
  });

  test('updates, pauses and resumes', async () => {
    const { program, click } = open({});
    await click('update-now');
    await click('pause');
    expect(program.of('updateNow')).toHaveLength(1);
    expect(program.of('pause')).toEqual([{ request: 'pause', until: null }]);
    await program.tell(snapshot([entryStatus({ mood: 'paused', status: { kind: 'paused' } })], { pause: { until: null } }));
    await click('resume');
    expect(program.of('resume')).toHaveLength(1);
  });

  test('leaves it to the program when tomorrow begins, and says the hour', async () => {
    const { program, click } = open({});
    const choice = (await by('pause-for')) as HTMLSelectElement;
    expect(choice.textContent).toContain('until tomorrow at 06:00');
    await fireEvent.change(choice, { target: { value: 'tomorrow' } });
    await click('pause');
    expect(program.of('pauseUntilTomorrow')).toEqual([{ request: 'pauseUntilTomorrow' }]);
  });

  test('follows snapshots, language included', async () => {
    const { program } = open({});
    await by('status-1');
    await program.tell(snapshot([refusedEntry()], { language: 'de' }));
    await waitFor(() => expect(screen.getByTestId('halt-1').textContent).toContain('Der Dienst hat das Update-Token'));
  });

  test('shows the program’s own troubles', async () => {
    open({ snapshot: snapshot(undefined, { ailments: [{ kind: 'settingsDamaged', kept: '/home/a/settings.bad' }] }) });
    expect((await by('ailment-settings-damaged')).textContent).toContain('/home/a/settings.bad');
  });

  test('lists what was sent', async () => {
    open({});
    const table = await by('history');
    expect(table.querySelectorAll('tbody tr')).toHaveLength(4);
    expect(table.textContent).toContain('stopped: token refused');
    expect(table.textContent).toContain('(911)');
  });
});
