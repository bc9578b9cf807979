/**
 * `npm run pace`: measures how long the built pages take with 2,000 host names, from the cause to the painted frame.
 * Prints medians. The stand-in's part (making and passing a snapshot) isn't counted.
 */
import { preview } from 'vite';
import { open, stand } from './camera.mjs';

const rounds = 9;
const server = await preview({ preview: { port: 0, host: '127.0.0.1' }, logLevel: 'error' });
const browser = await open();
const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 900, height: 700 } });
await context.addInitScript(await stand());
await context.addInitScript(() => {
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  /** The milliseconds from `cause` to the frame that shows its effect. */
  window.pace = async (cause) => {
    await painted();
    const start = performance.now();
    await cause();
    await painted();
    return performance.now() - start;
  };
  window.part = (testid) => document.querySelector(`[data-testid="${testid}"]`);
  /** Chooses a file to import; the stand-in decides on its content. */
  window.choose = async () => {
    const chosen = new DataTransfer();
    chosen.items.add(new File(['x'], 'many.csv'));
    window.part('import-input').files = chosen.files;
    window.part('import-input').dispatchEvent(new Event('change', { bubbles: true }));
    while (!window.part('import-count')) await new Promise((done) => setTimeout(done));
  };
});

const median = (times) => times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)];

/** Opens the scene anew for each round, and measures there. */
async function measure(what, scene, act) {
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    const page = await context.newPage();
    await page.goto(`${server.resolvedUrls.local[0]}?scene=${scene}&language=en`);
    await page.locator('h1').waitFor();
    times.push(await page.evaluate(act));
    await page.close();
  }
  console.log(`${what}: ${median(times).toFixed(0)} ms (${Math.min(...times).toFixed(0)}–${Math.max(...times).toFixed(0)})`);
}

await measure('status, first shown', 'manyAbout', () => window.pace(() => window.part('nav-status').click()));
await measure('status, a new snapshot', 'manyStatus', async () => {
  const snapshot = { ...window.program.snapshot, entries: window.samples.updating(2000, 700) };
  return window.pace(() => window.program.tell(snapshot));
});
await measure('settings, first shown', 'manyAbout', () => window.pace(() => window.part('nav-settings').click()));
await measure('settings, a key in a host name', 'manySettings', async () => {
  window.part('line-0')?.click();
  await new Promise((done) => setTimeout(done, 300));
  const field = window.part('entry-0-hostname');
  const type = (text) => {
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  };
  await window.pace(() => type('a.spdns.de'));
  return window.pace(() => type('ab.spdns.de'));
});
await measure('settings, a new snapshot', 'manySettings', async () => {
  const snapshot = { ...window.program.snapshot, entries: window.samples.updating(2000, 700) };
  return window.pace(() => window.program.tell(snapshot));
});
await measure('import, 2,000 entries shown', 'importMany', () => window.pace(window.choose));
await measure('import, an entry left out', 'importMany', async () => {
  await window.choose();
  return window.pace(() => window.part('import-entry-3').click());
});
await measure('import, all left out', 'importMany', async () => {
  await window.choose();
  return window.pace(() => window.part('import-all').click());
});
await browser.close();
await server.close();
