/**
 * Takes pictures of the built pages, under the window's own content security policy, and checks each with axe.
 * `npm run pictures [-- --to=FOLDER picture… look…]`; needs a Chromium (CHROMIUM, else the one on the path). Pictures
 * go to `target/screenshots` by default. The last line counts them.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { photograph } from './camera.mjs';

const token = 'abcd-efgh-ijkl';

/** Chooses a file to import. */
async function choose(page, scene = 'import-count') {
  await page.getByTestId('import-open').waitFor();
  await page.getByTestId('import-input').setInputFiles({ name: 'spdyn_update_token.csv', mimeType: 'text/csv', buffer: Buffer.from(`hostname;token\r\nhome.spdns.de;${token}\r\n`) });
  await page.getByTestId(scene).waitFor();
}

/** Enters the first steps' two fields, saves, and shows that snapshot of the test. */
const firstComes = (name) => async (page) => {
  await page.getByTestId('first-hostname').fill('home.spdns.de');
  await page.getByTestId('first-token').fill(token);
  await page.getByTestId('first-save').click();
  await page.getByTestId('first-test-lookUp').waitFor();
  await page.evaluate((name) => window.tellFirst(name), name);
  return 'all';
};

/** Each picture: its name, its scene, and the action before it is taken. */
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
  ['import-elsewhere', 'importElsewhere', (page) => choose(page, 'import-leads-2')],
  ['import-off', 'importElsewhere', async (page) => {
    await choose(page, 'import-leads-2');
    await page.getByTestId('import-off').check();
  }],
  ['import-some', 'importElsewhere', async (page) => {
    await choose(page, 'import-leads-2');
    await page.getByTestId('import-take').click();
    await page.getByTestId('import-keep').waitFor();
  }],
  ['import-many', 'importMany', async (page) => {
    await choose(page);
    await page.getByTestId('import-entry-3').uncheck();
  }],
  ['import-found', 'importMany', async (page) => {
    await choose(page);
    await page.getByTestId('import-search').fill('host-1');
    await page.getByTestId('import-entry-1').uncheck();
    await page.getByTestId('import-more').focus();
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
  ['many', 'manyStatus'],
  ['many-all', 'manyStatus', async (page) => {
    await page.getByTestId('state-waiting').click();
    await page.getByTestId('line-5').click();
    await page.getByTestId('chart').waitFor();
    return 'all';
  }],
  ['many-found', 'manyStatus', async (page) => {
    await page.getByTestId('status-search').fill('0012');
    await page.getByTestId('line-12').press('Enter');
    await page.getByTestId('history-search').fill('0012');
    await page.getByTestId('history').waitFor();
    return 'all';
  }],
  ['many-settings', 'manySettings'],
  ['many-settings-all', 'manySettings', async (page) => {
    await page.getByTestId('settings-search').fill('customer-000');
    await page.getByTestId('line-3').click();
    await page.getByTestId('entry-3-duplicate').click();
    await page.getByTestId('line-6').click();
    await page.getByTestId('entry-6-remove').click();
    await page.getByTestId('line-7-enabled').click();
    return 'all';
  }],
  ['many-settings-errors', 'manySettings', async (page) => {
    await page.getByTestId('save').click();
    await page.getByTestId('error-700-server').waitFor();
    return 'all';
  }],
  ['elsewhere', 'elsewhere'],
  ['new-router', 'newRouter'],
  ['device', 'device', async (page) => {
    await page.getByTestId('save').click();
    await page.getByTestId('error-0-device').waitFor();
  }],
  ['device-why', 'deviceWhy', async (page) => {
    await page.getByTestId('why-1-ipv6').click();
  }],
  ['unrecognised', 'unrecognised'],
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
  ['help', 'fine', async (page) => {
    await page.getByTestId('nav-help').click();
    await page.getByTestId('help-chapters').waitFor();
    return 'all';
  }],
  ['help-search', 'fine', async (page) => {
    await page.getByTestId('nav-help').click();
    await page.getByTestId('help-search').fill('ds-lite');
    await page.getByTestId('help-found').waitFor();
  }],
  ['help-message', 'abuse', async (page) => {
    await page.getByTestId('what-does-this-mean').click();
    await page.getByTestId('help-chapter').waitFor();
  }],
  ...['messages', 'not-reachable', 'first-steps', 'moving-from-ddclient-and-inadyn'].map((name) => [
    `help-${name}`,
    'fine',
    async (page) => {
      await page.getByTestId('nav-help').click();
      await page.locator(`[data-testid=help-chapters] [data-place^="${name}#"]`).click();
      await page.getByTestId('help-chapter').waitFor();
      return 'all';
    },
  ]),
  ['about', 'about', async (page) => {
    await page.getByTestId('contact-list').waitFor();
    return 'all';
  }],
  ['about-newer', 'aboutNewer', () => 'all'],
  ['about-licences', 'about', async (page) => {
    await page.getByTestId('licences-open').click();
    await page.getByTestId('licences-filter').fill('fluent mit');
    await page.getByText('fluent-bundle').first().click();
    await page.getByTestId('licences').locator('pre').first().waitFor();
    return 'all';
  }],
  ['newer', 'newer'],
  ['no-notices', 'noNotices'],
  ['theme-other', 'themeOther', async (page) => {
    await page.getByTestId('more').click();
    return 'all';
  }],
  ['more-errors', 'moreErrors', async (page) => {
    await page.getByTestId('save').click();
    await page.getByTestId('error-proxy-address').waitFor();
    return 'all';
  }],
  ['log-filtered', 'diagnostics', async (page) => {
    await page.getByTestId('log-level').selectOption('warn');
    await page.getByTestId('log-filter').fill('keyring');
    await page.getByTestId('log-pause').click();
  }],
];
const looks = [
  { name: 'light-en', colorScheme: 'light', language: 'en' },
  { name: 'dark-en', colorScheme: 'dark', language: 'en' },
  { name: 'light-de', colorScheme: 'light', language: 'de' },
  { name: 'dark-de', colorScheme: 'dark', language: 'de' },
  { name: 'narrow-de', colorScheme: 'light', language: 'de', width: 480 },
  { name: 'phone-de', colorScheme: 'dark', language: 'de', width: 360 },
  { name: 'text200-de', colorScheme: 'light', language: 'de', width: 800, text: 200 },
  { name: 'forced-en', colorScheme: 'dark', language: 'en', forcedColors: 'active' },
];

const given = process.argv.slice(2);
const to = given.find((word) => word.startsWith('--to='))?.slice('--to='.length);
const wanted = given.filter((word) => !word.startsWith('--'));
const names = (all) => all.filter((name) => wanted.includes(name));
const chosen = (all, nameOf) => (names(all.map(nameOf)).length === 0 ? all : all.filter((one) => wanted.includes(nameOf(one))));

const tally = await photograph({
  pictures: chosen(pictures, ([name]) => name),
  looks: chosen(looks, ({ name }) => name),
  out: to ?? join(fileURLToPath(new URL('.', import.meta.url)), '../../target/screenshots'),
});
process.exit(tally.failed === 0 ? 0 : 1);
