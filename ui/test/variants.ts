/** Reads the generated types: a test sees a new code even where no program is compiled. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A type's source, without comments. */
export const bindingOf = (type: string): string =>
  readFileSync(join(import.meta.dirname, '../src/bindings', `${type}.ts`), 'utf8').replaceAll(/\/\*[^]*?\*\//g, '');

/** The names of a type's variants. */
export function variantsOf(type: string): string[] {
  const binding = bindingOf(type);
  const tagged = [...binding.matchAll(/"kind": "(\w+)"/g)];
  return (tagged.length ? tagged : [...binding.matchAll(/"(\w+)"(?= \||;)/g)]).map((found) => found[1] ?? '');
}
