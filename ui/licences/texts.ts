/** The licences and notices of packages, each text once. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const telling = /^(un)?licen[cs]e|^copying|^copyright|^notice/i;

/** A set of texts. Two that differ only in spaces, case and punctuation are the same. */
export class Texts {
  readonly all: string[] = [];
  private readonly known = new Map<string, number>();

  /** The place of a text. */
  place(text: string): number {
    const words = text.toLowerCase().replaceAll(/https?:/g, '').replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim();
    const place = this.known.get(words) ?? this.all.push(tidy(text)) - 1;
    this.known.set(words, place);
    return place;
  }

  /** The places of all texts in a package's folder, `named` among them. */
  ofFolder(folder: string, named?: string | null): number[] {
    const files = readdirSync(folder).filter((name) => telling.test(name) && statSync(join(folder, name)).isFile());
    if (named && !files.includes(named) && existsSync(join(folder, named))) files.push(named);
    const texts = files.sort().map((name) => readFileSync(join(folder, name), 'utf8')).filter((text) => text.trim() !== '');
    return [...new Set(texts.map((text) => this.place(text)))];
  }
}

/** A text without spaces at the ends of lines, and without an indent that all lines share. */
function tidy(text: string): string {
  const lines = text.replaceAll(/\r\n?/g, '\n').replaceAll('\t', '    ').split('\n').map((line) => line.trimEnd());
  const indents = lines.filter((line) => line !== '').map((line) => line.length - line.trimStart().length);
  const indent = Math.min(...indents);
  return lines.map((line) => line.slice(indent)).join('\n').replaceAll(/\n{3,}/g, '\n\n').replaceAll(/^\n+|\n+$/g, '');
}
