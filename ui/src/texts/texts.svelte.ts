/** The catalogue: all texts in the chosen language. They follow when another is chosen. */
import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle';
import deWindow from '$texts/de/window.ftl?raw';
import deWords from '$texts/de/words.ftl?raw';
import enWindow from '$texts/en/window.ftl?raw';
import enWords from '$texts/en/words.ftl?raw';
import type { LanguageChoice } from '../bindings/LanguageChoice';

/** A language that the catalogue has. */
type Language = 'de' | 'en';
/** The values filled into a text. */
export type Arguments = Record<string, FluentVariable>;

const bundles: Record<Language, FluentBundle> = {
  de: bundle('de', deWords, deWindow),
  en: bundle('en', enWords, enWindow),
};

let choice = $state<LanguageChoice>('system');

/** Chooses the language of all texts. */
export function chooseLanguage(chosen: LanguageChoice): void {
  choice = chosen;
}

/** The language of texts now. */
export function language(): Language {
  if (choice !== 'system') return choice;
  return navigator.language.toLowerCase().startsWith('de') ? 'de' : 'en';
}

/** The text with that id. */
export function t(id: string, args?: Arguments): string {
  const from = bundles[language()];
  const pattern = from.getMessage(id)?.value;
  // Given an array, Fluent collects errors instead of throwing: a text with a missing argument is still worth showing.
  return pattern ? from.formatPattern(pattern, args, []) : id;
}

/** True if the catalogue has that id. */
export function has(id: string): boolean {
  return bundles[language()].hasMessage(id);
}

function bundle(locale: Language, ...sources: string[]): FluentBundle {
  const made = new FluentBundle(locale, { useIsolating: false });
  for (const source of sources) made.addResource(new FluentResource(source));
  return made;
}
