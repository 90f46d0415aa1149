// Opens the report and the review page of a study in Chromium, on a desktop and a phone: what they complain of, and pictures to look at.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { startMien } from './runs.mjs';

const PLACES = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const SIZES = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

/** Address that `mien review` prints. */
async function reviewOf(folder) {
  const child = startMien(folder, 'review', 'results', '--rater', 'reader', '--quiet');
  for await (const piece of child.stdout) return { url: String(piece).trim(), end: () => child.kill('SIGTERM') };
  throw new Error('mien review ended before it told its address; see above');
}

async function openPage(browser, { name, url, ready, pictures }) {
  const problems = [];
  for (const [size, viewport] of Object.entries(SIZES)) {
    const page = await browser.newPage({ viewport });
    const tell = (text) => problems.push(`${name}, ${size}: ${text}`);
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && tell(message.text()));
    page.on('pageerror', (error) => tell(error.message));
    await page.goto(url);
    await page.waitForSelector(ready);
    const tooWide = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (tooWide > 0) tell(`${tooWide} px wider than the window`);
    await page.screenshot({ path: join(pictures, `${name}-${size}.png`), fullPage: name === 'report' });
    await page.close();
  }
  return problems;
}

/** Resolves to what pages complain of, one line each; their pictures are in the folder `pictures`. */
export async function openPages(folder, pictures) {
  const executablePath = PLACES.find((path) => path !== undefined && existsSync(path));
  if (!executablePath) throw new Error('there is no Chromium; install it, or set CHROMIUM');
  mkdirSync(pictures, { recursive: true });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--headless', '--disable-gpu'] });
  const review = await reviewOf(folder);
  try {
    const report = pathToFileURL(join(folder, 'results', 'report.html')).href;
    return [
      ...(await openPage(browser, { name: 'report', url: report, ready: 'h1', pictures })),
      ...(await openPage(browser, { name: 'review', url: review.url, ready: 'html.ready', pictures })),
    ];
  } finally {
    review.end();
    await browser.close();
  }
}
