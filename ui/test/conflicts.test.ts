/** The form is saved elsewhere while something is typed here: nothing of either is lost. */
import { waitFor } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import type { Form } from '../src/bindings/Form';
import type { FormConflict } from '../src/bindings/FormConflict';
import type { Request } from '../src/bindings/Request';
import type { Response } from '../src/bindings/Response';
import type { Program } from './program';
import { entryForm, entryStatus, form, snapshot, twoForms } from './samples';
import { by, has, open, screen, value } from './window';

const both = snapshot([entryStatus(), entryStatus({ id: 2, hostname: 'office.firewall-gateway.com', login: 'account' })]);
const two = { page: { page: 'settings' }, form: form(twoForms()), snapshot: both } as const;
const third = entryForm({ id: 3, hostname: 'garage.spdns.de' });

/** Refuses the first save, because `saved` was saved meanwhile. */
function refuses(program: Program, conflicts: FormConflict[], saved: Form): (request: Request) => Response | undefined {
  let isFirst = true;
  return ({ request }) => {
    if (request !== 'save' || !isFirst) return undefined;
    isFirst = false;
    program.form = saved;
    return { answer: 'refused', refusal: { kind: 'changedMeanwhile', conflicts, form: saved } };
  };
}

const field = (entry: number | null, name: FormConflict['what'] & { kind: 'field' }): FormConflict => ({
  entry,
  hostname: entry === null ? '' : 'home.spdns.de',
  what: name,
});

describe('a save', () => {
  test('names the form that it was made from, and not the one that is saved by then', async () => {
    const { program, click, type } = open(two);
    await type('entry-0-hostname', 'house.spdns.de');
    program.form = form([...twoForms(), third], { language: 'de' });
    await click('save');
    await by('saved');
    expect(program.of('save')[0]?.base).toEqual(two.form);
    await type('entry-0-hostname', 'garden.spdns.de');
    await click('save');
    await waitFor(() => expect(program.of('save')).toHaveLength(2));
    expect(program.of('save')[1]?.base.entries[0]?.hostname).toBe('house.spdns.de');
  });

  test('shows what was merged into it, and gives each entry its own identity', async () => {
    const { program, click, type } = open(two);
    await click('add-entry');
    await type('entry-2-hostname', 'garden.spdns.de');
    program.reply = ({ request }) => {
      if (request !== 'save') return undefined;
      const saved = form([entryForm(), third, twoForms()[1]!, entryForm({ id: 4, hostname: 'garden.spdns.de' })], { interval: '1 h' });
      return { answer: 'saved', form: saved, ids: [1, 2, 4] };
    };
    await click('save');
    await by('saved');
    expect([0, 1, 2, 3].map((index) => value(`entry-${index}-hostname`))).toEqual(['home.spdns.de', 'garage.spdns.de', 'office.firewall-gateway.com', 'garden.spdns.de']);
    expect(has('unsaved')).toBe(false);
    program.reply = () => undefined;
    await type('entry-3-hostname', 'shed.spdns.de');
    await click('save');
    await waitFor(() => expect(program.of('save')).toHaveLength(2));
    expect(program.of('save')[1]?.form.entries.map(({ id }) => id)).toEqual([1, 3, 2, 4]);
    expect(program.of('save')[1]?.form.interval).toBe('1 h');
  });
});

describe('a save that touches what was saved meanwhile', () => {
  const newer = form([entryForm({ server: 'newer.example.org', enabled: false }), twoForms()[1]!, third], { language: 'de' });

  async function refused(conflicts: FormConflict[] = [field(1, { kind: 'field', field: 'server' })]) {
    const opened = open(two);
    const { program, user, click, type } = opened;
    await user.selectOptions(await by('entry-0-provider'), 'other');
    await type('entry-0-server', 'mine.example.org');
    program.reply = refuses(program, conflicts, newer);
    await click('save');
    await by('conflicts');
    return opened;
  }

  test('is told at its place and at the button, with the newer value, and nothing typed is lost', async () => {
    await refused();
    expect(screen.getByTestId('error-0-server').textContent).toContain('newer.example.org');
    expect(screen.getByTestId('conflicts').textContent).toMatch(/home\.spdns\.de: Server.*newer\.example\.org/s);
    expect(value('entry-0-server')).toBe('mine.example.org');
    expect(value('entry-2-hostname')).toBe('garage.spdns.de');
    expect(screen.getByTestId<HTMLInputElement>('entry-0-enabled').checked).toBe(false);
  });

  test('keeps what is typed where the person wants that, on top of everything else', async () => {
    const { program, click } = await refused();
    await click('conflicts-keep');
    await by('saved');
    const sent = program.of('save')[1];
    expect(sent?.base).toEqual(newer);
    expect(sent?.form).toEqual({ ...newer, entries: [entryForm({ server: 'mine.example.org', enabled: false }), twoForms()[1], third] });
    expect(has('conflicts')).toBe(false);
  });

  test('takes the newer values over where the person wants that', async () => {
    const { program, click, type } = await refused();
    await click('conflicts-take');
    expect(value('entry-0-server')).toBe('newer.example.org');
    expect(has('conflicts') || has('error-0-server') || has('unsaved')).toBe(false);
    await type('entry-1-hostname', 'house.spdns.de');
    await click('save');
    await by('saved');
    expect(program.of('save')[1]?.form.entries.map(({ server }) => server)).toEqual(['newer.example.org', twoForms()[1]!.server, third.server]);
  });

  test('is told at switches, choices and fields that are there once, too', async () => {
    await refused([
      field(1, { kind: 'field', field: 'enabled' }),
      field(1, { kind: 'field', field: 'login' }),
      field(1, { kind: 'field', field: 'addressFrom' }),
      field(null, { kind: 'field', field: 'language' }),
      field(null, { kind: 'field', field: 'homeLock' }),
      field(null, { kind: 'field', field: 'fallBacks' }),
    ]);
    for (const at of ['error-entry-0-enabled', 'error-0-login', 'error-0-addressFrom', 'error-language', 'error-home-lock', 'error-fall-backs']) {
      expect((await by(at)).textContent).toMatch(/saved meanwhile/i);
    }
    expect(screen.getByTestId('error-entry-0-enabled').textContent).toContain('off');
    expect(screen.getByTestId('error-language').textContent).toContain('Deutsch');
  });
});

describe('an entry', () => {
  test.each(['keep', 'take'])('that was removed elsewhere while it was changed here is saved as a new one, or goes: %s', async (choice) => {
    const { program, click, type } = open(two);
    await type('entry-0-hostname', 'house.spdns.de');
    program.reply = refuses(program, [{ entry: 1, hostname: 'home.spdns.de', what: { kind: 'removed' } }], form([twoForms()[1]!]));
    await click('save');
    expect((await by('conflicts')).textContent).toContain('home.spdns.de was removed meanwhile');
    expect(value('entry-0-hostname')).toBe('house.spdns.de');
    await click(`conflicts-${choice}`);
    if (choice === 'take') return expect(value('entry-0-hostname')).toBe('office.firewall-gateway.com');
    await waitFor(() => expect(program.of('save')).toHaveLength(2));
    expect(program.of('save')[1]?.form.entries.map(({ id }) => id ?? null)).toEqual([null, 2]);
  });

  test('that was changed elsewhere while it was removed here comes back where the person wants that', async () => {
    const { program, click } = open(two);
    await click('entry-0-remove');
    const changed = form([entryForm({ user: 'anna' }), twoForms()[1]!]);
    program.reply = refuses(program, [{ entry: 1, hostname: 'home.spdns.de', what: { kind: 'changed' } }], changed);
    await click('save');
    expect((await by('conflicts')).textContent).toContain('home.spdns.de was changed meanwhile');
    await click('conflicts-take');
    expect(value('entry-0-hostname')).toBe('home.spdns.de');
    await waitFor(() => expect(has('unsaved')).toBe(false));
  });
});

describe('a secret', () => {
  test('that is being typed isn’t taken for one of a server that was chosen elsewhere meanwhile', async () => {
    const { program, user, click } = open(two);
    await click('entry-0-secret-replace');
    await user.type(await by('entry-0-secret'), 'abcd-efgh-ijkl');
    program.form = form([entryForm({ server: 'elsewhere.example.org', enabled: false }), twoForms()[1]!, third]);
    // A command adds an entry, which the window notices, and fetches the form again.
    await program.tell(snapshot([...both.entries, entryStatus({ id: 3, hostname: 'garage.spdns.de' })]));
    await waitFor(() => expect(value('entry-2-hostname')).toBe('garage.spdns.de'));
    await click('save');
    await waitFor(() => expect(program.of('save')).toHaveLength(1));
    const sent = program.of('save')[0];
    // The program compares with the server that was seen, and refuses.
    expect([sent?.base.entries[0]?.server, sent?.form.entries[0]?.server]).toEqual(['update.spdyn.de', 'update.spdyn.de']);
    expect([sent?.base.entries[0]?.enabled, sent?.form.entries[0]?.enabled]).toEqual([false, false]);
  });
});
