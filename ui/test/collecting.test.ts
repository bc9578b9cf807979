import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { crateParts, linked, type Metadata } from '../licences/crates';
import { bundled, nameOf } from '../licences/packages';
import { completed } from '../licences/plugin';
import { Texts } from '../licences/texts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'licences-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** A crate that uses others; one of the workspace's where it is named like one. */
function crate(name: string, uses: [string, string | null][] = [], kind = 'lib') {
  const source = name.startsWith('dyntray') ? null : 'registry';
  return {
    crate: { id: name, name, version: '1.0.0', license: 'MIT/Apache-2.0', license_file: null, source, manifest_path: join(folder, name, 'Cargo.toml'), targets: [{ kind: [kind] }] },
    node: { id: name, deps: uses.map(([pkg, kind]) => ({ pkg, dep_kinds: [{ kind }] })) },
  };
}

function workspace(...crates: ReturnType<typeof crate>[]): Metadata {
  return { packages: crates.map(({ crate }) => crate), resolve: { nodes: crates.map(({ node }) => node) } };
}

describe('what is told of crates', () => {
  test('is of those that end up in the programs: nothing that only builds or tests, no macro’s tools, no other program', () => {
    const all = workspace(
      crate('dyntray', [['serde', null], ['builder', 'build'], ['tester', 'dev'], ['macros', null]]),
      crate('dyntray-window', [['tauri', null]]),
      crate('dyntray-sandbox', [['server', null]]),
      crate('serde', [['deep', null]]),
      crate('macros', [['syn', null]], 'proc-macro'),
      ...['deep', 'builder', 'tester', 'tauri', 'server', 'syn'].map((name) => crate(name)),
    );
    expect(linked(all).map(({ name }) => name).sort()).toEqual(['deep', 'dyntray', 'dyntray-window', 'macros', 'serde', 'tauri']);
  });

  test('is name, version, licence and the place of each text, and no folder', () => {
    mkdirSync(join(folder, 'serde'));
    writeFileSync(join(folder, 'serde', 'LICENSE-MIT'), 'Permission is granted');
    const texts = new Texts();
    const parts = crateParts(workspace(crate('dyntray', [['serde', null]]), crate('serde')), texts);
    expect(parts).toEqual([{ name: 'serde', version: '1.0.0', licence: 'MIT OR Apache-2.0', texts: [0] }]);
    expect(texts.all).toEqual(['Permission is granted']);
  });
});

describe('what is told of npm packages', () => {
  test('is of those that the pages use, and of what Svelte adds to them', () => {
    const packages = { '': {}, 'node_modules/@fluent/bundle': {}, 'node_modules/svelte': { dev: true }, 'node_modules/vite': { dev: true } };
    expect(bundled({ packages })).toEqual(['node_modules/@fluent/bundle', 'node_modules/svelte']);
  });

  test('goes by the package that a file belongs to', () => {
    expect(nameOf('/anywhere/node_modules/@fluent/bundle/esm/index.js')).toBe('@fluent/bundle');
    expect(nameOf('C:\\x\\node_modules\\a\\node_modules\\clsx\\index.js')).toBe('clsx');
  });
});

describe('a part that brings no text', () => {
  test('has that of its licence where it names no holder', () => {
    const part = (name: string, licence: string, texts: number[] = []) => ({ name, version: '1', licence, texts });
    const parts = [part('a', 'Apache-2.0', [7]), part('b', 'MIT OR Apache-2.0'), part('c', 'MIT', [3]), part('d', 'MIT')];
    expect(completed(parts).map(({ texts }) => texts)).toEqual([[7], [7], [3], []]);
  });
});

describe('texts', () => {
  test('that differ in spaces, case and signs only are kept once', () => {
    const texts = new Texts();
    expect(texts.place('  The “Software”\r\n  is provided AS IS  ')).toBe(0);
    expect(texts.place('the "software" is provided as is.')).toBe(0);
    expect(texts.place('Something else')).toBe(1);
    expect(texts.all).toEqual(['The “Software”\nis provided AS IS', 'Something else']);
  });

  test('are found by their names, and where the package says', () => {
    for (const name of ['LICENSE-MIT', 'COPYING', 'NOTICE', 'README.md', 'legal.txt']) writeFileSync(join(folder, name), name);
    mkdirSync(join(folder, 'licenses'));
    const texts = new Texts();
    expect(texts.ofFolder(folder, 'legal.txt')).toEqual([0, 1, 2, 3]);
    expect(texts.all).toEqual(['COPYING', 'LICENSE-MIT', 'NOTICE', 'legal.txt']);
    expect(texts.ofFolder(folder)).toEqual([0, 1, 2]);
  });
});
