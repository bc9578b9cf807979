import { waitFor } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { at, entryStatus, form, snapshot } from './samples';
import { by, has, open, screen, value } from './window';

const settings = { page: { page: 'settings' } } as const;
const token = 'abcd-efgh-ijkl';

describe('the secret field', () => {
  test('is never prefilled, and says what is known of the saved one', async () => {
    open(settings);
    expect((await by('entry-0-secret-status')).textContent).toContain('last accepted');
    expect(has('entry-0-secret')).toBe(false);
  });

  test('says that a saved one was never used', async () => {
    open({ ...settings, snapshot: snapshot([entryStatus({ secret: { saved: at(-60), accepted: null } })]) });
    expect((await by('entry-0-secret-status')).textContent).toContain('never used yet');
  });

  test('says that a token belongs to another host name once the name is changed', async () => {
    const { type, click } = open(settings);
    await by('entry-0-secret-status');
    expect(has('entry-0-secret-other-host')).toBe(false);
    await type('entry-0-hostname', 'house.spdns.de');
    expect((await by('entry-0-secret-other-host')).textContent).toContain('belongs to home.spdns.de. house.spdns.de needs its own');
    await click('entry-0-secret-replace');
    await type('entry-0-secret', token);
    await waitFor(() => expect(has('entry-0-secret-other-host')).toBe(false));
  });

  test('replaces: typed in dots, sent once, gone after saving', async () => {
    const { program, click, type } = open(settings);
    await click('entry-0-secret-replace');
    const field = await by('entry-0-secret');
    expect(field.getAttribute('type')).toBe('password');
    expect(field.getAttribute('autocomplete')).toBe('off');
    expect(value('entry-0-secret')).toBe('');
    await type('entry-0-secret', token);
    await click('entry-0-secret-show');
    expect(field.getAttribute('type')).toBe('text');
    await click('save');
    await by('saved');
    expect(program.of('save')[0]?.secrets).toEqual([{ kind: 'replace', secret: token }]);
    expect(has('entry-0-secret')).toBe(false);
    expect(document.body.innerHTML).not.toContain(token);
    await click('save');
    await waitFor(() => expect(program.of('save')).toHaveLength(2));
    expect(program.of('save')[1]?.secrets).toEqual([{ kind: 'keep' }]);
  });

  test('stays typed when saving is refused', async () => {
    const { program, click, type } = open({ ...settings, form: form([]), snapshot: snapshot([]) });
    program.reply = (request) => (request.request === 'save' ? { answer: 'refused', refusal: { kind: 'keyringAbsent' } } : undefined);
    await click('all-settings');
    await type('entry-0-secret', token);
    await click('save');
    await by('banner');
    expect(value('entry-0-secret')).toBe(token);
  });

  test('removes, and takes it back', async () => {
    const { program, click } = open(settings);
    await click('entry-0-secret-remove');
    expect((await by('entry-0-secret-status')).textContent).toContain('will be removed');
    await click('entry-0-secret-undo');
    await click('entry-0-secret-remove');
    await click('save');
    await by('saved');
    expect(program.of('save')[0]?.secrets).toEqual([{ kind: 'remove' }]);
  });

  test('opens for a new one when the program asks for it', async () => {
    const { program, click } = open(settings);
    program.reply = (request) =>
      request.request === 'save'
        ? { answer: 'refused', refusal: { kind: 'fields', errors: [{ entry: 0, field: 'secret', problem: { of: 'entry', kind: 'forOtherServer' } }] } }
        : undefined;
    await click('save');
    await by('error-0-secret');
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId('entry-0-secret')));
  });

  test.each([
    [token, 'updateToken', 'recognised'],
    [` ${token} `, 'updateToken', 'recognised'],
    [`1234567-${token}`, 'moveToken', 'move token'],
    ['abcd-ef', 'unfinished', 'not complete'],
    ['ABCD-EFGH-IJKL', 'misspelt', 'Almost'],
    ['correct horse', 'other', 'an update token of SPDYN; other services'],
  ])('tells what %o looks like', async (typed, shape, words) => {
    const { click, type } = open(settings);
    await click('entry-0-secret-replace');
    await type('entry-0-secret', typed);
    const hint = await by('entry-0-secret-hint');
    await waitFor(() => expect(hint.dataset.shape).toBe(shape));
    expect(hint.textContent).toContain(words);
  });

  test('recognises an update token in place of an account’s password', async () => {
    const { click, type } = open(settings);
    await click('entry-0-login-account');
    await click('entry-0-secret-replace');
    await type('entry-0-secret', token);
    await waitFor(() => expect(screen.getByTestId('entry-0-secret-hint').textContent).toContain('choose “Update token”'));
  });
});
