/** The limits for many entries. */

/** The largest number of entries that have a card each. */
const few = 5;

/** True if entries have lines instead of cards. */
export const isMany = (entries: readonly unknown[]): boolean => entries.length > few;

/** The number of lines shown at first, and of those that each press of "more" adds: a line that isn't there costs nothing. */
export const portion = { first: 50, next: 100 } as const;
