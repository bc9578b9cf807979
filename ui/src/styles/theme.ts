/** Light or dark for the whole window; `tokens.css` has both. */
import type { ThemeChoice } from '../bindings/ThemeChoice';

/** Chooses light, dark or the system's choice. */
export function chooseTheme(chosen: ThemeChoice): void {
  const root = document.documentElement;
  if (chosen === 'system') delete root.dataset.theme;
  else root.dataset.theme = chosen;
}
