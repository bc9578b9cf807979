import { describe, expect, test } from 'vitest';
import { collect } from '../licences/plugin';

describe('the licences of the programs', () => {
  test('come with a text for every part', () => {
    const { parts } = collect(process.cwd());
    // The standard library's are where rustup puts them, and only there.
    const silent = parts.filter(({ name, texts }) => name !== 'std' && texts.length === 0);
    expect(silent.map(({ name }) => name)).toEqual([]);
    expect(parts.length).toBeGreaterThan(300);
  });
});
