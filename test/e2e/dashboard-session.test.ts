import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connected, type DashboardBrowser, openDashboardBrowser, rows, tile } from '../support/dashboard-page.js';
import { cameraConfig, createFakeLiveSystem } from '../support/fake-live-system.js';
import { startFakeServer } from '../support/fake-server.js';

let dashboard: DashboardBrowser;
const withPage: DashboardBrowser['withPage'] = (options, use) => dashboard.withPage(options, use);

beforeAll(async () => {
  dashboard = await openDashboardBrowser();
}, 120_000);
afterAll(() => dashboard?.close());

describe('the live page and its server', () => {
  test('asks for a token, keeps it in the tab, and asks again when it is wrong', async () => {
    const token = 'a-token-of-the-test-0123456789';
    const tokens = [{ name: 'viewer', token, scopes: ['read'], cameras: ['door'] }] as const;
    await withPage({ tokens }, async ({ page, fake }) => {
      const dialog = page.getByRole('dialog', { name: 'Log in' });
      await dialog.waitFor();
      await dialog.getByLabel('Token').fill('wrong-token-0123456789');
      await page.keyboard.press('Enter');
      await page.getByText('The server does not know this token.').waitFor();
      await dialog.getByLabel('Token').fill(token);
      await page.keyboard.press('Enter');
      await connected(page);
      await page.locator('.person-card').first().waitFor();
      expect(await page.evaluate('[sessionStorage.getItem("mien.token"), localStorage.getItem("mien.token")]')).toEqual(
        [token, null],
      );
      expect(page.url()).toBe(`${fake.url}/`);
      await page.reload();
      await connected(page);
      await page.getByRole('button', { name: 'Use webcam' }).click();
      await page.getByText('Your token may not add a camera').waitFor();
      expect(await page.getByRole('button', { name: 'Start' }).isDisabled()).toBe(true);
    });
  });

  test('says who is logged in and what that allows, disables the rest with a reason, and logs out', async () => {
    const token = 'a-token-of-the-test-0123456789';
    const tokens = [{ name: 'viewer', token, scopes: ['read'], cameras: ['door'] }] as const;
    await withPage({ tokens }, async ({ page }) => {
      await page.getByLabel('Token').fill(token);
      await page.keyboard.press('Enter');
      await connected(page);
      for (const name of ['Add camera', 'Edit Front door', 'Masks and zones of Front door']) {
        const button = page.getByRole('button', { name });
        await expect.poll(() => button.isDisabled()).toBe(true);
        expect(await button.getAttribute('title')).toBe(
          'Your token “viewer” does not allow admin. Log in with one that does.',
        );
      }
      await page.getByRole('button', { name: 'viewer', exact: true }).click();
      const dialog = page.getByRole('dialog', { name: 'You are “viewer”' });
      await dialog.getByText('It is for some cameras only: Front door.').waitFor();
      expect(await dialog.locator('.scopes.not').textContent()).toMatch(
        /^admin: add, change and remove cameras.*push: /,
      );
      await dialog.getByRole('button', { name: 'Log out' }).click();
      await page.getByText('This server asks for a token.').waitFor();
      expect(await page.evaluate('sessionStorage.getItem("mien.token")')).toBeNull();
    });
  });

  test('sends the pictures of this computer’s webcam to a camera of its own', async () => {
    await withPage({}, async ({ page, system, problems }) => {
      await connected(page);
      await page.locator('.person-card').first().waitFor();
      await page.getByRole('button', { name: 'Use webcam' }).click();
      await page.getByRole('button', { name: 'Start' }).click();
      await page.locator('.tile h3', { hasText: 'Browser webcam' }).waitFor();
      await expect.poll(() => system.pushed.length).toBeGreaterThan(3);
      const { source, bytes } = system.pushed.at(-1)!;
      expect(source).toMatch(/^browser-[a-z0-9]+$/);
      expect(bytes).toBeGreaterThan(1000);
      await page.getByRole('button', { name: 'Stop webcam' }).click();
      await expect.poll(() => system.cameras().some(({ id }) => id === source)).toBe(false);
      await expect.poll(() => page.locator('.tile').count()).toBe(4);
      expect(problems).toEqual([]);
    });
  });

  test('exports what is in memory', async () => {
    await withPage({}, async ({ page, problems }) => {
      await connected(page);
      await expect.poll(() => rows(page).count(), { timeout: 15_000 }).toBeGreaterThan(0);
      await page.getByRole('button', { name: 'Export' }).click();
      const saved = async (place: number): Promise<string[]> => {
        const [download] = await Promise.all([
          page.waitForEvent('download'),
          page.locator('dialog[open] button[type=button]').nth(place).click(),
        ]);
        return (await readFile(await download.path(), 'utf8')).trimEnd().split('\n');
      };
      const records = (await saved(0)).map((line) => JSON.parse(line));
      expect(records.length).toBeGreaterThan(10);
      expect(Object.keys(records[0].emotions.smoothed)).toContain('happiness');
      const table = await saved(1);
      expect(table[0]).toMatch(/^source,frame,pts_s,track,/);
      expect(table.length).toBeGreaterThan(10);
      expect(JSON.parse((await saved(2))[0]!)).toHaveProperty('kind');
      expect((await saved(3))[0]).toMatch(/^kind,camera,face,label,start,/);
      await page.getByRole('button', { name: 'Close' }).click();
      expect(problems).toEqual([]);
    });
  });

  test('comes back when the server does, and begins anew with another run of it', async () => {
    await withPage({}, async ({ page, fake }) => {
      await connected(page);
      await page.locator('.person-card').first().waitFor();
      const port = Number(new URL(fake.url).port);
      await fake.close();
      await page.locator('#connection[data-status=waiting]').waitFor();
      expect(await page.locator('#connection').textContent()).toMatch(/^Server away; next try in \d+\u00a0s$/);
      await tile(page, 'door').filter({ hasText: 'Unknown' }).filter({ hasText: 'The server is away.' }).waitFor();
      const cameras = [
        { config: cameraConfig('roof', { name: 'Roof <b>1</b>' }), people: 1, status: 'running' },
      ] as const;
      const system = createFakeLiveSystem({ cameras, wallClock: true });
      const again = await startFakeServer({
        system,
        dashboardDir: dashboard.folder,
        listen: { host: '127.0.0.1', port },
      });
      const stop = system.play();
      try {
        await page.locator('.tile h3', { hasText: 'Roof <b>1</b>' }).waitFor({ timeout: 30_000 });
        expect(await page.locator('.tile').count()).toBe(1);
        await expect.poll(() => page.locator('#people-title').textContent()).toBe('People in view (1)');
      } finally {
        stop();
        await again.close();
      }
    });
  });
});
