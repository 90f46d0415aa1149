import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PEOPLE_VERSION, type PeopleFile } from '../../src/domain/people.js';
import { micros } from '../../src/domain/units.js';
import { createReportSink } from '../../src/report/report-sink.js';
import { reportFixture } from '../support/report-fixture.js';

const PLACES = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Tracks 1 and 2 of the fixture as two people. */
const WHO: PeopleFile = (() => {
  const people = [1, 2].map((track) => ({
    person: track,
    name: null,
    tracks: [{ track, fromUs: null, toUs: null, by: 'first' as const }],
  }));
  const tracks = [1, 2].map((track) => ({ track, seen: [] }));
  return { v: PEOPLE_VERSION, source: 'talk', people, ignored: [], joined: people, tracks };
})();

let folder: string;
let browser: Browser;
let address: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mien-report-people-'));
  const path = join(folder, 'talk.report.html');
  const { run, frames, episodes, summary } = reportFixture();
  const sink = await createReportSink({ path, run, overwrite: false });
  for (const { records } of frames) await sink.records(records);
  for (const episode of episodes) await sink.episode(episode);
  await sink.episode({
    ...episodes[0]!,
    id: 'talk/1/speech/speech/1',
    track: 1,
    kind: 'speech',
    label: 'speech',
    onsetUs: micros(2e6),
    apexUs: micros(3e6),
    offsetUs: micros(4e6),
  });
  sink.people(WHO);
  await sink.close(summary);
  address = pathToFileURL(path).href;
  browser = await chromium.launch({
    executablePath: PLACES.find((place) => place !== undefined && existsSync(place)) ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--headless', '--disable-gpu', '--disable-background-networking'],
  });
}, 120_000);

afterAll(async () => {
  await browser?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function open(widthPx: number): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: widthPx, height: 900 } });
  await page.goto(address);
  await page.waitForSelector('html.ready');
  return page;
}

/** Text of the map that the page saves. */
async function saved(page: Page): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.people-save button').click()]);
  expect(download.suggestedFilename()).toBe('map.csv');
  return readFile(await download.path(), 'utf8');
}

test('faces stand under their persons; the list moves one, a name is given, the map says both', async () => {
  const page = await open(390);
  expect(await page.locator('.person-faces > h2').allTextContents()).toEqual([
    'Person 1followed as face 1',
    'Person 2followed as face 2',
  ]);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  await page.getByLabel('Whose face 2 is').selectOption('1');
  expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('Whose face 2 is');
  await page.locator('.person-column input').first().fill('Ada "A"');
  await page.locator('.person-column input').first().blur();
  expect(await saved(page)).toBe('track,person,name,from_s,to_s\n1,1,"Ada ""A""",,\n2,1,"Ada ""A""",,\n');
  expect(await page.locator('.people-save code').textContent()).toBe('mien people talk.people.json --people map.csv');
  await page.close();
});

test('the page counts people, and says when each of them speaks', async () => {
  const page = await open(1440);
  expect(await page.locator('.lead').textContent()).toContain('two people were seen');
  expect(await page.locator('.tiles li').nth(1).textContent()).toBe('2people seen, followed as 2 tracks');
  expect(await page.locator('.speech-rows .who').allTextContents()).toEqual([
    'Person 12.0 s in 1 turn',
    'Person 2not heard',
    '',
  ]);
  const canvas = page.getByRole('img', { name: /^Person 1: 2\.0 s in 1 turn: 0:02\.00 to 0:04\.00$/ });
  await canvas.click({ position: { x: 1, y: 5 } });
  expect(await page.locator('#cursor-time').textContent()).toMatch(/^0:00\./);
  await page.close();
});

test('a face is dragged to nobody of interest', async () => {
  const page = await open(1440);
  await page.locator('.person-track').nth(1).dragTo(page.getByLabel('Nobody of interest').first());
  expect(await saved(page)).toBe('track,person,name,from_s,to_s\n1,1,,,\n2,-,,,\n');
  await page.close();
});
