/** The states of the network that explain a held address, and the settings' switches that allow it. */
import type { Diagnosis } from '../../bindings/Diagnosis';
import type { HoldReason } from '../../bindings/HoldReason';

type Kind = Diagnosis['kind'];

const explains: Partial<Record<HoldReason, Kind>> = {
  elsewhere: 'elsewhere',
  newRouter: 'newRouter',
  unrecognised: 'unrecognised',
  vpn: 'vpn',
  conflict: 'vpn',
  shared: 'sharedAddress',
  addressKept: 'addressKept',
};
const aboutHome: readonly string[] = ['elsewhere', 'newRouter', 'unrecognised'] satisfies (Kind & HoldReason)[];
const switches: Partial<Record<Kind, string>> = { vpn: 'publish-vpn', sharedAddress: 'publish-shared', addressKept: 'publish-shared' };

/** True if a banner above explains already why an address is held. */
export const isExplained = (hold: HoldReason, diagnoses: Diagnosis[]): boolean => diagnoses.some(({ kind }) => kind === explains[hold]);

/** True where the person can say that this network is home. */
export const isAboutHome = (kind: Kind | HoldReason): boolean => aboutHome.includes(kind);

/** The settings' field that publishes despite that state. */
export const switchFor = (kind: Kind | undefined): string | undefined => kind && switches[kind];

/** The settings' field that publishes despite that reason. */
export const switchForHold = (hold: HoldReason): string | undefined => switchFor(explains[hold]);
