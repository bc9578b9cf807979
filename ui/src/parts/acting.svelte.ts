/** Requests that a page sends to the always-on program, one at a time. */
import type { Request } from '../bindings/Request';
import { live } from '../live.svelte';
import { rejection } from '../texts/codes';
import { t } from '../texts/texts.svelte';

/** The requests of one part of a page, and the reason why the last of them wasn't carried out. */
export class Acting {
  isAsking = $state(false);
  failed = $state<string | null>(null);

  /** Sends a request unless another is under way. True when it was carried out. */
  async act(request: Request): Promise<boolean> {
    if (this.isAsking) return false;
    this.isAsking = true;
    this.failed = null;
    const response = await live.ask(request);
    this.isAsking = false;
    if (response?.answer === 'refused') this.failed = rejection(response.refusal);
    else if (response && response.answer !== 'done') this.failed = t('not-done');
    return response?.answer === 'done';
  }
}
