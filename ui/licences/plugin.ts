/**
 * The module `virtual:licences`: the licences of everything that the programs are made of. It is generated with each
 * build, from the very packages that are built in, and isn't a file of the project.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import type { Licences, Part } from '../src/pages/about/licences';
import { crateParts, metadata, standardLibrary } from './crates.ts';
import { nameOf, packageParts } from './packages.ts';
import { Texts } from './texts.ts';

const asked = 'virtual:licences';
/** Rollup's mark for modules that aren't files. */
const resolved = `\0${asked}`;

/** Collects the licences; `ui` is the pages' folder. */
export function collect(ui: string): Licences {
  const root = join(ui, '..');
  const { version, license } = JSON.parse(readFileSync(join(ui, 'package.json'), 'utf8')) as { version: string; license: string };
  const texts = new Texts();
  const own = { name: 'Dyntray', version, licence: license, texts: texts.ofFolder(root) };
  const parts = [...crateParts(metadata(root), texts), standardLibrary(root, texts), ...packageParts(ui, texts)];
  parts.sort((a, b) => a.name.localeCompare(b.name, 'en') || a.version.localeCompare(b.version, 'en', { numeric: true }));
  return { own, parts: completed(parts), texts: texts.all };
}

/** Licences that name no holder, and have the same text for everybody. */
const common = ['Apache-2.0', 'MPL-2.0'];

/** Gives a part without a text that of another under the same licence, if it is the same for everybody. */
export function completed(parts: Part[]): Part[] {
  const textOf = (wanted: string) => parts.find(({ licence, texts }) => licence === wanted && texts.length === 1)?.texts ?? [];
  return parts.map((part) => {
    const licence = part.texts.length === 0 && common.find((name) => part.licence.split(/ OR |[()]/).includes(name));
    return licence ? { ...part, texts: textOf(licence) } : part;
  });
}

export function licences(ui: string): Plugin {
  let found: Licences | undefined;
  return {
    name: 'licences',
    resolveId: (id) => (id === asked ? resolved : undefined),
    load(id) {
      if (id !== resolved) return;
      found ??= collect(ui);
      // Parsing a string is faster for the engine than reading an object of this size as code.
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(found))});`;
    },
    generateBundle(_, bundle) {
      const told = new Set(found?.parts.map(({ name }) => name));
      const files = Object.values(bundle).flatMap((made) => (made.type === 'chunk' ? made.moduleIds : []));
      const silent = new Set(files.filter((file) => file.includes('node_modules')).map(nameOf).filter((name) => !told.has(name)));
      if (silent.size > 0) this.error(`in the pages, and not among the licences (ui/licences/packages.ts): ${[...silent].join(', ')}`);
    },
  };
}
