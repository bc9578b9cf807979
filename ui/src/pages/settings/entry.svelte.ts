/** One entry while it is being edited. */
import type { EntryForm } from '../../bindings/EntryForm';
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

  /** Goes on as the entry with that identity; what was typed stays. */
  become(id: number | null): void {
    this.id = id;
    this.form = { ...this.form, id };
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
