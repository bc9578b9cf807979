/**
 * From closed codes to texts. An id is the type's name in the catalogue and the variant's name, both in kebab case;
 * its arguments are the variant's data fields. An id stays when its type is renamed: a `Rejection` is `refusal-…`.
 */
import type { Accepted } from '../bindings/Accepted';
import type { Diagnosis } from '../bindings/Diagnosis';
import type { Field } from '../bindings/Field';
import type { FieldError } from '../bindings/FieldError';
import type { HaltReason } from '../bindings/HaltReason';
import type { HealthIssue } from '../bindings/HealthIssue';
import type { HistoryItem } from '../bindings/HistoryItem';
import type { HoldReason } from '../bindings/HoldReason';
import type { LoginKind } from '../bindings/LoginKind';
import type { LookUpProblem } from '../bindings/LookUpProblem';
import type { Observation } from '../bindings/Observation';
import type { Outcome } from '../bindings/Outcome';
import type { Rejection } from '../bindings/Rejection';
import type { RetryableError } from '../bindings/RetryableError';
import type { Status } from '../bindings/Status';
import type { UpdateResult } from '../bindings/UpdateResult';
import { has, t, type Arguments } from './texts.svelte';
import { clock, date } from './times';

type Code = string | { kind: string };

/** A state in a sentence, the way out of it, and the state in a few words. */
interface Advice {
  what: string;
  wayOut: string;
  short: string;
}

/** `webResolverIpv4` becomes `web-resolver-ipv4`. */
export const kebab = (name: string): string => name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);

/** The id of a code's text. */
export const idOf = (type: string, code: Code): string => `${type}-${kebab(typeof code === 'string' ? code : code.kind)}`;

/** The text of a code whose data are plain values. */
export const word = (type: string, code: Code, more?: Arguments): string => t(idOf(type, code), { ...plain(code), ...more });

/** The name that a field has in the catalogue. Fields of one kind share it, and their texts. */
const groups: Record<Field, string> = {
  hostname: 'hostname',
  user: 'user',
  secret: 'secret',
  provider: 'provider',
  server: 'server',
  updateUrl: 'update-url',
  protocol: 'family',
  resolverIpv4: 'resolver',
  resolverIpv6: 'resolver',
  fallBackIpv4: 'resolver',
  fallBackIpv6: 'resolver',
  interval: 'interval',
  fixedIpv4: 'fixed',
  fixedIpv6: 'fixed',
  device: 'device',
  nameServer: 'name-server',
  proxyAddress: 'proxy',
  releases: 'releases',
};

/** The id of a mistake's text: its field and its cause, by the same rule as in `crates/texts/src/field_error.rs`. */
export const problemId = (field: Field, cause: string): string => `problem-${groups[field]}-${kebab(cause)}`;

/** A mistake at a field. */
export function problem({ field, problem: code }: FieldError): string {
  const id = problemId(field, code.kind);
  const args = 'why' in code ? { ...plain(code), why: word('unpublishable', code.why) } : plain(code);
  // A program from before an update, which still runs, says field and cause in one word: `serverShape`.
  return has(id) ? t(id, args) : word('problem', code, args);
}
/** The reason why a request was rejected. */
export const rejection = (code: Rejection): string =>
  word('refusal', code, 'hostnames' in code ? { hostnames: code.hostnames.join(', ') } : {});
/** A fault of the program itself. */
export const healthIssue = (code: HealthIssue): string => word('ailment', code);
/** The reason why an update has to be tried again. */
export const retryableError = (code: RetryableError): string => word('trouble', code, shown(code));
/** The way an update was accepted. */
export const accepted = (code: Accepted): string => word('accepted', code);

/** The reason why a look-up has no result. */
export const lookUpProblem = (code: LookUpProblem): string =>
  code.kind === 'unpublishable'
    ? word('look-up-problem', code, { why: word('unpublishable', code.why) })
    : word('look-up-problem', code, shown(code));

/** One source's answer. */
export const observation = (code: Observation): string =>
  code.kind === 'unavailable' ? lookUpProblem(code.why) : word('observation', code);

/** The outcome of all sources' answers, with its reason. */
export function outcome(code: Outcome): string {
  switch (code.kind) {
    case 'publish':
      return word('outcome', code, { because: word('because', code.because) });
    case 'held':
      return t(code.address ? 'outcome-held' : 'outcome-held-nothing', { address: code.address ?? '', hold: word('hold', code.hold) });
    case 'nothing':
      return word('outcome', code, { why: lookUpProblem(code.why) });
    default:
      return word('outcome', code);
  }
}

/** The reason why an address is held back, the way out, and a short form. */
export const holdReason = (code: HoldReason): Advice => advice(idOf('hold', code), {});

/** The state of the network, the way out, and a short form. */
export const diagnosis = (code: Diagnosis): Advice =>
  advice(code.kind === 'sharedAddress' && code.ipv6 ? 'diagnosis-shared-address-ipv6' : idOf('diagnosis', code), shown(code));

/** The reason of a halt, the way out, and a short form. */
export function halt(reason: HaltReason, hostname: string, login: LoginKind): Advice {
  const ofAccount = `${idOf('halt-reason', reason)}-account`;
  const id = login === 'account' && has(ofAccount) ? ofAccount : idOf('halt-reason', reason);
  const advised = advice(id, { ...plain(reason), hostname });
  return reason.kind === 'secretMissing' && reason.keyring ? { ...advised, what: t(`${id}-in`, { ...plain(reason), hostname }) } : advised;
}

/** An entry's state, in a few words. */
export function status(code: Status): string {
  if (code.kind === 'troubled' && code.trouble.kind === 'keyringLocked') return t('status-keyring-locked');
  if (code.kind === 'troubled' && code.trouble.kind === 'keyringAbsent') return t('status-keyring-absent');
  if (code.kind === 'troubled' && code.trouble.kind === 'secretsUnusable') return t('status-secrets-unusable');
  return word('status', code.kind);
}

/** The result of a request. */
export function updateResult(result: UpdateResult, hostname: string, login: LoginKind): string {
  switch (result.kind) {
    case 'accepted':
      return t('happening-accepted', { how: accepted(result.how) });
    case 'halted':
      return t('happening-halted', { reason: halt(result.reason, hostname, login).short });
    case 'troubled':
      return t('happening-troubled', { trouble: retryableError(result.trouble) });
  }
}

/** The result of a line of the history; how often and since when, where it was repeated. */
export function historyResult(item: HistoryItem, login: LoginKind, now: number): string {
  const result = updateResult(item.what, item.hostname, login);
  if (!item.repeated) return result;
  const { first, times } = item.repeated;
  return t('happening-repeated', { result, times, first: clock(first, now) });
}

const advice = (id: string, args: Arguments): Advice => ({
  what: t(id, args),
  wayOut: t(`${id}-way-out`, args),
  short: t(`${id}-short`, args),
});

/** The date that a wrong clock shows, as people write it. */
const shown = (code: RetryableError | LookUpProblem | Diagnosis): Arguments =>
  code.kind === 'wrongClock' ? { shows: date(code.shows) } : {};

function plain(code: Code): Arguments {
  const args: Arguments = {};
  for (const [name, value] of Object.entries(code))
    if (typeof value === 'string' || typeof value === 'number') args[name] = String(value);
  return args;
}
