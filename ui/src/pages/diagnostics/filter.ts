/** The filter of the log's lines, and the text that is copied. */
import type { LogLevel } from '../../bindings/LogLevel';
import type { LogLine } from '../../bindings/LogLine';
import { matcher } from '../../texts/search';

/** The levels, the most severe first. */
const levels: LogLevel[] = ['error', 'warn', 'info', 'debug', 'trace'];

/** The lines of that level or a more severe one that have all words of `words`. */
export function filtered(lines: LogLine[], least: LogLevel, words: string): LogLine[] {
  const matches = matcher(words);
  return lines.filter(({ level, text }) => levels.indexOf(level) <= levels.indexOf(least) && matches(text));
}

/** The lines as they are in the file. */
export const plain = (lines: LogLine[]): string => lines.map(({ at, level, text }) => `${at} ${level.toUpperCase()} ${text}\n`).join('');
