/** The form from what is saved, through what is typed, to what is saved again. */
import type { Form } from '../../bindings/Form';
import type { Rejection } from '../../bindings/Rejection';
import type { RetryableError } from '../../bindings/RetryableError';
import { live, type Guard } from '../../live.svelte';
import { importing } from '../import/importing.svelte';
import { Draft } from './draft.svelte';

/** The phases of saving. */
export type Phase = 'editing' | 'saving' | 'saved';

/** The editing state that first steps and ordinary form share, so that nothing typed is lost from one to the other. */
export class Editing implements Guard {
  draft = $state.raw<Draft | null>(null);
  phase = $state<Phase>('editing');
  /** The reason why the last save was rejected. */
  rejection = $state.raw<Rejection | null>(null);
  /** The reason why a secret stays that was to go with the last save. */
  secretStays = $state.raw<RetryableError | null>(null);
  /** The saved form that the draft started from. */
  private shown = '';
  /** The entries that were fetched because the form lacked them. */
  private asked = '';

  /** Fetches the saved form. */
  fetch(): void {
    void live.ask({ request: 'form' }).then((response) => {
      if (response?.answer === 'form') live.form = response.form;
    });
  }

  /** Shows the saved form. It may come late, or change elsewhere, but never replaces what was typed. */
  follow(form: Form | null): void {
    if (!form || this.isDirty() || JSON.stringify(form) === this.shown) return;
    this.show(form);
  }

  /** Fetches entries that the command line imported: saving the form without them would remove them again. */
  followEntries(): void {
    const known = new Set(live.form?.entries.map((entry) => entry.id));
    const unknown = live.snapshot?.entries.map((entry) => entry.id).filter((id) => !known.has(id)) ?? [];
    const ids = unknown.join();
    if (!live.form || ids === '' || ids === this.asked || this.phase === 'saving' || importing.phase === 'taking') return;
    this.asked = ids;
    void live.ask({ request: 'form' }).then((response) => {
      if (response?.answer !== 'form' || this.phase === 'saving') return;
      this.join(response.form);
      live.form = response.form;
    });
  }

  isDirty(): boolean {
    return this.draft?.isDirty() ?? false;
  }

  discard(): void {
    if (live.form) this.show(live.form);
    if (live.snapshot) live.follow(live.snapshot);
    this.rejection = null;
    this.phase = 'editing';
  }

  join(saved: Form): void {
    if (this.draft?.isDirty()) this.draft.join(saved);
  }

  /** Saves the form. False if that was rejected, or nobody answered. */
  async save(): Promise<boolean> {
    if (!this.draft || this.phase === 'saving') return false;
    this.phase = 'saving';
    this.rejection = null;
    this.secretStays = null;
    const sent = this.draft.send();
    const response = await live.ask({ request: 'save', ...sent });
    this.phase = 'editing';
    if (response?.answer === 'saved') {
      this.draft.adopt(response.form, sent, response.ids);
      this.shown = JSON.stringify(response.form);
      live.form = response.form;
      this.secretStays = response.secretStays ?? null;
      this.phase = 'saved';
      return true;
    }
    if (response?.answer === 'refused') this.refuse(response.refusal);
    return false;
  }

  /** Called on input: the last save's result is outdated. */
  typed(): void {
    if (this.phase === 'saved') this.phase = 'editing';
  }

  private refuse(rejection: Rejection): void {
    this.rejection = rejection;
    if (rejection.kind === 'fields') this.draft?.blame(rejection.errors);
    if (rejection.kind !== 'changedMeanwhile') return;
    this.draft?.disagree(rejection.conflicts, rejection.form);
    live.form = rejection.form;
    this.shown = JSON.stringify(rejection.form);
  }

  /** Takes over what somebody else has saved meanwhile, wherever it touches what is typed. */
  takeNewer(): void {
    this.draft?.takeNewer();
    this.rejection = null;
  }

  private show(form: Form): void {
    this.draft = new Draft(form);
    this.shown = JSON.stringify(form);
  }
}
