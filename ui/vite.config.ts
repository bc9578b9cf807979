import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';
import { documents } from './documents/plugin.ts';
import { licences } from './licences/plugin.ts';

const texts = fileURLToPath(new URL('../crates/texts/locales', import.meta.url));
const docs = fileURLToPath(new URL('../docs', import.meta.url));
const here = fileURLToPath(new URL('.', import.meta.url));

/** The window's own policy (src-tauri/tauri.conf.json), so that a preview fails where the window would. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src ipc: http://ipc.localhost";

export default defineConfig({
  base: './',
  plugins: [svelte(), svelteTesting(), licences(here), documents(docs)],
  resolve: { alias: { $texts: texts } },
  server: { fs: { allow: [here, texts] } },
  preview: { headers: { 'Content-Security-Policy': policy } },
  build: {
    target: 'safari16',
    // Nothing inline: the policy allows neither inline scripts nor inline styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssCodeSplit: false,
    // The licences and the help, which are loaded on demand.
    chunkSizeWarningLimit: 1000,
  },
  test: {
    environment: 'jsdom',
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/set-up.ts'],
    // Typing into hundreds of lines takes long while other builds run beside it.
    testTimeout: 20_000,
    // The pages' tests have a short list; all of it is read once (test/licence-texts.test.ts).
    alias: { 'virtual:licences': fileURLToPath(new URL('test/licences.ts', import.meta.url)) },
  },
});
