/** Opens each scene in each look, takes its picture, and checks it: with axe, its width, and the console. */
import { accessSync, constants } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';
import { build, preview } from 'vite';

const here = new URL('.', import.meta.url).pathname;
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Chromium's names on Linux systems. */
const names = ['chromium', 'chromium-browser', 'google-chrome'];
const height = 700;

/**
 * Takes every picture in every look, several at a time, into the folder `out`. A picture has a name, a scene, and an
 * action before it is taken; if that returns 'all', the picture shows the whole page. Prints and returns the numbers.
 */
export async function photograph({ pictures, looks, out }) {
  await mkdir(out, { recursive: true });
  const [stage, server, browser] = await Promise.all([stand(), preview({ preview: { port: 0, host: '127.0.0.1' }, logLevel: 'error' }), open()]);
  const address = server.resolvedUrls.local[0];
  const tasks = looks.flatMap((look) => pictures.map((picture) => ({ look, picture })));
  const tally = { passed: 0, failed: 0 };

  async function work() {
    let at;
    for (let task = tasks.shift(); task; task = tasks.shift()) {
      if (at?.look !== task.look) {
        await at?.page.context().close();
        at = await lookAt(browser, stage, task.look);
      }
      const faults = await take(at, task.picture, address, out);
      for (const fault of faults) console.log(`FAULT ${task.picture[0]}.${task.look.name}: ${fault}`);
      tally[faults.length === 0 ? 'passed' : 'failed'] += 1;
    }
  }
  await Promise.all(Array.from({ length: Math.min(4, Math.max(2, availableParallelism())) }, work));

  await browser.close();
  await server.close();
  console.log(`Pictures are in ${out}`);
  // `cargo xtask test` reads this line.
  console.log(`Pictures: ${tally.passed} passed, ${tally.failed} failed`);
  return tally;
}

/** The stand-in program that runs before the pages. */
export async function stand() {
  const made = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, minify: false, lib: { entry: `${here}stage.ts`, formats: ['iife'], name: 'stage' } },
  });
  return [made].flat()[0].output[0].code;
}

export function open() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? onPath(),
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

function onPath() {
  const places = names.flatMap((name) => (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name)));
  const found = places.find(isProgram);
  if (!found) throw new Error('no Chromium found; CHROMIUM may say where it is');
  return found;
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A page with a look. It is used for many pictures: opening one takes as long as a picture. */
async function lookAt(browser, stage, look) {
  const context = await browser.newContext({
    colorScheme: look.colorScheme,
    forcedColors: look.forcedColors ?? 'none',
    locale: look.language === 'de' ? 'de-DE' : 'en-GB',
    // Nothing moves, so there is nothing to wait for.
    reducedMotion: 'reduce',
  });
  await context.addInitScript(stage);
  // Added before the page: later the window's policy would refuse it. So it is also sent only once.
  if (!look.forcedColors) await context.addInitScript(axe);
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const at = { look, page, faults: [] };
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && at.faults.push(message.text()));
  page.on('pageerror', (error) => at.faults.push(String(error)));
  return at;
}

/** Takes one picture. Returns its faults. */
async function take(at, [name, scene, act], address, out) {
  const { look, page } = at;
  const width = look.width ?? 900;
  at.faults = [];
  try {
    await page.setViewportSize({ width, height });
    // Left where it was, the pointer might hover over something.
    await page.mouse.move(0, 0);
    await page.goto(`${address}?scene=${scene}&language=${look.language}`);
    await page.locator('h1').waitFor();
    if (look.text) await page.evaluate((percent) => document.documentElement.style.setProperty('font-size', `${percent}%`), look.text);
    await settled(page);
    if ((await act?.(page)) === 'all') {
      await settled(page);
      await page.setViewportSize({ width, height: await page.evaluate(() => document.querySelector('main').scrollHeight + 60) });
    }
    await settled(page);
    await page.screenshot({ path: join(out, `${name}.${look.name}.png`) });
    const wide = await page.evaluate(() => [...document.querySelectorAll('header, main')].map((part) => part.scrollWidth - part.clientWidth));
    if (wide.some((more) => more > 0)) at.faults.push(`${Math.max(...wide)} px too wide`);
    if (!look.forcedColors) at.faults.push(...(await examined(page)));
  } catch (error) {
    at.faults.push(String(error));
  }
  return at.faults;
}

/** Waits until the stand-in's answers are there and drawn. */
const settled = (page) => page.evaluate(() => new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 60)));

/** The violations that axe finds. Only they leave the page: axe's whole result has megabytes. */
function examined(page) {
  return page.evaluate(async () => {
    const { violations } = await window.axe.run({ resultTypes: ['violations'] });
    return violations.map(({ id, nodes }) => `axe ${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
  });
}
