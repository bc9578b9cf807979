/** Runs before the built page: puts a stand-in program behind the bridge, in the scene that the address names. */
import { entryForm, entryStatus, family, form, halted, refusedEntry, snapshot, at } from '../test/samples';
import { Program } from '../test/program';
import type { LanguageChoice } from '../src/bindings/LanguageChoice';

const query = new URLSearchParams(location.search);
const language = (query.get('language') ?? 'en') as LanguageChoice;

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
          detected: { kind: 'unavailable', why: { kind: 'unpublishable', address: '100.64.1.2', why: 'shared' } },
          published: null,
        }),
      ],
      lastReply: { at: at(-300), accepted: null, sent: '84.160.44.9' },
    }),
    entryStatus({ id: 4, hostname: 'garage.spdns.org', mood: 'empty', status: { kind: 'disabled' }, families: [family('ipv6', { detected: null, detectedAt: null, published: null })], lastReply: null, nextLook: null }),
  ],
  { language },
);

const scenes: Record<string, () => Program> = {
  first: () => new Program({ page: { page: 'settings' }, form: form([], { language }), snapshot: snapshot([], { language }) }),
  form: () =>
    new Program({
      page: { page: 'settings' },
      form: form([entryForm(), entryForm({ id: 2, hostname: 'office.firewall-gateway.com', login: 'account', user: 'anna' })], { language }),
      snapshot: several,
      reply: (request) =>
        request.request === 'save'
          ? {
              answer: 'refused',
              refusal: {
                kind: 'fields',
                errors: [
                  { entry: 0, field: 'hostname', problem: { kind: 'hostnameNotFull' } },
                  { entry: 0, field: 'secret', problem: { kind: 'secretForOtherServer' } },
                  { entry: 0, field: 'server', problem: { kind: 'serverNotEncrypted' } },
                  { entry: null, field: 'interval', problem: { kind: 'intervalTooShort', minutes: 10 } },
                ],
              },
            }
          : undefined,
    }),
  saving: () => new Program({ page: { page: 'settings' }, form: form(undefined, { language }), snapshot: snapshot(undefined, { language }) }),
  fine: () => new Program({ snapshot: snapshot(undefined, { language }) }),
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
  empty: () => new Program({ snapshot: snapshot([], { language }) }),
  abuse: () => new Program({ snapshot: snapshot([entryStatus({ mood: 'needsYou', status: halted({ kind: 'abuse' }) })], { language }) }),
  token: () => new Program({ page: { page: 'newToken', entry: 2 }, snapshot: several }),
  password: () => new Program({ page: { page: 'newToken', entry: 1 }, snapshot: snapshot([refusedEntry({ login: 'account' })], { language }) }),
};

const scene = scenes[query.get('scene') ?? 'fine'];
if (scene) Object.assign(window, { program: scene(), samples: { snapshot, entryStatus, refusedEntry, halted, at, language } });

// As the window's freezePrototype does.
Object.freeze(Object.prototype);
