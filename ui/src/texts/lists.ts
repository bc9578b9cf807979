/** Several things in one text. */
import { language } from './texts.svelte';

/** `one, two and three`. */
export const listed = (names: string[]): string => new Intl.ListFormat(language(), { type: 'conjunction' }).format(names);

/** Addresses as they are recorded, with a space after each comma. */
export const spaced = (addresses: string): string => addresses.replaceAll(',', ', ');
