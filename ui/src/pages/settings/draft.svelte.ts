/** The form while it is being edited. Nothing typed is lost until the program has saved it. */
import type { EntryForm } from '../../bindings/EntryForm';
import type { Field } from '../../bindings/Field';
import type { FieldError } from '../../bindings/FieldError';
import type { Form } from '../../bindings/Form';
import type { Problem } from '../../bindings/Problem';
import type { SaveRequest } from '../../bindings/SaveRequest';
import type { SecretChange } from '../../bindings/SecretChange';

/** What a new entry starts with: as `EntryForm::default` in the core. */
const blank: EntryForm = {
  enabled: true,
  hostname: '',
  login: 'token',
  user: '',
  server: 'update.spdyn.de',
  webresolver: true,
  protocol: 'both',
  addressFrom: 'webresolver',
  fixedIpv4: '',
  fixedIpv6: '',
};

let lastKey = 0;

/** One entry being edited. */
export class EntryDraft {
  /** Stays the same through adding, removing and saving; unlike `id`, new entries have one too. */
  readonly key = ++lastKey;
  id = $state<number | null>(null);
  form = $state<EntryForm>({ ...blank });
  /** Typed, never filled in from anywhere. */
  secret = $state('');
  /** A saved secret is to be typed anew. */
  isReplacing = $state(false);
  /** The saved secret is to go. */
  isForgotten = $state(false);
  /** To be removed when saving. */
  isRemoved = $state(false);

  constructor(form?: EntryForm) {
    if (form) this.take(form);
  }

  take(form: EntryForm): void {
    this.id = form.id ?? null;
    this.form = { ...form };
  }

  /** Whether removing it would lose nothing. */
  isBlank(): boolean {
    return this.id === null && this.form.hostname.trim() === '' && this.secret === '';
  }

  change(): SecretChange {
    if (this.isForgotten) return { kind: 'remove' };
    return this.secret === '' ? { kind: 'keep' } : { kind: 'replace', secret: this.secret };
  }
}

/** Whose field it is: an entry's, a row's in the list of further web resolvers, or nobody's in particular. */
type Place = EntryDraft | number | null;
type Shared = Omit<Form, 'entries'>;

/** The whole form being edited, with the mistakes that the program found in it. */
export class Draft {
  entries = $state<EntryDraft[]>([]);
  shared = $state() as Shared;
  private errors = $state<Record<string, Problem>>({});
  private saved = $state('');

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

  /** Marks an entry for removal; one without anything typed goes at once. */
  remove(entry: EntryDraft): void {
    if (entry.isBlank()) this.entries = this.entries.filter((other) => other.key !== entry.key);
    else entry.isRemoved = true;
  }

  /** What is to be saved. */
  request(): SaveRequest {
    const kept = this.kept();
    return {
      form: { ...$state.snapshot(this.shared), entries: kept.map((entry) => $state.snapshot(entry.form)) },
      secrets: kept.map((entry) => entry.change()),
    };
  }

  isDirty(): boolean {
    return this.fingerprint() !== this.saved;
  }

  /** Takes what was saved. What was typed while saving stays, as a change still to be saved. */
  adopt(form: Form, sent: SaveRequest): void {
    const untouched = JSON.stringify(this.request()) === JSON.stringify(sent);
    this.errors = {};
    this.entries = this.kept();
    this.entries.forEach((entry, index) => {
      const saved = form.entries[index];
      const change = sent.secrets[index];
      if (!saved) return;
      entry.id = saved.id ?? null;
      entry.form = untouched ? { ...saved } : { ...entry.form, id: saved.id };
      if (change?.kind !== 'replace' || change.secret === entry.secret) entry.secret = '';
      entry.isReplacing = false;
      entry.isForgotten = false;
    });
    if (untouched) this.shared = sharedOf(form);
    if (this.entries.length === 0) this.add();
    this.saved = untouched ? this.fingerprint() : '';
  }

  /** Takes what an import saved, `before` being what was saved until then. What was typed stays, still to be saved. */
  join(form: Form, before: Form): void {
    for (const saved of form.entries) {
      const mine = this.entries.find((entry) => entry.id === saved.id);
      const old = before.entries.find((entry) => entry.id === saved.id);
      if (!mine) this.entries.push(new EntryDraft(saved));
      else if (old?.login !== saved.login || old.user !== saved.user) Object.assign(mine.form, { login: saved.login, user: saved.user });
    }
  }

  /** Takes the mistakes that the program found; they count entries as they were sent. */
  blame(errors: FieldError[]): void {
    const kept = this.kept();
    this.errors = {};
    for (const { entry, field, problem } of errors) {
      const at = entry === null || isRows(field) ? entry : (kept[entry] ?? null);
      if (at instanceof EntryDraft && field === 'secret') at.isReplacing = true;
      this.errors[place(at, field)] ??= problem;
    }
  }

  /** The mistake at a field. */
  error(at: Place, field: Field): Problem | undefined {
    return this.errors[place(at, field)];
  }

  /** A field was edited: what was said about it no longer holds. */
  forgive(at: Place, field: Field): void {
    delete this.errors[place(at, field)];
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
    return JSON.stringify(this.request());
  }
}

/** The fields of a further web resolver. */
export const rowFields = ['fallBackIpv4', 'fallBackIpv6'] as const satisfies Field[];
const isRows = (field: Field): boolean => rowFields.some((of) => of === field);

function place(at: Place, field: Field): string {
  return `${at instanceof EntryDraft ? at.key : (at ?? '')}:${field}`;
}

function sharedOf(form: Form): Shared {
  const { entries: _, ...shared } = form;
  return shared;
}
