import { describe, expect, test } from 'vitest';
import { spelling } from '../src/pages/settings/spelling';
import { by, has, open, value } from './window';

describe('a host name with umlauts', () => {
  test.each([
    ['m\u00fcller.spdns.de', 'xn--mller-kva.spdns.de'],
    [' M\u00dcLLER.spdns.de. ', 'xn--mller-kva.spdns.de'],
    ['mu\u0308ller.spdns.de', 'xn--mller-kva.spdns.de'],
    ['\u0434\u043e\u043c.spdns.de', 'xn--d1aqf.spdns.de'],
    ['home.spdns.de', null],
    ['xn--mller-kva.spdns.de', null],
    ['m\u00fcller', null],
    ['m\u00fcller spdns.de', null],
    ['https://m\u00fcller.spdns.de', null],
    ['', null],
  ])('%s is spelt as DNS has it', (typed, spelt) => expect(spelling(typed)).toBe(spelt));

  test('is offered in that spelling while it is typed', async () => {
    const { user, click } = open({ page: { page: 'settings' } });
    const field = await by('entry-0-hostname');
    await user.clear(field);
    await user.type(field, 'm\u00fcller.spdns.de');
    expect((await by('entry-0-hostname-spelling')).textContent).toContain('xn--mller-kva.spdns.de');
    await click('entry-0-hostname-spell');
    expect(value('entry-0-hostname')).toBe('xn--mller-kva.spdns.de');
    expect(has('entry-0-hostname-spelling')).toBe(false);
    expect(document.activeElement).toBe(field);
  });
});
