import { waitFor } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { form, refusesFields, snapshot } from './samples';
import { by, has, open, value } from './window';

const settings = { page: { page: 'settings' } } as const;
const theme = () => document.documentElement.dataset.theme;

describe('the theme', () => {
  test('is the system’s unless another was chosen', async () => {
    const { program } = open({});
    await by('overall');
    expect(theme()).toBeUndefined();
    await program.tell(snapshot(undefined, { theme: 'dark' }));
    await waitFor(() => expect(theme()).toBe('dark'));
    await program.tell(snapshot(undefined, { theme: 'system' }));
    await waitFor(() => expect(theme()).toBeUndefined());
  });

  test('changes at once and is saved with the form', async () => {
    const { program, user, click } = open(settings);
    await user.selectOptions(await by('theme'), 'dark');
    expect(theme()).toBe('dark');
    await click('save');
    await by('saved');
    expect(program.of('save')[0]?.form.theme).toBe('dark');
    expect(theme()).toBe('dark');
  });

  test('goes back when the choice is discarded', async () => {
    const { user, click } = open({ ...settings, form: form(undefined, { theme: 'light' }), snapshot: snapshot(undefined, { theme: 'light' }) });
    await user.selectOptions(await by('theme'), 'dark');
    await click('nav-status');
    await click('leave-discard');
    await by('status-1');
    expect(theme()).toBe('light');
  });

  test('stays as it is being tried while other news come', async () => {
    const { program, user } = open(settings);
    await user.selectOptions(await by('theme'), 'dark');
    await program.tell(snapshot(undefined, { homes: 3 }));
    expect(theme()).toBe('dark');
  });
});

describe('the proxy', () => {
  test('has an address only where this very proxy is chosen', async () => {
    const { program, user, click, type } = open(settings);
    await by('proxy');
    expect(has('proxy-address')).toBe(false);
    await user.selectOptions(await by('proxy'), 'manual');
    await type('proxy-address', 'proxy.example.org:3128');
    await click('save');
    await by('saved');
    expect(program.of('save')[0]?.form).toMatchObject({ proxy: 'manual', proxyAddress: 'proxy.example.org:3128' });
  });

  test('and the announcer of new versions have their mistakes at their fields', async () => {
    const { program, click, type } = open({ ...settings, form: form(undefined, { proxy: 'manual', proxyAddress: 'anna:secret@proxy:3128' }) });
    program.reply = refusesFields([
      { entry: null, field: 'proxyAddress', problem: { of: 'proxy', kind: 'hasLogin' } },
      { entry: null, field: 'releases', problem: { of: 'webAddress', kind: 'notEncrypted' } },
    ]);
    await click('save');
    expect((await by('error-proxy-address')).textContent).toContain('login');
    expect((await by('error-releases')).textContent).toContain('https://');
    expect((await by('more')).closest('details')?.open).toBe(true);
    await type('proxy-address', 'proxy:3128');
    expect(has('error-proxy-address')).toBe(false);
  });
});

describe('new versions', () => {
  test('are asked for nowhere until somebody says where', async () => {
    const { program, click, type } = open(settings);
    await by('releases');
    expect(value('releases')).toBe('');
    await type('releases', 'https://example.org/dyntray.json');
    await click('save');
    await by('saved');
    expect(program.of('save')[0]?.form.releases).toBe('https://example.org/dyntray.json');
  });
});

describe('notifications', () => {
  test('can tell everything', async () => {
    const { program, user, click } = open(settings);
    await user.selectOptions(await by('notices'), 'all');
    await click('save');
    await by('saved');
    expect(program.of('save')[0]?.form.notices).toBe('all');
  });

  test('and a local network that macOS closes are told calmly, with the way to the switch', async () => {
    open({ snapshot: snapshot(undefined, { ailments: [{ kind: 'localNetworkDenied' }] }) });
    const banner = await by('ailment-local-network-denied');
    expect(banner.getAttribute('role')).toBe('status');
    expect(banner.textContent).toContain('Privacy & Security > Local Network');
  });

  test('that the desktop doesn’t show are told calmly', async () => {
    open({ snapshot: snapshot(undefined, { ailments: [{ kind: 'noNotices' }] }) });
    const banner = await by('ailment-no-notices');
    expect(banner.getAttribute('role')).toBe('status');
    expect(banner.textContent).toContain('shows no notifications');
  });
});

describe('starting with the computer', () => {
  test.each([
    [{ kind: 'another', program: '/Volumes/Old/dyntray' } as const, '/Volumes/Old/dyntray'],
    [{ kind: 'moveFirst' } as const, 'Applications folder'],
  ])('says what %o means', async (note, words) => {
    open({ ...settings, reply: (request) => (request.request === 'autostart' ? { answer: 'autostart', on: false, note } : undefined) });
    const field = await by('autostart');
    await waitFor(() => expect(document.body.textContent).toContain(words));
    expect((field as HTMLInputElement).checked).toBe(false);
  });
});

describe('without a tray', () => {
  test('the window quits the program', async () => {
    const { program, click } = open({ snapshot: snapshot(undefined, { ailments: [{ kind: 'noTray' }] }) });
    const banner = await by('ailment-no-tray');
    expect(banner.getAttribute('role')).toBe('status');
    await click('quit');
    expect(program.of('quit')).toHaveLength(1);
  });

  test('and only there', async () => {
    open({ snapshot: snapshot(undefined, { ailments: [{ kind: 'noNotices' }] }) });
    await by('ailment-no-notices');
    expect(document.querySelector('[data-testid="quit"]')).toBeNull();
  });
});
