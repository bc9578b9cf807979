/** The place of the help that explains a code: each code has one, and each place is a heading of the documents. */
import type { Diagnosis } from '../../bindings/Diagnosis';
import type { DnsProblem } from '../../bindings/DnsProblem';
import type { HaltReason } from '../../bindings/HaltReason';
import type { HealthIssue } from '../../bindings/HealthIssue';
import type { HoldReason } from '../../bindings/HoldReason';
import type { LookUpProblem } from '../../bindings/LookUpProblem';
import type { NextWhy } from '../../bindings/NextWhy';
import type { Rejection } from '../../bindings/Rejection';
import type { RetryableError } from '../../bindings/RetryableError';
import type { Place } from './documents';

/** A refusal: nothing is sent until somebody acts. */
export const haltPlaces: Record<HaltReason['kind'], Place> = {
  badAuth: 'messages#token-or-password-refused',
  notYours: 'messages#host-name-and-token-dont-match',
  notFqdn: 'messages#host-name-incomplete',
  noHost: 'messages#host-doesnt-exist',
  fatal: 'messages#switched-off-on-the-website',
  numHost: 'messages#request-not-accepted',
  abuse: 'messages#host-locked',
  badAgent: 'messages#program-refused',
  notDonator: 'messages#feature-not-included-or-not-activated',
  notActive: 'messages#feature-not-included-or-not-activated',
  badSystem: 'messages#request-not-accepted',
  otherAddress: 'messages#other-address-confirmed',
  secretMissing: 'messages#no-token-saved',
};

/** Somebody else keeps changing the record. */
export const changedElsewherePlace: Place = 'messages#changed-by-somebody-else';

/** A failure of an update that is tried again. */
export const retryableErrorPlaces: Record<RetryableError['kind'], Place> = {
  unreachable: 'messages#server-cant-be-reached',
  notTrusted: 'messages#certificate-not-accepted',
  noCertificates: 'messages#certificate-not-accepted',
  wrongClock: 'messages#wrong-date-on-this-computer',
  certificateExpired: 'messages#certificate-not-accepted',
  certificateNotYetValid: 'messages#certificate-not-accepted',
  unconfirmed: 'messages#no-answer-came',
  server: 'messages#the-server-has-a-problem',
  unreadable: 'messages#not-an-update-servers-answer',
  keyringLocked: 'messages#keyring-locked-or-missing',
  keyringAbsent: 'messages#keyring-locked-or-missing',
  secretsUnusable: 'messages#secrets-file-cant-be-used',
};

/** An address that is held back. */
export const holdPlaces: Record<HoldReason, Place> = {
  elsewhere: 'messages#unknown-network',
  newRouter: 'messages#unknown-network',
  whichNetwork: 'messages#unknown-network',
  unrecognised: 'messages#unknown-network',
  vpn: 'messages#vpn-or-proxy',
  conflict: 'messages#vpn-or-proxy',
  shared: 'messages#shared-ipv4-address',
  addressKept: 'messages#the-router-names-no-address',
  unconfirmed: 'messages#confirming-the-address',
  noStableAddress: 'messages#only-a-temporary-ipv6-address',
  noPrefix: 'messages#the-home-networks-prefix-isnt-known',
};

/** A state of the network. */
export const diagnosisPlaces: Record<Diagnosis['kind'], Place> = {
  noInternet: 'messages#no-internet-connection',
  signInPage: 'messages#sign-in-page',
  wrongClock: 'messages#wrong-date-on-this-computer',
  dnsBlocked: 'messages#names-arent-resolved',
  elsewhere: 'messages#unknown-network',
  newRouter: 'messages#unknown-network',
  unrecognised: 'messages#unknown-network',
  vpn: 'messages#vpn-or-proxy',
  sharedAddress: 'messages#shared-ipv4-address',
  addressKept: 'messages#the-router-names-no-address',
  doubleNat: 'messages#two-routers-in-a-row',
  ipv6Only: 'messages#ipv6-only',
};

/** A source without an address. */
export const lookUpProblemPlaces: Record<LookUpProblem['kind'], Place> = {
  unreachable: 'messages#a-source-reports-no-address',
  timedOut: 'messages#a-source-reports-no-address',
  notTrusted: 'messages#certificate-not-accepted',
  noCertificates: 'messages#certificate-not-accepted',
  wrongClock: 'messages#wrong-date-on-this-computer',
  certificateExpired: 'messages#certificate-not-accepted',
  certificateNotYetValid: 'messages#certificate-not-accepted',
  status: 'messages#a-source-reports-no-address',
  redirected: 'messages#sign-in-page',
  notAnAddress: 'messages#a-source-reports-no-address',
  wrongFamily: 'messages#a-source-reports-no-address',
  unpublishable: 'messages#an-address-that-cant-be-published',
  interfaces: 'messages#a-source-reports-no-address',
  nameNotFound: 'messages#names-arent-resolved',
  signInPage: 'messages#sign-in-page',
  noRouter: 'fritzbox-and-ds-lite#the-router-as-a-source',
  fritzBoxSilent: 'fritzbox-and-ds-lite#the-router-as-a-source',
  addressKept: 'messages#the-router-names-no-address',
  dsLite: 'messages#shared-ipv4-address',
  notUnderstood: 'messages#a-source-reports-no-address',
};

/** A check of the name servers without a result. */
export const dnsProblemPlaces: Record<DnsProblem['kind'], Place> = {
  noNameServers: 'messages#cant-be-checked',
  noAnswer: 'messages#cant-be-checked',
  refused: 'messages#cant-be-checked',
  disagree: 'messages#cant-be-checked',
};

/** A wait. */
export const waitPlaces: Record<NextWhy, Place> = {
  round: 'messages#why-dyntray-waits',
  notReached: 'messages#why-dyntray-waits',
  secondLook: 'messages#why-dyntray-waits',
  settling: 'messages#why-dyntray-waits',
  flapping: 'messages#why-dyntray-waits',
  retry: 'messages#why-dyntray-waits',
  pace: 'messages#why-dyntray-waits',
  otherFamily: 'messages#why-dyntray-waits',
  retryAfter: 'messages#why-dyntray-waits',
};

/** A fault of the program itself. */
export const healthIssuePlaces: Record<HealthIssue['kind'], Place> = {
  settingsDamaged: 'messages#settings-damaged',
  historyDamaged: 'messages#state-and-history-damaged-or-missing',
  historyMissing: 'messages#state-and-history-damaged-or-missing',
  historyNewer: 'messages#written-by-a-newer-version',
  cannotRemember: 'messages#the-state-cant-be-saved',
  programReplaced: 'messages#a-new-version-was-installed',
  noTray: 'messages#no-tray-no-notifications',
  noNotices: 'messages#no-tray-no-notifications',
  localNetworkDenied: 'messages#kept-from-the-local-network',
};

/** A request of the person's that wasn't carried out. */
export const rejectionPlaces: Record<Rejection['kind'], Place> = {
  fields: 'messages#not-saved',
  networkUnclear: 'messages#unknown-network',
  changedMeanwhile: 'messages#not-saved',
  settingsFileChanged: 'messages#not-saved',
  keyringLocked: 'messages#keyring-locked-or-missing',
  keyringAbsent: 'messages#keyring-locked-or-missing',
  secretsReadOnly: 'nas-and-servers#tokens-as-systemds-credentials',
  notWritten: 'messages#not-saved',
  noSuchEntry: 'messages#not-saved',
  noWindow: 'messages#not-saved',
  notUnderstood: 'messages#not-saved',
  notShown: 'messages#not-saved',
  notCopied: 'messages#not-saved',
};

/** The chapter for the page that asks for a new token. */
export const newTokenPlace: Place = 'lost-token#four-steps-on-the-website';

/** Why a device can't be reached although its name leads to the right address. */
export const notReachablePlace: Place = 'not-reachable#why-isnt-my-nas-reachable';
