/** One entry while it is being edited. */
import type { EntryForm } from '../../bindings/EntryForm';
import type { SecretChange } from '../../bindings/SecretChange';
import { blank } from './blank';
import { leadingTheSecret, rebased } from './rebase';
import { byHostname, chosen, choose, spdyn } from './services';

let lastKey = 0;

/** An entry of the form, with what was typed. */
export class EntryDraft {
  /** Never changes while entries are added, removed and saved. Unlike `id`, new entries have it too. */
  readonly key = ++lastKey;
  id = $state<number | null>(null);
  form = $state<EntryForm>({ ...blank });
  /** Always typed, never filled in. */
  secret = $state('');
  /** The saved secret is being replaced. */
  isReplacing = $state(false);
  /** The saved secret will be removed. */
  isForgotten = $state(false);
  /** The entry will be removed by the next save. */
  isRemoved = $state(false);
  /** The service or server was chosen by hand, or saved: a host name doesn't change it. */
  isServiceChosen = false;
  /** The saved entry, as text. */
  private saved = $state('');
  /** A plain copy of the typed entry. Among thousands, only a changed one is copied again. */
  readonly plain = $derived($state.snapshot(this.form));
  private readonly typed = $derived(JSON.stringify(this.plain));
  /** Differs if anything that would be saved has changed. */
  readonly fingerprint = $derived(`${this.typed} ${JSON.stringify(this.change())}`);
  /** True if it has unsaved changes. */
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

  /** Becomes the entry that was saved, or a new one if that is gone. What was typed is kept. */
  become(saved: EntryForm | null): void {
    this.id = saved?.id ?? null;
    // The fields keep the saved order, because the two are compared as text.
    this.form = { ...saved, ...this.form, id: this.id };
    this.saved = JSON.stringify(saved);
  }

  /** Takes the service that was chosen by hand. */
  choose(choice: string): void {
    this.isServiceChosen = true;
    choose(this.form, choice);
  }

  /** Takes the service that the typed host name's ending belongs to, unless one was chosen by hand. */
  recognise(): void {
    if (this.isServiceChosen) return;
    const service = byHostname(this.form.hostname)?.id ?? spdyn;
    if (service !== chosen(this.form)) choose(this.form, service);
  }

  /**
   * Puts what is typed on top of the entry that was saved elsewhere; `before` is the one that it was typed on. Returns the
   * one that it counts as typed on from now on.
   */
  rebase(before: EntryForm, saved: EntryForm, isSeen: boolean): EntryForm {
    const bound = this.change().kind === 'replace' ? leadingTheSecret : [];
    const { form, base } = rebased(this.plain, before, saved, isSeen, bound);
    this.form = { ...form, id: this.id };
    this.saved = JSON.stringify(saved);
    return base;
  }

  /** True if removing it loses nothing. */
  isBlank(): boolean {
    return this.id === null && this.form.hostname.trim() === '' && this.secret === '';
  }

  change(): SecretChange {
    if (this.isForgotten) return { kind: 'remove' };
    return this.secret === '' ? { kind: 'keep' } : { kind: 'replace', secret: this.secret };
  }
}
