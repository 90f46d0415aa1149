import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.js';
import { DEMO, runCli } from '../support/run-cli.js';
import { tempFolders } from '../support/temp-folder.js';

const PAGE = pathToFileURL(fileURLToPath(new URL('../../examples/observable/index.html', import.meta.url))).href;
const folder = tempFolders();
let browser: Browser | undefined;
afterEach(() => browser?.close());

/** Its packages are installed by `npm test`; by hand: `npm ci` in examples/observable. */
it('the page with Observable Plot draws a chosen CSV', async () => {
  const out = folder();
  const analysed = await runCli(['analyze', `${DEMO}step-smile.mp4`, '--formats', 'csv', '--out', out]);
  expect(analysed.code, analysed.stderr).toBe(0);
  browser = await launchChromium();
  const page = await browser.newPage({ viewport: { width: 1000, height: 1100 } });
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith('file:')) problems.push(request.url());
  });
  await page.goto(PAGE);
  await page.setInputFiles('#file', join(out, 'step-smile', 'step-smile.csv'));
  await page.waitForSelector('#plots svg');
  expect(await page.textContent('#said')).toMatch(/^Face 1 of step-smile: \d+ of \d+ frames have a reading\.$/);
  const drawn = await page.$$eval('#plots [aria-label=area] path', (paths) =>
    paths.map((path) => path.getAttribute('d')),
  );
  expect(drawn).toHaveLength(8);
  expect(await page.$$eval('#plots [aria-label=line] path', (paths) => paths.length)).toBe(2);
  for (const path of drawn) expect(path).not.toContain('NaN');
  const picture = process.env.MIEN_SCREENSHOTS;
  if (picture) await page.screenshot({ path: join(picture, 'observable.png') });
  expect(problems).toEqual([]);
});
