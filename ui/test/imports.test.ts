/** The imports among the pages' files. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../src');
const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => /\.(svelte|ts)$/.test(path));

function imports(name: string): string[] {
  const text = readFileSync(join(root, name), 'utf8');
  const found = [...text.matchAll(/(?:from|import)\s+'(\.[^']+)'/g)].map((match) => join(root, dirname(name), match[1] ?? ''));
  return found.flatMap((path) => ['', '.ts'].map((end) => path + end).filter((path) => /\.(svelte|ts)$/.test(path) && existsSync(path))).map((path) => relative(root, path));
}

test('no file of the pages is in a circle of imports', () => {
  const all = new Map(names.map((name) => [name, imports(name)]));
  expect(all.get('App.svelte')).toContain('live.svelte.ts');
  const free = new Set<string>();
  for (let before = -1; before < free.size; ) {
    before = free.size;
    for (const [name, of] of all) if (of.every((other) => free.has(other))) free.add(name);
  }
  expect(names.filter((name) => !free.has(name))).toEqual([]);
});
