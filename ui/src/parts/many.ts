/** When entries are too many for a card each, and how many lines of a long list are in the page at a time. */
/** Up to so many entries have a card each. */
const few = 5;

/** Whether entries have lines instead of cards. */
export const isMany = (entries: readonly unknown[]): boolean => entries.length > few;

/** The lines that are there at first, and those that come with each press of "more": what isn't there costs nothing. */
export const portion = { first: 50, next: 100 } as const;
