/**
 * Turns the documents for people (`docs/en`, `docs/de`) into the chapters of the window's help. Nothing of a document is
 * executed, loaded or opened: HTML in it is shown as text, pictures are left out, and only links to other chapters stay
 * links.
 */
import { posix } from 'node:path';
import { Marked, type Token, type Tokens } from 'marked';
import type { Chapter, Section } from '../src/pages/help/documents';

/** A document as it is in its folder: its name without `.md`, and its Markdown. */
export interface Source {
  name: string;
  text: string;
}

interface Heading {
  title: string;
  level: number;
  /** The anchor that a link in a document names, as GitHub makes it. */
  anchor: string;
}

type Part = Heading & { tokens: Token[] };

/**
 * The documents of one language as chapters. Sections have the ids of `english`, the same documents in English, in their
 * order: so a place in the help is the same in both languages.
 */
export function chapters(language: string, documents: Source[], english: Source[]): Chapter[] {
  const ids = new Map(english.map(({ name, text }) => [name, partsOf(name, text).map(({ anchor }) => anchor)]));
  const all = documents.map(({ name, text }) => ({ name, parts: partsOf(name, text) }));
  for (const { name, parts } of all) {
    if (ids.get(name)?.length !== parts.length) throw new Error(`docs/${language}/${name}.md has other headings than in English`);
  }
  /** The place of an anchor, or of a document as a whole. */
  const placeOf = (name: string, anchor: string): string | undefined => {
    const parts = all.find((document) => document.name === name)?.parts ?? [];
    const index = anchor === '' ? 0 : parts.findIndex((part) => part.anchor === anchor);
    const id = ids.get(name)?.[index];
    return id === undefined ? undefined : `${name}#${id}`;
  };
  return all.map(({ name, parts }) => {
    const html = writer(language, name, placeOf);
    const sections: Section[] = parts.map(({ title, level, tokens }, index) => ({ id: ids.get(name)?.[index] ?? '', title, level, html: html(tokens), words: plain(tokens) }));
    return { name, title: sections[0]?.title ?? name, sections };
  });
}

/** The chapters' names, in the order of the table in `docs/README.md`. */
export function order(index: string): string[] {
  return [...index.matchAll(/\]\(en\/([a-z0-9-]+)\.md\)/g)].map((found) => found[1] ?? '');
}

/** The parts of a document: each heading with what stands below it. */
function partsOf(name: string, text: string): Part[] {
  const parts: Part[] = [];
  for (const token of new Marked().lexer(text)) {
    if (token.type === 'heading') {
      const title = plain((token as Tokens.Heading).tokens);
      parts.push({ title, level: (token as Tokens.Heading).depth, anchor: anchorOf(title), tokens: [] });
    } else if (token.type !== 'space') {
      const part = parts.at(-1);
      if (!part) throw new Error(`${name}.md doesn't begin with a heading`);
      part.tokens.push(token);
    }
  }
  const twice = parts.find(({ anchor }, index) => parts.findIndex((part) => part.anchor === anchor) < index);
  if (twice) throw new Error(`${name}.md has the heading “${twice.title}” twice`);
  return parts;
}

/** A heading's anchor, as GitHub makes it. */
export const anchorOf = (title: string): string => title.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-');

/** The words of tokens, without any mark. */
function plain(tokens: Token[]): string {
  return tokens
    .map((token) => {
      if (token.type === 'image') return '';
      if (token.type === 'table') return [(token as Tokens.Table).header, ...(token as Tokens.Table).rows].flat().map(({ tokens }) => plain(tokens)).join(' ');
      if (token.type === 'list') return (token as Tokens.List).items.map(({ tokens }) => plain(tokens)).join(' ');
      if ('tokens' in token && token.tokens) return plain(token.tokens) + (token.type === 'paragraph' ? ' ' : '');
      return 'text' in token ? String(token.text) : '';
    })
    .join('')
    .replaceAll(/\s+/g, ' ');
}

/** Makes a section's HTML. */
function writer(language: string, name: string, placeOf: (name: string, anchor: string) => string | undefined): (tokens: Token[]) => string {
  const marked = new Marked({
    renderer: {
      html: ({ text }) => escaped(text),
      image: () => '',
      code: ({ text }) => `<pre><code>${escaped(text)}</code></pre>\n`,
      codespan: ({ text }) => `<code>${escaped(text)}</code>`,
      paragraph({ tokens }) {
        const words = this.parser.parseInline(tokens);
        return words.trim() === '' ? '' : `<p>${words}</p>\n`;
      },
      link({ href, tokens }) {
        const words = this.parser.parseInline(tokens);
        if (/^[a-z]+:/i.test(href)) return words === escaped(href) ? words : `${words} (${escaped(href)})`;
        const [path = '', anchor = ''] = href.split('#');
        const file = path === '' ? `docs/${language}/${name}.md` : posix.join('docs', language, path);
        const document = new RegExp(`^docs/${language}/([a-z0-9-]+)\\.md$`).exec(file)?.[1];
        if (document === undefined) return `${words} (<code>${escaped(file)}</code>)`;
        const place = placeOf(document, anchor);
        if (place === undefined) throw new Error(`docs/${language}/${name}.md leads to ${href}, and there is no such heading`);
        return `<a href="#${place}" data-place="${place}">${words}</a>`;
      },
    },
  });
  return (tokens) => marked.parser(tokens);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
