import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AnalysisItem, type AnalyzeOptions, analyze, type FaceRecord, startRuntime } from '../../src/index.js';
import type { ModelRuntime } from '../../src/pipeline/model-runtime.js';

/** Two rendered people who speak in turn (models/training/render, `--talks`). */
const TALK = fileURLToPath(new URL('../fixtures/talk/two-take-turns.mp4', import.meta.url));
interface Truth {
  readonly fps: number;
  readonly people: readonly {
    readonly speech: readonly { readonly startUs: number; readonly endUs: number }[];
    readonly nose: readonly (readonly [number, number])[];
  }[];
}
const truth = JSON.parse(readFileSync(TALK.replace('.mp4', '.truth.json'), 'utf8')) as Truth;

/** Whether the person whose nose is in the box speaks. */
function speaks({ box, ptsUs }: FaceRecord): boolean {
  const person = truth.people.find(({ nose }) => {
    const [x, y] = nose[Math.round((ptsUs * truth.fps) / 1e6)]!;
    return box !== null && x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
  });
  return person!.speech.some(({ startUs, endUs }) => ptsUs >= startUs && ptsUs < endUs);
}

describe('who speaks when', () => {
  let runtime: ModelRuntime;
  beforeAll(async () => {
    runtime = await startRuntime({ lanes: 1, device: 'cpu' });
  });
  afterAll(() => runtime.close());

  async function items(options: AnalyzeOptions = {}): Promise<AnalysisItem[]> {
    const found: AnalysisItem[] = [];
    for await (const item of analyze(TALK, { runtime, ...options })) found.push(item);
    return found;
  }
  const recordsOf = (found: readonly AnalysisItem[]) =>
    found.flatMap((item) => (item.type === 'record' ? [item.record] : []));

  it('is right of two people in one picture who take turns, frame by frame', async () => {
    const found = await items();
    const known = recordsOf(found).filter(({ speaking }) => speaking !== null);
    expect(known.length).toBeGreaterThan(200);
    const count = (said: boolean, so: boolean) =>
      known.filter((record) => record.speaking! >= 0.5 === said && speaks(record) === so).length;
    const f1 = (2 * count(true, true)) / (2 * count(true, true) + count(true, false) + count(false, true));
    expect(f1).toBeGreaterThan(0.9);
    const turns = found.flatMap((item) =>
      item.type === 'episode' && item.episode.kind === 'speech' ? [item.episode] : [],
    );
    const starts = truth.people.flatMap(({ speech }) => speech.map(({ startUs }) => startUs)).sort((a, b) => a - b);
    expect(turns).toHaveLength(starts.length);
    for (const [index, { onsetUs }] of turns.entries())
      expect(Math.abs(onsetUs - starts[index]!)).toBeLessThan(400_000);
    expect(new Set(turns.map(({ track }) => track)).size).toBe(2);
  }, 300_000);

  it('is not known where no sound is to be heard', async () => {
    const [record] = recordsOf(await items({ sound: 'none', endSeconds: 1 })).slice(-1);
    expect(record).toMatchObject({ speaking: null, missing: { speaking: 'no-sound' } });
  }, 120_000);
});
