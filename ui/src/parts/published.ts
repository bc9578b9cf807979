/** The addresses of an entry that the service has. */
import type { EntryStatus } from '../bindings/EntryStatus';

/** The addresses that the service accepted last. */
export const published = ({ families }: EntryStatus): string[] => families.flatMap(({ published }) => (published ? [published.address] : []));
