/**
 * The modules `virtual:documents/en` and `virtual:documents/de`: the documents for people as chapters of the window's help.
 * They are converted with each build, so the help needs no network and no Markdown in the window.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import type { Chapter } from '../src/pages/help/documents';
import { chapters, order, type Source } from './convert.ts';

const asked = 'virtual:documents/';
/** Rollup's mark for modules that aren't files. */
const mark = '\0';

/** The chapters in one language; `docs` is the documents' folder. */
export function collect(docs: string, language: string): Chapter[] {
  return chapters(language, read(docs, language), read(docs, 'en'));
}

const names = (docs: string): string[] => order(readFileSync(join(docs, 'README.md'), 'utf8'));
const file = (docs: string, language: string, name: string): string => join(docs, language, `${name}.md`);
const read = (docs: string, language: string): Source[] => names(docs).map((name) => ({ name, text: readFileSync(file(docs, language, name), 'utf8') }));

export function documents(docs: string): Plugin {
  return {
    name: 'documents',
    resolveId: (id) => (id.startsWith(asked) ? mark + id : undefined),
    load(id) {
      if (!id.startsWith(mark + asked)) return;
      const language = id.slice(mark.length + asked.length);
      for (const name of names(docs)) for (const from of [language, 'en']) this.addWatchFile(file(docs, from, name));
      // Parsing a string is faster for the engine than reading an object of this size as code.
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(collect(docs, language)))});`;
    },
  };
}
