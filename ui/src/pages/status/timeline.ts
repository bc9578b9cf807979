/** The addresses of each host name over time, from the history of updates. */
import type { Family } from '../../bindings/Family';
import type { HistoryItem } from '../../bindings/HistoryItem';

/** A span of time, in milliseconds. */
export interface Span {
  from: number;
  to: number;
}

/** The time that an address stayed. */
interface Stay extends Span {
  address: string;
}

/** One host name's addresses of one family. */
export interface Lane {
  hostname: string;
  family: Family;
  stays: Stay[];
  /** From the first update that failed to the next that succeeded. */
  outages: Span[];
  /** The times when one address replaced another. */
  changes: number[];
}

/** A day, or the part of it that is shown. */
interface Day extends Span {
  /** The changes of the lane that changed most: several host names and both families follow one line. */
  changes: number;
}

/** The content of the chart. */
export interface Timeline extends Span {
  lanes: Lane[];
  days: Day[];
}

const dayLength = 24 * 3600_000;
const longest = 30 * dayLength;

/** The beginning of that day in local time, or of a day `later` days later. */
export function dayOf(time: number, later = 0): number {
  const day = new Date(time);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + later).getTime();
}

/** The last thirty days, or the time since the first item (the last in `items`); null if nothing was accepted. */
export function timeline(items: HistoryItem[], now: number): Timeline | null {
  const oldest = items.at(-1);
  if (!oldest) return null;
  const from = Math.max(beginOf(oldest), dayOf(now - longest));
  const lanes = new Map<string, Lane>();
  for (const item of items.toReversed()) {
    for (const address of item.addresses.split(',').filter((address) => address !== '')) {
      follow(laneOf(lanes, item.hostname, address), item, address, beginOf(item));
    }
  }
  const shown = [...lanes.values()].map((lane) => within(lane, from, now)).filter(({ stays }) => stays.length > 0);
  shown.sort((one, other) => one.hostname.localeCompare(other.hostname) || one.family.localeCompare(other.family));
  return shown.length > 0 ? { from, to: now, lanes: shown, days: daysOf(shown, from, now) } : null;
}

/** The time of an item; the first, where it was repeated: an outage begins with it. */
const beginOf = (item: HistoryItem): number => Date.parse(item.repeated?.first ?? item.at);

function daysOf(lanes: Lane[], from: number, to: number): Day[] {
  const days: Day[] = [];
  for (let day = from; day < to; day = dayOf(day, 1)) {
    const next = dayOf(day, 1);
    const changes = lanes.map((lane) => lane.changes.filter((time) => day <= time && time < next).length);
    days.push({ from: day, to: Math.min(next, to), changes: Math.max(...changes) });
  }
  return days;
}

function laneOf(lanes: Map<string, Lane>, hostname: string, address: string): Lane {
  const family: Family = address.includes(':') ? 'ipv6' : 'ipv4';
  const key = `${family} ${hostname}`;
  const lane = lanes.get(key) ?? { hostname, family, stays: [], outages: [], changes: [] };
  lanes.set(key, lane);
  return lane;
}

/** Continues a lane with one item. A span without an end lasts until the end of the chart. */
function follow(lane: Lane, item: HistoryItem, address: string, time: number): void {
  const stay = lane.stays.at(-1);
  const outage = lane.outages.at(-1);
  if (item.what.kind !== 'accepted') {
    if (outage?.to === Infinity) {
      // Items are in the order of their last times, and one that was repeated may have begun sooner.
      if (stay?.to === outage.from) stay.to = Math.min(stay.to, time);
      outage.from = Math.min(outage.from, time);
      return;
    }
    if (stay) stay.to = time;
    lane.outages.push({ from: time, to: Infinity });
    return;
  }
  if (outage?.to === Infinity) outage.to = time;
  if (stay?.to === Infinity && stay.address === address) return;
  if (stay?.to === Infinity) stay.to = time;
  lane.stays.push({ address, from: time, to: Infinity });
  if (stay && stay.address !== address) lane.changes.push(time);
}

function within(lane: Lane, from: number, to: number): Lane {
  const cut = <S extends Span>(spans: S[]): S[] =>
    spans.map((span) => ({ ...span, from: Math.max(span.from, from), to: Math.min(span.to, to) })).filter((span) => span.from < span.to);
  return { ...lane, stays: cut(lane.stays), outages: cut(lane.outages), changes: lane.changes.filter((time) => time >= from) };
}

/** The lanes by the length of their outages, then by the number of changes. */
export const eventful = (lanes: Lane[]): Lane[] =>
  lanes.toSorted((one, other) => together(other.outages) - together(one.outages) || other.changes.length - one.changes.length);

/** The total length of spans, in milliseconds. */
export const together = (spans: Span[]): number => spans.reduce((sum, { from, to }) => sum + to - from, 0);

/** The ticks of the axis: round times, about five. */
export function ticks({ from, to }: Span): { at: number; isDay: boolean }[] {
  const hours = [1, 3, 6, 12].find((step) => (to - from) / (step * 3600_000) <= 5);
  const days = [1, 2, 5, 7].find((step) => (to - from) / (step * dayLength) <= 5) ?? 7;
  const found: { at: number; isDay: boolean }[] = [];
  const midnight = dayOf(from);
  for (let count = 1; ; count += 1) {
    const at = hours ? midnight + count * hours * 3600_000 : dayOf(from, count * days);
    if (at >= to) return found;
    if (at > from) found.push({ at, isDay: !hours || dayOf(at) === at });
  }
}
