/** One entry while it is being edited. */
import type { EntryForm } from '../../bindings/EntryForm';
import type { SecretChange } from '../../bindings/SecretChange';
import { blank } from './blank';
import { byHostname, chosen, choose, spdyn } from './services';

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
  /** The service or server was chosen by hand, or saved: no host name changes it. */
  isServiceChosen = false;
  /** As it is saved. */
  private saved = $state('');
  /** As it is typed, without what follows its changes. Among thousands, only what was touched is taken anew. */
  readonly plain = $derived($state.snapshot(this.form));
  private readonly typed = $derived(JSON.stringify(this.plain));
  /** Tells whether anything that would be saved differs from another time. */
  readonly fingerprint = $derived(`${this.typed} ${JSON.stringify(this.change())}`);
  /** Whether something of it is still to be saved. */
  readonly isUnsaved = $derived(this.id === null || this.typed !== this.saved || this.change().kind !== 'keep');

  constructor(form?: EntryForm) {
    if (form) this.take(form);
  }

  take(form: EntryForm): void {
    this.id = form.id ?? null;
    this.isServiceChosen = true;
    this.form = { ...form };
    this.saved = JSON.stringify(form);
  }

  /** Goes on as the entry that was saved as this; none, when it is gone. What was typed stays. */
  become(saved: EntryForm | null): void {
    this.id = saved?.id ?? null;
    // In the order of what is saved: the two are compared as text.
    this.form = { ...saved, ...this.form, id: this.id };
    this.saved = JSON.stringify(saved);
  }

  /** Makes it an entry of that service, by hand. */
  choose(choice: string): void {
    this.isServiceChosen = true;
    choose(this.form, choice);
  }

  /** A host name was typed: its ending tells the service, until one is chosen by hand. */
  recognise(): void {
    if (this.isServiceChosen) return;
    const service = byHostname(this.form.hostname)?.id ?? spdyn;
    if (service !== chosen(this.form)) choose(this.form, service);
  }

  /** Takes the login that was saved by other means; what else was typed stays. */
  takeLogin(saved: EntryForm): void {
    this.form.login = saved.login;
    this.form.user = saved.user;
    this.saved = JSON.stringify(saved);
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
