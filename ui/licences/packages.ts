/** The npm packages that are in the pages. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Part } from '../src/pages/about/licences';
import type { Texts } from './texts';

/** The part that is read of `package-lock.json`. */
export interface Lock {
  packages: Record<string, { version?: string; license?: string; dev?: boolean }>;
}

const folder = 'node_modules/';

/** Needed only to build the pages, by their description, and yet in them: what Svelte adds to its components. */
const added = ['svelte', 'clsx', 'esm-env'];

/** Where the packages lie that are in the pages. */
export function bundled({ packages }: Lock): string[] {
  return Object.keys(packages).filter((path) => path.startsWith(folder) && (!packages[path]?.dev || added.includes(path.slice(folder.length))));
}

/** What is told of them. */
export function packageParts(ui: string, texts: Texts): Part[] {
  const lock = JSON.parse(readFileSync(join(ui, 'package-lock.json'), 'utf8')) as Lock;
  return bundled(lock).map((path) => {
    const { version = '', license = '' } = lock.packages[path] ?? {};
    if (license === '') throw new Error(`${path} names no licence`);
    return { name: nameOf(path), version, licence: license, texts: texts.ofFolder(join(ui, path)) };
  });
}

/** The package that a file belongs to: `…/node_modules/@fluent/bundle/esm/index.js` is of `@fluent/bundle`. */
export function nameOf(path: string): string {
  const [first = '', second = ''] = (path.replaceAll('\\', '/').split(folder).at(-1) ?? '').split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}
