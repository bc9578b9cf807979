/** The lines of the test in words: the state, the way out, and the time of the next attempt. */
import type { Diagnosis } from '../../bindings/Diagnosis';
import type { EntryStatus } from '../../bindings/EntryStatus';
import { diagnosis, halt, holdReason, lookUpProblem, retryableError, word } from '../../texts/codes';
import { spaced } from '../../texts/lists';
import { t } from '../../texts/texts.svelte';
import { clock } from '../../texts/times';
import type { Place } from '../help/documents';
import { changedElsewherePlace, diagnosisPlaces, dnsProblemPlaces, haltPlaces, holdPlaces, lookUpProblemPlaces, notReachablePlace, retryableErrorPlaces, waitPlaces } from '../help/places';
import type { Dns, LookUp, Update } from './progress';

export interface Words {
  what: string;
  wayOut?: string;
  /** The place of the help that explains it. */
  place?: Place | undefined;
  /** The next attempt. */
  again?: string | null;
}

/** The states of the network that explain better than any source why no address was found. */
const explaining: Diagnosis['kind'][] = ['noInternet', 'signInPage', 'wrongClock', 'dnsBlocked'];

/** The look-up, in a network with these diagnoses. */
export function lookUpWords(line: LookUp, diagnoses: Diagnosis[]): Words {
  switch (line.kind) {
    case 'notYet':
      return { what: '' };
    case 'asking':
      return { what: t('first-look-up-asking') };
    case 'found': {
      const what = t('first-look-up-found', { addresses: line.addresses });
      return line.hold ? { what, wayOut: holdReason(line.hold).what, place: holdPlaces[line.hold] } : { what };
    }
    case 'confirming':
    case 'held':
      return { what: holdReason(line.hold).what, wayOut: holdReason(line.hold).wayOut, place: holdPlaces[line.hold] };
    case 'nothing': {
      const known = diagnoses.find(({ kind }) => explaining.includes(kind));
      if (known) return { what: diagnosis(known).what, wayOut: diagnosis(known).wayOut, place: diagnosisPlaces[known.kind], again: line.again };
      return { what: line.why ? lookUpProblem(line.why) : t('outcome-no-address'), place: line.why ? lookUpProblemPlaces[line.why.kind] : undefined, again: line.again };
    }
  }
}

/** The update of that entry. */
export function updateWords(line: Update, hostname: string, login: EntryStatus['login']): Words {
  switch (line.kind) {
    case 'notYet':
      return { what: '' };
    case 'sending':
      return { what: t('first-update-sending') };
    case 'waits':
      return { what: t('first-update-waits', { why: word('next-why', line.why) }), place: waitPlaces[line.why], again: line.until };
    case 'accepted': {
      const { addresses } = line;
      if (addresses === '') return { what: t('save-token-accepted-plain', { hostname }) };
      return { what: t(line.how === 'noChange' ? 'cause-unchanged' : 'save-token-accepted', { hostname, addresses }) };
    }
    case 'unneeded':
      return { what: t('save-token-unused') };
    case 'halted': {
      const { what, wayOut } = halt(line.reason, hostname, login);
      return { what, wayOut, place: haltPlaces[line.reason.kind] };
    }
    case 'troubled':
      return { what: retryableError(line.error), place: retryableErrorPlaces[line.error.kind], again: line.retryAt };
    case 'paused':
      return { what: t('first-update-paused') };
    case 'disabled':
      return { what: t('first-update-disabled') };
  }
}

/** The check of the name servers, at the time `now`. */
export function dnsWords(line: Dns, hostname: string, now: number): Words {
  switch (line.kind) {
    case 'notYet':
      return { what: '' };
    case 'pending':
      return { what: t('first-dns-pending') };
    case 'live':
      return { what: t('first-dns-live', { since: clock(line.since, now), hostname }), place: notReachablePlace };
    case 'foreign': {
      const there = spaced(line.there);
      return { what: there ? t('first-dns-foreign', { there }) : t('first-dns-gone', { hostname }), wayOut: t('first-dns-foreign-way-out'), place: changedElsewherePlace };
    }
    case 'cantVerify':
      return { what: t('first-dns-cant-verify', { why: word('dns-problem', line.why) }), wayOut: t('first-dns-cant-verify-way-out'), place: dnsProblemPlaces[line.why.kind] };
    case 'notChecked':
      return { what: t('first-dns-not-checked') };
  }
}
