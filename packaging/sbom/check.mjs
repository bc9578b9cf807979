/** Whether the lists in a folder hold what they should: `node check.mjs FOLDER`. A line for each test. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2] ?? '.';
let failed = false;

function holds(what, whether) {
  console.log(`${whether ? 'ok' : 'FAILED'} ${what}`);
  failed ||= !whether;
}

/** Each list, what it is about, and parts that must be in it or must not. */
const lists = [
  { file: 'dyntray.cdx.json', about: 'dyntray', kind: 'cargo', with: ['dyntray-core', 'reqwest', 'rustls', 'tokio'], without: ['tauri', 'gtk', 'webkit2gtk'] },
  { file: 'dyntray-window.cdx.json', about: 'dyntray-window', kind: 'cargo', with: ['dyntray-core', 'tauri', 'wry'], without: ['reqwest', 'rustls', 'dyntray-agent'] },
  { file: 'dyntray-window-pages.cdx.json', about: 'dyntray-window-pages', kind: 'npm', with: ['@fluent/bundle', '@tauri-apps/api', 'svelte'], without: [] },
];

for (const { file, about, kind, with: wanted, without } of lists) {
  const text = readFileSync(join(folder, file), 'utf8');
  const { bomFormat, specVersion, metadata, components } = JSON.parse(text);
  const nameOf = ({ group, name }) => (group ? `${group}/${name}` : name);
  const names = new Set(components.map(nameOf));
  holds(`${file}: CycloneDX ${specVersion}, 1.5 or newer`, bomFormat === 'CycloneDX' && Number(specVersion) >= 1.5);
  holds(`${file}: about ${about}`, [metadata.component.name, metadata.component.purl].some((told) => told.includes(about)));
  const nameless = components.filter(({ name, version, purl }) => !name || !version || !purl?.startsWith(`pkg:${kind}/`));
  holds(`${file}: ${components.length} parts, each with name, version and place`, components.length > 1 && nameless.length === 0);
  holds(`${file}: has ${wanted.join(', ')}`, wanted.every((name) => names.has(name)));
  if (without.length > 0) holds(`${file}: hasn't ${without.join(', ')}`, without.every((name) => !names.has(name)));
}
process.exitCode = failed ? 1 : 0;
