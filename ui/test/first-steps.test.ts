import { waitFor } from '@testing-library/svelte';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { firsts } from './firsts';
import { entryForm, form, importPreview, imports, refusesFields, snapshot } from './samples';
import { by, has, open, screen, value } from './window';

const start = { page: { page: 'settings' }, form: form([]), snapshot: snapshot([]) } as const;
const token = 'abcd-efgh-ijkl';
const lines = ['lookUp', 'update', 'dns'].map((step) => `first-test-${step}`);
const states = () => lines.map((line) => screen.getByTestId(line).dataset.state).join(' ');
const focused = () => (document.activeElement as HTMLElement | null)?.dataset.testid;

/** Both fields typed and saved. */
async function saved(more: Partial<Parameters<typeof open>[0]> = {}) {
  const window = open({ ...start, ...more });
  await window.type('first-hostname', 'home.spdns.de');
  await window.type('first-token', token);
  await window.click('first-save');
  await by('first-test-lookUp');
  const tell = (name: keyof typeof firsts) => window.program.tell(firsts[name]());
  return { ...window, tell };
}

afterEach(() => vi.useRealTimers());

describe('the first steps', () => {
  test('stand in place of the form while there is no entry, with the focus in the host name', async () => {
    open(start);
    await by('welcome');
    expect(has('entry-0-hostname')).toBe(false);
    await waitFor(() => expect(focused()).toBe('first-hostname'));
  });

  test('lead to the ways for another service, an account or a file', async () => {
    const { click } = open(start);
    await click('first-others');
    await waitFor(() => expect(focused()).toBe('first-account'));
  });

  test('say where host names and tokens come from, and open that website', async () => {
    const { program, click } = open(start);
    await by('welcome');
    expect(screen.getByText(/SPDYN's website has a list of your hosts/)).toBeTruthy();
    await click('first-open-spdyn');
    expect(program.of('openSpdyn')).toHaveLength(1);
    await click('first-where');
    expect(screen.getAllByText(/^[abcd]$/).map((letter) => letter.textContent)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('give way to the form where there is an entry', async () => {
    open({ page: start.page });
    await by('entry-0-hostname');
    expect(has('first-hostname')).toBe(false);
  });

  test('lead from nothing to green by keyboard alone', async () => {
    const { program, user } = open(start);
    await waitFor(() => expect(focused()).toBe('first-hostname'));
    await user.keyboard('home.spdns.de{Enter}');
    expect(focused()).toBe('first-token');
    await user.keyboard(` ${token} `);
    await waitFor(() => expect(screen.getByTestId('first-token-hint').dataset.shape).toBe('updateToken'));
    await user.keyboard('{Enter}');
    await by('first-test-lookUp');
    expect(program.of('save')).toHaveLength(1);
    expect(program.of('save')[0]).toMatchObject({ form: { entries: [{ hostname: 'home.spdns.de', login: 'token' }] }, secrets: [{ kind: 'replace' }] });
    await waitFor(() => expect(document.activeElement?.textContent).toContain('Test'));
    expect(states()).toBe('working waiting waiting');
    await program.tell(firsts.sending());
    await waitFor(() => expect(states()).toBe('done working waiting'));
    await program.tell(firsts.pending());
    await waitFor(() => expect(states()).toBe('done done working'));
    expect(screen.getByTestId('first-test-update').textContent).toContain('the service now has 84.160.12.7');
    await waitFor(() => expect(focused()).toBe('first-done'));
    await program.tell(firsts.green());
    await waitFor(() => expect(states()).toBe('done done done'));
    await user.keyboard('{Enter}');
    await by('status-100');
  });

  test('read each line out as it changes', async () => {
    const { tell } = await saved();
    await tell('sending');
    for (const line of lines) expect(screen.getByTestId(line).querySelector('[role=status]')).not.toBeNull();
    expect(screen.getByTestId('first-test-update').querySelector('[role=status]')?.textContent).toContain('Sending');
  });

  test('suggest SPDYN’s zones', async () => {
    const { type } = open(start);
    await type('first-hostname', 'home');
    const options = [...document.querySelectorAll<HTMLOptionElement>('#first-hostname-zones option')].map((option) => option.value);
    expect(options).toContain('home.spdns.de');
    expect(screen.getByTestId('first-hostname').getAttribute('list')).toBe('first-hostname-zones');
  });

  test('recognise a move token, and explain it', async () => {
    const { type } = open(start);
    await type('first-token', `1234567-${token}`);
    await waitFor(() => expect(screen.getByTestId('first-token-hint').textContent).toContain('move token'));
    expect(has('first-password')).toBe(false);
  });

  test('recognise an account’s password, and lead to the account login with all that was typed', async () => {
    const { program, type, click } = open(start);
    await type('first-hostname', 'home.spdns.de');
    await type('first-token', 'correct horse');
    await click('first-password');
    expect(value('entry-0-hostname')).toBe('home.spdns.de');
    expect(value('entry-0-secret')).toBe('correct horse');
    await waitFor(() => expect(focused()).toBe('entry-0-user'));
    await type('entry-0-user', 'anna');
    await click('save');
    await by('saved');
    expect(program.of('save')[0]?.form.entries[0]).toMatchObject({ login: 'account', user: 'anna' });
  });

  test('lead to all settings with what was typed', async () => {
    const { program, type, click } = open(start);
    await type('first-hostname', 'home.spdns.de');
    await type('first-token', token);
    await click('all-settings');
    expect([value('entry-0-hostname'), value('entry-0-secret')]).toEqual(['home.spdns.de', token]);
    await click('save');
    await by('saved');
    expect(program.of('save')[0]?.secrets).toEqual([{ kind: 'replace', secret: token }]);
    expect(has('first-hostname')).toBe(false);
  });

  test('show a mistake at its field, and keep what was typed', async () => {
    const { program, type, click } = open(start);
    program.reply = refusesFields([
      { entry: 0, field: 'hostname', problem: { of: 'hostname', kind: 'notFull' } },
      { entry: 0, field: 'secret', problem: { of: 'secret', kind: 'character' } },
    ]);
    await type('first-hostname', 'home');
    await type('first-token', token);
    await click('first-save');
    expect((await by('error-first-hostname')).textContent).toContain('full host name');
    expect((await by('error-first-token')).textContent).toContain('invisible character');
    await waitFor(() => expect(focused()).toBe('first-hostname'));
    expect([value('first-hostname'), value('first-token')]).toEqual(['home', token]);
    await type('first-hostname', 'home.spdns.de');
    expect(has('error-first-hostname')).toBe(false);
  });

  test('show a mistake that has no field here in the form', async () => {
    const { program, type, click } = open(start);
    program.reply = refusesFields([{ entry: null, field: 'interval', problem: { of: 'interval', kind: 'tooShort', minutes: 10 } }]);
    await type('first-hostname', 'home.spdns.de');
    await type('first-token', token);
    await click('first-save');
    await by('error-interval');
    expect(value('entry-0-secret')).toBe(token);
  });

  test('say that the keyring is locked, and keep what was typed', async () => {
    const { program, type, click } = open(start);
    program.reply = ({ request }) => (request === 'save' ? { answer: 'refused', refusal: { kind: 'keyringLocked' } } : undefined);
    await type('first-hostname', 'home.spdns.de');
    await type('first-token', token);
    await click('first-save');
    expect((await by('banner')).textContent).toContain('keyring is locked');
    expect(value('first-token')).toBe(token);
    await click('unlock-to-save');
    expect(program.of('unlockKeyring')).toHaveLength(1);
  });

  test('say what a save that takes long may be waiting for', async () => {
    const { program, type, click } = open(start);
    program.reply = ({ request }) => (request === 'save' ? new Promise(() => {}) : undefined);
    await type('first-hostname', 'home.spdns.de');
    await type('first-token', token);
    vi.useFakeTimers({ shouldAdvanceTime: true });
    await click('first-save');
    await vi.advanceTimersByTimeAsync(5000);
    expect(screen.getByTestId('first-saving-long').textContent).toContain('keyring');
  });

  test('ask before what was typed is left', async () => {
    const { type, click } = open(start);
    await type('first-hostname', 'home.spdns.de');
    await click('nav-status');
    await click('leave-stay');
    expect(value('first-hostname')).toBe('home.spdns.de');
    await click('nav-status');
    await click('leave-save');
    await by('overall');
  });

  test('keep what was typed when an entry is imported meanwhile', async () => {
    const saves = form([entryForm({ id: 7, hostname: 'cabin.my-router.de' })]);
    const { user, type, click } = open({ ...start, reply: imports(importPreview(), saves) });
    await type('first-hostname', 'home.spdns.de');
    await user.upload(await by('import-input'), new File(['x'], 'spdyn_update_token.csv'));
    await click('import-take');
    await click('import-close');
    await waitFor(() => expect(value('entry-0-hostname')).toBe('home.spdns.de'));
    expect(value('entry-1-hostname')).toBe('cabin.my-router.de');
  });

  test('ask whether to start with the computer, off until it is wanted', async () => {
    const { program, click } = await saved();
    expect(screen.getByTestId<HTMLInputElement>('autostart').checked).toBe(false);
    expect(document.body.textContent).toContain('Off: after a restart of the computer, nothing is updated');
    expect(program.of('setAutostart')).toEqual([]);
    await click('autostart');
    await waitFor(() => expect(program.autostart).toBe(true));
    expect(document.body.textContent).toContain('On: Dyntray starts when you log in');
  });
});

describe('the test of the first steps', () => {
  test.each([
    ['vpn', 'first-test-lookUp', 'leads through a VPN', 'first-switch'],
    ['elsewhere', 'first-test-lookUp', 'not the network known as home', 'first-home'],
    ['offline', 'first-test-lookUp', 'no internet connection', 'first-retry'],
    ['refused', 'first-test-update', 'refused the update token', 'first-correct'],
    ['notYours', 'first-test-update', 'another host name', 'first-correct'],
    ['abuse', 'first-test-update', 'locked home.spdns.de', 'first-retry'],
    ['troubled', 'first-test-update', "can't be reached", 'first-retry'],
    ['keyring', 'first-test-update', 'keyring is locked', 'first-retry'],
    ['paused', 'first-test-update', 'paused', 'first-resume'],
  ] as const)('shows what keeps it (%s) at its line, with the way out', async (name, line, words, way) => {
    const { tell } = await saved();
    await tell(name);
    await waitFor(() => expect(screen.getByTestId(line).textContent).toContain(words));
    expect(screen.getByTestId(line).contains(screen.getByTestId(way))).toBe(true);
  });

  test.each([
    ['pending', 'working', 'On its way'],
    ['cantVerify', 'failed', 'port 53 may be blocked'],
    ['foreign', 'failed', '203.0.114.8'],
    ['notChecked', 'done', 'Not checked'],
  ] as const)('of DNS says %s', async (name, state, words) => {
    const { tell } = await saved();
    await tell(name);
    await waitFor(() => expect(screen.getByTestId('first-test-dns').dataset.state).toBe(state));
    expect(screen.getByTestId('first-test-dns').textContent).toContain(words);
    expect(screen.getByTestId('first-done').className).toContain('primary');
  });

  test('takes another token after a refusal, and waits for its own answer', async () => {
    const { program, user, tell } = await saved();
    await tell('refused');
    await waitFor(() => expect(focused()).toBe('first-correct'));
    await user.keyboard('{Enter}');
    await waitFor(() => expect(focused()).toBe('first-token'));
    expect(value('first-token')).toBe('');
    // The field isn't to be left empty, and the way to another token is open.
    expect(screen.getByText('The saved token was refused. Paste it again in full, or a new one.')).toBeTruthy();
    expect(screen.getByText(/Choose “Update Token”/)).toBeTruthy();
    await user.keyboard('mnop-qrst-uvwx{Enter}');
    await waitFor(() => expect(program.of('save')).toHaveLength(2));
    expect(program.of('save')[1]).toMatchObject({ form: { entries: [{ id: 100 }] }, secrets: [{ kind: 'replace', secret: 'mnop-qrst-uvwx' }] });
    await waitFor(() => expect(states()).toBe('working waiting waiting'));
    await tell('green');
    await waitFor(() => expect(states()).toBe('done done done'));
  });

  test('lets what was saved be changed, or left as it is', async () => {
    const { program, type, click } = await saved();
    await click('first-change');
    await type('first-hostname', 'house.spdns.de');
    await click('first-cancel');
    await waitFor(() => expect(focused()).toBe('first-change'));
    expect(document.body.textContent).toContain('home.spdns.de');
    await click('first-change');
    await type('first-hostname', 'house.spdns.de');
    await click('first-save');
    await waitFor(() => expect(program.of('save')).toHaveLength(2));
    expect(program.of('save')[1]).toMatchObject({ form: { entries: [{ id: 100, hostname: 'house.spdns.de' }] }, secrets: [{ kind: 'keep' }] });
  });

  test('leads to the switch that lets a VPN’s address through', async () => {
    const { tell, click } = await saved();
    await tell('vpn');
    await click('first-switch');
    await by('entry-0-hostname');
    await waitFor(() => expect(document.activeElement?.id).toBe('publish-vpn'));
  });

  test('says why its way out was refused', async () => {
    const { program, tell, click } = await saved();
    await tell('abuse');
    program.reply = ({ request }) => (request === 'tryAgain' ? { answer: 'refused', refusal: { kind: 'noSuchEntry' } } : undefined);
    await click('first-retry');
    expect((await by('banner')).textContent).toContain("doesn't exist any more");
    expect(program.of('tryAgain')).toEqual([{ request: 'tryAgain', entry: 100 }]);
  });
});
