/** A clock that the pages' relative times follow. */
let time = $state(Date.now());

/** Now, in milliseconds; what reads it is drawn anew every few seconds. */
export const now = (): number => time;

/** Lets the clock run. Returns how to stop it. */
export function startClock(): () => void {
  time = Date.now();
  const ticking = setInterval(() => (time = Date.now()), 2000);
  return () => clearInterval(ticking);
}
