import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { annotationsText, readAnnotations } from '../../src/annotations/rater-file.js';
import { findResults } from '../../src/annotations/results.js';
import type { Annotation } from '../../src/domain/annotation.js';
import { micros } from '../../src/domain/units.js';
import { parseEaf } from '../../src/elan/read-eaf.js';
import { ReviewDesk } from '../../src/review/desk.js';
import { type Review, startReview } from '../../src/review/start-review.js';
import { eafProblems } from '../support/eaf-checker.js';
import { DEMO, runCli } from '../support/run-cli.js';

/** Needs Chromium, which plays H.264: CHROMIUM names it, else the usual places are tried; without one these tests fail and say so. */
const PLACES = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const CONFIG = fileURLToPath(new URL('../../dashboards/review/vite.config.ts', import.meta.url));
/** Script and style, as they travel. */
const PAGE_BUDGET_BYTES = 60_000;

let folder: string;
let pageDir: string;
let results: string;
let base: string;
let browser: Browser;

beforeAll(async () => {
  const executablePath = PLACES.find((path) => path !== undefined && existsSync(path));
  if (!executablePath) {
    throw new Error('the review is tested in Chromium, which is missing: apt-get install chromium, or set CHROMIUM');
  }
  folder = await mkdtemp(join(tmpdir(), 'mien-review-e2e-'));
  pageDir = join(folder, 'page');
  results = join(folder, 'results');
  await build({ configFile: CONFIG, logLevel: 'error', build: { outDir: pageDir, emptyOutDir: true } });
  const run = await runCli(['analyze', join(DEMO, 'step-smile.mp4'), '--out', results]);
  expect(run.code, run.stderr).toBe(0);
  base = join(results, 'step-smile', 'step-smile');
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--headless', '--disable-gpu'] });
}, 120_000);

afterAll(async () => {
  await browser?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

interface Session {
  readonly page: Page;
  readonly review: Review;
  readonly problems: string[];
}

async function reviewing(
  use: (session: Session) => Promise<void>,
  { rater = 'anna', widthPx = 1440, heightPx = 900, video = null as string | null } = {},
): Promise<void> {
  const desk = new ReviewDesk({ bases: await findResults(results), rater, video });
  const review = await startReview({ desk, pageDir, port: 0 });
  const context = await browser.newContext({ viewport: { width: widthPx, height: heightPx } });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(review.url) && !request.url().startsWith('data:')) problems.push(request.url());
  });
  try {
    await page.goto(review.url);
    await page.waitForSelector('html.ready');
    await use({ page, review, problems });
    const shots = process.env.MIEN_SCREENSHOTS;
    if (shots) await page.screenshot({ path: join(shots, `review-${widthPx}.png`) });
    expect(problems).toEqual([]);
  } finally {
    await context.close();
    await review.close();
  }
}

const raterFile = (rater: string): string => `${base}.annotations.${rater}.jsonl`;
const saved = (page: Page) => expect.poll(() => page.textContent('#saved')).toBe('saved');
const chosen = (page: Page) => page.textContent('#chosen');
const seconds = (page: Page): Promise<number> => page.evaluate("document.querySelector('video').currentTime");
const episodesText = () => readFileSync(`${base}.episodes.jsonl`, 'utf8');

describe('the review page', () => {
  test('accepting and rejecting have colours of their own, as in the dashboard', () =>
    reviewing(async ({ page }) => {
      const variables = await page.evaluate(
        "['--good', '--bad'].map((name) => getComputedStyle(document.documentElement).getPropertyValue(name))",
      );
      expect(variables).toEqual(['#1a7a4b', '#b3261e']);
      const colourOf = (selector: string) =>
        page.evaluate(`getComputedStyle(document.querySelector('${selector}')).color`);
      await page.locator('.row').first().click();
      expect(await colourOf('button.good:enabled')).toBe('rgb(26, 122, 75)');
      expect(await colourOf('button.bad:enabled')).toBe('rgb(179, 38, 30)');
    }));

  test('jumps, accepts, corrects, rejects, adds; what is on the disk is what was said', async () => {
    const measured = episodesText();
    await reviewing(async ({ page }) => {
      await expect.poll(() => page.evaluate("document.querySelector('video').readyState")).toBeGreaterThan(1);
      await page.locator('[name="Kind"]').selectOption('emotion');
      await page.keyboard.press('Escape');
      await page.locator('#chosen').click();
      await page.keyboard.press('n');
      expect(await chosen(page)).toBe('happiness · Person 1');
      const onset = Number(await page.inputValue('#onset'));
      await expect.poll(() => seconds(page)).toBeCloseTo(onset, 2);

      for (const key of ['[', '[', '}', '}']) await page.keyboard.press(key);
      await page.locator('#label').selectOption('surprise');
      await saved(page);
      const [corrected] = await readAnnotations(raterFile('anna'));
      const episode = measured
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
        .find(({ kind }) => kind === 'emotion');
      expect(corrected).toEqual({
        ...{ v: 1, id: `anna/${episode.id}`, source: 'step-smile', rater: 'anna', person: 1, kind: 'emotion' },
        ...{ label: 'surprise', verdict: 'corrected', episode: episode.id, note: null },
        onsetUs: micros(episode.onsetUs - 80_000),
        offsetUs: micros(episode.offsetUs + 80_000),
      } satisfies Annotation);

      await page.locator('[name="Kind"]').selectOption('');
      await page.locator('#chosen').click();
      await page.locator('#episodes [data-id*="/action-unit/"]').first().click();
      await page.locator('#chosen').click();
      await page.keyboard.press('r');
      await page.keyboard.press('a');
      await page.keyboard.press('+');
      await saved(page);
      const verdicts = async () => (await readAnnotations(raterFile('anna'))).map(({ verdict }) => verdict).sort();
      expect(await verdicts()).toEqual(['accepted', 'added', 'corrected', 'rejected']);
      await page.keyboard.press('z');
      await saved(page);
      await expect.poll(verdicts).toEqual(['accepted', 'corrected', 'rejected']);
      await page.keyboard.press('y');
      await expect.poll(verdicts).toEqual(['accepted', 'added', 'corrected', 'rejected']);

      const said = readFileSync(raterFile('anna'), 'utf8');
      await page.reload();
      await page.waitForSelector('html.ready');
      expect(await page.textContent('#progress')).toMatch(/^3 of \d+ judged$/);
      expect(await page.locator('#episodes .row.added').count()).toBe(1);
      expect(readFileSync(raterFile('anna'), 'utf8')).toBe(said);
    });
    expect(episodesText()).toBe(measured);
  });

  test('an end is dragged by whole frames', async () => {
    await reviewing(
      async ({ page }) => {
        const bar = page.locator('.lane .item', { hasText: 'happiness' }).first();
        await bar.click();
        const box = (await bar.boundingBox())!;
        const axis = (await page.locator('.axis').boundingBox())!;
        const [offset, duration] = [Number(await page.inputValue('#offset')), 4];
        await page.mouse.move(box.x + box.width - 3, box.y + 10);
        await page.mouse.down();
        const shown = await page.locator('.timeline .sub').textContent();
        const length = Number(/– 0:(\S+) of/.exec(shown!)![1]) || duration;
        await page.mouse.move(box.x + box.width - 3 - (axis.width * 0.2) / length, box.y + 10, { steps: 5 });
        await page.mouse.up();
        await saved(page);
        expect(Number(await page.inputValue('#offset'))).toBeCloseTo(offset - 0.2, 3);
      },
      { rater: 'dora' },
    );
  });

  test('a second rater sees nothing of the first until they ask', async () => {
    const first: Annotation = {
      ...{ v: 1, id: 'carl/added/1', source: 'step-smile', rater: 'carl', person: 1, kind: 'emotion' },
      ...{
        label: 'fear',
        onsetUs: micros(100_000),
        offsetUs: micros(900_000),
        verdict: 'added',
        episode: null,
        note: null,
      },
    };
    writeFileSync(raterFile('carl'), annotationsText([first]));
    await reviewing(
      async ({ page }) => {
        expect(await page.locator('.other').count()).toBe(0);
        expect(await page.content()).not.toContain('carl');
        await page.locator('#others').click();
        await expect.poll(() => page.locator('.other[title="carl: fear, added"]').count()).toBe(1);
      },
      { rater: 'ben' },
    );
    expect(existsSync(raterFile('ben'))).toBe(false);
  });

  test('what changed elsewhere is not written over', async () => {
    await reviewing(
      async ({ page, problems }) => {
        const other: Annotation = {
          ...{
            v: 1,
            id: 'emil/added/1',
            source: 'step-smile',
            rater: 'emil',
            person: 1,
            kind: 'blink',
            label: 'blink',
          },
          ...{ onsetUs: micros(0), offsetUs: micros(1000), verdict: 'added', episode: null, note: null },
        };
        writeFileSync(raterFile('emil'), annotationsText([other]));
        await page.keyboard.press('n');
        await page.keyboard.press('a');
        await expect
          .poll(() => page.textContent('#saved'))
          .toMatch(/^not saved: the annotations were changed elsewhere/);
        expect(await readAnnotations(raterFile('emil'))).toEqual([other]);
        expect(problems.splice(0)).toEqual([expect.stringContaining('403')]);
      },
      { rater: 'emil' },
    );
  });

  test('exports open in ELAN, with the rater’s tiers', async () => {
    await reviewing(async ({ page, review }) => {
      await page.keyboard.press('n');
      await page.keyboard.press('a');
      await saved(page);
      const eaf = await (await fetch(`${review.url}api/videos/0/annotations.eaf`)).text();
      expect(eafProblems(eaf)).toEqual([]);
      expect(parseEaf(eaf, 'x').tiers.map(({ id }) => id)).toContain('Person 1 emotion@anna');
      const csv = await (await fetch(`${review.url}api/videos/0/annotations.csv`)).text();
      expect(csv).toMatch(/^source,rater,person,kind,label,onset_s,offset_s,verdict,episode,note\nstep-smile,anna,1,/);
    });
  });

  test('a video that browsers do not play is copied when it is asked for, and the copy is removed', async () => {
    const mkv = join(folder, 'step-smile.mkv');
    const { execFileSync } = await import('node:child_process');
    execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', join(DEMO, 'step-smile.mp4'), '-c', 'copy', mkv]);
    await reviewing(
      async ({ page }) => {
        expect(await page.textContent('.unplayable')).toContain('browsers do not play .mkv files');
        await page.locator('.unplayable button').click();
        await expect
          .poll(() => page.evaluate("document.querySelector('video').readyState"), { timeout: 30_000 })
          .toBe(4);
      },
      { rater: 'fred', video: mkv },
    );
  });

  test.each([
    [1440, 900],
    [390, 844],
  ])('fits a screen %i wide, and every control has a name', async (widthPx, heightPx) => {
    await reviewing(
      async ({ page }) => {
        await page.keyboard.press('n');
        const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
        expect(await page.evaluate(overflow)).toBe(0);
        const nameless = `[...document.querySelectorAll('button, select, input, a')].filter((control) =>
          !(control.textContent.trim() || control.getAttribute('aria-label') || control.closest('label'))).length`;
        expect(await page.evaluate(nameless)).toBe(0);
        await page.keyboard.press('?');
        expect(await page.locator('dialog.help').isVisible()).toBe(true);
      },
      { rater: 'gina', widthPx, heightPx },
    );
  });

  test('the page is small', async () => {
    const { readdirSync } = await import('node:fs');
    const names = readdirSync(join(pageDir, 'assets'));
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(pageDir, 'assets', name))).size));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(PAGE_BUDGET_BYTES);
  });
});

describe('the server of the review', () => {
  test('gives nothing without the token, to other hosts, or to other pages', async () => {
    await reviewing(async ({ review }) => {
      const { origin } = new URL(review.url);
      expect((await fetch(`${origin}/`)).status).toBe(404);
      expect((await fetch(`${origin}/api/videos`)).status).toBe(404);
      expect((await fetch(`${origin}/${'x'.repeat(32)}/api/videos`)).status).toBe(404);
      expect((await fetch(`${review.url}api/videos`)).status).toBe(200);
      expect(
        (await fetch(`${review.url}api/videos`, { headers: { origin: 'https://elsewhere.example' } })).status,
      ).toBe(403);
      const { request } = await import('node:http');
      const status = await new Promise((resolve) => {
        request(`${review.url}api/videos`, { headers: { host: 'elsewhere.example' } }, (answer) =>
          resolve(answer.resume().statusCode),
        ).end();
      });
      expect(status).toBe(403);
    });
  });

  test('sends parts of the video', async () => {
    await reviewing(async ({ review }) => {
      const film = readFileSync(join(DEMO, 'step-smile.mp4'));
      const part = async (range: string) => {
        const answer = await fetch(`${review.url}api/videos/0/video`, { headers: { range } });
        return [answer.status, answer.headers.get('content-range'), Buffer.from(await answer.arrayBuffer())] as const;
      };
      expect(await part('bytes=10-19')).toEqual([206, `bytes 10-19/${film.length}`, film.subarray(10, 20)]);
      expect(await part('bytes=-5')).toEqual([
        206,
        `bytes ${film.length - 5}-${film.length - 1}/${film.length}`,
        film.subarray(-5),
      ]);
      expect((await part(`bytes=${film.length}-`)).slice(0, 2)).toEqual([416, `bytes */${film.length}`]);
    });
  });

  test('refuses what is no annotation of the rater, and writes nothing', async () => {
    await reviewing(
      async ({ review }) => {
        const put = (annotations: unknown) =>
          fetch(`${review.url}api/videos/0/annotations`, {
            method: 'PUT',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ version: 'x', annotations }),
          });
        for (const wrong of [null, [{}], [{ v: 1, rater: 'anna' }]]) expect((await put(wrong)).status).toBe(400);
        expect((await put([])).status).toBe(403);
        expect(existsSync(raterFile('hugo'))).toBe(false);
      },
      { rater: 'hugo' },
    );
  });
});
