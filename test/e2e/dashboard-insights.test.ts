import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EMOTIONS } from '../../src/domain/affect.js';
import type { Insight } from '../../src/domain/insight.js';
import { micros } from '../../src/domain/units.js';
import {
  connected,
  type DashboardBrowser,
  mode,
  nextFrames,
  openDashboardBrowser,
  overflow,
  rows,
} from '../support/dashboard-page.js';
import { createFakeLiveSystem } from '../support/fake-live-system.js';
import { weighedIn } from '../support/insight-builder.js';
import { insight } from '../support/scripted-insights.js';

let dashboard: DashboardBrowser;
const withPage: DashboardBrowser['withPage'] = (options, use) => dashboard.withPage(options, use);

beforeAll(async () => {
  dashboard = await openDashboardBrowser();
}, 120_000);
afterAll(() => dashboard?.close());

describe('the live page with a model that is asked', () => {
  test('says nothing of emotions where only action units are read', async () => {
    const system = createFakeLiveSystem({ wallClock: true });
    Object.assign(system, { info: { ...system.info, emotions: false } });
    await withPage({ system }, async ({ page, problems }) => {
      await connected(page);
      await page.locator('.person-card').first().waitFor();
      await page.locator('.units-list li').first().waitFor();
      expect(await page.locator('.insights').isVisible()).toBe(false);
      const said = insight({ ptsUs: micros(0), compound: 'happily surprised' });
      const about = { source: 'door', evidenceJpeg: null, wallTimeMs: Date.now() };
      system.emit({ type: 'insight', ...about, insight: said, fusion: weighedIn() });
      await page.locator('.insight').waitFor();
      await page.getByText('What the numbers mean').click();
      await nextFrames(page, 20);
      const text = (await page.locator('#page').innerText()).toLowerCase();
      for (const word of ['valence', 'arousal', 'expression', 'emotion', ...EMOTIONS]) {
        expect(text, word).not.toContain(word);
      }
      expect(problems).toEqual([]);
    });
  });

  test('shows what a model said, what contradicts the measurement, and leads to its moment', async () => {
    const system = createFakeLiveSystem({ wallClock: true, insights: true });
    await withPage({ system }, async ({ page, problems }) => {
      await connected(page);
      await page.locator('.person-card').first().waitFor();
      await page.locator('.person-card').first().click();
      // Of a moment that this page has seen: one from before it was opened leads nowhere.
      const seen = page.locator('.insight', { has: page.locator('.evidence:enabled') });
      const contradicted = seen.filter({ has: page.locator('[data-verdict=contradicted]') }).first();
      await contradicted.waitFor({ timeout: 20_000 });
      // Held: nothing newer comes on top while it is looked at.
      const at = await contradicted.locator('.evidence .when').textContent();
      await contradicted.locator('.evidence').click();
      await expect.poll(() => mode(page)).toBe('held');
      await expect.poll(() => page.locator('.moment').textContent()).toContain(at);
      const text = await contradicted.innerText();
      expect(text).toContain('Disagrees with the measurement');
      expect(text).toMatch(/✗\s*AU12 lip corner puller\s*contradicted/);
      expect(text).toMatch(/AU6 cheek raiser\s*not measured/);
      expect(text).toContain('vllm, model qwen2.5-vl-7b, answered in');
      const width = `document.querySelector('.insight [data-verdict=contradicted]').closest('.insight').querySelector('img').naturalWidth`;
      await expect.poll(() => page.evaluate(width)).toBe(160);
      expect(await contradicted.locator('.words').last().isVisible()).toBe(false);
      await contradicted.getByText('Its reasoning').click();
      expect(await contradicted.locator('details .words').isVisible()).toBe(true);

      await page.locator('[name=event-kind]').selectOption('insight');
      await rows(page).filter({ hasText: 'disagrees with the measurement' }).first().waitFor();
      expect(await rows(page).count()).toBe(await page.locator('tr[data-kind=insight]').count());
      await page.getByRole('button', { name: 'Export' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByText('What a multimodal LLM said, without').locator('..').getByRole('button').click(),
      ]);
      const lines = (await readFile(await download.path(), 'utf8')).trim().split('\n');
      expect(lines.map((line) => JSON.parse(line) as object)).toContainEqual(
        expect.objectContaining({ compound: 'happily surprised', source: 'door', track: 1 }),
      );
      await page.getByRole('button', { name: 'Close' }).click();
      await page.getByRole('switch', { name: 'Blur faces' }).click();
      await expect.poll(() => page.locator('.insight img:visible').count()).toBe(0);
      expect(problems).toEqual([]);
    });
  });

  test('shows an answer while it is written', async () => {
    await withPage({}, async ({ page, system, problems }) => {
      await connected(page);
      await page.locator('.person-card').first().waitFor();
      const about = { source: 'door', track: 1, ptsUs: micros(1e6), task: 'describe' } as const;
      const told = { ...about, emotion: 'happiness', text: 'A broad smi', wallTimeMs: Date.now() } as const;
      system.emit({ type: 'writing', ...told });
      await page.getByText('Writing: happiness: A broad smi').waitFor();
      expect(problems).toEqual([]);
    });
  });

  test('sets a hostile answer as text, cut short, and says plainly what could not be read', async () => {
    const markup = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
    await withPage({}, async ({ page, system, problems }) => {
      await connected(page);
      await page.locator('.person-card').first().waitFor();
      const title = await page.title();
      const tell = (more: Partial<Insight>) =>
        system.emit({
          type: 'insight',
          source: 'door',
          insight: insight({ ptsUs: micros(0), engine: markup, model: `\u202e${markup}`, ...more }),
          fusion: null,
          evidenceJpeg: new TextEncoder().encode(markup),
          wallTimeMs: Date.now(),
        });
      tell({ description: markup + 'a'.repeat(3e6), reasoning: `</details>${markup}` });
      tell({
        id: 'door/1/insight/2',
        parsed: 'unparsable',
        emotion: null,
        claimedActionUnits: [],
        description: markup,
      });
      await expect.poll(() => page.locator('.insight').count()).toBe(2);
      expect(await page.locator('.insight script, .insight [onerror], .insight [src=x]').count()).toBe(0);
      const words = await page.locator('.insight:not(.unparsable) .words').first().textContent();
      expect(words).toContain(markup);
      expect(words!.length).toBeLessThan(2000);
      expect(await page.locator('.insight.unparsable').innerText()).toMatch(/could not be read/);
      expect(await page.locator('.insight.unparsable .words').count()).toBe(0);
      expect(await overflow(page)).toBe(0);
      expect(await page.title()).toBe(title);
      // A picture that is none is not shown.
      await expect.poll(() => page.locator('.insight img:visible').count()).toBe(0);
      expect(problems).toEqual([]);
    });
  });
});
