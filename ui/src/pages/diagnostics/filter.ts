/** Which lines of the log are shown, and how they are copied. */
import type { LogLevel } from '../../bindings/LogLevel';
import type { LogLine } from '../../bindings/LogLine';
import { matcher } from '../../texts/search';

/** The gravest first. */
const levels: LogLevel[] = ['error', 'warn', 'info', 'debug', 'trace'];

/** The lines of that level or a graver one, with all words of `words` in them. */
export function filtered(lines: LogLine[], least: LogLevel, words: string): LogLine[] {
  const matches = matcher(words);
  return lines.filter(({ level, text }) => levels.indexOf(level) <= levels.indexOf(least) && matches(text));
}

/** As in the file. */
export const plain = (lines: LogLine[]): string => lines.map(({ at, level, text }) => `${at} ${level.toUpperCase()} ${text}\n`).join('');
