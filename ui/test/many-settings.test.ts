import { waitFor } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import type { FieldError } from '../src/bindings/FieldError';
import { contacts } from '../src/pages/settings/contacts';
import { manyEntries, manyForms, nameOf } from './many';
import { form, refusesFields, snapshot } from './samples';
import { by, has, open, screen, value } from './window';

const focused = () => (document.activeElement as HTMLElement | null)?.dataset.testid;
const lines = () => [...screen.getByTestId('lines').querySelectorAll('h2 button')];
const isOpen = (index: number) => screen.getByTestId(`line-${index}`).getAttribute('aria-expanded') === 'true';
const text = (testid: string) => screen.getByTestId(testid).textContent?.trim();
const of = (count: number) => ({ page: { page: 'settings' }, form: form(manyForms(count)), snapshot: snapshot(manyEntries(count)) }) as const;
const missing = (entry: number): FieldError => ({ entry, field: 'hostname', problem: { of: 'hostname', kind: 'missing' } });

describe('the settings of many entries', () => {
  test('have a card each up to five, and folded lines beyond', async () => {
    const { click } = open(of(5));
    await by('entry-4-hostname');
    expect(has('lines')).toBe(false);
    await click('add-entry');
    await waitFor(() => expect(focused()).toBe('entry-5-hostname'));
    expect(lines()).toHaveLength(6);
    expect(has('entry-4-hostname')).toBe(false);
  });

  test('say in a line the name, the login and the protocol, and open to the card', async () => {
    const { click } = open(of(20));
    const line = (await by('line-3')).closest('li');
    expect(line?.textContent).toContain(nameOf(4));
    expect(line?.textContent).toContain('Account login reseller-4 · IPv4');
    expect(has('entry-3-hostname')).toBe(false);
    await click('line-3');
    expect(value('entry-3-hostname')).toBe(nameOf(4));
    await click('line-3');
    expect(has('entry-3-hostname')).toBe(false);
  });

  test('are switched on and off in the line', async () => {
    const { program, click } = open(of(20));
    expect((await by('line-8-enabled')).getAttribute('aria-label')).toBe(`${nameOf(9)}: enabled`);
    await click('line-0-enabled');
    expect(screen.getByTestId('line-0').closest('li')?.textContent).toContain('not saved yet');
    expect(text('kind-unsaved')).toBe('1 not saved yet');
    expect(text('kind-off')).toBe('2 switched off');
    await click('save');
    await by('saved');
    expect(program.of('save')[0]?.form.entries[0]?.enabled).toBe(false);
    await waitFor(() => expect(has('kind-unsaved')).toBe(false));
  });

  test('open what is added or duplicated, whatever is searched for', async () => {
    const { click, type, user } = open(of(200));
    await type('settings-search', 'customer-0004');
    expect(lines()).toHaveLength(1);
    await click('line-3');
    await click('entry-3-duplicate');
    await waitFor(() => expect(focused()).toBe('entry-4-hostname'));
    await user.keyboard('garage.spdns.de');
    expect(value('entry-4-hostname')).toBe('garage.spdns.de');
    expect(lines()).toHaveLength(2);
    await click('add-entry');
    await waitFor(() => expect(focused()).toBe('entry-201-hostname'));
    expect(value('settings-search')).toBe('');
    expect(lines()).toHaveLength(51);
    await click('kind-unsaved');
    expect(lines()).toHaveLength(2);
  });

  test('keep an entry in sight while its name is typed, and do not save on Enter in the search', async () => {
    const { program, type, click, user } = open(of(20));
    await type('settings-search', 'customer-0004');
    await user.keyboard('{Enter}');
    expect(program.of('save')).toHaveLength(0);
    await click('line-3');
    await type('entry-3-hostname', 'x.spdns.de');
    expect(value('entry-3-hostname')).toBe('x.spdns.de');
  });

  test('open the entries with a mistake and go to the first, wherever it is', async () => {
    const { program, type, click } = open(of(600));
    await type('settings-search', 'customer-0004');
    program.reply = refusesFields([missing(300), { entry: 300, field: 'server', problem: { of: 'webAddress', kind: 'missing' } }, missing(400)]);
    await click('save');
    await by('error-300-hostname');
    await waitFor(() => expect(focused()).toBe('entry-300-hostname'));
    expect(has('error-400-hostname')).toBe(true);
    expect(screen.getByTestId('line-300').closest('li')?.textContent).toContain('2 mistakes');
    await click('kind-mistaken');
    expect(lines()).toHaveLength(2);
    await type('entry-300-hostname', 'a.spdns.de');
    expect(has('error-300-hostname')).toBe(false);
    expect(value('entry-300-hostname')).toBe('a.spdns.de');
  });

  test('open ten of hundreds with a mistake, and name the others', async () => {
    const { program, click } = open(of(400));
    program.reply = refusesFields(Array.from({ length: 300 }, (_, number) => missing(number + 100)));
    await click('save');
    await by('error-100-hostname');
    expect(has('error-109-hostname')).toBe(true);
    expect(isOpen(109)).toBe(true);
    expect(has('entry-110-hostname')).toBe(false);
    expect(text('kind-mistaken')).toBe('300 with mistakes');
    await click('kind-mistaken');
    expect(isOpen(110)).toBe(false);
    expect(screen.getByTestId('line-110').closest('li')?.textContent).toContain('1 mistake');
  });

  test('are put in another order, removed and brought back', async () => {
    const { program, click } = open(of(20));
    await click('line-2');
    await click('entry-2-up');
    await waitFor(() => expect(focused()).toBe('entry-1-up'));
    expect(text('entry-moved')).toBe(`${nameOf(3)} is now number 2 of 20.`);
    await click('entry-1-remove');
    await waitFor(() => expect(focused()).toBe('entry-1-undo'));
    expect(text('kind-leaving')).toBe('1 to be removed');
    await click('entry-1-undo');
    expect(value('entry-1-hostname')).toBe(nameOf(3));
    await click('save');
    await by('saved');
    expect(program.of('save')[0]?.form.entries.slice(0, 3).map(({ id }) => id)).toEqual([1, 3, 2]);
  });

  test('have a part of thousands in the page, and more on demand, with the focus on the first of them', async () => {
    const { click } = open(of(2000));
    await by('lines');
    expect(lines()).toHaveLength(50);
    await click('lines-more');
    expect(lines()).toHaveLength(150);
    expect(focused()).toBe('line-50');
  });
});

test('everybody who is contacted is told once, for thousands too', () => {
  const [update] = contacts(form(manyForms(2000)));
  expect(update?.host).toBe('update.spdyn.de');
  expect(update?.hostnames).toHaveLength(manyForms(2000).filter(({ enabled }) => enabled).length);
});

test('the page about Dyntray names a few of thousands of host names, and counts the others', async () => {
  open({ ...of(2000), page: { page: 'about' } });
  const list = await by('contact-list');
  expect(list.textContent).toContain(`${nameOf(5)}, and 1,959 more`);
  expect(list.textContent).not.toContain(nameOf(6));
});
