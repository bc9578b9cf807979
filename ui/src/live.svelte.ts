/** What the whole window shares: the last snapshot, the saved form, the connection, the page. */
import * as bridge from './bridge';
import type { EntryId } from './bindings/EntryId';
import type { EntryStatus } from './bindings/EntryStatus';
import type { Form } from './bindings/Form';
import type { LoginKind } from './bindings/LoginKind';
import type { Page } from './bindings/Page';
import type { Request } from './bindings/Request';
import type { Response } from './bindings/Response';
import type { Snapshot } from './bindings/Snapshot';
import { chooseTheme } from './styles/theme';
import { chooseLanguage } from './texts/texts.svelte';

/** A page with unsaved changes stands in the way of leaving it. */
export interface Guard {
  /** Whether something would be lost. */
  isDirty(): boolean;
  /** Saves; false when that was refused. */
  save(): Promise<boolean>;
  /** Gives the changes up. */
  discard(): void;
  /** Takes what was saved by other means, and keeps what was typed. */
  join?(saved: Form): void;
}

class Live {
  snapshot = $state.raw<Snapshot | null>(null);
  /** By identity: each of thousands is asked for with every snapshot. */
  private readonly entries = $derived(new Map(this.snapshot?.entries.map((entry) => [entry.id, entry])));
  form = $state.raw<Form | null>(null);
  /** Only the window program sets it, so that one state is one banner. */
  connection = $state<bridge.Connection>('connecting');
  page = $state.raw<Page | null>(null);
  /** Where to go once the person has decided about unsaved changes. */
  wanted = $state.raw<Page | 'closed' | null>(null);
  /** The field of the settings that is wanted, by its id; shown once. */
  field = $state<string | null>(null);
  guard: Guard | null = null;
  /** Something is under way whose end must be seen: the window stays open for it. */
  private busy = $state(false);
  /** Closing was asked for meanwhile. */
  isKept = $state(false);

  set isBusy(busy: boolean) {
    this.busy = busy;
    this.isKept = false;
  }

  /** Asks; null when the always-on program can't be reached (the banner says so then). */
  async ask(request: Request): Promise<Response | null> {
    try {
      return await bridge.ask(request);
    } catch {
      return null;
    }
  }

  /** Fetches the snapshot and the saved form. */
  async refresh(): Promise<void> {
    const [status, form] = await Promise.all([this.ask({ request: 'status' }), this.ask({ request: 'form' })]);
    if (status?.answer === 'snapshot') this.take(status.snapshot);
    if (form?.answer === 'form') this.form = form.form;
  }

  /** Takes a new snapshot; language and theme follow when somebody changed them. */
  take(snapshot: Snapshot): void {
    if (this.snapshot?.language !== snapshot.language) chooseLanguage(snapshot.language);
    if (this.snapshot?.theme !== snapshot.theme) chooseTheme(snapshot.theme);
    this.snapshot = snapshot;
  }

  /** Has language and theme as they are saved, whatever was tried. */
  follow(snapshot: Snapshot): void {
    chooseLanguage(snapshot.language);
    chooseTheme(snapshot.theme);
  }

  /** Lets a page stand in the way of leaving it. Returns how to end that. */
  protect(guard: Guard): () => void {
    this.guard = guard;
    return () => {
      if (this.guard === guard) this.guard = null;
    };
  }

  /** Goes to a page, unless unsaved changes stand in the way: then the person is asked first. */
  go(page: Page): void {
    const isElsewhere = JSON.stringify(this.page) !== JSON.stringify(page);
    if (isElsewhere && this.guard?.isDirty()) this.wanted = page;
    else this.page = page;
  }

  /** Goes there, whatever is unsaved. */
  async leaveTo(wanted: Page | 'closed'): Promise<void> {
    if (wanted === 'closed') await bridge.close();
    else this.page = wanted;
  }

  /** Goes to one field of the settings. */
  goToField(id: string): void {
    this.field = id;
    this.go({ page: 'settings' });
  }

  /** The entry with that identity. */
  entry(id: EntryId): EntryStatus | undefined {
    return this.entries.get(id);
  }

  /** How an entry logs in; one that is gone most probably used a token. */
  login(id: EntryId): LoginKind {
    return this.entry(id)?.login ?? 'token';
  }

  /** Starts listening and shows the first page. Returns how to stop. */
  async start(): Promise<() => void> {
    const stops = await Promise.all([
      bridge.onSnapshot((snapshot) => this.take(snapshot)),
      bridge.onShow((page) => this.go(page)),
      bridge.onClose(() => {
        // Asked twice, it is meant: nobody may be kept in.
        if (this.busy && !this.isKept) return (this.isKept = true);
        if (this.busy) return false;
        const stays = this.wanted !== 'closed' && this.guard?.isDirty() === true;
        if (stays) this.wanted = 'closed';
        return stays;
      }),
      bridge.onConnection((connection) => {
        this.connection = connection;
        if (connection === 'connected') void this.refresh();
      }),
    ]);
    const [first] = await Promise.all([bridge.firstPage().catch(() => null), this.refresh()]);
    this.page ??= first ?? { page: 'status' };
    return () => stops.forEach((stop) => stop());
  }
}

/** The one instance; the window has one page at a time. */
export const live = new Live();
