import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AffectError } from '../../src/domain/errors.js';
import { findChromium, printPdf } from '../../src/study/report/print-pdf.js';
import { writeStudyReport } from '../../src/study/report/write-report.js';
import { launchChromium } from '../support/chromium.js';
import { FIXTURE_META, fixtureGathered } from '../support/study-report-fixture.js';
import { tempFolders } from '../support/temp-folder.js';

const folder = tempFolders();
let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
}, 60_000);
afterAll(() => browser?.close());

/** The page as it opens; no error, no request elsewhere. */
async function withPage(
  { width = 1440, hash = '', scheme = 'light' as 'light' | 'dark' },
  use: (page: Page) => Promise<void>,
): Promise<void> {
  const path = await writeStudyReport(folder(), FIXTURE_META, fixtureGathered());
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => problems.push(message.text()));
  page.on('request', (request) => {
    if (!/^(file|data):/.test(request.url())) problems.push(request.url());
  });
  try {
    await page.goto(`${pathToFileURL(path).href}${hash}`);
    await page.waitForSelector('html.ready');
    await use(page);
    const shots = process.env.MIEN_SCREENSHOTS;
    if (shots) await page.screenshot({ path: join(shots, `study-${width}-${scheme}.png`), fullPage: true });
    expect(problems).toEqual([]);
  } finally {
    await page.close();
  }
}

const count = (page: Page, selector: string): Promise<number> => page.locator(selector).count();

describe('the report of a study', () => {
  it('shows a point for each person with a value, and the mean with its interval, by condition', () =>
    withPage({}, async (page) => {
      const points = await count(page, '#dots .point');
      expect(points).toBeGreaterThan(10);
      expect(await count(page, '#dots .mean')).toBe(2);
      expect(await count(page, '#dots .bar')).toBe(2);
      expect(await page.getAttribute('#dots .chart', 'aria-label')).toMatch(
        /^valence mean, .* calm: mean 0\.\d+; under pressure: mean 0\.\d+\. Arrow keys/,
      );
      expect(await page.textContent('#dots')).toContain(`${16 - points} of 16 have no value`);
    }));

  it('is read with the keyboard alone', () =>
    withPage({}, async (page) => {
      await page.focus('#dots .chart');
      await page.keyboard.press('ArrowRight');
      const first = await page.textContent('#dots .readout-line');
      expect(first).toMatch(/^p\d\d, session s\d\d, calm: 0\.\d+ \(.* to .*\) -1\.\.1, 90\s% read$/);
      await page.keyboard.press('ArrowLeft');
      expect(await page.textContent('#dots .readout-line')).toMatch(/, under pressure: /);
      await page.focus('#strips .strip-scroll');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowRight');
      expect(await page.textContent('#strips .readout-line')).toMatch(/^p02, session s01, at 0:02\.40: valence /);
    }));

  it('follows what is chosen, in pictures and in its address', () =>
    withPage({ hash: '#measure=happiness_share&reference=baseline' }, async (page) => {
      expect(await page.inputValue('#measure')).toBe('happiness_share');
      expect(await page.inputValue('#reference')).toBe('baseline');
      await page.selectOption('#measure', 'blink_rate');
      expect(await page.getAttribute('#dots .chart', 'aria-label')).toMatch(
        /^blink rate, per minute; relative to the person’s baseline/,
      );
      expect(new URL(page.url()).hash).toBe('#measure=blink_rate&reference=baseline&speech=all');
    }));

  it('has small pictures of all markers on one scale, and curves around their starts', () =>
    withPage({}, async (page) => {
      const ticks = await page.$$eval('#multiples .chart', (charts) =>
        charts.map((chart) => [...chart.querySelectorAll('.tick')].map((tick) => tick.textContent).join(' ')),
      );
      expect(ticks).toHaveLength(5);
      expect(new Set(ticks).size).toBe(1);
      expect(await count(page, '#aligned .curve')).toBeGreaterThanOrEqual(10);
      const told = await page.getAttribute('#aligned .grid-of .chart', 'aria-label');
      expect(told).toMatch(/^Valence around the start of warm-up\. calm, 8 people: −0\.\d+ before, 0\.\d+ after/);
      await page.check('#aligned input[value=speaking]', { force: true });
      expect(await page.getAttribute('#aligned .grid-of .chart', 'aria-label')).toMatch(/^Speaking around/);
    }));

  it('has all measures that somebody has a value of, in the chosen form where they have it', () =>
    withPage({ hash: '#measure=blink_rate&reference=baseline' }, async (page) => {
      expect(await count(page, '#all .chart')).toBe(0);
      await page.click('#all summary');
      await page.waitForSelector('#all .chart');
      const told = (selector: string) => page.$$eval(selector, (found) => found.map((each) => each.textContent ?? ''));
      const names = ['valence mean', 'happiness share', 'au12 intensity mean', 'speaking share', 'blink rate'];
      const captions = await told('#all figcaption');
      expect([...names, 'head speed mean'].filter((name) => !captions.some((text) => text.startsWith(name)))).toEqual(
        [],
      );
      expect(captions.filter((text) => text.endsWith('by marker'))).toHaveLength(6);
      expect(await page.textContent('#all .sub')).toBe(
        'In the form relative to the person’s baseline; time: all; where a measure does not have it, what it is instead stands beside its unit. Markers: 1 warm-up, 2 question 1, 3 question 2, 4 question 3, 5 question 4.',
      );
      expect(await page.getAttribute('#all figure:nth-child(2) .chart', 'aria-label')).toMatch(
        /^valence mean, .* calm: warm-up −?0\.\d+, question 1 /,
      );
    }));

  it('prints all measures without being asked, and the chosen one large', () =>
    withPage({ hash: '#measure=blink_rate' }, async (page) => {
      await page.evaluate('dispatchEvent(new Event("beforeprint"))');
      expect(await count(page, '#all figure')).toBe(12);
      expect(await page.getAttribute('#dots .chart', 'aria-label')).toMatch(/^blink rate/);
    }));

  it('tells its numbers as a table, too', () =>
    withPage({}, async (page) => {
      await page.click('#dots .as-table summary');
      await page.waitForSelector('#dots .as-table tbody tr');
      // Sixteen people and two means, for the session and five markers.
      expect(await count(page, '#dots .as-table tbody tr')).toBe(18 * 6);
      expect(await page.textContent('#dots .as-table tbody')).toContain('readings cover less of the window');
    }));

  it.each([
    [390, 'light'],
    [390, 'dark'],
    [1440, 'dark'],
  ] as const)('fits %i pixels in the %s theme', (width, scheme) =>
    withPage({ width, scheme }, async (page) => {
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      expect(await page.textContent('#theme')).toBe(scheme === 'dark' ? 'Light' : 'Dark');
      await page.click('#theme');
      expect(await page.getAttribute('html', 'data-theme')).toBe(scheme === 'dark' ? 'light' : 'dark');
    }),
  );

  it('is printed to a PDF of some pages', async () => {
    const out = folder();
    const page = await writeStudyReport(out, FIXTURE_META, fixtureGathered());
    const pdf = join(out, 'report.pdf');
    await printPdf({ page, pdf });
    const text = readFileSync(pdf, 'latin1');
    expect(text.startsWith('%PDF-')).toBe(true);
    expect(text.match(/\/Type \/Page\b/g)!.length).toBeGreaterThanOrEqual(3);
  });

  it('says what is missing where nothing can print', async () => {
    const out = folder();
    const pdf = join(out, 'report.pdf');
    expect(findChromium({ PATH: out })).toBeNull();
    const failed = await printPdf({ page: join(out, 'report.html'), pdf }, { env: { CHROMIUM: '/nowhere' } }).catch(
      (error: unknown) => error,
    );
    expect(failed).toBeInstanceOf(AffectError);
    expect((failed as AffectError).message).toMatch(
      /report\.pdf: CHROMIUM names \/nowhere, which is no program; install chromium/,
    );
    expect(existsSync(pdf)).toBe(false);
  });
});
