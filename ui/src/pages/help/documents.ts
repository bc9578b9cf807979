/** The documents for people, as the build has converted them (`ui/documents`). */
import { matcher } from '../../texts/search';

/** A heading and what stands below it. */
export interface Section {
  /** The same in every language: the heading's anchor in English. */
  id: string;
  title: string;
  /** 1 for the chapter's own heading. */
  level: number;
  /** Without the heading. */
  html: string;
  /** Its words alone, to be searched. */
  words: string;
}

/** A document. Its first section has the chapter's heading. */
export interface Chapter {
  /** The same in every language: the file's name. */
  name: string;
  title: string;
  sections: Section[];
}

/** A section that a search has found, and its place. */
export interface Found {
  place: Place;
  title: string;
  /** The chapter's title. */
  chapter: string;
}

/** A place in the help, in any language: a chapter's name and a section's id. */
export type Place = `${string}#${string}`;

/** Loads the documents in a language. They have more than a hundred kilobytes, so they come when they are asked for. */
export const load = async (language: 'de' | 'en'): Promise<Chapter[]> =>
  (language === 'de' ? await import('virtual:documents/de') : await import('virtual:documents/en')).default;

/** The place of a section. */
export const placeOf = (chapter: Chapter, section: Section): Place => `${chapter.name}#${section.id}`;

/** The chapter that a place is in. */
export const chapterOf = (chapters: Chapter[], place: string): Chapter | undefined => chapters.find(({ name }) => name === place.split('#')[0]);

/**
 * The sections with all words of `words`; those that have them in the heading come first. A chapter's title counts for its
 * sections only where nothing else has all words.
 */
export function search(chapters: Chapter[], words: string): Found[] {
  const matches = matcher(words);
  const all = chapters.flatMap((chapter) => chapter.sections.map((section) => ({ chapter, section })));
  const inTitle = all.filter(({ section }) => matches(section.title));
  const inWords = all.filter((one) => !inTitle.includes(one) && matches(`${one.section.title} ${one.section.words}`));
  const found = [...inTitle, ...inWords];
  const inChapter = all.filter(({ chapter, section }) => matches(`${chapter.title} ${section.title} ${section.words}`));
  return (found.length > 0 ? found : inChapter).map(({ chapter, section }) => ({ place: placeOf(chapter, section), title: section.title, chapter: chapter.title }));
}
