/** The last updates, fetched again when one has ended. */
import type { HistoryItem } from '../../bindings/HistoryItem';
import { live } from '../../live.svelte';
import { historyResult } from '../../texts/codes';
import { matcher } from '../../texts/search';

/** The number of items shown; the saved file has all. */
const usual = 500;
/** The number of items searched: with thousands of hosts, the newest are from one round. */
const searched = 5000;
/** The pause between two fetches, in milliseconds: while many update, something ends many times a second. */
const pause = 1500;

interface Wanted {
  hasMany: boolean;
  isSearched: boolean;
}

export class Recent {
  items = $state.raw<HistoryItem[] | null>(null);
  private isFetching = false;
  /** Wanted while another fetch was under way. */
  private next: Wanted | null = null;
  private isStopped = false;
  /** The last fetch was for a search. */
  private isDeep = false;
  /** Ends the pause. */
  private wake: () => void = () => {};

  /** Fetches, one at a time; a fetch wanted meanwhile comes next. The start of a search doesn't wait. */
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
  return items.filter((item) => matches(`${item.hostname} ${item.addresses} ${historyResult(item, live.login(item.entry), Date.now())}`));
}
