import { deserialize, serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { createStages } from '../../../src/analysis/create-stages.js';
import type { Engine } from '../../../src/analysis/engine.js';
import type { RunModel, Tensor } from '../../../src/domain/tensor.js';
import { affectManifestWith } from '../../support/affect-manifest.js';
import { cloudFace, FakeWorld } from '../../support/fake-world.js';

const HAPPY = [0, 5, 0, 0, 0, 0, 0, 0];

/** An engine whose affect model sees happiness, and an AU12 that is strong from frame 10 to 29. */
function fakeEngine(actionUnits?: readonly string[]) {
  const world = new FakeWorld();
  const given: string[][] = [];
  let frame = 0;
  const run: RunModel = async (modelId, inputs) => {
    if (modelId !== 'mien-affect') return world.runModel(modelId, inputs);
    given.push(Object.keys(inputs).sort());
    const faces = inputs.matrices!.shape[0]!;
    const rows = (row: readonly number[]): Tensor => ({
      dtype: 'float32',
      shape: [faces, row.length],
      data: Float32Array.from(Array.from({ length: faces }, () => row).flat()),
    });
    const smiles = frame >= 10 && frame < 30;
    const units = actionUnits ?? [];
    return {
      emotion_logits: rows(HAPPY),
      sharpness: rows([0.9]),
      ...(units.length > 0
        ? {
            au_presence: rows(units.map((key) => (smiles && key.startsWith('12') ? 4 : -4))),
            au_intensity: rows(units.map((key) => (smiles && key.startsWith('12') ? 3 : 0))),
          }
        : {}),
    };
  };
  const engine = {
    models: [{ id: 'mien-affect', manifest: affectManifestWith(actionUnits), onnxPath: '', sha256: '' }],
    lanes: { run },
    canonicalFace: cloudFace(),
    close: async () => undefined,
  } as unknown as Engine;
  const next = () => world.frame(frame, [{ x: 150, y: 180, side: 120 }]);
  return { engine, given, next, advance: () => (frame += 1) };
}

async function analyse(options: { actionUnits?: readonly string[]; emotions?: boolean; restoreAt?: number }) {
  const { engine, given, next, advance } = fakeEngine(options.actionUnits);
  const { emotions } = options;
  const make = () =>
    createStages({
      engine,
      source: 'clip',
      detector: 'full',
      baseline: true,
      minFacePx: 24,
      ...(emotions === undefined ? {} : { emotions }),
    });
  let stages = make();
  const records = [];
  const episodes = [];
  for (let i = 0; i < 50; i++) {
    if (i === options.restoreAt) {
      const state = deserialize(serialize({ faces: stages.facesState(), temporal: stages.temporalState() }));
      stages = make();
      stages.restore(state);
    }
    const frame = next();
    const settled = stages.settle(await stages.read(frame, await stages.locate(frame)));
    records.push(...settled.records);
    episodes.push(...settled.episodes);
    advance();
  }
  episodes.push(...stages.finish());
  return { records, episodes, given };
}

describe('createStages', () => {
  it('with action units: the model gets the mesh, records and episodes carry them', async () => {
    const { records, episodes, given } = await analyse({ actionUnits: ['4', '12', '12L'] });
    expect(given[0]).toEqual(['landmarks', 'luma', 'matrices']);
    expect(Object.keys(records[20]!.actionUnits!)).toEqual(['4', '12', '12L']);
    const active = records.filter(({ actionUnits }) => actionUnits!['12']!.active).map(({ frame }) => frame);
    expect(active[0]).toBeGreaterThan(10);
    expect(active[0]).toBeLessThan(15);
    expect(active.at(-1)).toBeLessThan(38);
    expect(records[20]).toMatchObject({ label: 'happiness', validity: 'ok' });
    expect(episodes.map(({ kind, label }) => `${kind} ${label}`)).toEqual(['action-unit AU12', 'emotion happiness']);
  });

  it('without emotions: action units are as before, emotions null and without episodes', async () => {
    const whole = await analyse({ actionUnits: ['4', '12', '12L'] });
    const { records, episodes } = await analyse({ actionUnits: ['4', '12', '12L'], emotions: false });
    expect(records.map(({ actionUnits }) => actionUnits)).toEqual(whole.records.map(({ actionUnits }) => actionUnits));
    expect(records[20]).toMatchObject({ emotions: null, label: null, missing: { emotions: 'au-only' } });
    expect(episodes.map(({ label }) => label)).toEqual(['AU12']);
  });

  it('with a model that has none: as it was', async () => {
    const { records, episodes, given } = await analyse({});
    expect(given[0]).toEqual(['luma', 'matrices']);
    expect(records[20]).toMatchObject({ label: 'happiness', actionUnits: null });
    expect(records[20]!.missing.actionUnits).toBe('not-supported');
    expect(episodes.map(({ label }) => label)).toEqual(['happiness']);
  });

  it('stored and restored within a smile it gives the same', async () => {
    const whole = await analyse({ actionUnits: ['12'] });
    const resumed = await analyse({ actionUnits: ['12'], restoreAt: 20 });
    expect(resumed.records).toEqual(whole.records);
    expect(resumed.episodes).toEqual(whole.episodes);
  });
});
