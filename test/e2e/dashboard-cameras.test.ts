import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RuleFirings } from '../../src/rules/rule-firings.js';
import type { CameraFile } from '../../src/server/server-options.js';
import { connected, type DashboardBrowser, openDashboardBrowser, openMenu, tile } from '../support/dashboard-page.js';
import { createFakeLiveSystem } from '../support/fake-live-system.js';
import { firingOf, ruleOf } from '../support/rule-builders.js';

let browser: DashboardBrowser;
beforeAll(async () => {
  browser = await openDashboardBrowser();
}, 120_000);
afterAll(() => browser?.close());

/** A configuration file that takes everything, and says what it was told. */
function filed() {
  const told: string[] = [];
  const cameraFile: CameraFile = {
    lasting: false,
    unsavable: async () => null,
    unsaved: (id) =>
      id === 'hall' || told.includes(`save ${id}`) ? 'this camera is not in the configuration file' : null,
    save: async (id) => {
      told.push(`save ${id}`);
      return { unsaved: null, variables: ['CAMERA_HALL_SECRET'] };
    },
    remove: async (id) => {
      told.push(`remove ${id}`);
      return null;
    },
  };
  return { told, cameraFile };
}

describe('cameras on the page', () => {
  test('are tried, added and kept; what is wrong stands beside its field', async () => {
    const { told, cameraFile } = filed();
    await browser.withPage({ cameraFile }, async ({ page, system, problems }) => {
      await connected(page);
      await page.getByRole('button', { name: 'Add camera' }).click();
      const dialog = page.getByRole('dialog', { name: 'Add a camera' });
      const field = (key: string) => dialog.locator(`[data-key="${key}"]`);
      await field('name').locator('input').fill('Desk');
      expect(await field('id').locator('input').inputValue()).toBe('desk-2');
      await field('input.url').locator('input').fill('http://cam.test/');
      await dialog.getByRole('button', { name: 'Add', exact: true }).click();
      expect(await field('input.url').locator('.field-problem').textContent()).toMatch(/^Must begin with rtsp:\/\//);
      // The server knows what the page cannot.
      await field('id').locator('input').fill('door');
      await field('input.url').locator('input').fill('rtsp://u:p@cam.test/hall');
      await dialog.getByRole('button', { name: 'Add', exact: true }).click();
      await expect.poll(() => field('id').locator('.field-problem').textContent()).toMatch(/exists/);
      await field('name').locator('input').fill('Hall');
      await field('id').locator('input').fill('hall');
      await dialog.getByRole('button', { name: 'Test', exact: true }).click();
      await dialog.getByText('It works').waitFor();
      expect(await dialog.locator('.try-lines').textContent()).toContain('1920 × 1080 pixels, h264');
      await dialog.getByLabel('Keep it in the configuration file').check();
      await dialog.getByRole('button', { name: 'Add', exact: true }).click();
      await dialog.getByText('CAMERA_HALL_SECRET').waitFor();
      await dialog.getByRole('button', { name: 'Close' }).click();
      await tile(page, 'hall').waitFor();
      expect(told).toEqual(['save hall']);
      expect(system.cameraConfig('hall')).toMatchObject({ name: 'Hall', input: { url: 'rtsp://u:p@cam.test/hall' } });
      // What was typed may be secret.
      expect(await page.locator('.camera-fields').count()).toBe(0);
      // Chromium tells of every answer that refuses something.
      expect(problems.filter((problem) => !problem.includes('409'))).toEqual([]);
    });
  });

  test('are changed with the rest as it was, and removed once that is meant', async () => {
    const { told, cameraFile } = filed();
    await browser.withPage({ cameraFile }, async ({ page, system, problems }) => {
      await connected(page);
      const before = system.cameraConfig('door')!;
      const zones = [
        {
          name: 'till',
          points: [
            [0, 0],
            [1, 0],
            [1, 1],
          ],
        },
      ] as const;
      system.setAreas('door', { masks: [], zones });
      await page.getByRole('button', { name: 'Edit Front door' }).click();
      const dialog = page.getByRole('dialog', { name: 'Edit Front door' });
      await dialog.getByText('How its pictures are read').click();
      await dialog.locator('[data-key="maxFps"] input').fill('7.5');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.getByText('CAMERA_HALL_SECRET').waitFor();
      expect(system.cameraConfig('door')).toEqual({ ...before, zones, maxFps: 7.5 });
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Edit Desk' }).click();
      const desk = page.getByRole('dialog', { name: 'Edit Desk' });
      await desk.getByRole('button', { name: 'Remove…' }).click();
      await desk.getByText('It is taken out of the configuration file, too.').waitFor();
      await desk.getByRole('button', { name: 'Remove', exact: true }).click();
      await expect.poll(() => tile(page, 'desk').count()).toBe(0);
      expect(told).toEqual(['save door', 'remove desk']);
      expect(problems).toEqual([]);
    });
  });

  test('of every kind have a form, and those that open nothing no test', async () => {
    await browser.withPage({ widthPx: 390, heightPx: 844 }, async ({ page, problems }) => {
      await connected(page);
      await openMenu(page);
      await page.getByRole('button', { name: 'Add camera' }).click();
      const dialog = page.getByRole('dialog', { name: 'Add a camera' });
      const keep = dialog.getByLabel('Keep it in the configuration file');
      await dialog
        .getByText('It cannot be kept: mien was started without --config. So it lasts until mien stops.')
        .waitFor();
      expect(await keep.isDisabled()).toBe(true);
      for (const [kind, key] of [
        ['webcam', 'input.device'],
        ['file', 'input.path'],
      ] as const) {
        await dialog.locator('#camera-kind').selectOption(kind);
        expect(await dialog.locator(`[data-key="${key}"]`).count()).toBe(1);
      }
      const fits = 'document.querySelector("dialog.camera-dialog").scrollWidth <= window.innerWidth';
      expect(await page.evaluate(fits)).toBe(true);
      await dialog.locator('#camera-kind').selectOption('push');
      expect(await dialog.getByRole('button', { name: 'Test', exact: true }).isHidden()).toBe(true);
      expect(problems).toEqual([]);
    });
  });
});

describe('rules on the page', () => {
  test('are told in words, with what goes on and what they fired on, as it happens', async () => {
    const firings = new RuleFirings({
      rules: [ruleOf({ actions: [{ type: 'webhook', to: 'alerts' }] })],
      retainMs: 600_000,
      capacity: 100,
    });
    const system = createFakeLiveSystem({ wallClock: true });
    system.events.subscribe((event) => firings.take(event));
    const rules = () => firings.statuses(Date.now());
    await browser.withPage({ system, rules }, async ({ page, problems }) => {
      await connected(page);
      await page.locator('.person-card').first().waitFor();
      const tell = (more: Parameters<typeof firingOf>[0]) => {
        const firing = firingOf({ at: new Date().toISOString(), ...more });
        system.emit({ type: 'rule', source: firing.source, firing, wallTimeMs: Date.now() });
      };
      tell({ id: 'door/smiles/1' });
      await page.getByRole('button', { name: 'Rules' }).click();
      const dialog = page.getByRole('dialog', { name: 'Rules' });
      await dialog.getByText('When happiness, at least 60\u00a0% sure, for 1\u00a0s, at every camera').waitFor();
      expect(await dialog.textContent()).toContain('Then webhook alerts; at its end, too.');
      await dialog.getByText('Goes on at Front door').waitFor();
      tell({ id: 'door/smiles/1', phase: 'end', endReason: 'released' });
      await expect.poll(() => dialog.locator('.rule-going').textContent()).toBe('');
      tell({ id: 'desk/smiles/1', source: 'desk' });
      await dialog.getByText('Goes on at Desk').waitFor();
      expect(await dialog.textContent()).toContain('Fired 2 times since mien was started.');
      await dialog.locator('.rule-firings button').last().click();
      await expect.poll(() => page.locator('.transport').getAttribute('data-mode')).toBe('held');
      expect(await dialog.isVisible()).toBe(false);
      expect(problems).toEqual([]);
    });
  });
});
