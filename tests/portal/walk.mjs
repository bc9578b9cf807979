/**
 * Walks the sandbox's portal in a real browser: log in, make a token, see it once, use it, replace it. axe looks at
 * each page, in both languages, light and dark; a last walk goes without JavaScript. Each page is also looked at 480
 * pixels wide.
 *
 * node walk.mjs BASE PICTURES [CHROMIUM], where BASE is http://127.0.0.1:PORT of a sandbox. The first thing that is
 * not as it should be ends it; what axe finds is told at the end. Needs a Chromium (default: /usr/bin/chromium), and
 * playwright-core and axe-core, which the window's pages bring along (npm ci in ui).
 */
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const [base, pictures, executablePath = '/usr/bin/chromium'] = process.argv.slice(2);
const { resolve } = createRequire(new URL('../../ui/package.json', import.meta.url));
const { chromium } = (await import(resolve('playwright-core'))).default;
const axe = await readFile(resolve('axe-core/axe.min.js'), 'utf8');

const password = 'correct-horse';
const shape = /^[a-z]{4}(-[a-z]{4}){2}$/;

const texts = {
  en: {
    sandbox: 'This is a sandbox', wrong: 'is wrong', unused: 'made but unused', used: 'used', once: 'was shown once',
    userName: 'User name = host name',
  },
  de: {
    sandbox: 'Dies ist eine Sandbox', wrong: 'ist falsch', unused: 'erzeugt, aber unbenutzt', used: 'benutzt',
    once: 'wurde einmal angezeigt', userName: 'Benutzername = Hostname',
  },
};

/** What axe found, each with the pages. */
const findings = new Map();

const browser = await chromium.launch({
  executablePath,
  args: [
    '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync',
  ],
});
try {
  await mkdir(pictures, { recursive: true });
  for (const language of ['en', 'de']) {
    for (const colorScheme of ['light', 'dark']) await walk(language, colorScheme, true);
  }
  await walk('en', 'light', false);
} finally {
  await browser.close();
  for (const [finding, places] of findings) console.error(`axe: ${finding}\n  on ${places.join(', ')}`);
}
assert.equal(findings.size, 0, 'axe found something');

async function walk(language, colorScheme, javaScriptEnabled) {
  const name = `${language}-${colorScheme}${javaScriptEnabled ? '' : '-noscript'}`;
  const host = `${name}.spdns.de`;
  const text = texts[language];
  const locale = { en: 'en-GB', de: 'de-DE' }[language];
  const context = await browser.newContext({ locale, colorScheme, javaScriptEnabled });
  context.setDefaultTimeout(15_000);
  const strangers = [];
  await context.route((url) => url.origin !== base, (route) => {
    strangers.push(route.request().url());
    return route.abort();
  });
  if (javaScriptEnabled) await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: base });
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));

  /** A page as it is now: the note that it is a sandbox, the language, axe, and a picture. */
  const look = async (what) => {
    assert.match(await page.locator('.sandbox').innerText(), new RegExp(text.sandbox), what);
    assert.equal(await page.locator('html').getAttribute('lang'), language, what);
    await page.screenshot({ path: `${pictures}/${name}-${what}.png`, fullPage: true });
    const usual = page.viewportSize();
    await page.setViewportSize({ width: 480, height: 900 });
    await page.screenshot({ path: `${pictures}/${name}-${what}-480.png`, fullPage: true });
    for (const part of await page.locator('main :is(button, select, input, code, a):visible').all()) {
      const { x, width } = await part.boundingBox();
      assert.ok(x >= 0 && x + width <= 480, `${what}: cut off at 480 px: ${await part.innerHTML()}`);
    }
    for (const code of await page.locator('main code:not(.long):visible').all()) {
      const [lines, fits] = await code.evaluate((element) => {
        const range = document.createRange();
        range.selectNodeContents(element);
        const around = element.closest('table, main').getBoundingClientRect();
        return [range.getClientRects().length, range.getBoundingClientRect().right < around.right];
      });
      assert.equal(lines, 1, `${what}: broken in the middle: ${await code.innerText()}`);
      assert.ok(fits, `${what}: runs out of its box: ${await code.innerText()}`);
    }
    await page.setViewportSize(usual);
    if (!javaScriptEnabled) return;
    // Not as a script in the page: its content security policy would refuse it, and rightly so.
    const found = await page.evaluate(`${axe}\n;axe.run(document)`);
    const told = found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`);
    for (const one of told) findings.set(one, [...(findings.get(one) ?? []), `${name}-${what}`]);
    assert.ok(found.passes.length > 5, 'axe did look');
  };
  const press = (action) => page.locator(`form[action="${action}"] button:visible`).first().click();
  const fillIn = async (action, values) => {
    for (const [field, value] of Object.entries(values)) {
      await page.locator(`form[action="${action}"] input[name="${field}"]`).fill(value);
    }
    await press(action);
  };
  const update = async (token, myip) => {
    const headers = {
      Authorization: `Basic ${btoa(`${host}:${token}`)}`,
      'User-Agent': 'Dyntray-portal-walk',
    };
    return (await fetch(`${base}/nic/update?hostname=${host}&myip=${myip}`, { headers })).text();
  };
  const facts = () => page.locator('main table').first().innerText();
  const codes = () => page.locator('#log .code').allInnerTexts();
  const form = page.locator(`form[action="/hosts/${host}/token"]`);
  const confirm = page.locator('button[name="confirm"]');
  const makeToken = async () => {
    await page.goto(`${base}/hosts/${host}`);
    const create = form.getByRole('button', { name: '+ Create Token' });
    await form.locator('select').selectOption('none');
    assert.ok(!(await create.isVisible()), 'no button for no token');
    await form.locator('select').selectOption('update');
    await create.click();
    if (await confirm.isVisible()) {
      await look('question');
      await confirm.click();
    }
    const token = await page.locator('#token').innerText();
    assert.match(token, shape);
    return token;
  };

  // An account, out again, and in by the log-in page, at first with a wrong password.
  await page.goto(`${base}/register`);
  await look('register');
  await fillIn('/register', { name, password });
  await page.waitForURL((url) => url.pathname !== '/register');
  await context.clearCookies();
  await page.goto(`${base}/hosts`);
  assert.equal(new URL(page.url()).pathname, '/login', 'the hosts are for those who are logged in');
  await look('login');
  await fillIn('/login', { name, password: 'wrong-horse' });
  assert.match(await page.getByRole('alert').innerText(), new RegExp(text.wrong));
  await look('login-refused');
  await fillIn('/login', { name, password });
  await page.waitForURL(`${base}/hosts`);
  await look('hosts-none');

  await fillIn('/hosts', { name: host });
  await page.getByRole('link', { name: host }).waitFor();
  await look('hosts');
  await page.getByRole('link', { name: host }).click();
  await look('host-new');

  // The token: seen once.
  const first = await makeToken();
  await look('token');
  const copy = page.locator('#copy');
  assert.equal(await copy.isVisible(), javaScriptEnabled, 'a button that can do nothing is not shown');
  if (javaScriptEnabled) {
    await copy.click();
    await page.waitForFunction(() => {
      const button = document.querySelector('#copy');
      return button.textContent === button.dataset.copied;
    });
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), first);
  }
  assert.ok((await page.locator('main').innerText()).includes(text.userName));
  await page.reload();
  assert.ok(!(await page.content()).includes(first), 'a reload shows the token again');
  assert.equal(await page.locator('#token').count(), 0, 'a reload makes another token');
  assert.ok((await page.locator('main').innerText()).includes(text.once));
  await look('token-once');
  for (const path of ['/hosts', `/hosts/${host}`]) {
    await page.goto(base + path);
    assert.ok(!(await page.content()).includes(first), `${path} shows the token`);
    assert.ok((await page.locator('main').innerText()).includes(text.unused), path);
  }
  await look('host-unused');

  // It works, and the page says so after a reload.
  assert.equal(await update(first, '203.0.113.7,2001:db8:1234:5678:9abc:def0:1234:5678'), 'good 203.0.113.7,2001:db8:1234:5678:9abc:def0:1234:5678');
  await page.reload();
  assert.deepEqual(await codes(), ['good']);
  const now = await facts();
  for (const fact of ['203.0.113.7', '2001:db8:1234:5678:9abc:def0:1234:5678', text.used]) assert.ok(now.includes(fact), now);
  assert.ok(!now.includes(text.unused), now);
  await look('host-used');

  // A new one replaces it.
  const second = await makeToken();
  assert.notEqual(second, first);
  assert.equal(await update(first, '203.0.113.8'), 'badauth');
  assert.equal(await update(second, '203.0.113.8'), 'good 203.0.113.8');
  await page.goto(`${base}/hosts/${host}`);
  assert.deepEqual(await codes(), ['good', 'badauth', 'good']);
  const after = await facts();
  for (const fact of ['203.0.113.8', '2001:db8:1234:5678:9abc:def0:1234:5678']) assert.ok(after.includes(fact), after);
  const html = await page.content();
  assert.ok(!html.includes(first) && !html.includes(second));
  await look('host-replaced');

  // The other kinds stand beside it; a second one of a kind is asked about.
  for (const kind of ['move', 'acme']) {
    await page.goto(`${base}/hosts/${host}`);
    await form.locator('select').selectOption(kind);
    await form.getByRole('button', { name: '+ Create Token' }).click();
    await look(`token-${kind}`);
    const token = await page.locator('#token').innerText();
    assert.equal(await update(token, '203.0.113.9'), 'badauth', `${kind} is no login`);
    await page.goto(`${base}/hosts/${host}`);
    await form.locator('select').selectOption(kind);
    await form.getByRole('button', { name: '+ Create Token' }).click();
    await confirm.waitFor();
  }
  await page.goto(`${base}/hosts/${host}`);
  await press(`/hosts/${host}/delete`);
  await confirm.waitFor();
  await look('delete');

  await page.goto(`${base}/hosts`);
  await look('hosts-used');
  for (const path of ['symbols', 'account']) {
    await page.goto(`${base}/${path}`);
    await look(path);
  }
  await page.goto(`${base}/line`);
  await look('line');
  await press('/logout');
  await page.goto(`${base}/hosts/${host}`);
  assert.equal(new URL(page.url()).pathname, '/login', 'logged out is logged out');

  assert.deepEqual(errors, []);
  assert.deepEqual(strangers, [], 'the pages need nothing from elsewhere');
  console.log(`walked ${name}`);
  await context.close();
}
