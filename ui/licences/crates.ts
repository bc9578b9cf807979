/** The crates that are in the two programs, from `cargo metadata`. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Part } from '../src/pages/about/licences';
import type { Texts } from './texts';

/** The part of `cargo metadata` that is read. */
export interface Metadata {
  packages: Crate[];
  resolve: { nodes: { id: string; deps: { pkg: string; dep_kinds: { kind: string | null }[] }[] }[] };
}

interface Crate {
  id: string;
  name: string;
  version: string;
  license: string | null;
  license_file: string | null;
  /** None for the workspace's own. */
  source: string | null;
  manifest_path: string;
  targets: { kind: string[] }[];
}

const rustc = process.env.RUSTC ?? 'rustc';
const programs = ['dyntray', 'dyntray-window'];

/**
 * The texts of crates that leave theirs in their repository (`repositories`; seen on 2026-11-30). That of bech32 is in its
 * source file; cookie-factory names only the licence, and its holders in `.reuse/dep5`.
 */
const inRepository: Record<string, string> = {
  'alloc-stdlib': 'alloc-no-stdlib.txt',
  bech32: 'bech32.txt',
  'cookie-factory': 'cookie-factory.txt',
  dlopen2: 'dlopen2.txt',
  dlopen2_derive: 'dlopen2.txt',
};

/** The metadata of the workspace `root`. Cargo uses the network only for what isn't on this machine yet. */
export function metadata(root: string): Metadata {
  const target = process.env.CARGO_BUILD_TARGET ?? /^host: (.*)$/m.exec(run(rustc, ['-vV'], root))?.[1] ?? '';
  const question = ['metadata', '--format-version', '1', '--locked', '--filter-platform', target];
  const cargo = process.env.CARGO ?? 'cargo';
  try {
    return JSON.parse(run(cargo, [...question, '--offline'], root)) as Metadata;
  } catch {
    return JSON.parse(run(cargo, question, root)) as Metadata;
  }
}

/**
 * The crates that are linked into the programs, the workspace's own first. A procedural macro is one of them, because
 * code that it wrote is in there; its own dependencies aren't.
 */
export function linked({ packages, resolve }: Metadata): Crate[] {
  const crates = new Map(packages.map((crate) => [crate.id, crate]));
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
  const found = new Set<Crate>();
  const visit = (id: string) => {
    const crate = crates.get(id);
    if (!crate || found.has(crate)) return;
    found.add(crate);
    if (crate.targets.some(({ kind }) => kind.includes('proc-macro'))) return;
    for (const { pkg, dep_kinds } of nodes.get(id)?.deps ?? []) if (dep_kinds.some(({ kind }) => kind === null)) visit(pkg);
  };
  packages.filter(({ name, source }) => source === null && programs.includes(name)).forEach(({ id }) => visit(id));
  return [...found];
}

/** The other people's crates as parts of the list. */
export function crateParts(all: Metadata, texts: Texts): Part[] {
  return linked(all)
    .filter(({ source }) => source !== null)
    .map(({ name, version, license, license_file, manifest_path }) => {
      const found = texts.ofFolder(dirname(manifest_path), license_file);
      const kept = inRepository[name];
      const own = found.length === 0 && kept ? [texts.place(readFileSync(join(import.meta.dirname, 'repositories', kept), 'utf8'))] : found;
      if (!license && own.length === 0) throw new Error(`${name} ${version} names no licence`);
      return { name, version, licence: spdx(license ?? ''), texts: own };
    });
}

/** Rust's standard library; its texts are where rustup puts them, and only there. */
export function standardLibrary(root: string, texts: Texts): Part {
  const version = /^release: (.*)$/m.exec(run(rustc, ['-vV'], root))?.[1] ?? '';
  const folder = join(run(rustc, ['--print', 'sysroot'], root).trim(), 'share/doc/rust/licenses');
  const files = ['Apache-2.0.txt', 'MIT.txt'].map((name) => join(folder, name)).filter((file) => existsSync(file));
  return { name: 'std', version, licence: 'MIT OR Apache-2.0', texts: files.map((file) => texts.place(readFileSync(file, 'utf8'))) };
}

/** An SPDX expression. An old way to write "or" is a slash. */
function spdx(licence: string): string {
  return licence.replaceAll(/ ?\/ ?/g, ' OR ');
}

function run(program: string, args: string[], cwd: string): string {
  return execFileSync(program, args, { cwd, encoding: 'utf8', maxBuffer: 256 << 20, stdio: ['ignore', 'pipe', 'pipe'] });
}
