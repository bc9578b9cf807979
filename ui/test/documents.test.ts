/** The documents as chapters of the help, and the places that messages lead to. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { anchorOf, chapters, order } from '../documents/convert';
import { collect } from '../documents/plugin';
import { search, type Chapter, type Place } from '../src/pages/help/documents';
import * as places from '../src/pages/help/places';
import { variantsOf } from './variants';

const docs = join(import.meta.dirname, '../../docs');
const all: Record<string, Chapter[]> = { en: collect(docs, 'en'), de: collect(docs, 'de') };
const sectionAt = (language: string, place: string) => {
  const [name, id] = place.split('#');
  return all[language]?.find((chapter) => chapter.name === name)?.sections.find((section) => section.id === id);
};

/** One document in English, and the same in German. */
const convert = (english: string, german = english) => chapters('de', [{ name: 'one', text: german }], [{ name: 'one', text: english }])[0]?.sections ?? [];

/** Each table of places, and the type whose codes it has. */
const tables: [string, Record<string, Place>][] = [
  ['HaltReason', places.haltPlaces],
  ['RetryableError', places.retryableErrorPlaces],
  ['HoldReason', places.holdPlaces],
  ['Diagnosis', places.diagnosisPlaces],
  ['LookUpProblem', places.lookUpProblemPlaces],
  ['DnsProblem', places.dnsProblemPlaces],
  ['NextWhy', places.waitPlaces],
  ['HealthIssue', places.healthIssuePlaces],
  ['Rejection', places.rejectionPlaces],
];

describe('the places that messages lead to', () => {
  test.each(tables)('are there for every %s', (type, table) => {
    expect(variantsOf(type).length).toBeGreaterThan(3);
    expect(Object.keys(table).sort()).toEqual(variantsOf(type).sort());
  });

  test('are headings of the documents in both languages, with something below them', () => {
    const every = [...tables.flatMap(([, table]) => Object.values(table)), places.changedElsewherePlace, places.newTokenPlace, places.notReachablePlace];
    for (const place of every)
      for (const language of ['en', 'de']) expect([place, language, (sectionAt(language, place)?.words.length ?? 0) > 60]).toEqual([place, language, true]);
  });

  test('leave no section of the messages without a message', () => {
    const led = new Set([...tables.flatMap(([, table]) => Object.values(table)), places.changedElsewherePlace]);
    const sections = all.en?.find(({ name }) => name === 'messages')?.sections.filter(({ level }) => level === 3) ?? [];
    expect(sections.map(({ id }) => `messages#${id}`).filter((place) => !led.has(place as Place))).toEqual([]);
  });
});

describe('the documents', () => {
  test('are the same in both languages: chapters, and the ids and levels of their sections', () => {
    const shape = (language: string) => all[language]?.map(({ name, sections }) => [name, sections.map(({ id, level }) => [id, level])]);
    expect(shape('de')).toEqual(shape('en'));
    expect(all.en?.map(({ name }) => name)).toEqual(order(readFileSync(join(docs, 'README.md'), 'utf8')));
    const titles = (language: string) => all[language]?.map(({ title }) => title);
    expect(titles('de')).not.toEqual(titles('en'));
  });

  test('lead only to each other, load nothing, and run nothing', () => {
    for (const sections of Object.values(all).flat().map((chapter) => chapter.sections))
      for (const { html } of sections) {
        expect(html).not.toMatch(/<(script|img|iframe|style|link|form|input)\b/i);
        expect(html).not.toMatch(/<[^>]*\s(src|style|on\w+)=/i);
        for (const [link, place] of html.matchAll(/<a [^>]*?(?:data-place="([^"]*)")?>/g)) {
          expect([link, sectionAt('en', place ?? '')?.id]).toEqual([link, place?.split('#')[1]]);
        }
      }
  });
});

describe('a document becomes a chapter', () => {
  test('with the English ids, also in German', () => {
    const sections = convert('# A way\n\n## It’s *here*, `x`!\n', '# Ein Weg\n\n## Dort\n');
    expect(sections.map(({ id, title, level }) => [id, title, level])).toEqual([['a-way', 'Ein Weg', 1], ['its-here-x', 'Dort', 2]]);
    expect(anchorOf('IPv6 führt nur zu einem Gerät')).toBe('ipv6-führt-nur-zu-einem-gerät');
  });

  test('without HTML of its own and without pictures', () => {
    const [section] = convert('# A\n\n![a picture](x.png)\n\n<script>alert(1)</script>\n\na <b onclick="x">b</b> `<c>` \\<d>\n\n```sh\n<e> "f"\n```\n');
    expect(section?.html).not.toMatch(/<(script|img|b|c|d|e)\b/);
    expect(section?.html).toContain('&lt;script&gt;');
    expect(section?.html).toContain('<pre><code>&lt;e&gt; &quot;f&quot;</code></pre>');
    expect(section?.html).not.toContain('picture');
  });

  test('whose links to other places are shown as text with their address', () => {
    const [section] = convert('# A\n\n[site](https://example.org/?a=1&b=2), <https://example.org>, [more](../more.md#x), [js](javascript:alert(1))\n');
    expect(section?.html).not.toContain('<a');
    expect(section?.html).toContain('site (https://example.org/?a=1&amp;b=2), https://example.org, more (<code>docs/more.md</code>), js (javascript:');
  });

  test('whose links inside lead to the same place in German', () => {
    const [section] = convert('# A\n\n[b](#b)\n\n## B\n', '# A\n\n[dort](one.md#be)\n\n## Be\n');
    expect(section?.html).toBe('<p><a href="#one#b" data-place="one#b">dort</a></p>\n');
  });

  test('or the build fails: a link to no heading, other headings than in English, a heading twice', () => {
    expect(() => convert('# A\n\n[b](#c)\n')).toThrow('leads to #c');
    expect(() => convert('# A\n\n[b](two.md)\n')).toThrow('leads to two.md');
    expect(() => convert('# A\n\n## B\n', '# A\n')).toThrow('other headings');
    expect(() => convert('# A\n\n## B\n\n## B\n')).toThrow('twice');
  });
});

describe('the search', () => {
  test('finds sections by all words, headings first', () => {
    const found = search(all.en ?? [], 'shared ipv4');
    expect(found[0]?.place).toBe('messages#shared-ipv4-address');
    expect(found.map(({ place }) => place)).toContain('fritzbox-and-ds-lite#ds-lite-and-carrier-nat');
    expect(search(all.en ?? [], 'glossary TTL').map(({ place }) => place)).toEqual(['glossary#dns']);
    expect(search(all.en ?? [], 'nothing like this at all')).toEqual([]);
    expect(search(all.de ?? [], 'deinstallieren')[0]?.place).toBe('uninstalling#uninstalling');
  });
});
