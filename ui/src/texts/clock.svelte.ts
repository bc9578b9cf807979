/** The clock that relative times follow. */
let time = $state(Date.now());

/** The time now, in milliseconds; whatever reads it is drawn again every few seconds. */
export const now = (): number => time;

/** Starts the clock. Returns how to stop it. */
export function startClock(): () => void {
  time = Date.now();
  const ticking = setInterval(() => (time = Date.now()), 2000);
  return () => clearInterval(ticking);
}
