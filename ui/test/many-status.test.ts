import { waitFor } from '@testing-library/svelte';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { manyEntries, manyth, nameOf, updating } from './many';
import { entryStatus, refusedEntry, snapshot } from './samples';
import { by, has, open, screen } from './window';

const focused = () => (document.activeElement as HTMLElement | null)?.dataset.testid;
const lines = () => [...screen.getByTestId('lines').querySelectorAll('h2 button')];
const names = () => lines().map((line) => line.textContent?.trim());
const isOpen = (id: number) => screen.getByTestId(`line-${id}`).getAttribute('aria-expanded') === 'true';
const of = (count: number) => ({ snapshot: snapshot(manyEntries(count), { mood: 'needsYou' }) });

/** All fine but the one with that id, of so many. */
const allFineBut = (id: number, count = 8) =>
  snapshot(Array.from({ length: count }, (_, number) => (number + 1 === id ? refusedEntry({ id, hostname: nameOf(id) }) : entryStatus({ id: number + 1, hostname: nameOf(number + 1) }))));

afterEach(() => vi.useRealTimers());

describe('the status of many entries', () => {
  test('has a card each up to five, and lines beyond', async () => {
    const { program } = open(of(5));
    await by('status-5');
    expect(has('lines')).toBe(false);
    await program.tell(of(6).snapshot);
    await by('lines');
    expect(lines()).toHaveLength(6);
    expect(has('status-5')).toBe(false);
  });

  test('has the worst first, and among equals the form’s order', async () => {
    open(of(20));
    await by('lines');
    expect(names()).toEqual([3, 5, 7, 1, 2, 4, 6, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 9].map(nameOf));
  });

  test('says in a line what is so, and since when', async () => {
    open(of(20));
    expect((await by('line-3-state')).textContent).toMatch(/stopped.*token refused/);
    expect(screen.getByTestId('line-5-state').textContent).toMatch(/trying again.*next attempt in 25 minutes.*\(911\)/s);
    expect(screen.getByTestId('line-1-state').textContent).toMatch(/up to date.*live since.*84\.160\.0\.2.*2003:e1:/s);
    expect(screen.getByTestId('line-3').getAttribute('aria-describedby')).toBe('line-3-about');
  });

  test('opens those that need the person at first, three at most', async () => {
    open(of(400));
    await by('status-3');
    expect([3, 100, 197, 294].map(isOpen)).toEqual([true, true, true, false]);
    expect(has('enter-token-3')).toBe(true);
    expect(isOpen(5)).toBe(false);
  });

  test('opens and closes a card by click and by Enter', async () => {
    const { click, user } = open(of(20));
    await click('line-1');
    expect((await by('status-1')).getAttribute('aria-label')).toBe(nameOf(1));
    expect(screen.getByTestId('line-1').getAttribute('aria-controls')).toBe(screen.getByTestId('status-1').parentElement?.id);
    expect(has('why-1-ipv4')).toBe(true);
    screen.getByTestId('line-1').focus();
    await user.keyboard('{Enter}');
    expect(has('status-1')).toBe(false);
    expect(screen.getByTestId('line-1').hasAttribute('aria-controls')).toBe(false);
  });

  test('counts by state, and shows only those of a state that is pressed', async () => {
    const { click } = open(of(400));
    expect((await by('state-needsYou')).textContent?.trim()).toBe('5 need help');
    expect(screen.getByTestId('state-waiting').textContent?.trim()).toBe('12 waiting');
    await click('state-waiting');
    expect(screen.getByTestId('state-waiting').getAttribute('aria-pressed')).toBe('true');
    expect(lines()).toHaveLength(12);
    expect(screen.getByTestId('status-search-count').textContent).toBe('12 of 400');
    await click('state-waiting');
    expect(screen.getByTestId('status-search-count').textContent).toBe('400 of 400');
  });

  test('finds by host name, address and state', async () => {
    const { type } = open(of(400));
    await type('status-search', 'CUSTOMER-0012');
    expect(names()).toEqual([nameOf(12)]);
    await type('status-search', '84.160.0.13');
    expect(names()).toContain(nameOf(12));
    await type('status-search', 'token refused');
    expect(lines()).toHaveLength(5);
    await type('status-search', 'nowhere');
    expect(screen.getByTestId('lines').textContent).toContain('Nothing matches.');
  });

  test('has a part of thousands in the page, and more on demand, with the focus on the first of them', async () => {
    const { click } = open(of(2000));
    await by('lines');
    expect(lines()).toHaveLength(50);
    expect(screen.getByTestId('lines-more').textContent?.trim()).toBe('Show 100 more of 1,950');
    await click('lines-more');
    expect(lines()).toHaveLength(150);
    expect(document.activeElement).toBe(lines()[50]);
  });

  test('keeps an open card where it is when its entry gets well', async () => {
    const { program } = open({ snapshot: allFineBut(6) });
    await by('status-6');
    expect(names()[0]).toBe(nameOf(6));
    await program.tell(allFineBut(0));
    await waitFor(() => expect(screen.getByTestId('line-6-state').dataset.status).toBe('fine'));
    expect(names()[0]).toBe(nameOf(6));
    expect(isOpen(6)).toBe(true);
  });

  test('moves no line while somebody is at the list, and all of them afterwards', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const { program, user } = open({ snapshot: allFineBut(0) });
    await user.hover(await by('line-2'));
    screen.getByTestId('line-2').focus();
    await program.tell(allFineBut(8));
    await waitFor(() => expect(screen.getByTestId('line-8-state').dataset.status).toBe('halted'));
    expect(names()[0]).toBe(nameOf(1));
    await vi.advanceTimersByTimeAsync(4000);
    expect(names()[0]).toBe(nameOf(8));
    expect(focused()).toBe('line-2');
  });

  test('follows a round of updates: lines keep their elements, open cards stay open', async () => {
    const { program, click } = open(of(300));
    await click('line-1');
    const line = screen.getByTestId('line-1');
    for (const done of [0, 100, 200]) await program.tell(snapshot(updating(300, done), { mood: 'working' }));
    await waitFor(() => expect(screen.getByTestId('state-working').textContent?.trim()).toBe('100 updating'));
    expect(screen.getByTestId('line-1')).toBe(line);
    expect(has('status-1')).toBe(true);
  });
});

test('an entry that is gone is gone from the list', async () => {
  const { program } = open(of(8));
  await by('line-8');
  await program.tell(snapshot(manyEntries(9).filter(({ id }) => id !== 8)));
  await waitFor(() => expect(has('line-8')).toBe(false));
  expect(manyth(9).mood).toBe('empty');
  expect(names().at(-1)).toBe(nameOf(9));
});
