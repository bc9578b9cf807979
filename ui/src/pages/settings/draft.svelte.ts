/** The form while it is being edited. Nothing typed is lost until the program has saved it. */
import type { Field } from '../../bindings/Field';
import type { FieldError } from '../../bindings/FieldError';
import type { Form } from '../../bindings/Form';
import type { SaveRequest } from '../../bindings/SaveRequest';
import { EntryDraft } from './entry.svelte';

/** Whose field it is: an entry's, a row's in the list of further web resolvers, or nobody's in particular. */
type Place = EntryDraft | number | null;
/** Where an entry moves in the list. */
export type Way = 'up' | 'down';
type Shared = Omit<Form, 'entries'>;

/** The whole form being edited, with the mistakes that the program found in it. */
export class Draft {
  entries = $state<EntryDraft[]>([]);
  shared = $state() as Shared;
  private errors = $state<Record<string, FieldError>>({});
  private saved = $state('');
  /** The entries as they were sent: answers count these, whatever was moved, added or removed meanwhile. */
  private sent: EntryDraft[] = [];
  /** Those that were to go then. One that is brought back while saving is gone from the program: it is a new entry. */
  private leaving: EntryDraft[] = [];

  constructor(form: Form) {
    this.entries = form.entries.map((entry) => new EntryDraft(entry));
    this.shared = sharedOf(form);
    if (this.entries.length === 0) this.add();
    this.saved = this.fingerprint();
  }

  add(): EntryDraft {
    const entry = new EntryDraft();
    this.entries.push(entry);
    return entry;
  }

  /** Marks an entry for removal; a blank one goes at once. */
  remove(entry: EntryDraft): void {
    if (entry.isBlank()) this.entries = this.entries.filter((other) => other.key !== entry.key);
    else entry.isRemoved = true;
  }

  /** Puts a copy right behind an entry. It is a new entry: it has no identity and no secret yet. */
  duplicate(entry: EntryDraft): EntryDraft {
    const copy = new EntryDraft({ ...$state.snapshot(entry.form), id: null });
    this.entries.splice(this.entries.indexOf(entry) + 1, 0, copy);
    return copy;
  }

  /** Moves an entry past its neighbour, ignoring entries to be removed. False at the end of the list. */
  move(entry: EntryDraft, way: Way): boolean {
    const kept = this.kept();
    const neighbour = kept[kept.indexOf(entry) + (way === 'up' ? -1 : 1)];
    if (!neighbour) return false;
    const others = this.entries.filter((other) => other !== entry);
    others.splice(others.indexOf(neighbour) + (way === 'up' ? 0 : 1), 0, entry);
    this.entries = others;
    return true;
  }

  /** The form to save, which is sent now. */
  send(): SaveRequest {
    this.sent = this.kept();
    this.leaving = this.entries.filter((entry) => entry.isRemoved);
    return this.request();
  }

  /** The form to save. */
  request(): SaveRequest {
    const kept = this.kept();
    return {
      form: { ...$state.snapshot(this.shared), entries: kept.map((entry) => entry.plain) },
      secrets: kept.map((entry) => entry.change()),
    };
  }

  isDirty(): boolean {
    return this.fingerprint() !== this.saved;
  }

  /** Takes what was saved. Anything typed while saving is kept as an unsaved change. */
  adopt(form: Form, sent: SaveRequest): void {
    const untouched = JSON.stringify(this.request()) === JSON.stringify(sent);
    this.errors = {};
    const places = new Map(this.sent.map((entry, index) => [entry, index]));
    const leaving = new Set(this.leaving);
    this.entries = this.entries.filter((entry) => !(entry.isRemoved && leaving.has(entry)));
    this.entries.forEach((entry) => {
      const index = places.get(entry) ?? -1;
      const saved = form.entries[index];
      const change = sent.secrets[index];
      if (!saved || !change) {
        if (leaving.has(entry)) entry.become(null);
        return;
      }
      if (untouched) entry.take(saved);
      else entry.become(saved);
      if (change.kind !== 'replace' || change.secret === entry.secret) entry.secret = '';
      entry.isReplacing = false;
      entry.isForgotten = false;
    });
    if (untouched) this.shared = sharedOf(form);
    if (this.entries.length === 0) this.add();
    this.saved = untouched ? this.fingerprint() : '';
  }

  /** Takes what an import saved; `before` was saved until then. Anything typed is kept as an unsaved change. */
  join(form: Form, before: Form): void {
    const mine = new Map(this.entries.map((entry) => [entry.id, entry]));
    const old = new Map(before.entries.map((entry) => [entry.id, entry]));
    for (const saved of form.entries) {
      const known = mine.get(saved.id ?? null);
      const was = old.get(saved.id);
      if (!known) this.entries.push(new EntryDraft(saved));
      else if (was?.login !== saved.login || was.user !== saved.user) known.takeLogin(saved);
    }
  }

  /** Takes the mistakes that the program found. */
  blame(errors: FieldError[]): void {
    this.errors = {};
    for (const error of errors) {
      const { entry, field } = error;
      const at = entry === null || isRows(field) ? entry : (this.sent[entry] ?? null);
      if (at instanceof EntryDraft && field === 'secret') at.isReplacing = true;
      this.errors[keyOf(at, field)] ??= error;
    }
  }

  /** The mistake at a field. */
  error(at: Place, field: Field): FieldError | undefined {
    return this.errors[keyOf(at, field)];
  }

  /** How many mistakes the entries have that have any, by their keys. */
  readonly mistakes: ReadonlyMap<number, number> = $derived.by(() => {
    const counts = new Map<number, number>();
    for (const [key, field] of Object.keys(this.errors).map((at) => at.split(':') as [string, Field])) {
      if (key !== '' && !isRows(field)) counts.set(Number(key), (counts.get(Number(key)) ?? 0) + 1);
    }
    return counts;
  });

  /** A field was edited: what was said about it no longer holds. */
  forgive(at: Place, field: Field): void {
    delete this.errors[keyOf(at, field)];
  }

  addFallBack(): void {
    this.shared.fallBacks.push({ enabled: true, ipv4: '', ipv6: '' });
  }

  /** Removes a row; what was said about the rows counted them as they were. */
  removeFallBack(row: number): void {
    this.shared.fallBacks.forEach((_, at) => rowFields.forEach((field) => this.forgive(at, field)));
    this.shared.fallBacks.splice(row, 1);
  }

  private kept(): EntryDraft[] {
    return this.entries.filter((entry) => !entry.isRemoved);
  }

  private fingerprint(): string {
    return [JSON.stringify(this.shared), ...this.kept().map((entry) => entry.fingerprint)].join('\n');
  }
}

/** The fields of a further web resolver. */
export const rowFields = ['fallBackIpv4', 'fallBackIpv6'] as const satisfies Field[];
const isRows = (field: Field): boolean => rowFields.some((of) => of === field);

function keyOf(at: Place, field: Field): string {
  return `${at instanceof EntryDraft ? at.key : (at ?? '')}:${field}`;
}

function sharedOf(form: Form): Shared {
  const { entries: _, ...shared } = form;
  return shared;
}
