/**
 * A hostile web page in a real browser tries to reach the sandbox: by DNS rebinding, and across sites.
 *
 * node hostile.mjs BASE QUERY [CHROMIUM], where BASE is http://127.0.0.1:PORT of a sandbox, and QUERY that of an update
 * with its login in it. Says what became of each attempt; whether anything happened at the sandbox, its owner asks it.
 *
 * For the rebinding, the name evil.example leads to 127.0.0.66 at the sandbox's own port. The attacker's server is there
 * at first; then every connection goes on to the sandbox, as if the name had been given the other address.
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { connect, createServer as createRelay } from 'node:net';

const [base, query, executablePath = '/usr/bin/chromium'] = process.argv.slice(2);
const { resolve } = createRequire(new URL('../../ui/package.json', import.meta.url));
const { chromium } = (await import(resolve('playwright-core'))).default;
const port = Number(new URL(base).port);
const attacker = '127.0.0.66';

const pages = createServer((_request, response) => {
  response.setHeader('Content-Type', 'text/html');
  response.setHeader('Connection', 'close');
  response.end('<!doctype html><title>Kittens</title><p>Kittens');
});
const listening = (server, at) => new Promise((done) => server.listen(at, attacker, () => done(server.address().port)));
let rebound = 0;
const relay = createRelay((here) => {
  rebound += 1;
  const there = connect(port, '127.0.0.1');
  here.pipe(there).pipe(here);
  for (const socket of [here, there]) socket.on('error', () => socket.destroy());
});

const browser = await chromium.launch({
  executablePath,
  args: [
    '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update',
    '--disable-sync', `--host-resolver-rules=MAP evil.example ${attacker}`,
  ],
});
try {
  await rebind();
  await acrossSites();
} finally {
  await browser.close();
  pages.close();
  relay.close();
}

/** The page's own name leads to the sandbox: the browser takes its answers for the page's own. */
async function rebind() {
  await listening(pages, port);
  const page = await browser.newPage();
  await page.goto(`http://evil.example:${port}/`);
  assert.equal(await page.title(), 'Kittens');
  pages.closeAllConnections();
  await new Promise((done) => pages.close(done));
  await listening(relay, port);
  const attempts = [
    ['GET', '/control/state'], ['POST', '/control/reconnect'], ['GET', '/line'], ['POST', '/line/reconnect'],
    ['GET', '/login'], ['GET', '/hosts'], ['GET', `/nic/update?${query}`],
  ];
  for (const [method, path] of attempts) {
    const answer = await page.evaluate(async ([method, path]) => {
      const response = await fetch(path, { method });
      return { status: response.status, text: await response.text() };
    }, [method, path]);
    assert.ok(!/csrf|ipv4|good/.test(answer.text), `${path}: ${answer.text}`);
    console.log(`rebound ${method} ${path.split('?')[0]} ${answer.status}`);
  }
  assert.ok(rebound > 0, 'the page did reach the sandbox');
  await page.close();
}

/** A page at another origin sends what a page may send anywhere. */
async function acrossSites() {
  const at = await listening(pages, 0);
  const page = await browser.newPage();
  const seen = new Map();
  page.context().on('response', (response) => {
    if (response.url().startsWith(base)) seen.set(new URL(response.url()).pathname, response.status());
  });
  const tell = async (site, paths) => {
    for (const path of paths) {
      // The browser tells of an answer a moment after the page has it.
      for (let tries = 0; tries < 100 && !seen.has(path); tries += 1) await page.waitForTimeout(100);
      console.log(`${new URL(site).hostname} ${path} ${seen.get(path)}`);
    }
  };
  for (const site of [`http://evil.example:${at}`, `http://${attacker}:${at}`]) {
    seen.clear();
    await page.goto(`${site}/`);
    await page.evaluate(async ([base, query]) => {
      const image = new Image();
      await new Promise((done) => {
        image.onload = done;
        image.onerror = done;
        image.src = `${base}/nic/update?${query}`;
      });
      const send = (path, options) => fetch(base + path, { mode: 'no-cors', ...options }).catch(() => {});
      // Chromium keeps the answer to an image from everybody; the same request in another way shows its status.
      await send(`/nic/update?${query}`, {});
      await send('/control/state', {});
      await send('/control/reconnect', { method: 'POST', body: '{}' });
    }, [base, query]);
    const paths = ['/nic/update', '/control/state', '/control/reconnect'];
    await tell(site, paths);
    // Whole pages: a form that submits itself, and a link that a person follows.
    for (const [method, path] of [['post', '/line/reconnect'], ['post', '/login'], ['get', '/line']]) {
      await page.goto(`${site}/`);
      const response = page.waitForResponse((response) => response.url().split('?')[0] === base + path);
      await page.evaluate(([method, action]) => {
        const form = document.createElement('form');
        Object.assign(form, { method, action });
        document.body.append(form);
        form.submit();
      }, [method, base + path]);
      console.log(`${new URL(site).hostname} ${path} ${(await response).status()}`);
      await page.waitForURL((url) => url.origin === base && url.pathname === path);
    }
  }
  await page.close();
}
