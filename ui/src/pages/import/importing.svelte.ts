/** The import of a file into the form. The always-on program reads the file; the window only passes it on. */
import type { ImportEntry } from '../../bindings/ImportEntry';
import type { ImportPreview } from '../../bindings/ImportPreview';
import type { Rejection } from '../../bindings/Rejection';
import { live } from '../../live.svelte';
import { matcher } from '../../texts/search';

/** The same as `LARGEST_FILE` in the core. Of a larger file a little more is sent, so that the program notices. */
const largest = 1024 * 1024;

type Phase = 'closed' | 'reading' | 'choosing' | 'taking' | 'done' | 'failed';

class Importing {
  phase = $state<Phase>('closed');
  name = $state('');
  preview = $state.raw<ImportPreview | null>(null);
  /** The numbers of the entries to take over. */
  chosen = $state.raw<ReadonlySet<number>>(new Set());
  /** The number of entries taken over. */
  taken = $state(0);
  /** The number of them that were taken over switched off. */
  takenOff = $state(0);
  /** The words that the list of entries is searched for. */
  words = $state('');
  /** The entries that the search has found. */
  found = $derived.by(() => {
    const matches = matcher(this.words);
    return (this.preview?.entries ?? []).filter(({ hostname, user, server }) => matches(`${hostname} ${user} ${server}`));
  });
  /** The addresses of names that lead to other lines today, by their entries' numbers. */
  elsewhere = $state.raw<ReadonlyMap<number, string>>(new Map());
  /** Those of them that aren't chosen are taken over switched off. */
  areOthersOff = $state(false);
  /** The number of names of which it isn't known where they lead. */
  unknown = $state(0);
  /** It is being found out where the names lead. */
  isLocating = $state(false);
  rejection = $state.raw<Rejection | null>(null);
  /** Nobody answered, so nobody knows what was taken over. */
  isUncertain = $state(false);
  /** The file's text. It holds secrets, so it is kept only as long as the dialog needs it. */
  private text = '';
  /** The current file; answers about an older one are ignored. */
  private file: File | null = null;
  private locating: Promise<void> | null = null;

  /** Opens a file and fetches its preview. */
  async open(file: File): Promise<void> {
    if (this.phase === 'taking') return;
    this.close();
    this.file = file;
    this.name = file.name;
    this.phase = 'reading';
    const text = await textOf(file).catch(() => null);
    if (this.file !== file) return;
    const response = text === null ? null : await live.ask({ request: 'previewImport', text, name: file.name });
    if (this.file !== file) return;
    if (response?.answer === 'import') {
      this.text = text ?? '';
      this.preview = response.preview;
      this.chosen = new Set(response.preview.entries.map((entry) => entry.number));
      this.phase = 'choosing';
      this.locating = this.locate(file);
    } else {
      this.rejection = response?.answer === 'refused' ? response.refusal : null;
      this.phase = 'failed';
    }
  }

  /** Drops the entries whose names lead elsewhere. Whoever means them can choose them again. */
  private async locate(file: File): Promise<void> {
    this.isLocating = true;
    const response = await live.ask({ request: 'locateImport', text: this.text, name: this.name });
    if (this.file !== file) return;
    this.isLocating = false;
    // Of the new ones nobody knows anything then.
    this.unknown = response?.answer === 'located' ? response.unknown : (this.preview?.entries.length ?? 0);
    if (response?.answer !== 'located') return;
    this.elsewhere = new Map(response.elsewhere.map(({ number, addresses }) => [number, addresses]));
    this.chosen = new Set([...this.chosen].filter((number) => !this.elsewhere.has(number)));
  }

  /** Chooses an entry, or drops it. */
  toggle(number: number): void {
    const chosen = new Set(this.chosen);
    if (!chosen.delete(number)) chosen.add(number);
    this.chosen = chosen;
  }

  /** Those of these entries that one click chooses: not the ones that point elsewhere, unless all of them do. */
  private ownOf(entries: ImportEntry[]): ImportEntry[] {
    const own = entries.filter(({ number }) => !this.elsewhere.has(number));
    return own.length > 0 ? own : entries;
  }

  /** One click leaves some of these entries out, because they point elsewhere. */
  skipsOthers(entries: ImportEntry[]): boolean {
    return this.ownOf(entries).length < entries.length;
  }

  /** All that one click chooses of these entries are chosen. */
  areOwnChosen(entries: ImportEntry[]): boolean {
    const own = this.ownOf(entries);
    return this.chosenOf(own) === own.length;
  }

  /** Chooses all of these entries that don't point elsewhere, or drops all if they are chosen. */
  toggleAll(entries: ImportEntry[]): void {
    const chosen = new Set(this.chosen);
    if (this.areOwnChosen(entries)) for (const { number } of entries) chosen.delete(number);
    else for (const { number } of this.ownOf(entries)) chosen.add(number);
    this.chosen = chosen;
  }

  /** The number of these entries that are chosen. */
  chosenOf(entries: ImportEntry[]): number {
    return entries.filter(({ number }) => this.chosen.has(number)).length;
  }

  /** The numbers of the entries to take over switched off. */
  get off(): number[] {
    return this.areOthersOff ? [...this.elsewhere.keys()].filter((number) => !this.chosen.has(number)) : [];
  }

  /** The number of entries to take over that the search hides. */
  get hidden(): number {
    const found = new Set(this.found.map(({ number }) => number));
    return [...this.chosen, ...this.off].filter((number) => !found.has(number)).length;
  }

  /** The number of entries to take over. */
  get count(): number {
    return this.chosen.size + this.off.length;
  }

  /** The number of entries that weren't taken over. Only the file may have their secrets. */
  get left(): number {
    return (this.preview?.entries.length ?? 0) - this.taken;
  }

  /** The number of lines that couldn't be taken over. */
  get leftLines(): number {
    return (this.preview?.leftOut.filter(({ line }) => line !== null).length ?? 0) + (this.preview?.leftOutMore ?? 0);
  }

  /** Takes the chosen entries over. */
  async take(): Promise<void> {
    if (this.phase !== 'choosing' || this.count === 0) return;
    if (this.isLocating) {
      const { file } = this;
      await this.locating;
      // It may be another file now, or something else is chosen: the person is to see it first.
      if (this.file !== file || this.phase !== 'choosing' || this.elsewhere.size > 0) return;
    }
    this.phase = 'taking';
    this.rejection = null;
    const { off } = this;
    const take = [...this.chosen, ...off];
    live.isBusy = true;
    const response = await live.ask({ request: 'import', text: this.text, name: this.name, take, ...(off.length > 0 && { off }) });
    live.isBusy = false;
    if (response?.answer === 'saved') {
      live.guard?.join?.(response.form);
      live.form = response.form;
      this.taken = take.length;
      this.takenOff = off.length;
      this.text = '';
      this.phase = 'done';
    } else {
      this.rejection = response?.answer === 'refused' ? response.refusal : null;
      this.isUncertain = response === null;
      this.phase = this.rejection ? 'choosing' : 'failed';
    }
  }

  /** Forgets the file. */
  close(): void {
    this.phase = 'closed';
    this.text = '';
    this.file = null;
    this.preview = null;
    this.elsewhere = new Map();
    this.areOthersOff = false;
    this.words = '';
    this.unknown = 0;
    this.isLocating = false;
    this.rejection = null;
    this.isUncertain = false;
  }
}

/** The one import at a time. */
export const importing = new Importing();

/** The text of a file: UTF-8, UTF-16 with or without a mark, else Windows' own letters, as in `decode` in the core. */
async function textOf(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.slice(0, largest + 4).arrayBuffer());
  const encoding = utf16(bytes);
  if (encoding) return new TextDecoder(encoding).decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** The number of bytes that tell whether a file without a mark is UTF-16. */
const sample = 512;

/** UTF-16, by its mark or because every second byte of Latin letters is zero. */
function utf16(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  const length = Math.min(bytes.length, sample) & ~1;
  const zeros = [0, 0];
  for (let at = 0; at < length; at++) if (bytes[at] === 0) zeros[at % 2]! += 1;
  const [even = 0, odd = 0] = zeros;
  const isMost = (count: number) => length > 2 && count * 20 > length * 7;
  if (even === 0 && isMost(odd)) return 'utf-16le';
  return odd === 0 && isMost(even) ? 'utf-16be' : null;
}
