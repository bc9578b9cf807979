/** Moving the focus. */
import { tick } from 'svelte';

/** Focuses the part of that name inside `within`. */
export function focusPart(within: HTMLElement | undefined, testid: string): void {
  within?.querySelector<HTMLElement>(`[data-testid="${testid}"]`)?.focus();
}

/** Focuses the control of the line at that place once it exists: after "more", the keyboard continues at the first new line. */
export async function focusLine(list: HTMLElement | undefined, place: number): Promise<void> {
  await tick();
  list?.children[place]?.querySelector<HTMLElement>('button, input')?.focus();
}
