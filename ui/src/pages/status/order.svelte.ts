/** The order of the lines. It stays while somebody is at them, so that no line moves away from under the pointer. */
import type { EntryId } from '../../bindings/EntryId';
import type { EntryStatus } from '../../bindings/EntryStatus';

/** The time after the last movement until the lines are put in order, in milliseconds. */
const calm = 3000;

export class Order {
  private isHeld = $state(false);
  private release: ReturnType<typeof setTimeout> | undefined;
  /** The entries shown last, and the search they were for. */
  private shown: EntryId[] = [];
  private asked = '';

  /** Called when somebody points at a line, or moves to the next. */
  touch(): void {
    this.isHeld = true;
    clearTimeout(this.release);
    this.release = setTimeout(() => (this.isHeld = false), calm);
  }

  /** The entries in their order: the last one while it is held and the search is the same. */
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
