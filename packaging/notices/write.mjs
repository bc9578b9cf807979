/**
 * Writes the licences of all parts of both programs as one text: `node write.mjs FILE`. They are collected by the same
 * code that gives them to the page about Dyntray (`ui/licences`), from the packages on this machine.
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ui = fileURLToPath(new URL('../../ui/', import.meta.url));
const file = process.argv[2];
if (!file) throw new Error('which file?');

// Vite is the window's, and reads TypeScript where Node doesn't.
const vite = createRequire(`${ui}package.json`).resolve('vite');
const { runnerImport } = await import(pathToFileURL(vite).href);
const { module } = await runnerImport(`${ui}licences/plugin.ts`, { root: ui, configFile: false, logLevel: 'error' });
const { own, parts, texts } = module.collect(ui);

const rule = '='.repeat(78);
const sections = texts
  .map((text, place) => ({ text, of: parts.filter((part) => part.texts.includes(place)) }))
  .filter(({ of }) => of.length > 0)
  .map(({ text, of }) => `${rule}\n${of.map(({ name, version }) => `${name} ${version}`).join('\n')}\n\n${text}\n`);
const list = parts.map(({ name, version, licence }) => `${name} ${version}: ${licence}`);
const head = `Dyntray ${own.version} is made with these parts of others. Their licences and notices follow the list.\n`;
writeFileSync(file, [head, `${list.join('\n')}\n`, ...sections].join('\n'));

const silent = parts.filter(({ texts }) => texts.length === 0);
if (silent.length > 0) throw new Error(`without a licence text (ui/licences/crates.ts): ${silent.map(({ name }) => name).join(', ')}`);
console.log(`${parts.length} parts, ${sections.length} texts: ${file}`);
