import { waitFor } from '@testing-library/svelte';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Response } from '../src/bindings/Response';
import { Draft } from '../src/pages/settings/draft.svelte';
import { entryForm, entryStatus, form, refusesFields, snapshot, twoForms } from './samples';
import { by, has, open, screen, value } from './window';

const two = {
  page: { page: 'settings' },
  form: form(twoForms()),
  snapshot: snapshot([entryStatus(), entryStatus({ id: 2, hostname: 'office.firewall-gateway.com', login: 'account' })]),
} as const;
const focused = () => (document.activeElement as HTMLElement | null)?.dataset.testid;
const sentIds = (program: ReturnType<typeof open>['program']) => program.of('save').at(-1)?.form.entries.map(({ id }) => id ?? null);

afterEach(() => vi.useRealTimers());

describe('links to the parts of the settings', () => {
  test('lead to each entry, to the program and to what is folded away', async () => {
    const { click } = open(two);
    for (const [link, field] of [['entry-1', 'entry-1-enabled'], ['program', 'autostart'], ['more', 'more'], ['entry-0', 'entry-0-enabled']] as const) {
      await click(`jump-${link}`);
      expect(focused()).toBe(field);
    }
  });

  test('are left out where there is one entry', async () => {
    open({ ...two, form: form(twoForms().slice(0, 1)) });
    await by('entry-0-hostname');
    expect(has('jump-program')).toBe(false);
  });
});

describe('duplicating an entry', () => {
  test('puts a copy behind it, without its identity and its secret, ready for another host name', async () => {
    const { program, click, user } = open(two);
    await click('entry-0-secret-replace');
    await user.type(await by('entry-0-secret'), 'abcd-efgh-ijkl');
    await user.selectOptions(await by('entry-0-protocol'), 'ipv4');
    await click('entry-0-duplicate');
    await waitFor(() => expect(focused()).toBe('entry-1-hostname'));
    expect(value('entry-1-hostname')).toBe('home.spdns.de');
    expect(value('entry-1-secret')).toBe('');
    await user.keyboard('garage.spdns.de');
    expect(value('entry-1-hostname')).toBe('garage.spdns.de');
    await by('unsaved');
    await click('save');
    await by('saved');
    expect(sentIds(program)).toEqual([1, null, 2]);
    const [sent] = program.of('save');
    expect(sent?.form.entries[1]).toMatchObject({ hostname: 'garage.spdns.de', protocol: 'ipv4' });
    expect(sent?.secrets).toEqual([{ kind: 'replace', secret: 'abcd-efgh-ijkl' }, { kind: 'keep' }, { kind: 'keep' }]);
  });

  test('marks the copy as not saved yet, until it is', async () => {
    const { click } = open(two);
    await click('entry-0-duplicate');
    expect((await by('entry-1')).querySelector('h2')?.textContent).toContain('not saved yet');
    await click('save');
    await by('saved');
    await waitFor(() => expect(screen.getByTestId('entry-1').querySelector('h2')?.textContent).not.toContain('not saved yet'));
  });
});

describe('moving entries', () => {
  test('changes their order, says so, and keeps the focus on the button', async () => {
    const { program, user } = open(two);
    (await by('entry-1-up')).focus();
    await user.keyboard('{Enter}');
    expect(value('entry-0-hostname')).toBe('office.firewall-gateway.com');
    await waitFor(() => expect(focused()).toBe('entry-0-up'));
    expect(screen.getByTestId('entry-moved').textContent).toBe('office.firewall-gateway.com is now number 1 of 2.');
    await by('unsaved');
    await user.keyboard('{Enter}');
    expect(value('entry-0-hostname')).toBe('office.firewall-gateway.com');
    await user.keyboard('{Control>}s{/Control}');
    await by('saved');
    expect(sentIds(program)).toEqual([2, 1]);
  });

  test('back to where they were is no change', async () => {
    const { click } = open(two);
    await click('entry-0-down');
    await by('unsaved');
    await click('entry-1-up');
    await waitFor(() => expect(has('unsaved')).toBe(false));
  });

  test('is offered where there is another one, and no further than the ends', async () => {
    const { click } = open({ page: two.page });
    await by('entry-0-duplicate');
    expect(has('entry-0-up')).toBe(false);
    await click('add-entry');
    expect((await by('entry-0-up')).getAttribute('aria-disabled')).toBe('true');
    expect(screen.getByTestId('entry-0-down').getAttribute('aria-disabled')).toBe('false');
    expect(screen.getByTestId('entry-1-down').getAttribute('aria-disabled')).toBe('true');
  });

  test('leaves a mistake at its entry', async () => {
    const { program, click } = open(two);
    await click('entry-0-down');
    program.reply = refusesFields([{ entry: 0, field: 'user', problem: { of: 'user', kind: 'missing' } }]);
    await click('save');
    await by('error-0-user');
    await click('entry-0-down');
    await by('error-1-user');
    expect(has('error-0-user')).toBe(false);
  });

  test('while saving leaves each entry its own identity, and each mistake its own entry', async () => {
    const { program, click } = open(two);
    let answer: (answer: Response | undefined) => void = () => {};
    program.reply = ({ request }) => (request === 'save' ? new Promise((told) => (answer = told)) : undefined);
    await click('save');
    await click('entry-0-down');
    answer({ answer: 'refused', refusal: { kind: 'fields', errors: [{ entry: 0, field: 'hostname', problem: { of: 'entry', kind: 'twice' } }] } });
    await by('error-1-hostname');
    await click('save');
    await click('entry-0-down');
    answer({ answer: 'saved', form: form([...twoForms()].reverse()), ids: [2, 1] });
    await by('saved');
    program.reply = () => undefined;
    await click('save');
    await waitFor(() => expect(program.of('save')).toHaveLength(3));
    expect(program.of('save').at(-1)?.form.entries.map(({ id, hostname }) => [id, hostname])).toEqual([
      [1, 'home.spdns.de'],
      [2, 'office.firewall-gateway.com'],
    ]);
  });

  test('says what a save that takes long is waiting for, until it has ended', async () => {
    const { program, click } = open(two);
    let answer: (answer: Response | undefined) => void = () => {};
    program.reply = ({ request }) => (request === 'save' ? new Promise((told) => (answer = told)) : undefined);
    await by('save');
    vi.useFakeTimers({ shouldAdvanceTime: true });
    await click('save');
    expect(screen.getByTestId('saving-long').textContent).toBe('');
    await vi.advanceTimersByTimeAsync(2500);
    expect(screen.getByTestId('saving-long').textContent).toMatch(/keyring.*To cancel/);
    answer({ answer: 'refused', refusal: { kind: 'keyringLocked' } });
    await by('banner');
    expect(screen.getByTestId('saving-long').textContent).toBe('');
  });

  test('passes over entries that are to be removed', () => {
    const draft = new Draft(form([entryForm(), entryForm({ id: 2, hostname: 'b.spdns.de' }), entryForm({ id: 3, hostname: 'c.spdns.de' })]));
    const [first, middle, last] = draft.entries;
    if (!first || !middle || !last) throw new Error('three entries');
    draft.remove(middle);
    expect(draft.move(last, 'up')).toBe(true);
    expect(draft.request().form.entries.map(({ id }) => id)).toEqual([3, 1]);
    expect(draft.move(last, 'up')).toBe(false);
    expect(draft.move(first, 'down')).toBe(false);
  });
});

test('an entry that is brought back while its removal is being saved becomes a new one', () => {
  const draft = new Draft(form(twoForms()));
  const [gone] = draft.entries;
  if (!gone) throw new Error('two entries');
  draft.remove(gone);
  const sent = draft.send();
  gone.isRemoved = false;
  draft.adopt(form(twoForms().slice(1)), sent);
  expect(draft.request().form.entries.map(({ id, hostname }) => [id, hostname])).toEqual([
    [null, 'home.spdns.de'],
    [2, 'office.firewall-gateway.com'],
  ]);
  expect(draft.isDirty()).toBe(true);
});
