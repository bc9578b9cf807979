import { waitFor } from '@testing-library/svelte';
import { describe, expect, test, vi } from 'vitest';
import type { LogLine } from '../src/bindings/LogLine';
import { filtered } from '../src/pages/diagnostics/filter';
import { at, log } from './samples';
import { by, has, open, screen } from './window';

const page = { page: 'diagnostics' } as const;
const lines = () => [...screen.getByTestId('log').querySelectorAll('li')].map((line) => line.textContent ?? '');

describe('the log', () => {
  test('is reached by the navigation and shows its lines in their order', async () => {
    const { program, click } = open({});
    await click('nav-diagnostics');
    await by('log');
    await waitFor(() => expect(lines()).toHaveLength(log.length));
    expect(lines()[0]).toContain('ending');
    expect(program.of('log')[0]).toEqual({ request: 'log', limit: 1000 });
    expect(screen.getByTestId('nav-diagnostics').getAttribute('aria-current')).toBe('page');
  });

  test('speaks in sentences, and shows the details on demand', async () => {
    const { click } = open({ page });
    await by('log');
    await waitFor(() => expect(lines()).toHaveLength(log.length));
    expect(lines()[2]).toContain('looked up IPv4: the web resolver reports 84.160.12.7');
    expect(lines().join()).not.toContain('seen=');
    await click('log-details');
    expect(lines()[2]).toContain('dyntray_agent::run: looked up IPv4');
    expect(lines()[2]).toContain('seen=Known');
  });

  test('is filtered by level and by words', async () => {
    const { user, type } = open({ page });
    await by('log');
    await user.selectOptions(await by('log-level'), 'warn');
    expect(lines()).toHaveLength(2);
    await type('log-filter', 'KEYRING locked');
    expect(lines()).toHaveLength(1);
    expect((await by('log-count')).textContent).toContain('1 of 7 lines');
    await type('log-filter', 'nothing like it');
    expect((await by('log')).textContent).toContain('No line matches.');
  });

  test('keeps graver lines, and those with every word', () => {
    const line = (level: LogLine['level'], text: string): LogLine => ({ at: at(0), level, message: text, text });
    const all = [line('error', 'a b'), line('info', 'B c'), line('trace', 'a')];
    expect(filtered(all, 'trace', ' ')).toEqual(all);
    expect(filtered(all, 'info', 'b')).toEqual(all.slice(0, 2));
    expect(filtered(all, 'warn', 'a b')).toEqual(all.slice(0, 1));
  });

  test('stands still while it is paused', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    try {
      const { program, click } = open({ page });
      await by('log');
      await click('log-pause');
      const asked = program.of('log').length;
      await vi.advanceTimersByTimeAsync(10_000);
      expect(program.of('log')).toHaveLength(asked);
      expect((await by('log-count')).textContent).toContain('paused');
      await click('log-pause');
      await waitFor(() => expect(program.of('log').length).toBeGreaterThan(asked));
    } finally {
      vi.useRealTimers();
    }
  });

  test('is copied as it is shown', async () => {
    const { click, user } = open({ page });
    await by('log');
    await user.selectOptions(await by('log-level'), 'error');
    await click('log-copy');
    const copied = await navigator.clipboard.readText();
    expect(copied.split('\n')).toHaveLength(2);
    expect(copied).toContain("ERROR dyntray::app: the window can't be opened");
    expect((await by('log-copy-said')).textContent).toBe('Copied');
  });

  test('opens its folder through the always-on program, and says when it can’t', async () => {
    const { program, click } = open({
      page,
      reply: ({ request }) => (request === 'openLogFolder' ? { answer: 'refused', refusal: { kind: 'notShown', why: 'no file manager' } } : undefined),
    });
    await click('log-open-folder');
    expect(program.of('openLogFolder')).toHaveLength(1);
    await screen.findByText("The folder couldn't be shown: no file manager");
  });

  test('says when it is empty', async () => {
    open({ page, reply: ({ request }) => (request === 'log' ? { answer: 'log', lines: [] } : undefined) });
    expect((await by('log')).textContent).toContain('The log is empty.');
  });
});

describe('the diagnostics', () => {
  test('are shown before they are copied', async () => {
    const { click } = open({ page });
    const shown = (await by('diagnostics')).textContent ?? '';
    expect(shown).toContain('home.spdns.de');
    await click('diagnostics-copy');
    expect(await navigator.clipboard.readText()).toBe(shown);
  });

  test('are saved by the always-on program, which says where', async () => {
    const { program, click } = open({ page });
    await by('diagnostics');
    await click('diagnostics-save');
    await waitFor(() => expect(screen.getByTestId('diagnostics-save-said').textContent).toContain('/Downloads/dyntray-diagnostics-'));
    expect(program.of('saveDiagnostics')).toHaveLength(1);
  });

  test('say why they couldn’t be saved', async () => {
    const { click } = open({
      page,
      reply: ({ request }) => (request === 'saveDiagnostics' ? { answer: 'refused', refusal: { kind: 'notWritten', why: 'disk full' } } : undefined),
    });
    await click('diagnostics-save');
    await screen.findByText('Not saved: disk full');
    expect(has('diagnostics-save-said')).toBe(true);
  });
});
