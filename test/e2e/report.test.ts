import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createReportSink } from '../../src/report/report-sink.js';
import { launchChromium } from '../support/chromium.js';
import { reportFixture } from '../support/report-fixture.js';
import { drawFixtureFrame } from '../support/report-frames.js';

let folder: string;
let browser: Browser;
let address: string;
/** The same people, read by a model with action units; without pictures. */
let unitsAddress: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mien-report-e2e-'));
  const path = join(folder, 'report.html');
  const fixture = reportFixture();
  const sink = await createReportSink({ path, run: fixture.run, overwrite: false });
  for (const [index, frame] of fixture.frames.entries()) {
    await sink.records(frame.records);
    await sink.frame(drawFixtureFrame(frame, index), frame.records);
  }
  for (const episode of fixture.episodes) await sink.episode(episode);
  await sink.close(fixture.summary);
  expect((await stat(path)).size).toBeLessThan(2_000_000);
  address = pathToFileURL(path).href;
  const withUnits = reportFixture({ units: true });
  const unitsPath = join(folder, 'units.html');
  const unitsSink = await createReportSink({ path: unitsPath, run: withUnits.run, overwrite: false });
  for (const frame of withUnits.frames) await unitsSink.records(frame.records);
  for (const episode of withUnits.episodes) await unitsSink.episode(episode);
  await unitsSink.close(withUnits.summary);
  unitsAddress = pathToFileURL(unitsPath).href;
  browser = await launchChromium();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function open(options: {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly colorScheme?: 'light' | 'dark';
  readonly units?: boolean;
}): Promise<{ page: Page; problems: string[] }> {
  const { widthPx, heightPx, colorScheme = 'light', units = false } = options;
  const context = await browser.newContext({ viewport: { width: widthPx, height: heightPx }, colorScheme });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('request', (request) => {
    if (!/^(file|data):/.test(request.url())) problems.push(`request to ${request.url()}`);
  });
  await page.goto(units ? unitsAddress : address);
  await page.waitForSelector('html.ready');
  return { page, problems };
}

const plots = (page: Page) => page.locator('#face-1 .plots');
const spoken = (page: Page) => plots(page).getAttribute('aria-valuetext');
/** Two screen refreshes: changes are drawn at the next one. */
const drawn = (page: Page) =>
  page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
const pixels = (page: Page, selector: string) =>
  page
    .locator(selector)
    .first()
    .evaluate((canvas) => (canvas as unknown as { toDataURL(): string }).toDataURL());

describe('the report in a browser', () => {
  test('opens from a file without a problem, and the keyboard reads values', async () => {
    const { page, problems } = await open({ widthPx: 1360, heightPx: 900 });
    await plots(page).focus();
    await page.keyboard.press('Home');
    await drawn(page);
    expect(await spoken(page)).toMatch(/^0:00\.00: neutral \d+\s%, /);
    await page.keyboard.press('ArrowRight');
    await drawn(page);
    expect(await spoken(page)).toMatch(/^0:00\.04: /);
    await page.keyboard.press('Shift+ArrowRight');
    await drawn(page);
    expect(await page.locator('#cursor-time').textContent()).toBe('0:01.04');

    await page.keyboard.press('n');
    await drawn(page);
    const { episodes, frames } = reportFixture();
    const first = episodes
      .filter(({ track, kind }) => track === 1 && kind === 'emotion')
      .sort((a, b) => a.apexUs - b.apexUs)[0]!;
    const apex = frames.find(({ ptsUs }) => ptsUs === first.apexUs)!.records[0]!;
    const share = Math.round(100 * apex.emotions!.smoothed[1]!);
    expect(await spoken(page)).toContain(`happiness ${share}\u00a0%`);
    expect(await page.locator('#face-1 .readout-list li').nth(1).locator('.value').textContent()).toBe(
      `${share}\u00a0%`,
    );
    const other = page.locator('#face-2 .readout-time');
    expect(await other.textContent()).toBe(await page.locator('#face-1 .readout-time').textContent());
    expect(problems).toEqual([]);
    await page.context().close();
  });

  test('says why there is no value', async () => {
    const { page } = await open({ widthPx: 1360, heightPx: 900 });
    await plots(page).focus();
    await page.keyboard.press('Home');
    for (let second = 0; second < 21; second++) await page.keyboard.press('Shift+ArrowRight');
    await drawn(page);
    expect(await spoken(page)).toBe('0:21.00: face turned too far');
    await page.context().close();
  });

  test('stage, view, zoom and theme change what is drawn', async () => {
    const { page, problems } = await open({ widthPx: 1360, heightPx: 900 });
    const canvas = '#face-1 .plot-emotions canvas';
    const seen = new Set([await pixels(page, canvas)]);
    const afterwards = async (act: () => Promise<unknown>) => {
      await act();
      await drawn(page);
      seen.add(await pixels(page, canvas));
    };
    await afterwards(() => page.locator('input[value="raw"]').check({ force: true }));
    await afterwards(() => page.locator('input[value="baselined"]').check({ force: true }));
    await afterwards(() => page.locator('input[value="separate"]').check({ force: true }));
    await afterwards(() => page.locator('#zoom-in').click());
    await afterwards(() => page.locator('#theme').click());
    expect(seen.size).toBe(6);
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    expect(await page.locator('#theme').getAttribute('aria-label')).toBe('Switch to the light theme');
    expect(problems).toEqual([]);
    await page.context().close();
  });

  test('pointing reads, dragging selects, the list filters and leads to the moment', async () => {
    const { page, problems } = await open({ widthPx: 1360, heightPx: 1400 });
    await plots(page).scrollIntoViewIfNeeded();
    const box = (await page.locator('#face-1 .plot-emotions canvas').boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + 40);
    await drawn(page);
    expect(await page.locator('#cursor-time').textContent()).toMatch(/^0:(29\.9|30\.0)/);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75, box.y + 40, { steps: 4 });
    await page.mouse.up();
    await page.mouse.move(box.x + 1, box.y + 40);
    await drawn(page);
    expect(await page.locator('#cursor-time').textContent()).toMatch(/^0:(29\.9|30\.)/);

    const rows = page.locator('#episodes tbody tr');
    const all = await rows.count();
    await page.locator('[name="episode-what"]').selectOption('happiness');
    const happy = await rows.count();
    expect(happy).toBeGreaterThan(0);
    expect(happy).toBeLessThan(all);
    await rows.first().locator('button').click();
    await drawn(page);
    expect(await spoken(page)).toContain('happiness');
    expect(problems).toEqual([]);
    await page.context().close();
  });

  test('offers the values as a table', async () => {
    const { page } = await open({ widthPx: 1360, heightPx: 900 });
    await page.locator('#face-1 details.values summary').click();
    const rows = page.locator('#face-1 details.values tbody tr');
    await rows.first().waitFor();
    expect(await rows.count()).toBeGreaterThan(50);
    expect(await page.locator('#face-1 details.values thead th').count()).toBe(22);
    expect(await page.locator('#face-1 details.values caption').textContent()).toContain('smoothed values');
    await page.context().close();
  });

  test.each([
    [390, 844],
    [1360, 900],
  ])('fits a screen %i wide, and every control has a name', async (widthPx, heightPx) => {
    const { page } = await open({ widthPx, heightPx, colorScheme: 'dark' });
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate(overflow)).toBe(0);
    const nameless = `[...document.querySelectorAll('button, select, input, [role=slider]')].filter((control) =>
      !(control.textContent.trim() || control.getAttribute('aria-label') || control.closest('label')) ).length`;
    expect(await page.evaluate(nameless)).toBe(0);
    expect(
      await page.evaluate("[...document.querySelectorAll('img')].every((image) => image.hasAttribute('alt'))"),
    ).toBe(true);
    await page.context().close();
  });

  test('action units: rows with values at the cursor, episodes, table and speech', async () => {
    const { page, problems } = await open({ widthPx: 1360, heightPx: 900, units: true });
    await plots(page).focus();
    await page.keyboard.press('Home');
    for (let second = 0; second < 7; second++) await page.keyboard.press('Shift+ArrowRight');
    await drawn(page);
    const apex = reportFixture({ units: true }).frames[175]!.records[0]!.actionUnits!;
    const strength = apex['12']!.intensity!.smoothed;
    const smile = page.locator('#face-1 .unit-rows li', { hasText: /^AU12lip/ });
    const found = Number(await smile.locator('b').textContent());
    expect(Math.abs(found - strength)).toBeLessThan(0.075);
    expect(await smile.getAttribute('class')).toBe('active');
    expect(await page.locator('#face-1 .unit-rows li').count()).toBe(20);
    expect(await spoken(page)).toMatch(/^0:07\.00: happiness .*; .*AU12 lip corner puller 3\.\d of 5/);
    expect(await page.locator('#face-1 .plot-units .plot-values').textContent()).toBe(
      `${Object.entries(apex).filter(([key, { active }]) => active && !/[LR]$/.test(key)).length} active`,
    );
    await page.locator('[name="episode-what"]').selectOption('AU12');
    const cells = page.locator('#episodes tbody tr').first().locator('td');
    expect(await cells.nth(2).textContent()).toBe('AU12 lip corner puller');
    expect(Number(await cells.nth(6).textContent())).toBeGreaterThan(1);
    await page.locator('#face-1 details.values summary').click();
    await page.locator('#face-1 details.values tbody tr').first().waitFor();
    expect(await page.locator('#face-1 details.values thead th').count()).toBe(22 + 20);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  test('action units fit a phone, one row under the other', async () => {
    const { page } = await open({ widthPx: 390, heightPx: 844, units: true });
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate(overflow)).toBe(0);
    const canvas = (await page.locator('#face-1 .plot-units canvas').boundingBox())!;
    const last = (await page.locator('#face-1 .unit-rows li').last().boundingBox())!;
    expect(last.y + last.height).toBeCloseTo(canvas.y + canvas.height, 0);
    await page.context().close();
  });

  test('a run without action units has no panel of them', async () => {
    const { page } = await open({ widthPx: 1360, heightPx: 900 });
    expect(await page.locator('.plot-units').count()).toBe(0);
    expect(await page.locator('[name="episode-what"] option[value="action-unit"]').count()).toBe(0);
    await page.context().close();
  });

  test('prints', async () => {
    const { page, problems } = await open({ widthPx: 1360, heightPx: 900, colorScheme: 'dark' });
    const pdf = await page.pdf({ format: 'A4', printBackground: true });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(problems).toEqual([]);
    await page.context().close();
  });
});
