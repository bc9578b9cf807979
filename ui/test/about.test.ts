import { waitFor, within } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { filtered } from '../src/pages/about/licences';
import licences from './licences';
import { about, entryForm, form, snapshot } from './samples';
import { by, has, open, screen } from './window';

const page = { page: 'about' } as const;
const newer = snapshot(undefined, { newer: '0.2.0' });
const shown = () => screen.queryAllByTestId('licence-of').map((part) => part.querySelector('.name')?.textContent);

describe('the page about Dyntray', () => {
  test('is reached by the navigation and tells version, system and places', async () => {
    const { click } = open({});
    await click('nav-about');
    expect(screen.getByTestId('nav-about').getAttribute('aria-current')).toBe('page');
    await waitFor(() => expect(screen.getByTestId('about').textContent).toContain(about.version));
    expect((await by('about')).textContent).toContain(about.system);
    expect((await by('places')).textContent).toContain(about.settingsFolder);
    expect((await by('places')).textContent).toContain(about.dataFolder);
    expect((await by('places')).textContent).toContain('keyring');
    expect(document.title).toBe('About Dyntray');
  });

  test('says that it is nobody’s product, and what is never done', async () => {
    open({ page });
    await screen.findByText(/not a product of Securepoint/);
    expect((await by('never')).querySelectorAll('li')).toHaveLength(4);
  });

  test('says nothing of a new version while none was announced', async () => {
    open({ page });
    await by('about');
    expect(has('newer')).toBe(false);
  });

  test('tells of a new version, and leads to the website that announced it', async () => {
    const { program, click } = open({ page, snapshot: newer });
    expect((await by('newer')).textContent).toContain('Dyntray 0.2.0 has been announced.');
    await click('open-releases');
    expect(program.of('openReleases')).toHaveLength(1);
  });
});

describe('a new version', () => {
  test('is said on the status page in passing, with the way to more', async () => {
    const { click } = open({ snapshot: newer });
    expect((await by('newer-line')).textContent).toContain('0.2.0');
    await click('newer-more');
    await by('newer');
  });

  test('isn’t mentioned there without one', async () => {
    open({});
    await by('overall');
    expect(has('newer-line')).toBe(false);
  });
});

describe('the list of everybody who is contacted', () => {
  const rows = async () => [...(await by('contact-list')).querySelectorAll<HTMLElement>('[data-purpose]')];

  test('tells what for and when, by the saved form', async () => {
    const saved = form([entryForm(), entryForm({ id: 2, hostname: 'cabin.my-router.de' })], { releases: 'https://example.org/dyntray.json', proxy: 'manual', proxyAddress: 'proxy:3128' });
    open({ page, form: saved });
    const told = await rows();
    expect(told.map(({ dataset }) => dataset.purpose)).toEqual(['update', 'resolver', 'resolver', 'fallBack', 'fallBack', 'router', 'nameServers', 'releases', 'proxy']);
    expect(told[0]?.textContent).toMatch(/update\.spdyn\.de.*home\.spdns\.de and cabin\.my-router\.de.*changed/);
    expect(told[1]?.textContent).toMatch(/checkip4\.spdyn\.de.*IPv4.*Every 10 min/);
    expect(told[3]?.textContent).toMatch(/api4\.ipify\.org.*ipv4\.icanhazip\.com.*IPv4.*instead/);
    expect(told[7]?.textContent).toMatch(/example\.org.*Once a day/);
    expect(told[8]?.textContent).toContain('proxy:3128');
  });

  test('is nobody while no entry is enabled', async () => {
    open({ page, form: form([entryForm({ enabled: false })]) });
    expect((await by('contact-list')).textContent).toContain('contacts nobody');
  });
});

describe('the licences', () => {
  test('come when they are asked for: Dyntray’s own first, then those of all parts', async () => {
    const { click } = open({ page });
    await by('licences-open');
    expect(has('licences')).toBe(false);
    await click('licences-open');
    await by('licences');
    expect(shown()).toEqual(['Dyntray', 'left-pad', 'serde', 'selectors']);
    expect((await by('licences-filter-count')).textContent).toBe('4 of 4');
  });

  test('are filtered by name and licence', async () => {
    const { click, type } = open({ page });
    await click('licences-open');
    await type('licences-filter', 'apache SER');
    expect(shown()).toEqual(['serde']);
    await type('licences-filter', 'gpl');
    expect((await by('licences')).textContent).toBe('Nothing matches.');
    expect(filtered(licences.parts, ' ')).toEqual(licences.parts);
  });

  test('show the texts of the part that is opened, or that there are none', async () => {
    const { click, user, type } = open({ page });
    await click('licences-open');
    await type('licences-filter', 'serde');
    const part = within(await by('licence-of'));
    expect(part.queryByText(/Permission is hereby granted/)).toBeNull();
    await user.click(part.getByText('serde'));
    await part.findByText(/Permission is hereby granted/);
    await part.findByText(/Version 2.0, January 2004/);
    await type('licences-filter', 'selectors');
    await user.click(screen.getByText('selectors'));
    await screen.findByText(/comes without a text/);
  });
});
