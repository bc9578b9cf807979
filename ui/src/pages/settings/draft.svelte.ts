/** The form while it is being edited. Nothing typed is lost until the program has saved it. */
import type { EntryForm } from '../../bindings/EntryForm';
import type { EntryId } from '../../bindings/EntryId';
import type { Field } from '../../bindings/Field';
import type { FieldError } from '../../bindings/FieldError';
import type { Form } from '../../bindings/Form';
import type { FormConflict } from '../../bindings/FormConflict';
import type { FormField } from '../../bindings/FormField';
import type { SaveRequest } from '../../bindings/SaveRequest';
import { conflictsOf, type Conflict } from './conflicts';
import { EntryDraft } from './entry.svelte';
import { rebased } from './rebase';

/** Whose field it is: an entry's, a row's in the list of further web resolvers, or nobody's in particular. */
type Place = EntryDraft | number | null;
/** Where an entry moves in the list. */
export type Way = 'up' | 'down';
type Shared = Omit<Form, 'entries'>;

/** The whole form being edited, with the mistakes that the program found in it. */
export class Draft {
  entries = $state<EntryDraft[]>([]);
  shared = $state() as Shared;
  /** The places that were changed elsewhere, too, in another way. What is typed there is kept until the person decides. */
  conflicts = $state.raw<Conflict[]>([]);
  private errors = $state<Record<string, FieldError>>({});
  private saved = $state('');
  /** The saved form that the draft was made from. Where somebody else has changed what is typed here, it stays as it was seen. */
  private base: Form;
  /** The entries as they were sent: answers count these, whatever was moved, added or removed meanwhile. */
  private sent: EntryDraft[] = [];
  /** Those that were to go then. One that is brought back while saving is gone from the program: it is a new entry. */
  private leaving: EntryDraft[] = [];

  constructor(form: Form) {
    this.base = form;
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

  /** The form to save, and the one that it was made from. */
  request(): SaveRequest {
    const kept = this.kept();
    return {
      base: this.base,
      form: { ...$state.snapshot(this.shared), entries: kept.map((entry) => entry.plain) },
      secrets: kept.map((entry) => entry.change()),
    };
  }

  isDirty(): boolean {
    return this.fingerprint() !== this.saved;
  }

  /**
   * Takes what was saved; `ids` are those of the entries that were sent, which a program from before an update doesn't tell.
   * Anything typed while saving is kept as an unsaved change.
   */
  adopt(form: Form, sent: SaveRequest, ids: (EntryId | null)[] = form.entries.map(({ id }) => id ?? null)): void {
    const now = this.request();
    const untouched = JSON.stringify([now.form, now.secrets]) === JSON.stringify([sent.form, sent.secrets]);
    this.errors = {};
    this.conflicts = [];
    this.base = form;
    const places = new Map(this.sent.map((entry, index) => [entry, index]));
    const saved = new Map(form.entries.map((entry) => [entry.id, entry]));
    const leaving = new Set(this.leaving);
    this.entries = this.entries.filter((entry) => !(entry.isRemoved && leaving.has(entry)));
    this.entries.forEach((entry) => {
      const index = places.get(entry) ?? -1;
      const taken = saved.get(ids[index] ?? undefined);
      const change = sent.secrets[index];
      if (!taken || !change) {
        // Somebody else removed it, or it was to go.
        if (leaving.has(entry) || index >= 0) entry.become(null);
        return;
      }
      if (untouched) entry.take(taken);
      else entry.become(taken);
      if (change.kind !== 'replace' || change.secret === entry.secret) entry.secret = '';
      entry.isReplacing = false;
      entry.isForgotten = false;
    });
    if (untouched) {
      const mine = new Map(this.entries.map((entry) => [entry.id, entry]));
      this.entries = form.entries.map((entry) => mine.get(entry.id ?? null) ?? new EntryDraft(entry));
      this.shared = sharedOf(form);
    } else this.addUnknown(form);
    if (this.entries.length === 0) this.add();
    this.saved = untouched ? this.fingerprint() : '';
  }

  /** Takes over what was saved elsewhere. Anything typed is kept as an unsaved change, and what touches it isn't taken for seen. */
  join(form: Form): void {
    this.rebase(form, false);
  }

  /** Takes over what was saved elsewhere, and shows where what is typed here touches it: a save is about to undo that. */
  disagree(conflicts: FormConflict[], form: Form): void {
    this.conflicts = conflictsOf(conflicts, form, this.entries);
    this.rebase(form, true);
  }

  /** Takes over the newer value wherever somebody else has changed the same. */
  takeNewer(): void {
    for (const { entry, what, newer, saved } of this.conflicts) {
      if (what.kind === 'removed') this.entries = this.entries.filter((other) => other !== entry);
      else if (what.kind === 'changed' && saved) {
        if (entry) entry.isRemoved = false;
        else this.entries.push(new EntryDraft(saved));
      } else if (what.kind === 'field') Object.assign(entry?.form ?? this.shared, { [what.field]: newer });
    }
    this.conflicts = [];
    if (this.entries.length === 0) this.add();
  }

  /** The conflict at a field. */
  conflict(entry: EntryDraft | null, field: FormField): Conflict | undefined {
    return this.conflicts.find((conflict) => conflict.entry === entry && conflict.what.kind === 'field' && conflict.what.field === field);
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

  /** How many mistakes and conflicts the entries have that have any, by their keys. */
  readonly mistakes: ReadonlyMap<number, number> = $derived.by(() => {
    const counts = new Map<number, number>();
    for (const [key, field] of Object.keys(this.errors).map((at) => at.split(':') as [string, Field])) {
      if (key !== '' && !isRows(field)) counts.set(Number(key), (counts.get(Number(key)) ?? 0) + 1);
    }
    for (const { entry } of this.conflicts) if (entry) counts.set(entry.key, (counts.get(entry.key) ?? 0) + 1);
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

  /** Puts what is typed on top of a newer form; `isSeen` if the person is shown what it touches. */
  private rebase(form: Form, isSeen: boolean): void {
    const was = byId(this.base);
    const is = byId(form);
    const { entries: before, ...oldShared } = this.base;
    const shared = rebased($state.snapshot(this.shared) as Shared, oldShared, sharedOf(form), isSeen);
    this.shared = shared.form;
    const gone = new Set<EntryDraft>();
    const base = new Map<EntryId, EntryForm>();
    for (const entry of this.entries) {
      if (entry.id === null) continue;
      const [old, now] = [was.get(entry.id), is.get(entry.id)];
      if (now) base.set(entry.id, entry.rebase(old ?? now, now, isSeen));
      else if (!entry.isUnsaved || entry.isRemoved) gone.add(entry);
      else if (isSeen || !old) entry.become(null);
      else base.set(entry.id, old);
    }
    this.entries = this.entries.filter((entry) => !gone.has(entry));
    this.addUnknown(form);
    const kept = before.flatMap(({ id }) => base.get(id ?? -1) ?? []);
    this.base = { ...shared.base, entries: [...kept, ...form.entries.filter(({ id }) => !was.has(id ?? -1))] };
    if (this.entries.length === 0) this.add();
    this.saved = new Draft(form).fingerprint();
  }

  /** Adds the entries that somebody else has added. */
  private addUnknown(form: Form): void {
    const known = new Set(this.entries.map((entry) => entry.id));
    for (const entry of form.entries) if (!known.has(entry.id ?? null)) this.entries.push(new EntryDraft(entry));
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

function byId(form: Form): Map<EntryId, EntryForm> {
  return new Map(form.entries.flatMap((entry) => (entry.id == null ? [] : [[entry.id, entry]])));
}

function sharedOf(form: Form): Shared {
  const { entries: _, ...shared } = form;
  return shared;
}
