/** Light or dark, for the whole window at once; `tokens.css` has both. */
import type { ThemeChoice } from '../bindings/ThemeChoice';

/** Chooses light or dark, or leaves it to the system. */
export function chooseTheme(chosen: ThemeChoice): void {
  const root = document.documentElement;
  if (chosen === 'system') delete root.dataset.theme;
  else root.dataset.theme = chosen;
}
