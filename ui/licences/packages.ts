/** The npm packages that are in the pages. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Part } from '../src/pages/about/licences';
import type { Texts } from './texts';

/** The part of `package-lock.json` that is read. */
export interface Lock {
  packages: Record<string, { version?: string; license?: string; dev?: boolean }>;
}

const folder = 'node_modules/';

/** Packages that are listed as needed for the build only, and are in the pages all the same: Svelte's runtime. */
const added = ['svelte', 'clsx', 'esm-env'];

/** The folders of the packages that are in the pages. */
export function bundled({ packages }: Lock): string[] {
  return Object.keys(packages).filter((path) => path.startsWith(folder) && (!packages[path]?.dev || added.includes(path.slice(folder.length))));
}

/** The packages as parts of the list. */
export function packageParts(ui: string, texts: Texts): Part[] {
  const lock = JSON.parse(readFileSync(join(ui, 'package-lock.json'), 'utf8')) as Lock;
  return bundled(lock).map((path) => {
    const { version = '', license = '' } = lock.packages[path] ?? {};
    if (license === '') throw new Error(`${path} names no licence`);
    return { name: nameOf(path), version, licence: license, texts: texts.ofFolder(join(ui, path)) };
  });
}

/** The package of a file: `…/node_modules/@fluent/bundle/esm/index.js` belongs to `@fluent/bundle`. */
export function nameOf(path: string): string {
  const [first = '', second = ''] = (path.replaceAll('\\', '/').split(folder).at(-1) ?? '').split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}
