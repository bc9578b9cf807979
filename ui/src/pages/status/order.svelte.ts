/** Keeps the lines where they are while somebody is at them: none moves away from under a hand. */
import type { EntryId } from '../../bindings/EntryId';
import type { EntryStatus } from '../../bindings/EntryStatus';

/** So long after the last sign of a hand, the lines go to their places. */
const calm = 3000;

export class Order {
  private isHeld = $state(false);
  private release: ReturnType<typeof setTimeout> | undefined;
  /** What was shown last, and what for. */
  private shown: EntryId[] = [];
  private asked = '';

  /** Somebody points at a line, or moves from one to the next. */
  touch(): void {
    this.isHeld = true;
    clearTimeout(this.release);
    this.release = setTimeout(() => (this.isHeld = false), calm);
  }

  /** The entries as they are to be shown; as they were, while they are held and the same is asked for. */
  of(asked: string, arrange: () => EntryStatus[], entry: (id: EntryId) => EntryStatus | undefined): EntryStatus[] {
    if (this.isHeld && asked === this.asked) return this.shown.flatMap((id) => entry(id) ?? []);
    const entries = arrange();
    this.shown = entries.map(({ id }) => id);
    this.asked = asked;
    return entries;
  }

  stop(): void {
    clearTimeout(this.release);
  }
}
