/** What was sent lately, fetched anew when something ended. */
import type { HistoryItem } from '../../bindings/HistoryItem';
import { live } from '../../live.svelte';
import { updateResult } from '../../texts/codes';
import { matcher } from '../../texts/search';

/** So many are shown; the saved file has all. */
const usual = 500;
/** So many are searched: of thousands of hosts, the newest are one round's. */
const searched = 5000;
/** While many update, something ends many times a second: between two fetches there is a pause, in milliseconds. */
const pause = 1500;

interface Wanted {
  hasMany: boolean;
  isSearched: boolean;
}

export class Recent {
  items = $state.raw<HistoryItem[] | null>(null);
  private isFetching = false;
  /** Asked for while another fetch was under way. */
  private next: Wanted | null = null;
  private isStopped = false;
  /** Whether the last fetch was for a search. */
  private isDeep = false;
  /** Ends the pause. */
  private wake: () => void = () => {};

  /** Fetches, one at a time; what is asked for meanwhile comes next. Whoever begins to search isn't kept waiting. */
  async fetch(wanted: Wanted): Promise<void> {
    this.next = wanted;
    if (this.beginsSearch()) this.wake();
    if (this.isFetching) return;
    this.isFetching = true;
    while (this.next && !this.isStopped) {
      const { hasMany, isSearched }: Wanted = this.next;
      this.next = null;
      this.isDeep = isSearched;
      const response = await live.ask({ request: 'history', limit: isSearched ? searched : usual });
      if (response?.answer === 'history') this.items = response.items;
      if (hasMany && !this.beginsSearch()) await this.rest();
    }
    this.isFetching = false;
  }

  stop(): void {
    this.isStopped = true;
    this.wake();
  }

  private beginsSearch(): boolean {
    return this.next?.isSearched === true && !this.isDeep;
  }

  private rest(): Promise<void> {
    return new Promise((done) => {
      this.wake = done;
      setTimeout(done, this.isDeep ? 3 * pause : pause);
    });
  }
}

/** The items with all words of `words` in host name, addresses or result. */
export function found(items: HistoryItem[], words: string): HistoryItem[] {
  const matches = matcher(words);
  return items.filter(({ hostname, addresses, what, entry }) => matches(`${hostname} ${addresses} ${updateResult(what, hostname, live.login(entry))}`));
}
