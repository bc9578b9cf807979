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
