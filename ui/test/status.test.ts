import { waitFor } from '@testing-library/svelte';
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
    [{ kind: 'troubled', trouble: { kind: 'secretsUnusable', why: 'x' }, retryAt: at(60) }, "the secrets can't be used"],
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
    expect((await by('next-1')).textContent).toContain('in 4 minutes, because nothing changed');
    expect(card.querySelector('time')?.title).toMatch(/\d{4}/);
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
