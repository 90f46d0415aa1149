import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RuleStatus } from '../../src/domain/rule-status.js';
import { micros } from '../../src/domain/units.js';
import { connected, type DashboardBrowser, openDashboardBrowser, rows, tile } from '../support/dashboard-page.js';
import { createFakeLiveSystem, type FakeLiveSystem } from '../support/fake-live-system.js';
import { keepingWorld } from '../support/keeping-world.js';
import { episode } from '../support/record-builders.js';
import { firingOf, ruleOf } from '../support/rule-builders.js';

let dashboard: DashboardBrowser;
const withPage: DashboardBrowser['withPage'] = (options, use) => dashboard.withPage(options, use);

beforeAll(async () => {
  dashboard = await openDashboardBrowser();
}, 120_000);
afterAll(() => dashboard?.close());

const fire = (system: FakeLiveSystem, more: Parameters<typeof firingOf>[0] = {}): void => {
  const firing = firingOf({ at: new Date().toISOString(), ...more });
  system.emit({ type: 'rule', source: firing.source, firing, wallTimeMs: Date.now() });
};

describe('alerts, the system log and events on the live page', () => {
  test('shows a rule while it goes on and for a while after, says it once, and leads to its camera and moment', async () => {
    await withPage({ rules: () => [] }, async ({ page, system, problems }) => {
      await connected(page);
      await page.locator('.person-card').first().waitFor();
      await page.locator('.alerts-quiet', { hasText: 'No rules are set.' }).waitFor({ state: 'attached' });
      fire(system, { source: 'desk', id: 'desk/smiles/1' });
      const alert = page.locator('.alert[data-kind=rule]');
      await alert.waitFor();
      expect(await alert.getAttribute('aria-label')).toMatch(/^smiles: Desk, face 1, 83\u00a0%, since \d\d:\d\d:\d\d$/);
      await expect.poll(() => page.locator('#announcer').textContent()).toBe('Alert: smiles, Desk, face 1, 83\u00a0%.');
      expect(await page.title()).toMatch(/^\(\d\) mien live$/);
      await alert.click();
      await expect.poll(() => page.locator('#person-title').textContent()).toBe('Face 1 in Desk');
      await expect
        .poll(() => page.evaluate('document.activeElement.getAttribute("aria-label")'))
        .toBe('Full screen: Desk');
      fire(system, { source: 'desk', id: 'desk/smiles/1', phase: 'end', endedUs: micros(2e6), endReason: 'released' });
      await expect.poll(() => page.locator('.alert[data-kind=rule]').count()).toBe(0);
      await page.getByRole('button', { name: /^Last: smiles at Desk, face 1, / }).click();
      await expect.poll(() => page.locator('.transport').getAttribute('data-mode')).toBe('held');
      expect(problems).toEqual([]);
    });
  });

  test('knows on a page opened in the middle what goes on: rules, trouble, a recording that stopped', async () => {
    const full = { freeBytes: async () => 0 };
    const { keeping: kept } = await keepingWorld(join(dashboard.folder, 'kept'), { minFreeBytes: 1 }, full);
    const startedAtMs = Date.now() - 3_600_000;
    const status: RuleStatus = {
      rule: ruleOf({ id: 'nobody' }),
      fired: { desk: 1 },
      firings: [{ startedAtMs, endedAtMs: null, firing: firingOf({ rule: 'nobody', source: 'desk', track: null }) }],
    };
    await withPage({ rules: () => [status], kept }, async ({ page, problems }) => {
      const alert = page.locator('.alert[data-kind=rule]');
      await alert.filter({ hasText: 'nobody' }).filter({ hasText: '1\u00a0h 0\u00a0min' }).waitFor();
      // The yard is away from the start.
      expect(await page.locator('.alert[data-kind=away]').allTextContents()).toEqual([
        expect.stringMatching(/^OfflineYard/),
      ]);
      await page.locator('.alert[data-kind=recording]', { hasText: 'Recording stopped' }).click();
      await page.locator('ol.log li', { hasText: 'Disk full; it is tried again.' }).waitFor();
      expect(problems).toEqual([]);
    });
    await kept.close();
  });

  test('has one row for an outage, which closes with its length, apart from what faces do', async () => {
    await withPage({}, async ({ page, system, problems }) => {
      await connected(page);
      const log = page.locator('ol.log li');
      await expect.poll(() => log.count()).toBe(1);
      system.setStatus('desk', 'waiting');
      const desk = log.filter({ hasText: 'Desk' });
      await desk.filter({ hasText: 'so far' }).filter({ hasText: 'Tried 3 times' }).waitFor();
      await page.locator('.alert').filter({ hasText: 'Desk' }).waitFor();
      system.setStatus('desk', 'running');
      await desk.filter({ hasText: '3 tries' }).waitFor();
      expect(await desk.count()).toBe(1);
      expect(await desk.getAttribute('data-open')).toBeNull();
      // The yard is still away: it stands first.
      expect(await log.first().textContent()).toContain('Yard');
      expect(await rows(page).filter({ hasText: 'Offline' }).count()).toBe(0);
      expect(problems).toEqual([]);
    });
  });

  test('folds the action units of an expression under its row, and unfolds them', async () => {
    const cameras = createFakeLiveSystem({ wallClock: true, cameras: [] });
    await withPage({ system: cameras }, async ({ page, system, problems }) => {
      await connected(page);
      const tell = (kind: 'emotion' | 'action-unit', label: string, seconds: number): void => {
        const [id, onsetUs] = [`door/1/${kind}/${label}/1`, micros(seconds * 1e6)];
        const told = episode({
          id,
          phase: 'new',
          source: 'door',
          kind,
          label,
          onsetUs,
          apexUs: onsetUs,
          offsetUs: null,
        });
        system.emit({ type: 'episode', source: 'door', episode: told, wallTimeMs: Date.now() });
      };
      tell('emotion', 'happiness', 10);
      tell('action-unit', 'AU12', 9.5);
      tell('action-unit', 'AU6', 10.5);
      await expect.poll(() => rows(page).count()).toBe(1);
      const units = rows(page).getByRole('button', { name: /AU12 lip corner puller/ });
      expect(await units.textContent()).toContain('AU6 cheek raiser');
      await units.click();
      expect(await rows(page).count()).toBe(3);
      expect(await page.locator('tr.under .title').allTextContents()).toEqual([
        'AU12 lip corner puller',
        'AU6 cheek raiser',
      ]);
      await page.locator('[name=event-kind]').selectOption('action-unit');
      await expect.poll(() => rows(page).count()).toBe(2);
      expect(await page.locator('tr.under').count()).toBe(0);
      expect(problems).toEqual([]);
    });
  });

  test('a camera that is added and removed is told in the system log', async () => {
    await withPage({}, async ({ page, system }) => {
      await connected(page);
      await tile(page, 'desk').waitFor();
      await system.removeCamera('desk');
      await page.locator('ol.log li').filter({ hasText: 'Camera removed' }).filter({ hasText: 'Desk' }).waitFor();
    });
  });
});
