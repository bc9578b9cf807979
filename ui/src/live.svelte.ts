/** The state that all pages share: the last snapshot, the saved form, the connection, the page. */
import * as bridge from './bridge';
import type { EntryForm } from './bindings/EntryForm';
import type { EntryId } from './bindings/EntryId';
import type { EntryStatus } from './bindings/EntryStatus';
import type { Form } from './bindings/Form';
import type { LoginKind } from './bindings/LoginKind';
import type { Page } from './bindings/Page';
import type { Request } from './bindings/Request';
import type { Response } from './bindings/Response';
import type { Snapshot } from './bindings/Snapshot';
import type { SnapshotChange } from './bindings/SnapshotChange';
import { changed } from './change';
import type { Place } from './pages/help/documents';
import { chooseTheme } from './styles/theme';
import { chooseLanguage } from './texts/texts.svelte';

/** The help, which only the window knows: no other program opens it. */
interface HelpPage {
  page: 'help';
  /** A chapter and its section; all chapters without one. */
  place?: Place;
}

/** A page of the window, and the help. */
export type ShownPage = Page | HelpPage;

/** A page that may have unsaved changes. */
export interface Guard {
  /** True if something would be lost. */
  isDirty(): boolean;
  /** Saves. False if that was refused. */
  save(): Promise<boolean>;
  /** Discards the changes. */
  discard(): void;
  /** Takes over a form that was saved elsewhere, and keeps what was typed. */
  join?(saved: Form): void;
}

class Live {
  snapshot = $state.raw<Snapshot | null>(null);
  /** The entries by identity: with thousands, each is looked up at every snapshot. */
  private readonly entries = $derived(new Map(this.snapshot?.entries.map((entry) => [entry.id, entry])));
  form = $state.raw<Form | null>(null);
  /** Set by the window program alone, so that each state has one banner. */
  connection = $state<bridge.Connection>('connecting');
  /** The versions of window and program, where they differ. */
  versions = $state<bridge.Versions | null>(null);
  page = $state.raw<ShownPage | null>(null);
  /** The page from which somebody came to the help. */
  beforeHelp = $state.raw<Page | null>(null);
  /** The page to go to once the person has decided about unsaved changes. */
  wanted = $state.raw<ShownPage | 'closed' | null>(null);
  /** The id of the settings' field to go to; used once. */
  field = $state<string | null>(null);
  guard: Guard | null = null;
  /** Something is under way, and its end must be seen: the window stays open. */
  private busy = $state(false);
  /** The person tried to close the window meanwhile. */
  isKept = $state(false);

  set isBusy(busy: boolean) {
    this.busy = busy;
    this.isKept = false;
  }

  /** Sends a request. Null if the always-on program can't be reached; a banner says so then. */
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
    // One that was pushed meanwhile is newer.
    if (status?.answer === 'snapshot' && status.snapshot.revision >= (this.snapshot?.revision ?? 0)) this.take(status.snapshot);
    if (form?.answer === 'form') this.form = form.form;
  }

  /** Takes a new snapshot. Language and theme follow it if they have changed. */
  take(snapshot: Snapshot): void {
    if (this.snapshot?.language !== snapshot.language) chooseLanguage(snapshot.language);
    if (this.snapshot?.theme !== snapshot.theme) chooseTheme(snapshot.theme);
    this.snapshot = snapshot;
  }

  /** Takes a change of the snapshot. One that was made already is passed over; where one is missing, all is fetched. */
  change(change: SnapshotChange): void {
    if (!this.snapshot || change.snapshot.revision <= this.snapshot.revision) return;
    const next = changed(this.snapshot, change);
    if (next) this.take(next);
    else void this.refresh();
  }

  /** Returns to the saved language and theme after others were tried. */
  follow(snapshot: Snapshot): void {
    chooseLanguage(snapshot.language);
    chooseTheme(snapshot.theme);
  }

  /** Makes `guard` be asked before its page is left. Returns how to end that. */
  protect(guard: Guard): () => void {
    this.guard = guard;
    return () => {
      if (this.guard === guard) this.guard = null;
    };
  }

  /** Goes to a page. If there are unsaved changes, the person is asked first. */
  go(page: ShownPage): void {
    const isElsewhere = JSON.stringify(this.page) !== JSON.stringify(page);
    if (isElsewhere && this.guard?.isDirty()) this.wanted = page;
    else this.turnTo(page);
  }

  /** Opens the help, at a place or with all chapters. */
  help(place?: Place): void {
    this.go(place ? { page: 'help', place } : { page: 'help' });
  }

  private turnTo(page: ShownPage): void {
    if (page.page === 'help' && this.page && this.page.page !== 'help') this.beforeHelp = this.page;
    this.page = page;
  }

  /** Goes there without asking about unsaved changes. */
  async leaveTo(wanted: ShownPage | 'closed'): Promise<void> {
    if (wanted === 'closed') await bridge.close();
    else this.turnTo(wanted);
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

  /** The login of an entry. An entry that is gone most probably used a token. */
  login(id: EntryId): LoginKind {
    return this.entry(id)?.login ?? 'token';
  }

  /** An entry of the saved form. */
  saved(id: EntryId | null | undefined): EntryForm | undefined {
    return this.form?.entries.find((entry) => entry.id === id);
  }

  /** Starts listening and shows the first page. Returns how to stop. */
  async start(): Promise<() => void> {
    const stops = await Promise.all([
      bridge.onSnapshot((snapshot) => this.take(snapshot)),
      bridge.onChange((change) => this.change(change)),
      bridge.onShow((page) => this.go(page)),
      bridge.onClose(() => {
        // Whoever closes twice means it: nobody may be locked in.
        if (this.busy && !this.isKept) return (this.isKept = true);
        if (this.busy) return false;
        const stays = this.wanted !== 'closed' && this.guard?.isDirty() === true;
        if (stays) this.wanted = 'closed';
        return stays;
      }),
      bridge.onVersions((versions) => (this.versions = versions)),
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
