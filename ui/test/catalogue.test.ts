/** No text is outside the catalogue, none is missing, and both languages are alike. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FluentBundle, FluentResource } from '@fluent/bundle';
import { parse } from 'svelte/compiler';
import { describe, expect, test } from 'vitest';
import type { Field } from '../src/bindings/Field';
import { kebab, problemId } from '../src/texts/codes';
import { bindingOf, variantsOf } from './variants';

const root = join(import.meta.dirname, '..');
const locales = join(root, '../crates/texts/locales');
const files = ['words.ftl', 'window.ftl'];
const source = (language: string, file: string) => readFileSync(join(locales, language, file), 'utf8');

function ids(language: string): string[] {
  return files.flatMap((file) => [...source(language, file).matchAll(/^([a-z][a-z0-9-]*) = /gm)].map((found) => found[1] ?? ''));
}

function sources(kind: RegExp): { path: string; text: string }[] {
  return readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => kind.test(path) && !path.startsWith('bindings'))
    .map((path) => ({ path, text: readFileSync(join(root, 'src', path), 'utf8') }));
}

/** The types that the catalogue calls by another name: an id stays when a type is renamed. */
const inCatalogue: Record<string, string> = {
  Basis: 'because',
  HealthIssue: 'ailment',
  HoldReason: 'hold',
  Records: 'protocol',
  Rejection: 'refusal',
  RetryableError: 'trouble',
  UpdateResult: 'happening',
};

const plainAddress: [string, ...string[]] = ['WebAddressError', 'shape', 'notEncrypted'];
/** The types of the errors that are told at a field: all their causes, or only these. */
const errorsAt: Record<Field, [type: string, ...causes: string[]][]> = {
  hostname: [['HostnameError'], ['EntryError', 'twice']],
  user: [['UserError']],
  secret: [['SecretError'], ['EntryError', 'forOtherServer']],
  provider: [['EntryError', 'unknown']],
  server: [['WebAddressError']],
  updateUrl: [['UpdateUrlError']],
  protocol: [['EntryError', 'notKept']],
  resolverIpv4: [plainAddress],
  resolverIpv6: [plainAddress],
  fallBackIpv4: [plainAddress],
  fallBackIpv6: [plainAddress],
  interval: [['IntervalError']],
  fixedIpv4: [['FixedAddressError']],
  fixedIpv6: [['FixedAddressError']],
  device: [['InterfaceIdError']],
  nameServer: [['NameServerError']],
  proxyAddress: [['ProxyError']],
  releases: [plainAddress],
};

describe('the catalogue', () => {
  test.each(['de', 'en'])('%s is well formed and has no id twice', (language) => {
    const bundle = new FluentBundle(language);
    const errors = files.flatMap((file) => bundle.addResource(new FluentResource(source(language, file))));
    expect(errors).toEqual([]);
    const all = ids(language);
    expect(all.filter((id) => !bundle.hasMessage(id))).toEqual([]);
    expect(all.length).toBe(new Set(all).size);
  });

  test('has the same ids, with the same arguments, in both languages', () => {
    expect(ids('de').sort()).toEqual(ids('en').sort());
    const args = (language: string) =>
      Object.fromEntries(
        files
          .flatMap((file) => [...source(language, file).matchAll(/^([a-z][a-z0-9-]*) = (.*)$/gm)])
          .map(([, id, text]) => [id, [...new Set((text ?? '').match(/\$[A-Za-z]+/g))].sort()]),
      );
    expect(args('de')).toEqual(args('en'));
  });

  test.each([
    'HaltReason', 'RetryableError', 'LookUpProblem', 'Unpublishable', 'Observation', 'Status', 'Mood', 'TokenShape',
    'Rejection', 'HealthIssue', 'Accepted', 'UpdateResult', 'Origin', 'AddressChoice', 'Family', 'Records', 'LoginKind', 'NoticeLevel', 'LanguageChoice', 'ThemeChoice', 'ProxyChoice',
    'Diagnosis', 'HoldReason', 'Live', 'DnsProblem', 'Outcome', 'Basis', 'Weight', 'NextWhy', 'LogLevel',
    'ImportSource', 'ImportEffect', 'LeftOutWhy', 'RemarkWhat',
  ])('has a text for every %s', (type) => {
    const variants = variantsOf(type);
    expect(variants.length).toBeGreaterThan(0);
    const known = new Set(ids('en'));
    for (const variant of variants) {
      const id = `${inCatalogue[type] ?? kebab(type.replace(/^./, (first) => first.toLowerCase()))}-${kebab(variant)}`;
      expect(known).toContain(id);
      if (['HaltReason', 'HoldReason', 'Diagnosis'].includes(type)) expect([known.has(`${id}-way-out`), known.has(`${id}-short`)]).toEqual([true, true]);
    }
  });

  test('has a text for every mistake that can be at a field, and no other', () => {
    const told = Object.entries(errorsAt).flatMap(([field, errors]) =>
      errors.flatMap(([type, ...only]) => {
        const causes = variantsOf(type);
        expect(causes).toEqual(expect.arrayContaining(only));
        return (only.length ? only : causes).map((cause) => ({ type, cause, id: problemId(field as Field, cause) }));
      }),
    );
    expect([...new Set(told.map(({ id }) => id))].sort()).toEqual(ids('en').filter((id) => id.startsWith('problem-')).sort());
    const types = [...bindingOf('FieldProblem').matchAll(/import type \{ (\w+) \}/g)].map((found) => found[1] ?? '');
    const every = types.flatMap((type) => variantsOf(type).map((cause) => `${type} ${cause}`));
    expect([...new Set(told.map(({ type, cause }) => `${type} ${cause}`))].sort()).toEqual(every.sort());
  });

  test('has every id that the source names, and no other for the window', () => {
    const known = new Set(ids('en'));
    const named = new Set<string>();
    const text = sources(/\.(svelte|ts)$/).map((file) => file.text).join('\n');
    for (const [, id] of text.matchAll(/\bt\('([^']+)'/g)) {
      expect(known).toContain(id);
      named.add(id ?? '');
    }
    const mentioned = (id: string) => named.has(id) || text.includes(`'${id}'`) || text.includes(`"${id}"`) || text.includes(`\`${id}\${`);
    const unused = [...source('en', 'window.ftl').matchAll(/^([a-z][a-z0-9-]*) = /gm)]
      .map((found) => found[1] ?? '')
      .filter((id) => !mentioned(id) && !mentioned(id.replace(/-(account|about)$/, '')));
    expect(unused).toEqual([]);
  });

  test('is where all text is: no component has letters of its own', () => {
    const spoken = new Set(['aria-label', 'title', 'placeholder', 'alt']);
    const bare: string[] = [];
    for (const { path, text } of sources(/\.svelte$/)) {
      const look = (node: unknown, inSpoken: boolean): void => {
        if (Array.isArray(node)) return node.forEach((inner) => look(inner, inSpoken));
        if (node === null || typeof node !== 'object') return;
        const { type, name, data } = node as { type?: string; name?: string; data?: string };
        if (type === 'Text' && inSpoken && /\p{L}/u.test(data ?? '')) bare.push(`${path}: ${data}`);
        for (const inner of Object.values(node)) look(inner, type === 'Attribute' ? spoken.has(name ?? '') : inSpoken);
      };
      look(parse(text, { modern: true }).fragment, true);
    }
    expect(bare).toEqual([]);
  });

  test('leaves styles to style sheets: the window’s policy allows no style attribute', () => {
    for (const { path, text } of sources(/\.svelte$/)) expect([path, /\sstyle[=:]/.test(text)]).toEqual([path, false]);
  });
});
