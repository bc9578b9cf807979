/** Times in words: relative to now within a day, a date beyond it. The exact time is in the title. */
import { language, t } from './texts.svelte';

/** The locale for times: the system's own (12 or 24 hours, order of day and month) if it has the chosen language. */
function habits(): string {
  if (navigator.language.toLowerCase().startsWith(language())) return navigator.language;
  return language() === 'de' ? 'de-DE' : 'en-GB';
}

const minute = 60;
const hourLength = 60 * minute;
const dayLength = 24 * hourLength;

/** A time relative to now: `5 minutes ago`, `in 4 minutes`, `on 23 Nov, 14:05`. */
export function relative(at: string, now: number): string {
  const seconds = Math.round((Date.parse(at) - now) / 1000);
  const far = Math.abs(seconds);
  if (far < 5) return t(seconds > 0 ? 'when-any-moment' : 'when-just-now');
  const words = new Intl.RelativeTimeFormat(habits(), { numeric: 'always' });
  if (far < minute) return words.format(Math.round(seconds / 5) * 5, 'second');
  if (far < hourLength) return words.format(Math.round(seconds / minute), 'minute');
  if (far < dayLength) return words.format(Math.round(seconds / hourLength), 'hour');
  return t('when-on', { date: dated(at, now) });
}

/** The exact time, for titles. */
export function absolute(at: string): string {
  return new Intl.DateTimeFormat(habits(), { dateStyle: 'full', timeStyle: 'medium' }).format(new Date(at));
}

/** A short time for a table, to the second: `14:05:09` today, else with the date. */
export function stamp(at: string, now: number): string {
  const time = new Date(at);
  if (time.toDateString() === new Date(now).toDateString())
    return new Intl.DateTimeFormat(habits(), { timeStyle: 'medium' }).format(time);
  return dated(at, now);
}

/** A shorter time for a sentence: `14:05` today, else with the date. */
export function clock(at: string, now: number): string {
  const time = new Date(at);
  if (time.toDateString() !== new Date(now).toDateString()) return dated(at, now);
  return new Intl.DateTimeFormat(habits(), { timeStyle: 'short' }).format(time);
}

/** A day without its time: `23 Nov`. */
export const day = (at: number): string => new Intl.DateTimeFormat(habits(), { day: 'numeric', month: 'short' }).format(at);

/** A date with its year: `19 Jan 2038`. */
export const date = (on: string): string =>
  new Intl.DateTimeFormat(habits(), { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(on));

/** A time of day: `14:00`. */
export const hour = (at: number): string => new Intl.DateTimeFormat(habits(), { timeStyle: 'short' }).format(at);

/** A length of time: `12 minutes`, `3 hours`. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  const [unit, length] = seconds < 2 * hourLength ? (['minute', minute] as const) : seconds < 2 * dayLength ? (['hour', hourLength] as const) : (['day', dayLength] as const);
  const count = Math.max(1, Math.round(seconds / length));
  return new Intl.NumberFormat(habits(), { style: 'unit', unit, unitDisplay: 'long' }).format(count);
}

function dated(at: string, now: number): string {
  const time = new Date(at);
  const sameYear = time.getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(habits(), {
    day: 'numeric',
    month: 'short',
    year: sameYear ? undefined : 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  }).format(time);
}
