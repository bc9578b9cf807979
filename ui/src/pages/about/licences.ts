/** The parts that Dyntray is made of, as the build has collected them (`ui/licences`). */
import { matcher } from '../../texts/search';

/** A part of the programs. */
export interface Part {
  name: string;
  version: string;
  /** An SPDX expression. */
  licence: string;
  /** Its licences and notices, as places in {@link Licences.texts}; none if its package has none. */
  texts: number[];
}

/** All parts and their texts. */
export interface Licences {
  /** Dyntray itself. */
  own: Part;
  /** Everything else, by name. */
  parts: Part[];
  /** Each text once, however many parts share it. */
  texts: string[];
}

/** The parts with all words of `words` in name, version or licence. */
export function filtered(parts: Part[], words: string): Part[] {
  const matches = matcher(words);
  return parts.filter(({ name, version, licence }) => matches(`${name} ${version} ${licence}`));
}
