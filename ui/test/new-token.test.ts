import { waitFor } from '@testing-library/svelte';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { at, entryForm, entryStatus, form, halted, refusedEntry, snapshot } from './samples';
import { by, has, open, screen, value } from './window';

const lost = { page: { page: 'newToken', entry: 1 }, snapshot: snapshot([refusedEntry()]) } as const;
const token = 'mnop-qrst-uvwx';
const saved = at(0);

afterEach(() => vi.useRealTimers());

describe('the lost-token page', () => {
  test('says what happened, shows four steps, and waits in the field', async () => {
    const { program, click } = open(lost);
    expect((await by('token-refused')).textContent).toContain('The service refused the token of home.spdns.de.');
    expect((await by('token-refused')).textContent).toContain('copy it once more');
    expect(screen.getAllByRole('listitem')).toHaveLength(4);
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId('new-token')));
    await click('open-website');
    expect(program.of('openWebsite')).toHaveLength(1);
  });

  test('saves, waits for the answer, and tells success', async () => {
    const { program, user, type } = open(lost);
    await type('new-token', token);
    await waitFor(() => expect(screen.getByTestId('token-hint').textContent).toContain('recognised'));
    await user.keyboard('{Enter}');
    await waitFor(() => expect(screen.getByTestId('token-result').textContent).toContain('Waiting'));
    expect(program.of('setSecret')).toEqual([{ request: 'setSecret', entry: 1, secret: token }]);
    expect(value('new-token')).toBe('');
    await program.tell(snapshot([entryStatus({ secret: { saved, accepted: null }, mood: 'working', status: { kind: 'sending' } })]));
    expect((await by('token-result')).dataset.outcome).toBe('waiting');
    await program.tell(snapshot([entryStatus({ secret: { saved, accepted: at(1) } })]));
    await waitFor(() => expect(screen.getByTestId('token-result').textContent).toContain('Accepted: the service now has 84.160.12.7'));
    expect(has('token-refused')).toBe(false);
  });

  test('shows a new refusal at the field', async () => {
    const { program, click, type } = open(lost);
    await type('new-token', token);
    await click('save-token');
    await program.tell(snapshot([refusedEntry({ secret: { saved, accepted: null }, status: halted({ kind: 'badAuth' }, 1) })]));
    expect((await by('error-new-token')).textContent).toContain('Refused again');
    expect(screen.getByTestId('new-token').getAttribute('aria-invalid')).toBe('true');
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId('new-token')));
  });

  test('shows a mistake at the field and keeps what was typed', async () => {
    const { program, click, type } = open(lost);
    program.reply = (request) =>
      request.request === 'setSecret'
        ? { answer: 'refused', refusal: { kind: 'fields', errors: [{ entry: 0, field: 'secret', problem: { of: 'secret', kind: 'character' } }] } }
        : undefined;
    await type('new-token', token);
    await click('save-token');
    expect((await by('error-new-token')).textContent).toContain('invisible character');
    expect(value('new-token')).toBe(token);
  });

  test('says what a save that takes long is waiting for, and how to cancel it', async () => {
    const { program, click, type } = open(lost);
    program.reply = ({ request }) => (request === 'setSecret' ? new Promise(() => {}) : undefined);
    await type('new-token', token);
    vi.useFakeTimers({ shouldAdvanceTime: true });
    await click('save-token');
    expect(screen.getByTestId('saving-long').textContent).toBe('');
    await vi.advanceTimersByTimeAsync(2500);
    expect(screen.getByTestId('saving-long').textContent).toMatch(/keyring.*To cancel/);
  });

  test('shows a locked keyring in a banner and keeps what was typed', async () => {
    const { program, click, type } = open(lost);
    program.reply = (request) => (request.request === 'setSecret' ? { answer: 'refused', refusal: { kind: 'keyringLocked' } } : undefined);
    await type('new-token', token);
    await click('save-token');
    expect((await by('banner')).textContent).toContain('keyring is locked');
    expect(value('new-token')).toBe(token);
  });

  test('tells trouble and when it is tried again', async () => {
    const { program, click, type } = open(lost);
    await type('new-token', token);
    await click('save-token');
    const status = { kind: 'troubled', trouble: { kind: 'unreachable' }, retryAt: at(120) } as const;
    await program.tell(snapshot([entryStatus({ secret: { saved, accepted: null }, mood: 'waiting', status })]));
    await waitFor(() => expect(screen.getByTestId('token-result').textContent).toContain('Next attempt in 2 minutes'));
  });

  test('speaks of a password for an account login', async () => {
    const { click } = open({ ...lost, snapshot: snapshot([refusedEntry({ login: 'account' })]), form: form([entryForm({ login: 'account', user: 'anna' })]) });
    expect((await by('token-refused')).textContent).toContain('refused user “anna” with this password for home.spdns.de');
    expect(screen.queryAllByRole('listitem')).toHaveLength(0);
    // The user may be what is wrong, and a token may be wanted.
    await click('change-login');
    await by('entry-0-user');
  });

  test('is shown when another program asks for it', async () => {
    const { program } = open({ snapshot: lost.snapshot });
    await by('status-1');
    const { emit } = await import('@tauri-apps/api/event');
    await emit('show', { page: 'newToken', entry: 1 });
    await by('new-token');
    expect(program.of('setSecret')).toHaveLength(0);
  });
});
