/** Before each test: a fresh bridge and a fresh window; jsdom lacks dialogs. */
import { beforeEach } from 'vitest';
import { live } from '../src/live.svelte';
import { importing } from '../src/pages/import/importing.svelte';
import { chooseTheme } from '../src/styles/theme';
import { chooseLanguage } from '../src/texts/texts.svelte';

HTMLDialogElement.prototype.showModal ??= function showModal(this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.close ??= function close(this: HTMLDialogElement) {
  if (!this.open) return;
  this.open = false;
  this.dispatchEvent(new Event('close'));
};
Element.prototype.scrollTo ??= () => {};

beforeEach(() => {
  live.snapshot = null;
  live.form = null;
  live.page = null;
  live.wanted = null;
  live.guard = null;
  live.connection = 'connecting';
  live.isBusy = false;
  importing.close();
  chooseLanguage('en');
  chooseTheme('system');
});
