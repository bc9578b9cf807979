import { waitFor } from '@testing-library/svelte';
import type { FieldError } from '../src/bindings/FieldError';
import { describe, expect, test } from 'vitest';
import { at, entryStatus, form, refusesFields, snapshot, twoForms } from './samples';
import { by, has, open, screen, value } from './window';

const settings = { page: { page: 'settings' } } as const;
const firstStart = { ...settings, form: form([]), snapshot: snapshot([]) };
const token = 'abcd-efgh-ijkl';

describe('the settings form', () => {
  test('has the appliance’s fields in its order', async () => {
    open(settings);
    await by('entry-0');
    const order = ['enabled', 'hostname', 'user', 'secret', 'server', 'webresolver', 'protocol'];
    const captions = [...document.querySelectorAll('.card .caption')].map((label) => label.getAttribute('for'));
    expect(captions.slice(0, 7)).toEqual(order.map((field) => `entry-0-${field}`));
  });

  test('has one empty entry at the first start', async () => {
    const { program, type, click } = open(firstStart);
    await click('all-settings');
    await type('entry-0-hostname', 'home.spdns.de');
    expect(value('entry-0-user')).toBe('home.spdns.de');
    await type('entry-0-secret', token);
    await click('save');
    await by('saved');
    const [sent] = program.of('save');
    expect(sent?.form.entries[0]).toMatchObject({ hostname: 'home.spdns.de', login: 'token', protocol: 'both' });
    expect(sent?.secrets).toEqual([{ kind: 'replace', secret: token }]);
    await program.tell(snapshot([entryStatus({ id: 100, secret: { saved: at(0), accepted: null } })]));
    expect((await by('entry-0-secret-status')).textContent).toContain('never used yet');
    expect(has('entry-0-secret')).toBe(false);
    expect(has('welcome')).toBe(false);
  });

  test('lets the user follow the host name only while a token is used', async () => {
    const { program, click, type } = open(settings);
    expect((await by('entry-0-user')).hasAttribute('readonly')).toBe(true);
    await click('entry-0-login-account');
    expect((await by('entry-0-user')).hasAttribute('readonly')).toBe(false);
    await type('entry-0-user', 'anna');
    await click('save');
    await by('saved');
    expect(program.of('save')[0]?.form.entries[0]).toMatchObject({ login: 'account', user: 'anna' });
  });

  test('says at user and password what an account linked to a reseller needs, where that may be SPDYN', async () => {
    const { click } = open(settings);
    await by('entry-0');
    const told = (field: string) => {
      const ids = by(`entry-0-${field}`).then((input) => input.getAttribute('aria-describedby')?.split(' ') ?? []);
      return ids.then((all) => all.map((id) => document.getElementById(id)?.textContent ?? '').join(' '));
    };
    expect(await told('user')).toMatch(/host name.*linked to a reseller/);
    await click('entry-0-login-account');
    expect(await told('user')).toMatch(/user name.*linked to a reseller.*host name/);
    const card = (await by('entry-0')).textContent;
    expect(card).toMatch(/account's password\. If the account is linked to a reseller, the host's update token is needed/);
  });

  test('shows the texts of a program from before an update, which says field and cause in one word', async () => {
    const { program, click } = open(settings);
    program.reply = refusesFields([
      { entry: 0, field: 'server', problem: { kind: 'serverShape' } },
      { entry: null, field: 'interval', problem: { kind: 'intervalTooShort', minutes: 10 } },
    ] as unknown as FieldError[]);
    await click('save');
    expect((await by('error-0-server')).textContent).toContain('server name or a web address');
    expect((await by('error-interval')).textContent).toContain('10 minutes');
  });

  test('shows every mistake at its field, keeps what was typed, and goes to the first', async () => {
    const { program, type, click } = open(settings);
    program.reply = refusesFields([
      { entry: 0, field: 'hostname', problem: { of: 'hostname', kind: 'notFull' } },
      { entry: 0, field: 'server', problem: { of: 'webAddress', kind: 'notEncrypted' } },
      { entry: null, field: 'interval', problem: { of: 'interval', kind: 'tooShort', minutes: 10 } },
    ]);
    await type('entry-0-hostname', 'home');
    await type('entry-0-server', 'http://example.org');
    await click('save');
    expect((await by('error-0-hostname')).textContent).toContain('full host name');
    expect((await by('error-0-server')).textContent).toContain('https://');
    expect((await by('error-interval')).textContent).toContain('10 minutes');
    await by('banner');
    const hostname = screen.getByTestId('entry-0-hostname');
    await waitFor(() => expect(document.activeElement).toBe(hostname));
    expect(hostname.getAttribute('aria-invalid')).toBe('true');
    expect(hostname.getAttribute('aria-describedby')).toContain('entry-0-hostname-error');
    expect(value('entry-0-hostname')).toBe('home');
    expect(value('entry-0-server')).toBe('http://example.org');
    expect((await by('more')).closest('details')?.open).toBe(true);

    await type('entry-0-hostname', 'home.spdns.de');
    expect(has('error-0-hostname')).toBe(false);
    expect(has('error-0-server')).toBe(true);
  });

  test('puts a mistake at the right entry when another is being removed', async () => {
    const { program, click } = open({
      ...settings,
      form: form(twoForms()),
      snapshot: snapshot([entryStatus(), entryStatus({ id: 2, hostname: 'office.firewall-gateway.com' })]),
    });
    program.reply = refusesFields([{ entry: 0, field: 'hostname', problem: { of: 'entry', kind: 'twice' } }]);
    await click('entry-0-remove');
    await click('save');
    await by('error-1-hostname');
    expect(program.of('save')[0]?.form.entries.map((entry) => entry.id)).toEqual([2]);
  });

  test('removing an entry can be undone', async () => {
    const { program, click } = open(settings);
    await click('entry-0-remove');
    expect(has('entry-0-hostname')).toBe(false);
    await click('entry-0-undo');
    expect(value('entry-0-hostname')).toBe('home.spdns.de');
    await click('add-entry');
    await by('entry-1-hostname');
    await click('entry-1-remove');
    expect(has('entry-1-hostname')).toBe(false);
    await click('save');
    await by('saved');
    expect(program.of('save')[0]?.form.entries).toHaveLength(1);
  });

  test('saves with Ctrl+S', async () => {
    const { program, user } = open(settings);
    await user.click(await by('entry-0-hostname'));
    await user.keyboard('{Control>}s{/Control}');
    await by('saved');
    expect(program.of('save')).toHaveLength(1);
  });

  test('shows another refusal in a banner', async () => {
    const { program, click } = open(settings);
    program.reply = (request) => (request.request === 'save' ? { answer: 'refused', refusal: { kind: 'keyringLocked' } } : undefined);
    await click('save');
    expect((await by('banner')).textContent).toContain('keyring is locked');
  });

  test('keeps what was typed while the connection is lost', async () => {
    const { program, click, type } = open(settings);
    await type('entry-0-hostname', 'other.spdns.de');
    program.lost = 'notRunning';
    await click('save');
    expect((await by('connection')).textContent).toContain('not running');
    expect(value('entry-0-hostname')).toBe('other.spdns.de');
  });

  test('changes the language at once', async () => {
    const { user } = open(settings);
    await user.selectOptions(await by('language'), 'de');
    expect((await by('save')).textContent).toContain('Speichern');
    expect(document.documentElement.lang).toBe('de');
  });
});

describe('leaving with unsaved changes', () => {
  test('asks, and stays', async () => {
    const { type, click } = open(settings);
    await type('entry-0-hostname', 'x.spdns.de');
    await click('nav-status');
    await click('leave-stay');
    expect(value('entry-0-hostname')).toBe('x.spdns.de');
  });

  test('asks, and saves', async () => {
    const { program, type, click } = open(settings);
    await type('entry-0-hostname', 'x.spdns.de');
    await click('nav-status');
    await click('leave-save');
    await by('status-1');
    expect(program.of('save')).toHaveLength(1);
  });

  test('stays at the first mistake when saving is refused', async () => {
    const { program, type, click } = open(settings);
    program.reply = refusesFields([{ entry: 0, field: 'hostname', problem: { of: 'hostname', kind: 'notFull' } }]);
    await type('entry-0-hostname', 'home');
    await click('nav-status');
    await click('leave-save');
    await by('error-0-hostname');
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId('entry-0-hostname')));
    expect(screen.getByTestId<HTMLDialogElement>('leave').open).toBe(false);
  });

  test('asks, and discards', async () => {
    const { program, type, click } = open(settings);
    await type('entry-0-hostname', 'x.spdns.de');
    await click('nav-status');
    await click('leave-discard');
    await by('status-1');
    expect(program.of('save')).toHaveLength(0);
  });

  test('asks when the window is closed, and closes it afterwards', async () => {
    const { program, type, click } = open(settings);
    await type('entry-0-hostname', 'x.spdns.de');
    await program.clickClose();
    await click('leave-stay');
    expect(program.closed).toBe(false);
    expect(value('entry-0-hostname')).toBe('x.spdns.de');
    await program.clickClose();
    await click('leave-save');
    await waitFor(() => expect(program.closed).toBe(true));
    expect(program.of('save')).toHaveLength(1);
  });

  test('keeps nobody in who closes twice', async () => {
    const { program, type } = open(settings);
    await type('entry-0-hostname', 'x.spdns.de');
    await program.clickClose();
    await by('leave');
    await program.clickClose();
    await waitFor(() => expect(program.closed).toBe(true));
  });

  test('closes without a question when nothing was changed', async () => {
    const { program } = open(settings);
    await by('entry-0-hostname');
    await program.clickClose();
    await waitFor(() => expect(program.closed).toBe(true));
  });

  test('asks nothing without changes', async () => {
    const { click } = open(settings);
    await by('entry-0-hostname');
    await click('nav-status');
    await by('status-1');
  });
});

describe('Starting with the computer', () => {
  test('shows and changes what the system has, at once', async () => {
    const { program, click } = open(settings);
    await click('more');
    await click('autostart');
    await waitFor(() => expect(program.autostart).toBe(true));
    expect(screen.getByTestId<HTMLInputElement>('autostart').checked).toBe(true);
  });

  test('goes back where it stood when the system refuses, and says so', async () => {
    const { program, click } = open(settings);
    program.reply = (request) =>
      request.request === 'setAutostart' ? { answer: 'refused', refusal: { kind: 'notWritten', why: 'read-only' } } : undefined;
    await click('more');
    await click('autostart');
    await by('error-autostart');
    expect(screen.getByTestId<HTMLInputElement>('autostart').checked).toBe(false);
  });
});
