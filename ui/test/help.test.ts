import { waitFor, within } from '@testing-library/svelte';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { live } from '../src/live.svelte';
import { load } from '../src/pages/help/documents';
import { at, entryStatus, halted, heldEntry, held, refusedEntry, snapshot, sourceReport } from './samples';
import { by, has, open, screen } from './window';

Element.prototype.scrollIntoView ??= vi.fn();

// Converted on demand here, as the build does it beforehand.
beforeAll(() => Promise.all([import('../src/pages/help/Help.svelte'), load('en'), load('de')]));

const abuse = snapshot([entryStatus({ mood: 'needsYou', status: halted({ kind: 'abuse' }) })]);
/** Waits until reading begins at that section. */
const arrivedAt = (id: string) => waitFor(() => expect(document.activeElement?.id).toBe(id));

describe('the help', () => {
  test('is reached by the navigation, and lists all chapters', async () => {
    const { click } = open({});
    await click('nav-help');
    expect(within(await by('help-chapters')).getAllByRole('button').map((link) => link.textContent)).toContain('Why isn\'t my NAS reachable?');
    expect(screen.getByTestId('nav-help').getAttribute('aria-current')).toBe('page');
    expect(screen.getByTestId('nav-status').getAttribute('aria-current')).toBeNull();
    expect(document.title).toBe('Help – Dyntray');
  });

  test('asks nobody anything', async () => {
    const { program, click } = open({});
    await by('overall');
    const before = program.asked.length;
    await click('nav-help');
    await by('help-chapters');
    expect(program.asked.length).toBe(before);
  });

  test('opens with F1, from the page for a new token at its chapter', async () => {
    const { user } = open({ page: { page: 'newToken', entry: 1 }, snapshot: snapshot([refusedEntry()]) });
    await by('new-token');
    await user.keyboard('{F1}');
    await arrivedAt('four-steps-on-the-website');
    await user.click(await by('help-all'));
    await by('help-chapters');
    await user.keyboard('{F1}');
    await by('help-chapters');
  });

  test('isn’t opened by F1 under a dialog, nor with unsaved changes unasked', async () => {
    const { user, type } = open({ page: { page: 'settings' } });
    await type('entry-0-hostname', 'house.spdns.de');
    await user.keyboard('{F1}');
    await waitFor(() => expect(live.wanted).toEqual({ page: 'help' }));
    await user.keyboard('{F1}');
    expect(live.page).toEqual({ page: 'settings' });
    await user.click(screen.getByText('Discard'));
    await by('help-chapters');
  });

  test('finds sections by their words', async () => {
    const { click, type } = open({});
    await click('nav-help');
    await type('help-search', 'HAIRPIN phone');
    const found = within(await by('help-found')).getAllByRole('button');
    expect(found.map((link) => link.dataset.place)).toEqual(['not-reachable#are-you-trying-it-from-outside']);
    expect((await by('help-search-count')).textContent).toBe('1 place');
    await type('help-search', 'nothing like it');
    expect((await by('help-search-count')).textContent).toBe('Nothing matches.');
  });

  test('keeps its place when the language changes', async () => {
    const { program, click } = open({ snapshot: abuse });
    await click('what-does-this-mean');
    await screen.findByText('Host locked', { selector: ':is(h2, h3, h4)' });
    await program.tell({ ...abuse, language: 'de' });
    await screen.findByText('Host gesperrt', { selector: ':is(h2, h3, h4)' });
  });

  test('follows links from one chapter to another', async () => {
    const { user } = open({ snapshot: snapshot([refusedEntry()]) });
    await user.click(await by('what-does-this-mean'));
    await arrivedAt('token-or-password-refused');
    await user.click(within(await by('help-chapter')).getByText('A lost token'));
    await screen.findByText('Four steps on the website', { selector: ':is(h2, h3, h4)' });
  });

  test('goes back to the page that it was opened from', async () => {
    const { click } = open({ page: { page: 'diagnostics' } });
    await click('report-open-help');
    await by('help-chapters');
    await click('help-back');
    await by('diagnostics');
  });
});

describe('a message leads to its explanation', () => {
  test('when the service refused', async () => {
    const { click } = open({ snapshot: abuse });
    await click('what-does-this-mean');
    await arrivedAt('host-locked');
    expect(document.querySelector('.asked')?.textContent).toContain('abuse');
  });

  test('when an address is held back', async () => {
    open({ snapshot: snapshot([heldEntry('noStableAddress', held('ipv6', 'noStableAddress'))]) });
    expect((await by('what-does-this-mean')).dataset.place).toBe('messages#only-a-temporary-ipv6-address');
  });

  test('when the network is the cause, or the program itself', async () => {
    open({ snapshot: snapshot(undefined, { diagnoses: [{ kind: 'dnsBlocked' }], ailments: [{ kind: 'historyMissing' }] }) });
    await by('what-does-this-mean').catch(() => undefined);
    await waitFor(() =>
      expect(screen.getAllByTestId('what-does-this-mean').map(({ dataset }) => dataset.place)).toEqual([
        'messages#state-and-history-damaged-or-missing',
        'messages#names-arent-resolved',
      ]),
    );
  });

  test('when an update is tried again, and when somebody else changed the record', async () => {
    const troubled = entryStatus({ mood: 'waiting', status: { kind: 'troubled', trouble: { kind: 'server', code: '911' }, retryAt: at(60) } });
    const { program } = open({ snapshot: snapshot([troubled]) });
    expect((await by('what-does-this-mean')).dataset.place).toBe('messages#the-server-has-a-problem');
    await program.tell(snapshot([entryStatus({ mood: 'needsYou', status: { kind: 'changedElsewhere' } })]));
    await waitFor(() => expect(screen.getByTestId('what-does-this-mean').dataset.place).toBe('messages#changed-by-somebody-else'));
  });

  test('when a save is refused, and not where the mistakes are shown at their fields', async () => {
    const { program, click, type } = open({ page: { page: 'settings' } });
    program.reply = (request) => (request.request === 'save' ? { answer: 'refused', refusal: { kind: 'keyringLocked' } } : undefined);
    await type('entry-0-hostname', 'house.spdns.de');
    await click('save');
    expect((await by('what-does-this-mean')).dataset.place).toBe('messages#keyring-locked-or-missing');
    program.reply = (request) =>
      request.request === 'save'
        ? { answer: 'refused', refusal: { kind: 'fields', errors: [{ entry: 0, field: 'secret', problem: { of: 'entry', kind: 'forOtherServer' } }] } }
        : undefined;
    await click('save');
    await waitFor(() => expect(has('what-does-this-mean')).toBe(false));
  });

  test('from the answer to “Why this address?”', async () => {
    const why = held('ipv4', 'conflict', sourceReport('router', 'differs', { kind: 'known', address: '84.160.12.8' }));
    const { click } = open({ snapshot: snapshot([heldEntry('conflict', why)]) });
    await click('why-1-ipv4');
    const link = within(await by('outcome')).getByTestId('what-does-this-mean');
    expect(link.dataset.place).toBe('messages#vpn-or-proxy');
  });

  test('and isn’t there while all is well', async () => {
    open({});
    await by('overall');
    expect(has('what-does-this-mean')).toBe(false);
  });
});

describe('a problem’s report', () => {
  test('says what to copy and where to send it, beside the diagnostics', async () => {
    open({ page: { page: 'diagnostics' } });
    expect((await by('report')).textContent).toMatch(/the help first.*Copy or save.*Send both to/s);
    await by('diagnostics-copy');
  });
});
