import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connected, type DashboardBrowser, openDashboardBrowser, openMenu } from '../support/dashboard-page.js';
import { keepingWorld, NOON_MS } from '../support/keeping-world.js';
import { writeKeptDays } from '../support/kept-days.js';

let dashboard: DashboardBrowser;
const withPage: DashboardBrowser['withPage'] = (options, use) => dashboard.withPage(options, use);

beforeAll(async () => {
  dashboard = await openDashboardBrowser();
}, 120_000);
afterAll(() => dashboard?.close());

describe('the history on the live page', () => {
  test('has no history where nothing is kept', async () => {
    await withPage({}, async ({ page, problems }) => {
      await connected(page);
      await page.locator('.person-card').first().waitFor();
      expect(await page.getByRole('button', { name: 'History' }).count()).toBe(0);
      expect(problems).toEqual([]);
    });
  });

  test.each([1440, 390])('shows days that were kept at %i px, and deletes one when that is meant', async (widthPx) => {
    const place = join(dashboard.folder, `kept-${widthPx}`);
    await writeKeptDays(place, { source: 'door', days: 12, lastMs: NOON_MS });
    const { keeping: kept } = await keepingWorld(place, { days: 30, what: ['readings', 'rules'] });
    await withPage({ kept, widthPx }, async ({ page, problems }) => {
      await connected(page);
      await openMenu(page);
      await page.getByRole('button', { name: 'History' }).click();
      const days = page.locator('.past-days button');
      await days.nth(11).waitFor();
      expect(await days.count()).toBe(12);
      expect(await page.locator('.past-days button:disabled').count()).toBe(2);
      await page.locator('.past-firings img').first().waitFor();
      expect(await page.locator('.past-state').textContent()).toMatch(
        /^Recording\. Kept for 30 days: readings, rules; faces in pictures are made unrecognisable\./,
      );
      expect(await page.locator('canvas.past-day').getAttribute('aria-label')).toMatch(
        /^Thursday, 15 January 2026: 300 minutes read, \d+ firings$/,
      );
      // The day before, with the keyboard; the one before that has nothing.
      await page.locator('.past-days button[aria-pressed=true]').focus();
      await page.keyboard.press('ArrowLeft');
      await page.locator('.past h3', { hasText: 'Wednesday, 14 January 2026' }).waitFor();
      await page.locator('.past-days button[aria-pressed=true]:focus').waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth')).toBe(
        true,
      );
      expect(
        await page.evaluate(
          '(() => { const d = document.querySelector("dialog.past"); return d.scrollWidth <= d.clientWidth; })()',
        ),
      ).toBe(true);
      if (process.env.MIEN_SCREENSHOTS)
        await page.screenshot({ path: join(process.env.MIEN_SCREENSHOTS, `history-${widthPx}.png`) });
      await page.getByRole('button', { name: 'Delete…' }).click();
      await page.getByRole('button', { name: 'Keep it' }).click();
      expect((await kept.summary()).cameras[0]!.days).toHaveLength(10);
      await page.getByRole('button', { name: 'Delete…' }).click();
      await page
        .locator('.past-sure')
        .filter({ hasText: 'Wednesday, 14 January 2026 from 00:00 to its end' })
        .waitFor();
      await page.getByRole('button', { name: 'Delete', exact: true }).click();
      await page.locator('.past h3', { hasText: 'Thursday, 15 January 2026' }).waitFor();
      expect((await kept.summary()).cameras[0]!.days).toHaveLength(9);
      expect(problems).toEqual([]);
    });
    await kept.close();
  });
});
