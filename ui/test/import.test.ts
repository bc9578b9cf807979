import { fireEvent, waitFor } from '@testing-library/svelte';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Response } from '../src/bindings/Response';
import { entryForm, entryStatus, form, importEntries, importPreview, imports, snapshot } from './samples';
import { by, has, open, screen, value } from './window';

const token = 'abcd-efgh-ijkl';
const file = (text: string | Uint8Array<ArrayBuffer> = `hostname;token\r\nhome.spdns.de;${token}\r\n`, name = 'spdyn_update_token.csv') => new File([text], name);
const after = form([entryForm(), entryForm({ id: 2, hostname: 'cabin.my-router.de' })]);

const many = (count: number) => importPreview({ entries: importEntries(count) });

function start(preview = importPreview(), more: Parameters<typeof open>[0] = {}) {
  const window = open({ page: { page: 'settings' }, reply: imports(preview, after), ...more });
  const choose = async (chosen = file()) => {
    await window.user.upload(await by('import-input'), chosen);
    await waitFor(() => expect(screen.getByTestId('import').dataset.phase).not.toBe('reading'));
  };
  return { ...window, choose };
}

afterEach(() => vi.useRealTimers());

describe('importing a file', () => {
  test('shows what would be taken over and what not, and never a secret', async () => {
    const { program, choose } = start();
    await choose();
    expect(program.of('previewImport')[0]).toMatchObject({ name: 'spdyn_update_token.csv', text: `hostname;token\r\nhome.spdns.de;${token}\r\n` });
    const said = (await by('import')).textContent;
    for (const words of ['3 entries', 'home.spdns.de', 'replaces the token', 'Account login anna', 'Line 5, moved.spdns.de', 'Line 6: no host name']) expect(said).toContain(words);
    expect(document.body.innerHTML).not.toContain(token);
    expect(document.activeElement?.id).toBe('import-heading');
  });

  test('takes over what is chosen, and reminds of the file', async () => {
    const { program, choose, click } = start();
    await choose();
    await click('import-entry-2');
    expect((await by('import-take')).textContent).toContain('2 entries');
    await click('import-take');
    await by('import-done');
    expect(program.of('import')[0]?.take).toEqual([0, 1]);
    expect((await by('import-keep')).textContent).toContain('1 name was not imported. Its token or password may be only in spdyn_update_token.csv');
    await click('import-close');
    expect(has('import-done')).toBe(false);
    await waitFor(() => expect(value('entry-1-hostname')).toBe('cabin.my-router.de'));
    expect(has('unsaved')).toBe(false);
  });

  test('asks for the file to be deleted once everything in it was taken over', async () => {
    const { choose, click } = start(importPreview({ entries: importEntries(4), leftOut: [] }));
    await choose();
    await click('import-take');
    expect((await by('import-delete')).textContent).toContain('spdyn_update_token.csv still holds');
    expect(has('import-keep')).toBe(false);
  });

  test('says so when lines of it were left out', async () => {
    const { choose, click } = start();
    await choose();
    await click('import-take');
    expect((await by('import-left-lines')).textContent).toContain('2 lines were left out. Delete spdyn_update_token.csv once');
    expect(has('import-delete')).toBe(false);
  });

  test('works by keyboard, and gives the focus back', async () => {
    const { program, user } = start();
    (await by('import-open')).focus();
    // Choosing with the system's own dialog leaves the focus at the button.
    await fireEvent.change(screen.getByTestId('import-input'), { target: { files: [file()] } });
    await by('import-take');
    await waitFor(() => expect(document.activeElement?.id).toBe('import-heading'));
    screen.getByTestId('import-all').focus();
    await user.keyboard(' ');
    expect(screen.getByTestId('import-take').getAttribute('aria-disabled')).toBe('true');
    screen.getByTestId('import-cancel').focus();
    await user.keyboard('{Enter}');
    expect(screen.getByTestId('import').hasAttribute('open')).toBe(false);
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId('import-open')));
    expect(program.of('import')).toEqual([]);
  });

  test('leaves names unticked that lead to other lines, and imports nothing before the person has seen them', async () => {
    const preview = many(4);
    const [, second, third] = preview.entries;
    const elsewhere = [second, third].map((entry, at) => ({ number: entry?.number ?? 0, addresses: `91.3.4.${at}` }));
    let answer: (response: Response) => void = () => {};
    const known = imports(preview, after);
    const { program, choose, click } = start(preview, {
      reply: (request) => (request.request === 'locateImport' ? new Promise<Response>((resolve) => (answer = resolve)) : known(request)),
    });
    await choose();
    expect((await by('import-elsewhere')).textContent).toContain('Checking where the names point');
    await click('import-take');
    expect(program.of('import')).toEqual([]);
    answer({ answer: 'located', elsewhere, unknown: 1 });
    await waitFor(() => expect(screen.getByTestId('import-elsewhere').textContent).toContain('2 names point to other internet connections'));
    expect(screen.getByTestId('import-elsewhere').textContent).toContain('known where one name points today');
    expect((await by(`import-leads-${second?.number}`)).textContent).toContain('points to 91.3.4.0 today');
    expect(program.of('import')).toEqual([]);
    await click('import-take');
    await by('import-done');
    expect(program.of('import')[0]?.take).toEqual(preview.entries.map(({ number }) => number).filter((number) => !elsewhere.some((at) => at.number === number)));
    expect(program.of('import')[0]?.off).toBeUndefined();
    // The tokens of the other two may be nowhere else.
    expect((await by('import-keep')).textContent).toContain('2 names were not imported');
    expect(has('import-delete')).toBe(false);
  });

  test('says how many of the imported entries a search hides', async () => {
    const { choose, click, type } = start(many(8));
    await choose();
    expect(has('import-hidden')).toBe(false);
    await type('import-search', many(8).entries[0]?.hostname ?? '');
    expect((await by('import-hidden')).textContent).toContain('also 7 that');
    await click(`import-entry-${many(8).entries[0]?.number}`);
    expect((await by('import-take')).textContent).toContain('7 entries');
    expect((await by('import-hidden')).textContent).toContain('also 7 that');
  });

  test('says so when all names were checked and none points elsewhere', async () => {
    const preview = many(4);
    const known = imports(preview, after);
    const { choose } = start(preview, {
      reply: (request) => (request.request === 'locateImport' ? { answer: 'located', elsewhere: [], unknown: 0 } : known(request)),
    });
    await choose();
    await waitFor(() => expect(screen.getByTestId('import-elsewhere').textContent).toContain('none of the names points to another'));
  });

  test('takes such names over switched off where that is wanted, and one that is ticked switched on', async () => {
    const preview = many(4);
    const [first, second, third, fourth] = preview.entries.map(({ number }) => number);
    const elsewhere = [second, third].map((number) => ({ number: number ?? 0, addresses: '91.3.4.5' }));
    const known = imports(preview, after);
    const { program, choose, click } = start(preview, {
      reply: (request) => (request.request === 'locateImport' ? { answer: 'located', elsewhere, unknown: 0 } : known(request)),
    });
    await choose();
    await click('import-off');
    // One click drops all, and one more chooses those that belong here.
    await click('import-all');
    await waitFor(() => expect(screen.getByTestId('import-take').textContent).toContain('2 entries'));
    await click('import-all');
    await click(`import-entry-${third}`);
    expect((await by(`import-leads-${second}`)).textContent).toContain('will be imported switched off');
    expect((await by(`import-leads-${third}`)).textContent).not.toContain('switched off');
    expect(screen.getByTestId('import').textContent).toContain('All that don');
    expect((await by('import-take')).textContent).toContain('4 entries (1 switched off)');
    expect(screen.getByTestId('import-elsewhere').textContent).toContain('A tick would point a name here');
    await click('import-take');
    expect((await by('import-done')).textContent).toContain('1 of them is switched off');
    expect(has('import-keep')).toBe(false);
    expect(program.of('import')[0]?.take).toEqual([first, fourth, third, second]);
    expect(program.of('import')[0]?.off).toEqual([second]);
  });

  test('keeps what was typed, beside what was taken over', async () => {
    const { program, choose, click, type } = start();
    await type('entry-0-hostname', 'house.spdns.de');
    await choose();
    await click('import-take');
    await click('import-close');
    expect(value('entry-0-hostname')).toBe('house.spdns.de');
    expect(value('entry-1-hostname')).toBe('cabin.my-router.de');
    await by('unsaved');
    await click('save');
    await by('saved');
    expect(program.of('save')[0]?.form.entries.map(({ id, hostname }) => [id, hostname])).toEqual([
      [1, 'house.spdns.de'],
      [2, 'cabin.my-router.de'],
    ]);
  });

  test('takes a dropped file on any page', async () => {
    const { program } = start(undefined, { page: { page: 'status' } });
    await by('update-now');
    const dataTransfer = { types: ['Files'], files: [file()] };
    await fireEvent.dragOver(window, { dataTransfer });
    await by('import-drop');
    await fireEvent.drop(window, { dataTransfer });
    await by('import-take');
    expect(has('import-drop')).toBe(false);
    expect(program.of('previewImport')).toHaveLength(1);
  });

  test('keeps what the command line imported meanwhile', async () => {
    const { program, click, type } = start();
    await type('entry-0-hostname', 'house.spdns.de');
    program.form = after;
    await program.tell(snapshot([entryStatus(), entryStatus({ id: 2, hostname: 'cabin.my-router.de' })]));
    await waitFor(() => expect(value('entry-1-hostname')).toBe('cabin.my-router.de'));
    await click('save');
    await by('saved');
    expect(program.of('save')[0]?.form.entries.map((entry) => entry.hostname)).toEqual(['house.spdns.de', 'cabin.my-router.de']);
  });

  test('says when nothing can be taken over', async () => {
    const { choose, click } = start(importPreview({ entries: [], leftOut: [{ line: null, what: '', why: 'notRecognised' }] }));
    await choose(file('holiday', 'notes.txt'));
    expect((await by('import-left-out')).textContent).toContain('read this file: it is neither a table of tokens');
    expect(has('import-take')).toBe(false);
    await click('import-close');
  });

  test('stays open with the reason when it is refused', async () => {
    const { program, choose, click } = start();
    await choose();
    program.reply = () => ({ answer: 'refused', refusal: { kind: 'keyringLocked' } });
    await click('import-take');
    expect((await by('import-refused')).textContent).toContain('keyring is locked');
    expect(has('import-take')).toBe(true);
  });

  test('names the hosts of another protocol, and says what is different', async () => {
    const { choose } = start(
      importPreview({
        leftOut: [{ line: 3, what: 'cloudflare', hostname: 'www.example.org', why: 'otherProtocol' }],
        remarks: [{ line: 7, hostname: 'home.spdns.de', what: 'serverMoved' }],
      }),
    );
    await choose();
    expect((await by('import-left-out')).textContent).toContain('Line 3, www.example.org (cloudflare): a protocol other than dyndns2');
    expect((await by('import-remarks')).textContent).toContain('Line 7, home.spdns.de: update.spdns.de is now update.spdyn.de');
  });

  test.each([
    ['UTF-16 with a mark', [0xff, 0xfe, 0x42, 0, 0xfc, 0, 0x72, 0, 0x6f, 0]],
    ['UTF-16 the other way round', [0xfe, 0xff, 0, 0x42, 0, 0xfc, 0, 0x72, 0, 0x6f]],
    ['UTF-16 without a mark', [0x42, 0, 0xfc, 0, 0x72, 0, 0x6f, 0]],
    ['UTF-8 with a mark', [0xef, 0xbb, 0xbf, 0x42, 0xc3, 0xbc, 0x72, 0x6f]],
  ])('reads %s', async (_, bytes) => {
    const { program, choose } = start();
    await choose(file(new Uint8Array(bytes)));
    expect(program.of('previewImport')[0]?.text).toBe('B\u00fcro');
  });

  test('reads Latin-1, and sends no more of a long file than tells that it is long', async () => {
    const { program, choose } = start();
    await choose(file(new Uint8Array([0x42, 0xfc, 0x72, 0x6f])));
    expect(program.of('previewImport')[0]?.text).toBe('Büro');
    await choose(file('x'.repeat(2 * 1024 * 1024)));
    await waitFor(() => expect(program.of('previewImport')).toHaveLength(2));
    expect(program.of('previewImport')[1]?.text).toHaveLength(1024 * 1024 + 4);
  });

  test('counts what isn’t listed', async () => {
    const { choose, click } = start(importPreview({ leftOutMore: 31 }), { form: form([]), snapshot: snapshot([]) });
    await choose();
    expect((await by('import-left-out')).textContent?.trim()).toBe('33 lines are left out');
    await click('import-left-out-open');
    expect((await by('import-left-out')).textContent).toContain('and 31 more lines');
  });

  test('of many says that it is working, for how long, and that it may take a while', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const { program, choose, click } = start(many(200));
    await choose();
    let answer: (answer: Response) => void = () => {};
    program.reply = ({ request }) => (request === 'import' ? new Promise((told) => (answer = told)) : undefined);
    await click('import-take');
    const taking = await by('import-taking');
    expect(taking.querySelector('progress')?.hasAttribute('value')).toBe(false);
    expect(taking.textContent).toContain('200 tokens and passwords');
    expect(taking.textContent).toContain('a minute or two');
    await vi.advanceTimersByTimeAsync(95_000);
    expect(taking.textContent).toMatch(/9[4-9] seconds so far/);
    answer({ answer: 'saved', form: after, ids: [] });
    await by('import-done');
    expect(has('import-taking')).toBe(false);
  });

  test('of thousands has some in the page, more on demand, and takes over all', async () => {
    const { program, choose, click, user } = start(many(2000));
    await choose();
    const listed = () => screen.getByTestId('import').querySelectorAll('li input').length;
    expect(listed()).toBe(50);
    screen.getByTestId('import-more').focus();
    await user.keyboard('{Enter}');
    expect(listed()).toBe(150);
    expect(document.activeElement).toBe(screen.getByTestId('import-entry-50'));
    await user.keyboard(' ');
    expect((await by('import-take')).textContent).toContain('1,999 entries');
    await click('import-take');
    await by('import-done');
    expect(program.of('import')[0]?.take).toHaveLength(1999);
    expect(program.of('import')[0]?.take).not.toContain(50);
  });

  test('chooses all that are found, or none of them, and leaves the others as they are', async () => {
    const { program, choose, click, type } = start(many(2000));
    await choose();
    const all = () => screen.getByTestId<HTMLInputElement>('import-all');
    await type('import-search', 'HOST-199');
    expect(screen.getByTestId('import-search-count').textContent).toBe('11 of 2,000');
    expect(has('import-entry-0')).toBe(false);
    await click('import-all');
    expect([all().checked, all().indeterminate]).toEqual([false, false]);
    await click('import-entry-1999');
    expect([all().checked, all().indeterminate]).toEqual([false, true]);
    expect(screen.getByTestId('import-take').textContent).toContain('1,990 entries');
    await type('import-search', 'nowhere');
    expect(has('import-all')).toBe(false);
    expect((await by('import')).textContent).toContain('Nothing matches');
    await type('import-search', ' ');
    expect(all().indeterminate).toBe(true);
    await click('import-all');
    expect(screen.getByTestId('import-take').textContent).toContain('2,000 entries');
    await click('import-take');
    await by('import-done');
    expect(program.of('import')[0]?.take).toHaveLength(2000);
  });

  test('under way is closed by nobody by accident', async () => {
    const { program, choose, click } = start();
    await choose();
    let answer: (answer: Response) => void = () => {};
    program.reply = ({ request }) => (request === 'import' ? new Promise((told) => (answer = told)) : undefined);
    await click('import-take');
    const dialog = screen.getByTestId<HTMLDialogElement>('import');
    expect(has('import-cancel')).toBe(false);
    expect(dialog.dispatchEvent(new Event('cancel', { cancelable: true }))).toBe(false);
    // Pressed twice, Escape closes it all the same.
    dialog.close();
    await waitFor(() => expect(dialog.open).toBe(true));
    expect(dialog.dataset.phase).toBe('taking');
    await program.clickClose();
    await waitFor(() => expect(screen.getByTestId('import-taking').textContent).toContain('The window stays open'));
    expect(program.closed).toBe(false);
    answer({ answer: 'saved', form: after, ids: [] });
    await by('import-done');
    await program.clickClose();
    await waitFor(() => expect(program.closed).toBe(true));
  });

  test('keeps nobody in who closes the window twice', async () => {
    const { program, choose, click } = start();
    await choose();
    program.reply = ({ request }) => (request === 'import' ? new Promise(() => {}) : undefined);
    await click('import-take');
    await program.clickClose();
    await by('import-taking');
    await program.clickClose();
    await waitFor(() => expect(program.closed).toBe(true));
  });

  test('without an answer says that nobody knows what was taken over', async () => {
    const { program, choose, click } = start();
    await choose();
    program.lost = 'lost';
    await click('import-take');
    expect((await by('import-refused')).textContent).toContain('Some of the entries may have been imported');
    await click('import-close');
    expect(screen.getByTestId<HTMLDialogElement>('import').open).toBe(false);
  });
});
