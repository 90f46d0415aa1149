import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Insight } from '../../../src/domain/insight.js';
import { micros } from '../../../src/domain/units.js';
import { BoundedInsights, INSIGHTS_IN_REPORT } from '../../../src/report/bounded-insights.js';
import { createReportSink } from '../../../src/report/report-sink.js';
import { checkOf } from '../../support/insight-builder.js';
import { reportFixture } from '../../support/report-fixture.js';
import { insight } from '../../support/scripted-insights.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mien-report-insights-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const picture = () =>
  sharp({ create: { width: 224, height: 224, channels: 3, background: '#c86' } })
    .jpeg()
    .toBuffer();

async function pageWith(insights: readonly (readonly [Partial<Insight>, Uint8Array | null])[]): Promise<string> {
  const { run, frames, episodes, summary } = reportFixture({ seconds: 12 });
  const path = join(folder, 'report.html');
  const sink = await createReportSink({ path, run, overwrite: true });
  for (const { records } of frames) await sink.records(records);
  for (const episode of episodes) await sink.episode(episode);
  for (const [index, [more, jpeg]] of insights.entries()) {
    await sink.insight(insight({ id: `fixture/1/insight/${index}`, ptsUs: micros(5e6), ...more }), jpeg);
  }
  await sink.close(summary);
  return readFile(path, 'utf8');
}

const sectionOf = (html: string): string => /<div class="insights">[\s\S]*?<\/ul><\/div>/.exec(html)?.[0] ?? '';

describe('what a multimodal LLM said, in the report', () => {
  test('says nothing of it where there is nothing', async () => {
    const html = (await pageWith([])).replace(/<style[\s\S]*?<\/style>/g, '');
    expect(html).not.toMatch(/multimodal|class="insight/);
  });

  test('shows words, verdicts with sign and word, the evidence and its time, and who said it', async () => {
    const check = checkOf({ agreed: ['12'], contradicted: ['4'], omitted: ['25'], told: ['6'] });
    const html = await pageWith([
      [{ claimedActionUnits: ['4', '6', '12'], check, compound: 'happily surprised' }, await picture()],
    ]);
    const section = sectionOf(html);
    expect(html.indexOf(section)).toBeGreaterThan(html.indexOf('id="face-1"'));
    expect(section).toContain('<b>happily surprised</b> (happiness, 82\u00a0% by its own account)');
    expect(section).toContain('<b>Disagrees with the measurement</b>: AU4 was measured as absent.');
    expect(section).toMatch(/class="contradicted"><span[^>]*>✗<\/span>.*AU4<\/b> brow lowerer.*>contradicted</);
    expect(section).toMatch(/class="agreed"><span[^>]*>✓<\/span>.*AU12<\/b> lip corner puller.*>agreed</);
    expect(section).toMatch(/class="told"><span[^>]*>“<\/span>.*AU6<\/b> cheek raiser.*>told beforehand</);
    expect(section).toContain('Measured, but not named: AU25 lips part.');
    expect(section).toContain('Together with the measurement: happiness, 87\u00a0%, the model weighed in at 0.3.');
    expect(section).toContain('vllm, model qwen2.5-vl-7b, answered in 840\u00a0ms');
    const [, base64] = /data-go="5"[^>]*><img src="data:image\/jpeg;base64,([^"]+)"/.exec(section)!;
    const { format, width } = await sharp(Buffer.from(base64!, 'base64')).metadata();
    expect([format, width]).toEqual(['jpeg', INSIGHTS_IN_REPORT.pictureSidePx]);
    expect(section).toMatch(/<details><summary>Its reasoning<\/summary><p class="words">Raised cheeks/);
  });

  test('hostile answers and pictures stay text, and short', async () => {
    const markup = `</p></div></section><script>alert(1)</script><img src=x onerror='alert("1")'>`;
    const clean = await pageWith([]);
    const html = await pageWith([
      [
        {
          description: markup + 'a'.repeat(2e6),
          reasoning: `\u202e${markup}`,
          engine: markup,
          model: `"${markup}`,
        },
        new TextEncoder().encode(markup),
      ],
      [{ parsed: 'unparsable', emotion: null, description: markup, reasoning: markup }, null],
      [{ track: 2, description: 'https://example.test/a.png', ptsUs: micros(4e6) }, new Uint8Array(5e6)],
    ]);
    const tags = (text: string, tag: string) => text.split(`<${tag}`).length;
    expect(tags(html, 'script')).toBe(tags(clean, 'script'));
    expect(tags(html, '/section')).toBe(tags(clean, '/section'));
    expect(html).not.toContain('<img src=x');
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(html).not.toContain('\u202e');
    expect(html.length - clean.length).toBeLessThan(20_000);
    expect(sectionOf(html)).not.toContain('<img');
    expect(sectionOf(html)).toContain('Its answer could not be read; nothing is taken from it.');
    expect(html).not.toMatch(/(?:src|href)="https?:/);
  });
});

describe('BoundedInsights', () => {
  test('keeps the first, the last and an even spread of a track, and counts the others', async () => {
    const kept = new BoundedInsights();
    for (let at = 0; at < 100; at++) await kept.add(insight({ ptsUs: micros(at * 1e6) }), null);
    const times = kept.ofTrack(1).map(({ insight: { ptsUs } }) => ptsUs / 1e6);
    expect(times).toHaveLength(INSIGHTS_IN_REPORT.perTrack);
    expect([times[0], times.at(-1)]).toEqual([0, 99]);
    const gaps = times.slice(1).map((time, at) => time - times[at]!);
    expect(Math.max(...gaps)).toBeLessThan(30);
    expect(kept.omitted.get(1)).toBe(100 - INSIGHTS_IN_REPORT.perTrack);
  });

  test('is bounded over all tracks, too', async () => {
    const kept = new BoundedInsights();
    for (let at = 0; at < 600; at++) await kept.add(insight({ track: at % 60, ptsUs: micros(at) }), null);
    const total = Array.from({ length: 60 }, (_, track) => kept.ofTrack(track).length).reduce((a, b) => a + b);
    expect(total).toBe(INSIGHTS_IN_REPORT.total);
  });
});
