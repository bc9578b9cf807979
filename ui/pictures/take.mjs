/**
 * Takes pictures of the built pages, under the window's own content security policy, and lets axe look at each.
 * `npm run pictures [-- scene…]`; needs a Chromium (CHROMIUM, default /usr/bin/chromium). Pictures: pictures/out.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { build, preview } from 'vite';

const here = new URL('.', import.meta.url).pathname;
const out = `${here}out`;
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const token = 'abcd-efgh-ijkl';

/** Chooses a file to import. */
async function choose(page, scene = 'import-count') {
  await page.getByTestId('import-open').waitFor();
  await page.getByTestId('import-input').setInputFiles({ name: 'spdyn_update_token.csv', mimeType: 'text/csv', buffer: Buffer.from(`hostname;token\r\nhome.spdns.de;${token}\r\n`) });
  await page.getByTestId(scene).waitFor();
}

/** Enters the first steps' two fields, saves, and lets this come of it. */
const firstComes = (name) => async (page) => {
  await page.getByTestId('first-hostname').fill('home.spdns.de');
  await page.getByTestId('first-token').fill(token);
  await page.getByTestId('first-save').click();
  await page.getByTestId('first-test-lookUp').waitFor();
  await page.evaluate((name) => window.tellFirst(name), name);
  return 'all';
};

/** Name, scene, and what is done before the picture is taken. */
const pictures = [
  ['first', 'first'],
  ['first-all', 'first', () => 'all'],
  ['first-typed', 'first', async (page) => {
    await page.getByTestId('first-hostname').fill('home.spdns.de');
    await page.getByTestId('first-token').fill(token);
    await page.waitForSelector('[data-shape=updateToken]');
  }],
  ['first-password', 'first', async (page) => {
    await page.getByTestId('first-where').click();
    await page.getByTestId('first-hostname').fill('home.spdns.de');
    await page.getByTestId('first-token').fill('correct horse');
    await page.getByTestId('first-password').waitFor();
    return 'all';
  }],
  ['first-errors', 'firstErrors', async (page) => {
    await page.getByTestId('first-hostname').fill('home');
    await page.getByTestId('first-save').click();
    await page.getByTestId('error-first-hostname').waitFor();
    return 'all';
  }],
  ['first-locked', 'firstLocked', async (page) => {
    await page.getByTestId('first-hostname').fill('home.spdns.de');
    await page.getByTestId('first-token').fill(token);
    await page.getByTestId('first-save').click();
    await page.getByTestId('banner').waitFor();
    return 'all';
  }],
  ...['lookingUp', 'sending', 'pending', 'green', 'notChecked', 'cantVerify', 'foreign', 'refused', 'notYours', 'abuse', 'troubled', 'vpn', 'elsewhere', 'offline', 'paused'].map((name) => [
    `first-${name}`,
    'first',
    firstComes(name),
  ]),
  ['first-change', 'first', async (page) => {
    await firstComes('refused')(page);
    await page.getByTestId('first-correct').click();
    return 'all';
  }],
  ['first-account', 'first', async (page) => {
    await page.getByTestId('first-hostname').fill('home.spdns.de');
    await page.getByTestId('first-account').click();
    return 'all';
  }],
  ['form', 'form'],
  ['form-errors', 'form', async (page) => {
    await page.getByTestId('entry-0-hostname').fill('home');
    await page.getByTestId('save').click();
    await page.getByTestId('error-0-hostname').waitFor();
  }],
  ['form-errors-all', 'form', async (page) => {
    await page.getByTestId('save').click();
    await page.getByTestId('error-interval').waitFor();
    return 'all';
  }],
  ['form-more', 'form', async (page) => {
    await page.getByTestId('more').click();
    await page.getByTestId('entry-1-more').click();
    return 'all';
  }],
  ['form-moved', 'form', async (page) => {
    await page.getByTestId('entry-0-duplicate').click();
    await page.getByTestId('entry-2-up').click();
    return 'all';
  }],
  ['saved', 'saving', async (page) => {
    await page.getByTestId('entry-0-hostname').fill('house.spdns.de');
    await page.getByTestId('save').click();
    await page.getByTestId('saved').waitFor();
    return 'all';
  }],
  ['leave', 'saving', async (page) => {
    await page.getByTestId('entry-0-hostname').fill('house.spdns.de');
    await page.getByTestId('nav-status').click();
  }],
  ['import', 'import', (page) => choose(page)],
  ['import-many', 'importMany', async (page) => {
    await choose(page);
    await page.getByTestId('import-entry-3').uncheck();
  }],
  ['import-nothing', 'importNothing', (page) => choose(page)],
  ['import-taking', 'importTaking', async (page) => {
    await choose(page);
    await page.getByTestId('import-take').click();
    await page.waitForTimeout(3500);
  }],
  ['import-done', 'import', async (page) => {
    await choose(page);
    await page.getByTestId('import-take').click();
    await page.getByTestId('import-done').waitFor();
  }],
  ['import-drop', 'import', async (page) => {
    await page.evaluate(() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['x'], 'x.csv'));
      window.dispatchEvent(new DragEvent('dragover', { dataTransfer }));
    });
    await page.getByTestId('import-drop').waitFor();
  }],
  ['fine', 'fine'],
  ['several', 'several', () => 'all'],
  ['why', 'fine', async (page) => {
    await page.getByTestId('why-1-ipv4').click();
    await page.getByTestId('history-why-1').click();
    return 'all';
  }],
  ['history', 'month', async (page) => {
    await page.getByTestId('chart').waitFor();
    await page.getByTestId('history-save').click();
    return 'all';
  }],
  ['elsewhere', 'elsewhere'],
  ['vpn', 'vpn', async (page) => {
    await page.getByTestId('why-1-ipv4').click();
    return 'all';
  }],
  ['shared', 'shared', async (page) => {
    await page.getByTestId('why-1-ipv4').click();
    await page.getByTestId('why-1-ipv6').click();
    return 'all';
  }],
  ['changed', 'changed'],
  ['offline', 'offline', () => 'all'],
  ['paused', 'paused'],
  ['lost', 'lost', async (page) => {
    await page.getByTestId('entry-0-hostname').fill('house.spdns.de');
    await page.evaluate(() => (window.program.lost = 'notRunning'));
    await page.getByTestId('save').click();
    await page.getByTestId('connection').waitFor();
  }],
  ['empty', 'empty'],
  ['abuse', 'abuse'],
  ['token', 'token'],
  ['token-all', 'token', () => 'all'],
  ['token-accepted', 'token', async (page) => {
    await page.getByTestId('new-token').fill(token);
    await page.getByTestId('save-token').click();
    await page.getByTestId('token-result').locator('p').waitFor();
    await page.evaluate(() => {
      const { snapshot, entryStatus, at, language } = window.samples;
      return window.program.tell(snapshot([entryStatus({ id: 2, hostname: 'office.firewall-gateway.com', secret: { saved: at(0), accepted: at(0) } })], { language }));
    });
    await page.getByTestId('token-done').waitFor();
  }],
  ['password', 'password'],
  ['diagnostics', 'diagnostics', async (page) => {
    await page.getByTestId('diagnostics').waitFor();
    await page.getByTestId('diagnostics-save').click();
    await page.getByText('dyntray-diagnostics-').waitFor();
    return 'all';
  }],
  ['log-filtered', 'diagnostics', async (page) => {
    await page.getByTestId('log-level').selectOption('warn');
    await page.getByTestId('log-filter').fill('keyring');
    await page.getByTestId('log-pause').click();
  }],
];
const looks = [
  { name: 'light-en', colorScheme: 'light', language: 'en', width: 900, height: 700 },
  { name: 'dark-de', colorScheme: 'dark', language: 'de', width: 900, height: 700 },
  { name: 'narrow-de', colorScheme: 'light', language: 'de', width: 480, height: 700 },
  { name: 'phone-de', colorScheme: 'dark', language: 'de', width: 360, height: 700 },
  { name: 'text200-de', colorScheme: 'light', language: 'de', width: 900, height: 700, text: 200 },
  { name: 'forced-en', colorScheme: 'dark', language: 'en', width: 900, height: 700, forcedColors: 'active' },
];

const wanted = process.argv.slice(2);
const isWanted = (name) => wanted.length === 0 || wanted.includes(name);
const stage = await build({
  configFile: false,
  logLevel: 'error',
  build: { write: false, minify: false, lib: { entry: `${here}stage.ts`, formats: ['iife'], name: 'stage' } },
});
const [{ output }] = [stage].flat();
const server = await preview({ preview: { port: 0, host: '127.0.0.1' }, logLevel: 'error' });
const address = server.resolvedUrls.local[0];
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
let faults = 0;
const fault = (text) => {
  faults += 1;
  console.log(`FAULT ${text}`);
};

await mkdir(out, { recursive: true });
for (const look of looks.filter((look) => isWanted(look.name) || !looks.some((other) => wanted.includes(other.name)))) {
  const context = await browser.newContext({
    viewport: { width: look.width, height: look.height },
    colorScheme: look.colorScheme,
    forcedColors: look.forcedColors ?? 'none',
    locale: look.language === 'de' ? 'de-DE' : 'en-GB',
  });
  await context.addInitScript(output[0].code);
  for (const [name, scene, act] of pictures.filter(([name]) => isWanted(name) || !pictures.some(([other]) => wanted.includes(other)))) {
    const page = await context.newPage();
    const picture = `${name}.${look.name}`;
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && fault(`${picture}: ${message.text()}`));
    page.on('pageerror', (error) => fault(`${picture}: ${error}`));
    await page.goto(`${address}?scene=${scene}&language=${look.language}`);
    await page.locator('h1').waitFor();
    if (look.text) await page.evaluate((percent) => document.documentElement.style.setProperty('font-size', `${percent}%`), look.text);
    await page.waitForTimeout(100);
    if ((await act?.(page)) === 'all') {
      const height = await page.evaluate(() => document.querySelector('main').scrollHeight + 60);
      await page.setViewportSize({ width: look.width, height });
    }
    await page.waitForTimeout(250);
    await page.screenshot({ path: `${out}/${picture}.png` });
    const wide = await page.evaluate(() => document.querySelector('main').scrollWidth - document.querySelector('main').clientWidth);
    if (wide > 0) fault(`${picture}: ${wide} px too wide`);
    if (!look.forcedColors) {
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => window.axe.run());
      for (const { id, nodes } of violations) fault(`${picture}: axe ${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
    }
    await page.close();
  }
  await context.close();
}
await browser.close();
await server.close();
console.log(faults === 0 ? `pictures in ${out}, no fault` : `${faults} faults`);
process.exit(faults === 0 ? 0 : 1);
