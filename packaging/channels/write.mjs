/**
 * Writes what package channels want to know of a release: `node write.mjs FOLDER VERSION HOMEPAGE OUT`. FOLDER has the
 * files of the release, HOMEPAGE is the project's page, below which they can be downloaded; OUT gets a folder for each
 * channel. What they all say is in `facts.json`.
 *
 * Sources, seen in November 2026: winget's manifest schema 1.6.0 (microsoft/winget-cli, schemas), scoop's wiki "App
 * Manifests", Homebrew's Cask Cookbook, Arch's PKGBUILD(5).
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const [folder, version, homepage, out] = process.argv.slice(2);
if (!out || !/^\d+\.\d+\.\d+$/.test(version) || !/^https:\/\/\S+[^/]$/.test(homepage)) {
  throw new Error('node write.mjs FOLDER MAJOR.MINOR.PATCH HOMEPAGE OUT');
}
const facts = JSON.parse(readFileSync(new URL('facts.json', import.meta.url), 'utf8'));
const names = readdirSync(folder);

/** A file of the release, by the end of its name: its address and its checksum. */
function released(end) {
  const found = names.filter((name) => name.endsWith(end));
  if (found.length !== 1) throw new Error(`${found.length} files of the release end in ${end}`);
  const sha256 = createHash('sha256').update(readFileSync(join(folder, found[0]))).digest('hex');
  return { url: `${homepage}/releases/download/v${version}/${found[0]}`, sha256 };
}

function write(path, text) {
  const file = join(out, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text.endsWith('\n') ? text : `${text}\n`);
  console.log(path);
}

/** JSON is YAML, too, and needs no rules for quoting. */
const json = (value) => JSON.stringify(value, null, 2);

/** Windows' processors: winget's name, scoop's name, and the end of the installer's name. */
const windows = [
  ['x64', '64bit', '_x64-setup.exe'],
  ['arm64', 'arm64', '_arm64-setup.exe'],
];

/** The files for Windows Package Manager: one for the version, one for the installer, one for each language. */
function winget() {
  const about = { PackageIdentifier: facts.wingetId, PackageVersion: version, ManifestVersion: '1.6.0' };
  const installers = windows.map(([architecture, , end]) => {
    const { url, sha256 } = released(end);
    return { Architecture: architecture, InstallerUrl: url, InstallerSha256: sha256.toUpperCase() };
  });
  const file = (name, type, more) => {
    const schema = `# yaml-language-server: $schema=https://aka.ms/winget-manifest.${type}.1.6.0.schema.json`;
    write(`winget/${facts.wingetId}${name}.yaml`, `${schema}\n${json({ ...about, ManifestType: type, ...more })}`);
  };
  file('', 'version', { DefaultLocale: 'en-US' });
  file('.installer', 'installer', {
    InstallerType: 'nullsoft',
    Scope: 'user',
    UpgradeBehavior: 'install',
    Commands: [facts.command],
    Installers: installers,
  });
  const said = { Publisher: facts.publisher, PackageName: facts.name, License: facts.licence };
  file('.locale.en-US', 'defaultLocale', {
    PackageLocale: 'en-US',
    ...said,
    PackageUrl: homepage,
    ShortDescription: facts.summary,
    Description: facts.description,
    Moniker: facts.command,
    Tags: facts.tags,
    ReleaseNotesUrl: `${homepage}/releases/tag/v${version}`,
  });
  file('.locale.de-DE', 'locale', { PackageLocale: 'de-DE', ...said, ShortDescription: facts.summaryGerman });
}

/**
 * The manifest for scoop. It unpacks the installer, and starts nothing by itself. On the command line stands the program
 * that has a console.
 */
function scoop() {
  const architectures = (each) => Object.fromEntries(windows.map(([, name, end]) => [name, each(released(end))]));
  const next = (url) => url.replaceAll(version, '$version');
  write(`scoop/${facts.command}.json`, json({
    version,
    description: `${facts.summary}.`,
    homepage,
    license: facts.licence.replace(' OR ', '|'),
    architecture: architectures(({ url, sha256 }) => ({ url: `${url}#/dl.7z`, hash: sha256 })),
    pre_install: 'Remove-Item "$dir\\$PLUGINSDIR", "$dir\\uninstall.exe*" -Force -Recurse -ErrorAction SilentlyContinue',
    bin: [[`${facts.command}.com`, facts.command]],
    shortcuts: [[`${facts.command}.exe`, facts.name]],
    pre_uninstall: `& "$dir\\${facts.command}.com" quit 2>$null`,
    checkver: { url: `${homepage}/releases/latest/download/latest.json`, jsonpath: '$.version' },
    autoupdate: { architecture: architectures(({ url }) => ({ url: `${next(url)}#/dl.7z` })) },
  }));
}

/** The cask for Homebrew. Its one image is for both processors. */
function homebrew() {
  const { url, sha256 } = released('_universal.dmg');
  const quoted = (text) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('#', '\\#')}"`;
  write(`homebrew/Casks/${facts.command}.rb`, `cask ${quoted(facts.command)} do
  version ${quoted(version)}
  sha256 ${quoted(sha256)}

  url "${url.replaceAll(version, '#{version}')}"
  name ${quoted(facts.name)}
  desc ${quoted(facts.summary)}
  homepage ${quoted(homepage)}

  depends_on macos: ">= :ventura"

  app ${quoted(`${facts.name}.app`)}
  binary "#{appdir}/${facts.name}.app/Contents/MacOS/${facts.command}"

  uninstall quit: ${quoted(facts.macosId)}

  zap trash: [
${facts.leftOnMacos.map((path) => `    ${quoted(path)},\n`).join('')}  ]
end
`);
}

/** The recipe for Arch's user repository, which unpacks the Debian packages. */
function arch() {
  const machines = [['x86_64', 'amd64'], ['aarch64', 'arm64']];
  const packages = [facts.command, `${facts.command}-window`];
  const list = (values) => `(${values.map((value) => `'${value}'`).join(' ')})`;
  const sources = machines.map(([machine, debian]) => ({
    machine,
    files: packages.map((name) => released(`${name}_${version}-1_${debian}.deb`)),
  }));
  const lines = sources.flatMap(({ machine, files }) => [
    `source_${machine}=${list(files.map(({ url }) => url))}`,
    `sha256sums_${machine}=${list(files.map(({ sha256 }) => sha256))}`,
  ]);
  const archives = sources.flatMap(({ files }) => files.map(({ url }) => url.split('/').pop()));
  write('aur/PKGBUILD', `pkgname=${facts.command}-bin
pkgver=${version}
pkgrel=1
pkgdesc="${facts.summary}"
arch=${list(machines.map(([machine]) => machine))}
url='${homepage}'
license=${list(facts.licence.split(' OR '))}
depends=('ca-certificates' 'dbus' 'gcc-libs' 'webkit2gtk-4.1')
optdepends=('org.freedesktop.secrets: keeps the tokens')
provides=('${facts.command}')
conflicts=('${facts.command}')
${lines.join('\n')}
noextract=${list(archives)}

package() {
  for deb in "$srcdir"/*.deb; do
    bsdtar --extract --to-stdout --file "$deb" 'data.tar*' | bsdtar --extract --directory "$pkgdir" --file -
  done
}
`);
}

for (const channel of [winget, scoop, homebrew, arch]) channel();
