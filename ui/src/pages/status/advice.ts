/** Which state of the network explains a held address, and which switch of the settings allows it. */
import type { Diagnosis } from '../../bindings/Diagnosis';
import type { HoldReason } from '../../bindings/HoldReason';

type Kind = Diagnosis['kind'];

const explains: Partial<Record<HoldReason, Kind>> = { elsewhere: 'elsewhere', vpn: 'vpn', conflict: 'vpn', shared: 'sharedAddress' };
const switches: Partial<Record<Kind, string>> = { vpn: 'publish-vpn', sharedAddress: 'publish-shared' };

/** Whether a banner above says already why an address is held, and what to do. */
export const isExplained = (hold: HoldReason, diagnoses: Diagnosis[]): boolean => diagnoses.some(({ kind }) => kind === explains[hold]);

/** The field of the settings that publishes in spite of that state. */
export const switchFor = (kind: Kind | undefined): string | undefined => kind && switches[kind];

/** The field of the settings that publishes in spite of that reason. */
export const switchForHold = (hold: HoldReason): string | undefined => switchFor(explains[hold]);
