/** Runs before the built page, and puts a stand-in program behind the bridge, in the scene that the URL names. */
import { at, entryForm, entryStatus, failed, family, form, halted, held, heldEntry, importEntries, importPreview, imports, month, refusedEntry, refusesFields, snapshot, sourceReport, twoForms, unasked } from '../test/samples';
import { firsts } from '../test/firsts';
import { manyEntries, manyForms, manySent, updating } from '../test/many';
import { Program } from '../test/program';
import type { Explanation } from '../src/bindings/Explanation';
import type { LanguageChoice } from '../src/bindings/LanguageChoice';

const query = new URLSearchParams(location.search);
const language = (query.get('language') ?? 'en') as LanguageChoice;

const stableAddress = '2003:e1:bf0a:4d00:9c5e:21ff:fe4a:7b30';
const stable: Explanation = {
  family: 'ipv6',
  said: [
    sourceReport('webResolver', 'differs', { kind: 'known', address: '2003:e1:bf0a:4d00:5a1:92be:77c4:e01' }, { host: 'checkip6.spdyn.de' }),
    sourceReport('router', 'unused', { kind: 'unavailable', why: { kind: 'noRouter' } }),
    sourceReport('interface', 'taken', { kind: 'known', address: stableAddress }),
  ],
  outcome: { kind: 'publish', address: stableAddress, because: 'stableOfPrefix' },
};

const several = snapshot(
  [
    refusedEntry({ id: 2, hostname: 'office.firewall-gateway.com' }),
    entryStatus({ families: [family('ipv4'), family('ipv6')] }),
    entryStatus({
      id: 3,
      hostname: 'cabin.my-router.de',
      mood: 'waiting',
      status: { kind: 'troubled', trouble: { kind: 'server', code: '911' }, retryAt: at(1500) },
      families: [
        family('ipv4', {
          why: failed('ipv4', { kind: 'unpublishable', address: '100.64.1.2', why: 'shared' }),
          published: null,
          live: { kind: 'unknown' },
        }),
      ],
      lastReply: { at: at(-300), accepted: null, sent: '84.160.44.9' },
      next: { at: at(1500), step: 'update', why: 'retry' },
    }),
    entryStatus({ id: 4, hostname: 'garage.spdns.org', mood: 'empty', status: { kind: 'disabled' }, families: [family('ipv6', { why: unasked('ipv6'), detectedAt: null, published: null, live: { kind: 'unknown' } })], lastReply: null, next: null }),
  ],
  { language },
);

/** A reseller's program with many entries, on that page. */
const many = (page: 'status' | 'settings' | 'about', count = 2000): Program =>
  new Program({
    page: { page },
    form: form(manyForms(count), { language }),
    snapshot: snapshot(manyEntries(count), { mood: 'needsYou', language }),
    reply: (request) => {
      if (request.request === 'history') return { answer: 'history', items: manySent(count).slice(0, request.limit) };
      return refusesFields([
        { entry: 1, field: 'hostname', problem: { of: 'hostname', kind: 'notFull' } },
        { entry: 700, field: 'secret', problem: { of: 'secret', kind: 'missing' } },
        { entry: 700, field: 'server', problem: { of: 'webAddress', kind: 'notEncrypted' } },
      ])(request);
    },
  });

const notHome = (kind: 'elsewhere' | 'newRouter' | 'unrecognised') =>
  new Program({ snapshot: snapshot([heldEntry(kind, held('ipv4', kind, undefined, '198.51.100.77'))], { language, mood: 'paused', diagnoses: [{ kind }] }) });

const scenes: Record<string, () => Program> = {
  manyStatus: () => many('status'),
  manySettings: () => many('settings'),
  manyAbout: () => many('about'),
  first: () => new Program({ page: { page: 'settings' }, form: form([], { language }), snapshot: snapshot([], { language }) }),
  firstErrors: () =>
    new Program({
      page: { page: 'settings' },
      form: form([], { language }),
      snapshot: snapshot([], { language }),
      reply: refusesFields([
        { entry: 0, field: 'hostname', problem: { of: 'hostname', kind: 'notFull' } },
        { entry: 0, field: 'secret', problem: { of: 'secret', kind: 'missing' } },
      ]),
    }),
  firstLocked: () =>
    new Program({
      page: { page: 'settings' },
      form: form([], { language }),
      snapshot: snapshot([], { language }),
      reply: ({ request }) => (request === 'save' ? { answer: 'refused', refusal: { kind: 'keyringLocked' } } : undefined),
    }),
  form: () =>
    new Program({
      page: { page: 'settings' },
      form: form(twoForms(), { language }),
      snapshot: several,
      reply: refusesFields([
        { entry: 0, field: 'hostname', problem: { of: 'hostname', kind: 'notFull' } },
        { entry: 0, field: 'secret', problem: { of: 'entry', kind: 'forOtherServer' } },
        { entry: 0, field: 'server', problem: { of: 'webAddress', kind: 'notEncrypted' } },
        { entry: 1, field: 'fixedIpv4', problem: { of: 'fixedAddress', kind: 'unpublishable', why: 'private' } },
        { entry: 1, field: 'fixedIpv6', problem: { of: 'fixedAddress', kind: 'missing' } },
        { entry: 1, field: 'fallBackIpv6', problem: { of: 'webAddress', kind: 'notEncrypted' } },
        { entry: null, field: 'interval', problem: { of: 'interval', kind: 'tooShort', minutes: 10 } },
        { entry: null, field: 'nameServer', problem: { of: 'nameServer', kind: 'shape' } },
      ]),
    }),
  saving: () => new Program({ page: { page: 'settings' }, form: form(undefined, { language }), snapshot: snapshot(undefined, { language }) }),
  fine: () => new Program({ snapshot: snapshot(undefined, { language }) }),
  month: () => new Program({ snapshot: snapshot(undefined, { language }), reply: ({ request }) => (request === 'history' ? { answer: 'history', items: month() } : undefined) }),
  several: () => new Program({ snapshot: several }),
  paused: () =>
    new Program({
      snapshot: snapshot([entryStatus({ mood: 'paused', status: { kind: 'paused' } })], {
        language,
        pause: { until: at(3600) },
        ailments: [{ kind: 'settingsDamaged', kept: '/home/anna/.config/dyntray/settings.damaged-1.toml' }, { kind: 'noTray' }],
      }),
    }),
  lost: () => new Program({ page: { page: 'settings' }, form: form(undefined, { language }), snapshot: snapshot(undefined, { language }) }),
  elsewhere: () => notHome('elsewhere'),
  newRouter: () => notHome('newRouter'),
  device: () =>
    new Program({
      page: { page: 'settings' },
      form: form([entryForm({ hostname: 'nas.spdns.de', device: '::1a2b:3cff:fe4d:5e6f' })], { language }),
      snapshot: snapshot(undefined, { language }),
      reply: refusesFields([{ entry: 0, field: 'device', problem: { of: 'device', kind: 'notPublic' } }]),
    }),
  deviceWhy: () => {
    const address = '2003:e1:bf0a:4d00:1a2b:3cff:fe4d:5e6f';
    const device = { prefix: { base: '2003:e1:bf0a:4d00::', length: 64 }, id: '::1a2b:3cff:fe4d:5e6f', address };
    const why: Explanation = { ...stable, outcome: { kind: 'publish', address, because: 'homePrefix' }, device };
    const ipv6 = family('ipv6', { why, published: { address, at: at(-7200) } });
    return new Program({ snapshot: snapshot([entryStatus({ hostname: 'nas.spdns.de', families: [family('ipv4'), ipv6] })], { language }) });
  },
  unrecognised: () => notHome('unrecognised'),
  vpn: () =>
    new Program({
      snapshot: snapshot([heldEntry('conflict', held('ipv4', 'conflict', sourceReport('router', 'differs', { kind: 'known', address: '84.160.12.7' }), '185.65.134.66'))], { language, diagnoses: [{ kind: 'vpn' }] }),
    }),
  shared: () =>
    new Program({
      snapshot: snapshot(
        [
          entryStatus({
            status: { kind: 'fine' },
            families: [
              family('ipv4', {
                why: held('ipv4', 'shared', sourceReport('router', 'unused', { kind: 'unavailable', why: { kind: 'unpublishable', address: '100.64.1.2', why: 'shared' } })),
                published: null,
                live: { kind: 'unknown' },
              }),
              family('ipv6', { why: stable, live: { kind: 'pending' }, published: { address: stableAddress, at: at(-20) } }),
            ],
          }),
        ],
        { language, diagnoses: [{ kind: 'sharedAddress', ipv6: true }] },
      ),
    }),
  changed: () =>
    new Program({
      snapshot: snapshot(
        [
          entryStatus({
            mood: 'needsYou',
            status: { kind: 'changedElsewhere' },
            families: [
              family('ipv4', { live: { kind: 'foreign', there: '203.0.114.8', since: at(-1200) } }),
              family('ipv6', { live: { kind: 'cantVerify', why: { kind: 'noAnswer' } } }),
            ],
          }),
        ],
        { language },
      ),
    }),
  offline: () =>
    new Program({
      snapshot: snapshot(
        [
          entryStatus({
            mood: 'waiting',
            status: { kind: 'noAddress', why: { kind: 'unreachable' } },
            families: [family('ipv4', { why: failed('ipv4', { kind: 'unreachable' }) })],
            next: { at: at(40), step: 'lookUp', why: 'notReached' },
          }),
        ],
        { language, diagnoses: [{ kind: 'noInternet' }, { kind: 'doubleNat' }] },
      ),
    }),
  empty: () => new Program({ snapshot: snapshot([], { language }) }),
  abuse: () => new Program({ snapshot: snapshot([entryStatus({ mood: 'needsYou', status: halted({ kind: 'abuse' }) })], { language }) }),
  import: () => new Program({ page: { page: 'settings' }, form: form(twoForms(), { language }), snapshot: several, reply: imports(importPreview(), form(twoForms(), { language })) }),
  importMany: () =>
    new Program({
      page: { page: 'settings' },
      form: form([], { language }),
      snapshot: snapshot([], { language }),
      reply: imports(importPreview({ entries: importEntries(2000), leftOutMore: 31 }), form(undefined, { language })),
    }),
  importElsewhere: () => {
    const preview = importPreview({ entries: importEntries(12), leftOut: [] });
    const elsewhere = preview.entries.slice(1).map(({ number }) => ({ number, addresses: `91.3.${number}.5` }));
    return new Program({
      page: { page: 'settings' },
      form: form(undefined, { language }),
      snapshot: snapshot(undefined, { language }),
      reply: imports(preview, form(undefined, { language }), elsewhere),
    });
  },
  importTaking: () =>
    new Program({
      page: { page: 'settings' },
      form: form([], { language }),
      snapshot: snapshot([], { language }),
      reply: (request) =>
        request.request === 'import'
          ? new Promise(() => {})
          : imports(importPreview({ entries: importEntries(2000) }), form(undefined, { language }))(request),
    }),
  importNothing: () =>
    new Program({
      page: { page: 'settings' },
      form: form(undefined, { language }),
      snapshot: snapshot(undefined, { language }),
      reply: imports(importPreview({ entries: [], leftOut: [{ line: null, what: '', why: 'notRecognised' }] }), form(undefined, { language })),
    }),
  diagnostics: () => new Program({ page: { page: 'diagnostics' }, snapshot: snapshot(undefined, { language }) }),
  about: () => new Program({ page: { page: 'about' }, form: form(twoForms(), { language }), snapshot: snapshot(undefined, { language }) }),
  aboutNewer: () =>
    new Program({
      page: { page: 'about' },
      form: form(twoForms(), { language, proxy: 'manual', proxyAddress: 'proxy.example.org:3128', releases: 'https://example.org/dyntray.json', nameServer: '9.9.9.9' }),
      snapshot: snapshot(undefined, { language, newer: '0.2.0' }),
    }),
  newer: () => new Program({ snapshot: snapshot(undefined, { language, newer: '0.2.0' }) }),
  noNotices: () => new Program({ snapshot: snapshot(undefined, { language, ailments: [{ kind: 'noNotices' }] }) }),
  // The opposite of the system's.
  themeOther: () => {
    const theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'light' : 'dark';
    return new Program({ page: { page: 'settings' }, form: form(undefined, { language, theme }), snapshot: snapshot(undefined, { language, theme }) });
  },
  moreErrors: () =>
    new Program({
      page: { page: 'settings' },
      form: form(undefined, { language, proxy: 'manual', proxyAddress: 'anna:secret@proxy:3128', releases: 'http://example.org/dyntray.json' }),
      snapshot: snapshot(undefined, { language }),
      reply: refusesFields([
        { entry: null, field: 'proxyAddress', problem: { of: 'proxy', kind: 'hasLogin' } },
        { entry: null, field: 'releases', problem: { of: 'webAddress', kind: 'notEncrypted' } },
      ]),
    }),
  token: () => new Program({ page: { page: 'newToken', entry: 2 }, snapshot: several }),
  password: () => new Program({ page: { page: 'newToken', entry: 1 }, snapshot: snapshot([refusedEntry({ login: 'account' })], { language }), form: form([entryForm({ login: 'account', user: 'anna' })], { language }) }),
};

const scene = scenes[query.get('scene') ?? 'fine'];
/** Sends the snapshot that follows the first entry's save. */
const tellFirst = (name: keyof typeof firsts) => (window as unknown as { program: Program }).program.tell({ ...firsts[name](), language });
if (scene) Object.assign(window, { program: scene(), samples: { updating, manyEntries, snapshot, entryStatus, refusedEntry, halted, at, language }, tellFirst });

// As the window's freezePrototype does.
Object.freeze(Object.prototype);
