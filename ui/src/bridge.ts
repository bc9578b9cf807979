/**
 * The only way out of the window: a command that forwards a request, one that returns the first page, one that starts the
 * always-on program, five events, and closing the window.
 */
import { invoke } from '@tauri-apps/api/core';
import { listen, type UnlistenFn } from '@tauri-apps/api/event';
import { getCurrentWindow } from '@tauri-apps/api/window';
import type { Page } from './bindings/Page';
import type { Request } from './bindings/Request';
import type { Response } from './bindings/Response';
import type { Snapshot } from './bindings/Snapshot';
import type { SnapshotChange } from './bindings/SnapshotChange';

/** The state of the connection to the always-on program, as `connection.rs` of the window program keeps it. */
export type Connection = 'connecting' | 'connected' | 'notRunning' | 'lost' | 'notUnderstood';

/** The versions of window and program, where they differ. */
export interface Versions {
  window: string;
  program: string;
  /** True where the window is the older one. */
  isWindowOlder: boolean;
}

/** Forwards one request to the always-on program. Rejects if there is no answer; {@link onConnection} reports the reason. */
export const ask = (request: Request): Promise<Response> => invoke<Response>('ask', { request });

/** The page that the window was opened for. */
export const firstPage = (): Promise<Page> => invoke<Page>('first_page');

/** Starts the always-on program. Rejects with the reason, in words. */
export const startProgram = (): Promise<void> => invoke<void>('start_program');

/** Calls `heard` with the whole snapshot: when the page loads, and after each connect. */
export const onSnapshot = (heard: (snapshot: Snapshot) => void): Promise<UnlistenFn> =>
  listen<Snapshot>('snapshot', (event) => heard(event.payload));

/** Calls `heard` with every change of the snapshot. */
export const onChange = (heard: (change: SnapshotChange) => void): Promise<UnlistenFn> =>
  listen<SnapshotChange>('change', (event) => heard(event.payload));

/** Calls `heard` when another page is to be shown. */
export const onShow = (heard: (page: Page) => void): Promise<UnlistenFn> =>
  listen<Page>('show', (event) => heard(event.payload));

/** Calls `heard` with the state of the connection after each change. */
export const onConnection = (heard: (connection: Connection) => void): Promise<UnlistenFn> =>
  listen<Connection>('connection', (event) => heard(event.payload));

/** Calls `heard` with the versions of window and program: nothing while they are the same. */
export const onVersions = (heard: (versions: Versions | null) => void): Promise<UnlistenFn> =>
  listen<Versions | null>('versions', (event) => heard(event.payload));

/** Asks `stays` when the person closes the window, and keeps it open if that says so. */
export const onClose = (stays: () => boolean): Promise<UnlistenFn> =>
  getCurrentWindow().onCloseRequested((event) => {
    if (stays()) event.preventDefault();
  });

/** Closes the window without another question. */
export const close = (): Promise<void> => getCurrentWindow().destroy();
