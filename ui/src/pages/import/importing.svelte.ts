/** One file on its way into the form. What is in it is read by the always-on program; the window only carries it. */
import type { ImportEntry } from '../../bindings/ImportEntry';
import type { ImportPreview } from '../../bindings/ImportPreview';
import type { Rejection } from '../../bindings/Rejection';
import { live } from '../../live.svelte';

/** As `LARGEST_FILE` in the core. A little more is sent of a longer file, so that the program can say that it is too long. */
const largest = 1024 * 1024;

type Phase = 'closed' | 'reading' | 'choosing' | 'taking' | 'done' | 'failed';

class Importing {
  phase = $state<Phase>('closed');
  name = $state('');
  preview = $state.raw<ImportPreview | null>(null);
  /** The numbers of the entries to take over. */
  chosen = $state.raw<ReadonlySet<number>>(new Set());
  /** How many were taken over. */
  taken = $state(0);
  rejection = $state.raw<Rejection | null>(null);
  /** Nobody answered: what was taken over is unknown. */
  isUncertain = $state(false);
  /** The file's text holds secrets: it is kept for as long as the dialog needs it. */
  private text = '';
  /** The file that is being looked at; an older one's answer counts no more. */
  private file: File | null = null;

  /** Looks at a file. */
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
    } else {
      this.rejection = response?.answer === 'refused' ? response.refusal : null;
      this.phase = 'failed';
    }
  }

  /** Chooses an entry, or leaves it. */
  toggle(number: number): void {
    const chosen = new Set(this.chosen);
    if (!chosen.delete(number)) chosen.add(number);
    this.chosen = chosen;
  }

  /** Chooses all of these entries, or leaves them when all of them are chosen. */
  toggleAll(entries: ImportEntry[]): void {
    const chosen = new Set(this.chosen);
    const areAll = this.chosenOf(entries) === entries.length;
    for (const { number } of entries) {
      if (areAll) chosen.delete(number);
      else chosen.add(number);
    }
    this.chosen = chosen;
  }

  /** How many of these entries are chosen. */
  chosenOf(entries: ImportEntry[]): number {
    return entries.filter(({ number }) => this.chosen.has(number)).length;
  }

  /** Takes the chosen entries over. */
  async take(): Promise<void> {
    if (this.phase !== 'choosing' || this.chosen.size === 0) return;
    this.phase = 'taking';
    this.rejection = null;
    const take = [...this.chosen];
    live.isBusy = true;
    const response = await live.ask({ request: 'import', text: this.text, name: this.name, take });
    live.isBusy = false;
    if (response?.answer === 'saved') {
      live.guard?.join?.(response.form);
      live.form = response.form;
      this.taken = take.length;
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
    this.rejection = null;
    this.isUncertain = false;
  }
}

/** The one import at a time. */
export const importing = new Importing();

/** UTF-8, else Windows' Latin-1, as `decode` in the core. */
async function textOf(file: File): Promise<string> {
  const bytes = await file.slice(0, largest + 4).arrayBuffer();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('latin1').decode(bytes);
  }
}
