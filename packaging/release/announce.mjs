/**
 * Writes what is told of a release: `node announce.mjs FOLDER VERSION`. `SHA256SUMS` is for people, who check it with
 * `sha256sum --check`; `latest.json` is what Dyntray reads where its settings name it, and of that it takes the number
 * alone. Whoever publishes them signs both.
 */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, version] = process.argv.slice(2);
if (!folder || !/^\d+\.\d+\.\d+$/.test(version ?? '')) throw new Error('node announce.mjs FOLDER MAJOR.MINOR.PATCH');

const written = ['SHA256SUMS', 'latest.json'];
const isOther = (name) => statSync(join(folder, name)).isFile() && !written.includes(name) && !name.endsWith('.minisig');
const files = readdirSync(folder).filter(isOther).sort().map((name) => {
  const bytes = readFileSync(join(folder, name));
  return { name, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
});
if (files.length === 0) throw new Error(`${folder} is empty`);

writeFileSync(join(folder, 'SHA256SUMS'), files.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join(''));
writeFileSync(join(folder, 'latest.json'), `${JSON.stringify({ version, files }, null, 2)}\n`);
console.log(`${files.length} files, version ${version}`);
