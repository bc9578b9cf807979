import { emit } from '@tauri-apps/api/event';
import { waitFor } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { by, has, open } from './window';

describe('the connection to the always-on program', () => {
  test('has one banner in each state without a connection, and none otherwise', async () => {
    open({});
    await by('nav-settings');
    expect(has('connection')).toBe(false);
    await emit('connection', 'lost');
    expect((await by('connection')).textContent).toContain('No connection');
    await emit('connection', 'notRunning');
    await waitFor(async () => expect((await by('connection')).textContent).toContain('not running'));
    await emit('connection', 'connected');
    await waitFor(() => expect(has('connection')).toBe(false));
  });

  test('of which the other end speaks another version says that and nothing of a lost connection', async () => {
    open({});
    await by('update-now');
    await emit('connection', 'notUnderstood');
    const { textContent } = await by('connection');
    expect(textContent).toContain('another version');
    expect(textContent).not.toContain('No connection');
  });

  test('tells two versions, and offers a restart where the program is the older one', async () => {
    const { program, click } = open({});
    await by('nav-settings');
    expect(has('versions')).toBe(false);
    await emit('versions', { window: '0.2.0', program: '0.1.0', isWindowOlder: false });
    expect((await by('versions')).textContent).toContain('still of version 0.1.0');
    await click('restart');
    expect(program.of('restart')).toHaveLength(1);
    await emit('versions', { window: '0.1.0', program: '0.2.0', isWindowOlder: true });
    await waitFor(async () => expect((await by('versions')).textContent).toContain('open it again'));
    expect(has('restart')).toBe(false);
    await emit('versions', null);
    await waitFor(() => expect(has('versions')).toBe(false));
  });

  test('offers to start the program that is not running, and goes once it runs', async () => {
    const { program, click } = open({});
    await by('update-now');
    let starts = 0;
    program.start = () => {
      starts += 1;
      return emit('connection', 'connected');
    };
    await emit('connection', 'notRunning');
    await click('start-program');
    await waitFor(() => expect(has('connection')).toBe(false));
    expect(starts).toBe(1);
  });

  test('is not started twice by an impatient person', async () => {
    const { program, click } = open({});
    await by('update-now');
    let starts = 0;
    let started = () => {};
    program.start = () => {
      starts += 1;
      return new Promise((resolve) => (started = resolve));
    };
    await emit('connection', 'notRunning');
    await click('start-program');
    await waitFor(async () => expect((await by('start-program')).textContent).toContain('Starting'));
    await click('start-program');
    expect(starts).toBe(1);
    started();
    await waitFor(async () => expect((await by('start-program')).textContent).toContain('Start Dyntray'));
  });

  test('says why the program could not be started', async () => {
    const { program, click } = open({});
    await by('update-now');
    program.start = () => Promise.reject('/usr/bin/dyntray: exit status: 1');
    await emit('connection', 'notRunning');
    await click('start-program');
    await waitFor(async () => expect((await by('connection')).textContent).toContain('could not be started: /usr/bin/dyntray: exit status: 1'));
    expect((await by('start-program')).getAttribute('aria-disabled')).toBe('false');
  });

  test('is told by the window program alone, in whatever order requests end', async () => {
    const { program, click } = open({});
    await by('update-now');
    await emit('connection', 'notRunning');
    await by('connection');
    program.reply = () => Promise.reject('lost');
    await click('update-now');
    await waitFor(() => expect(program.of('updateNow')).toHaveLength(1));
    expect((await by('connection')).textContent).toContain('not running');
  });
});
