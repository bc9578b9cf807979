import { waitFor } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import type { HistoryItem } from '../src/bindings/HistoryItem';
import { dayOf, ticks, timeline, together } from '../src/pages/status/timeline';
import { history, month } from './samples';
import { by, has, open, screen } from './window';

const hour = 3600_000;
const now = new Date(2026, 10, 23, 18, 0).getTime();

/** The newest first, as they come; hours before now. */
function told(...items: [number, string, 'good' | 'failed', string?][]): HistoryItem[] {
  return items
    .map(([before, addresses, how, hostname = 'home.spdns.de']): HistoryItem => ({
      at: new Date(now - before * hour).toISOString(),
      entry: 1,
      hostname,
      addresses,
      what: how === 'good' ? { kind: 'accepted', how: 'good' } : { kind: 'troubled', trouble: { kind: 'unreachable' } },
      why: [],
    }))
    .toReversed();
}

describe('the chart of addresses', () => {
  test('needs something that was accepted', () => {
    expect(timeline([], now)).toBeNull();
    expect(timeline(told([3, '84.160.12.7', 'failed']), now)).toBeNull();
  });

  test('has a lane for each host name and family, and a stay for each address', () => {
    const shown = timeline(told([9, '84.160.12.7,2003:e1::1', 'good'], [5, '84.160.12.8', 'good'], [4, '84.160.9.9', 'good', 'a.spdns.de']), now);
    expect(shown?.lanes.map(({ hostname, family }) => [hostname, family])).toEqual([
      ['a.spdns.de', 'ipv4'],
      ['home.spdns.de', 'ipv4'],
      ['home.spdns.de', 'ipv6'],
    ]);
    expect(shown?.lanes[1]?.stays).toEqual([
      { address: '84.160.12.7', from: now - 9 * hour, to: now - 5 * hour },
      { address: '84.160.12.8', from: now - 5 * hour, to: now },
    ]);
    expect(shown?.lanes.map(({ changes }) => changes.length)).toEqual([0, 1, 0]);
  });

  test('begins with the first entry, so that its first hours are no empty bar', () => {
    const shown = timeline(told([2.5, '84.160.12.7', 'good']), now);
    expect(shown?.from).toBe(now - 2.5 * hour);
    expect(shown?.lanes[0]?.stays).toEqual([{ address: '84.160.12.7', from: now - 2.5 * hour, to: now }]);
    expect(ticks({ from: now - 2.5 * hour, to: now }).map(({ at }) => new Date(at).getHours())).toEqual([16, 17]);
  });

  test('begins an outage with the first of failures that were repeated', () => {
    const items = told([9, '84.160.12.7', 'good'], [4, '84.160.12.8', 'failed'], [3, '84.160.12.8', 'failed'], [2, '84.160.12.8', 'good']);
    const first = (before: number) => new Date(now - before * hour).toISOString();
    const folded = items.map((item, index) => (index === 1 ? { ...item, repeated: { first: first(6), times: 9 } } : item));
    const lane = timeline(folded, now)?.lanes[0];
    expect(lane?.outages).toEqual([{ from: now - 6 * hour, to: now - 2 * hour }]);
    expect(lane?.stays[0]?.to).toBe(now - 6 * hour);
  });

  test('shows an outage as a gap, from the first failure to the next success', () => {
    const lane = timeline(told([9, '84.160.12.7', 'good'], [6, '84.160.12.8', 'failed'], [5, '84.160.12.8', 'failed'], [2, '84.160.12.8', 'good']), now)?.lanes[0];
    expect(lane?.outages).toEqual([{ from: now - 6 * hour, to: now - 2 * hour }]);
    expect(lane?.stays[0]?.to).toBe(now - 6 * hour);
    expect(together(lane?.outages ?? [])).toBe(4 * hour);
    expect(lane?.changes).toHaveLength(1);
  });

  test('lets an outage that has no end yet last until now, and the same address go on after one', () => {
    const open = timeline(told([9, '84.160.12.7', 'good'], [1, '84.160.12.7', 'failed']), now)?.lanes[0];
    expect(open?.outages).toEqual([{ from: now - hour, to: now }]);
    const over = timeline(told([9, '84.160.12.7', 'good'], [2, '84.160.12.7', 'failed'], [1, '84.160.12.7', 'good']), now)?.lanes[0];
    expect([over?.stays.length, over?.changes.length]).toEqual([2, 0]);
  });

  test('counts the changes of a day once, however many names and families follow the line', () => {
    const both = (before: number, number: number): Parameters<typeof told> => [
      [before, `84.160.12.${number},2003:e1::${number}`, 'good'],
      [before, `84.160.12.${number},2003:e1::${number}`, 'good', 'b.spdns.de'],
    ];
    const shown = timeline(told(...both(50, 1), ...both(30, 2), ...both(3, 3), ...both(2, 4)), now);
    expect(shown?.days.map(({ changes }) => changes)).toEqual([0, 1, 2]);
  });

  test('goes back thirty days at most, with the address that was there then', () => {
    const shown = timeline(told([60 * 24, '84.160.12.1', 'good'], [50 * 24, '84.160.12.2', 'good'], [24, '84.160.12.3', 'good']), now);
    expect(shown?.days).toHaveLength(31);
    expect(shown?.lanes[0]?.stays.map(({ address }) => address)).toEqual(['84.160.12.2', '84.160.12.3']);
    expect(shown?.lanes[0]?.changes).toHaveLength(1);
  });

  test('has a few round moments at its axis', () => {
    expect(ticks({ from: dayOf(now), to: now }).map(({ at }) => new Date(at).getHours())).toEqual([6, 12]);
    const days = ticks({ from: dayOf(now, -30), to: now });
    expect(days.length).toBeLessThanOrEqual(5);
    expect(days.every(({ at, isDay }) => isDay && dayOf(at) === at)).toBe(true);
  });
});

describe('the history', () => {
  test('says in words what the chart shows, and keeps the table beside it', async () => {
    open({ reply: ({ request }) => (request === 'history' ? { answer: 'history', items: month() } : undefined) });
    expect((await by('chart-summary')).textContent).toMatch(/Since .*: \d+ changes of address, at most 2 a day\./);
    expect((await by('chart-home.spdns.de-ipv6')).textContent).toContain('1 outage (19 hours)');
    expect((await by('history')).querySelectorAll('tbody tr').length).toBeLessThanOrEqual(50);
    expect(screen.getByTestId('chart').querySelectorAll('svg.bar, svg.days, svg.axis')).toHaveLength(4);
    for (const drawing of screen.getByTestId('chart').querySelectorAll('figure > div > svg')) expect(drawing.getAttribute('aria-hidden')).toBe('true');
  });

  test('has no chart before something was accepted', async () => {
    open({ reply: ({ request }) => (request === 'history' ? { answer: 'history', items: history.slice(0, 1) } : undefined) });
    await by('history');
    expect(has('chart')).toBe(false);
  });

  test('is saved as a table by the always-on program, which says where', async () => {
    const { program, click } = open({});
    await click('history-save');
    await waitFor(() => expect(screen.getByTestId('history-save-said').textContent).toContain('/Downloads/dyntray-history-'));
    expect(program.of('saveHistory')).toHaveLength(1);
  });
});
