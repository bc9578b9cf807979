/** A stand-in for the always-on program, behind the same bridge. */
import { emit } from '@tauri-apps/api/event';
import { mockIPC, mockWindows } from '@tauri-apps/api/mocks';
import type { Connection } from '../src/bridge';
import type { AutostartNote } from '../src/bindings/AutostartNote';
import type { Form } from '../src/bindings/Form';
import type { Page } from '../src/bindings/Page';
import type { Request } from '../src/bindings/Request';
import type { Response } from '../src/bindings/Response';
import type { Snapshot } from '../src/bindings/Snapshot';
import type { SnapshotChange } from '../src/bindings/SnapshotChange';
import type { TokenShape } from '../src/bindings/TokenShape';
import { about, diagnostics, form, history, log, snapshot } from './samples';

type Reply = (request: Request) => Response | undefined | Promise<Response | undefined>;

export class Program {
  /** Everything that was asked, in order. */
  asked: Request[] = [];
  /** Answers nothing while it is set; the window program tells the pages this state. */
  lost: Exclude<Connection, 'connected'> | null = null;
  page: Page = { page: 'status' };
  /** Starts the program, or rejects with the reason. */
  start: () => Promise<void> = () => Promise.resolve();
  /** Whether the window has closed itself. */
  closed = false;
  /** Whether the system starts the program. */
  autostart = false;
  /** What else is known of that. */
  autostartNote: AutostartNote | undefined;
  snapshot: Snapshot = snapshot();
  form: Form = form();
  /** Answers before the defaults do. */
  reply: Reply = () => undefined;

  constructor(start: Partial<Pick<Program, 'page' | 'snapshot' | 'form' | 'reply' | 'lost'>> = {}) {
    Object.assign(this, start);
    mockWindows('main');
    mockIPC(
      (command, payload) => {
        if (command === 'first_page') return this.page;
        if (command === 'start_program') return this.start();
        if (command === 'plugin:window|destroy') return void (this.closed = true);
        if (command === 'ask') return this.answer((payload as unknown as { request: Request }).request);
        throw new Error(`no such command: ${command}`);
      },
      { shouldMockEvents: true },
    );
  }

  /** What was asked of one kind. */
  of<K extends Request['request']>(kind: K): Extract<Request, { request: K }>[] {
    return this.asked.filter((request): request is Extract<Request, { request: K }> => request.request === kind);
  }

  /** Sends a new snapshot. */
  async tell(next: Snapshot): Promise<void> {
    this.snapshot = next;
    await emit('snapshot', next);
  }

  /** Sends a change of the snapshot. */
  async tellChange(change: SnapshotChange): Promise<void> {
    await emit('change', change);
  }

  /** The person clicks the window's close button. */
  async clickClose(): Promise<void> {
    await emit('tauri://close-requested');
  }

  /** The state that the pages were told last. */
  private connection: Connection = 'connecting';

  private async answer(request: Request): Promise<Response> {
    const connection = this.lost ?? 'connected';
    if (connection !== this.connection) await emit('connection', (this.connection = connection));
    if (this.lost) throw this.lost;
    this.asked.push(JSON.parse(JSON.stringify(request)) as Request);
    return (await this.reply(request)) ?? this.usual(request);
  }

  private usual(request: Request): Response {
    switch (request.request) {
      case 'status':
        return { answer: 'snapshot', snapshot: this.snapshot };
      case 'form':
        return { answer: 'form', form: this.form };
      case 'save':
        this.form = {
          ...request.form,
          entries: request.form.entries.map((entry, index) => ({ ...entry, id: entry.id ?? 100 + index })),
        };
        return { answer: 'saved', form: this.form, ids: this.form.entries.map(({ id }) => id ?? null) };
      case 'setSecret':
        return { answer: 'saved', form: this.form, ids: [request.entry] };
      case 'inspectSecret':
        return { answer: 'secretShape', shape: shapeOf(request.secret.trim()) };
      case 'autostart':
        return { answer: 'autostart', on: this.autostart, ...(this.autostartNote && { note: this.autostartNote }) };
      case 'setAutostart':
        return { answer: 'autostart', on: (this.autostart = request.on) };
      case 'about':
        return { answer: 'about', about };
      case 'history':
        return { answer: 'history', items: history };
      case 'log':
        return { answer: 'log', lines: log };
      case 'diagnostics':
        return { answer: 'diagnostics', text: diagnostics };
      case 'saveDiagnostics':
        return { answer: 'fileSaved', path: '/home/anna/Downloads/dyntray-diagnostics-2026-11-23-1205.txt' };
      case 'saveHistory':
        return { answer: 'fileSaved', path: '/home/anna/Downloads/dyntray-history-2026-11-23-1205.csv' };
      default:
        return { answer: 'done' };
    }
  }
}

/** Roughly as `token.rs`. */
function shapeOf(text: string): TokenShape {
  if (text === '') return 'empty';
  if (/^[a-z]{4}(-[a-z]{4}){2}$/.test(text)) return 'updateToken';
  if (/^[0-9]+-[a-z]{4}(-[a-z]{4}){2}$/.test(text)) return 'moveToken';
  if (/^[A-Za-z]{4}[-_ .]?[A-Za-z]{4}[-_ .]?[A-Za-z]{4}$/.test(text)) return 'misspelt';
  return /^[a-z]{4}-[a-z-]*$/.test(text) ? 'unfinished' : 'other';
}
