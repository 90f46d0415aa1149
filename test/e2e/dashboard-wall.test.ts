import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  connected,
  type DashboardBrowser,
  openDashboardBrowser,
  openMenu,
  overflow,
  tile,
} from '../support/dashboard-page.js';
import { cameraConfig, createFakeLiveSystem, type FakeLiveSystem } from '../support/fake-live-system.js';

let dashboard: DashboardBrowser;
const withPage: DashboardBrowser['withPage'] = (options, use) => dashboard.withPage(options, use);

beforeAll(async () => {
  dashboard = await openDashboardBrowser();
}, 120_000);
afterAll(() => dashboard?.close());

const NAMES = ['Door', 'Desk', 'Hall', 'Stairs', 'Lift', 'Yard', 'Laboratory', 'Gate', 'Roof'];

/** Nine cameras, one of them away. */
const nine = (): FakeLiveSystem =>
  createFakeLiveSystem({
    wallClock: true,
    fps: 8,
    cameras: NAMES.map((name) => ({
      config: cameraConfig(name.toLowerCase(), { name }),
      people: 1,
      status: name === 'Yard' ? 'waiting' : 'running',
    })),
  });

/** Whether every picture that is shown lies in the window. */
const FITS = `[...document.querySelectorAll('.tile')].filter((tile) => !tile.hidden).every((tile) => {
  const { top, left, bottom, right } = tile.getBoundingClientRect();
  return top >= 0 && left >= 0 && bottom <= innerHeight + 0.5 && right <= innerWidth + 0.5 && bottom - top > 60;
})`;

describe('nine cameras', () => {
  test.each([
    [1440, 900],
    [390, 844],
  ])('fill a window of %i x %i as a wall, one of them alone, and give the page back', async (widthPx, heightPx) => {
    await withPage({ system: nine(), widthPx, heightPx }, async ({ page, previews, problems }) => {
      await connected(page);
      await tile(page, 'roof').waitFor();
      await openMenu(page);
      await page.getByRole('button', { name: 'Wall', exact: true }).click();
      await expect.poll(() => page.evaluate(FITS)).toBe(true);
      expect(await page.locator('.tile:visible').count()).toBe(9);
      expect(await page.evaluate('document.fullscreenElement !== null')).toBe(true);
      expect(await page.locator('#people-title').isVisible()).toBe(false);
      for (const words of ['Faces are being analysed here.', 'Offline']) {
        expect(await page.getByText(words, { exact: true }).first().isVisible()).toBe(true);
      }
      expect(await page.locator('.wall-clock').textContent()).toMatch(/^\d\d:\d\d:\d\d$/);
      expect(await page.evaluate('location.hash')).toBe('#wall');
      const asked = previews.length;
      await tile(page, 'lift').getByRole('button', { name: 'Full screen: Lift' }).click();
      await expect.poll(() => page.locator('.tile:visible').count()).toBe(1);
      await expect.poll(() => page.evaluate(FITS)).toBe(true);
      await expect
        .poll(() => previews.slice(asked))
        .toEqual([expect.objectContaining({ id: 'lift', maxSidePx: 1280 })]);
      await page.getByRole('button', { name: 'All cameras', exact: true }).first().click();
      await expect.poll(() => page.locator('.tile:visible').count()).toBe(9);
      await page.keyboard.press('Escape');
      await page.locator('#people-title').waitFor();
      expect(await page.evaluate('location.hash')).toBe('');
      await expect.poll(() => page.evaluate('document.fullscreenElement')).toBeNull();
      expect(problems).toEqual([]);
    });
  });

  test('are a wall from the address on, which Escape leaves; F shows the camera in focus', async () => {
    await withPage({ system: nine(), hash: '#wall' }, async ({ page, problems }) => {
      await tile(page, 'roof').waitFor();
      await expect.poll(() => page.evaluate(FITS)).toBe(true);
      await page.keyboard.press('Escape');
      await page.locator('#people-title').waitFor();
      await tile(page, 'gate').getByRole('button', { name: 'Full screen: Gate' }).focus();
      await page.keyboard.press('f');
      await expect.poll(() => page.locator('.tile:visible h3').allTextContents()).toEqual(['Gate']);
      expect(await page.evaluate('location.hash')).toBe('#wall=gate');
      expect(problems).toEqual([]);
    });
  });

  test('are compact on a phone, their health folded to a line each', async () => {
    await withPage({ system: nine(), widthPx: 390, heightPx: 844 }, async ({ page, problems }) => {
      await connected(page);
      await page.locator('.health li').nth(8).waitFor();
      await page.locator('.person-card').nth(7).waitFor();
      await expect
        .poll(() => page.locator('.health summary').first().textContent())
        .toMatch(/^DoorLive[\d.]+ of [\d.]+\u00a0fps · 48\u00a0ms · \d+ drops?$/);
      expect(await page.locator('canvas.latency:visible').count()).toBe(0);
      const height = (await page.evaluate('document.documentElement.scrollHeight')) as number;
      expect(height).toBeLessThan(4000);
      expect(await overflow(page)).toBe(0);
      await page.locator('.health summary').first().click();
      await expect.poll(() => page.locator('canvas.latency:visible').count()).toBe(1);
      await page.locator('.camera-health').first().getByText('Reconnects').waitFor();
      expect(problems).toEqual([]);
    });
  });
});
