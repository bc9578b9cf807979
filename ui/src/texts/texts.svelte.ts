/** The catalogue: every text comes from here, in the chosen language, and changes live with it. */
import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle';
import deWindow from '$texts/de/window.ftl?raw';
import deWords from '$texts/de/words.ftl?raw';
import enWindow from '$texts/en/window.ftl?raw';
import enWords from '$texts/en/words.ftl?raw';
import type { LanguageChoice } from '../bindings/LanguageChoice';

/** A language that the catalogue has. */
type Language = 'de' | 'en';
/** What a text is filled in with. */
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

/** The language that texts are in now. */
export function language(): Language {
  if (choice !== 'system') return choice;
  return navigator.language.toLowerCase().startsWith('de') ? 'de' : 'en';
}

/** The text with that id. */
export function t(id: string, args?: Arguments): string {
  const from = bundles[language()];
  const pattern = from.getMessage(id)?.value;
  // A collecting array keeps a missing argument from throwing: the rest of the text is still worth showing.
  return pattern ? from.formatPattern(pattern, args, []) : id;
}

/** Whether the catalogue has that id. */
export function has(id: string): boolean {
  return bundles[language()].hasMessage(id);
}

function bundle(locale: Language, ...sources: string[]): FluentBundle {
  const made = new FluentBundle(locale, { useIsolating: false });
  for (const source of sources) made.addResource(new FluentResource(source));
  return made;
}
