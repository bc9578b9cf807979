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
