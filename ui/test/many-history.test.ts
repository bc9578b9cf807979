import { waitFor } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { manyEntries, manySent, nameOf, updating } from './many';
import { snapshot } from './samples';
import { by, has, open, screen } from './window';

const count = 600;
const start = () => ({
  snapshot: snapshot(manyEntries(count)),
  reply: (request: { request: string; limit?: number }) => (request.request === 'history' ? ({ answer: 'history', items: manySent(count).slice(0, request.limit) } as const) : undefined),
});
const rows = () => screen.getByTestId('history').querySelectorAll('tbody tr').length;
const lanes = () => screen.getByTestId('chart').querySelectorAll('svg.bar').length;

describe('the history of many hosts', () => {
  test('has a part of its rows and lanes in the page, and more on demand', async () => {
    const { click } = open(start());
    await by('chart');
    expect([rows(), lanes()]).toEqual([50, 4]);
    await click('history-more');
    await click('chart-more');
    expect([rows(), lanes()]).toEqual([150, 24]);
    expect(screen.getByTestId('history-search-count').textContent).toBe('the newest 500');
  });

  test('is found by host name, further back than what is shown unasked', async () => {
    const { program, type } = open(start());
    await type('history-search', nameOf(7));
    await waitFor(() => expect(screen.queryByTestId('history')?.querySelectorAll('tbody tr')).toHaveLength(2), { timeout: 4000 });
    expect(program.of('history').at(-1)?.limit).toBeGreaterThan(500);
    expect(lanes()).toBe(1);
    expect(has('history-more')).toBe(false);
  });

  test('is fetched now and then while everything is being updated, not with every snapshot', async () => {
    const { program } = open(start());
    await by('chart');
    for (let done = 0; done < count; done += 100) await program.tell(snapshot(updating(count, done)));
    expect(program.of('history').length).toBeLessThan(3);
  });
});
