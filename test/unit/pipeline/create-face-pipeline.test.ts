import { deserialize, serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import type { FacePart } from '../../../src/domain/face-parts.js';
import { FULL_PACE } from '../../../src/domain/reading-pace.js';
import type { FaceRecord } from '../../../src/domain/records.js';
import type { Tensors } from '../../../src/domain/tensor.js';
import { micros } from '../../../src/domain/units.js';
import { insightEvidence } from '../../../src/mllm/evidence.js';
import { createFacePipeline } from '../../../src/pipeline/create-face-pipeline.js';
import type { ModelRuntime } from '../../../src/pipeline/model-runtime.js';
import { fakeRuntime } from '../../support/fake-runtime.js';
import { insightOf } from '../../support/insight-builder.js';

async function analyse(options: {
  actionUnits?: readonly string[];
  emotions?: boolean;
  restoreAt?: number;
  coveredParts?: (frame: number) => readonly FacePart[];
}) {
  const { actionUnits, coveredParts } = options;
  const { runtime, given, next, advance } = fakeRuntime({ actionUnits, ...(coveredParts ? { coveredParts } : {}) });
  const { emotions } = options;
  const make = () =>
    createFacePipeline({
      runtime,
      source: 'clip',
      baseline: true,
      minFacePx: 24,
      ...(emotions === undefined ? {} : { emotions }),
    });
  let pipeline = make();
  const records = [];
  const episodes = [];
  for (let i = 0; i < 50; i++) {
    if (i === options.restoreAt) {
      const state = deserialize(serialize({ faces: pipeline.facesState(), ...pipeline.advancedState() }));
      pipeline = make();
      pipeline.restore(state);
    }
    const frame = next();
    const settled = pipeline.advance(await pipeline.read(frame, await pipeline.locate(frame)));
    records.push(...settled.records);
    episodes.push(...settled.episodes);
    advance();
  }
  episodes.push(...pipeline.finish());
  return { records, episodes, given };
}

describe('createFacePipeline', () => {
  it('does not locate again what was looked at before, and goes on as if it had', async () => {
    const { runtime, next, advance } = fakeRuntime({});
    const options = { runtime, source: 'clip', baseline: true, minFacePx: 24 };
    const [whole, before] = [createFacePipeline(options), createFacePipeline(options)];
    const first = next();
    advance();
    const second = next();
    const expected = [await whole.locate(first), await whole.locate(second)];
    const faces = await before.locate(first);
    const pipeline = createFacePipeline({ ...options, firstLook: { faces, state: before.facesState() } });
    expect(await pipeline.locate(first)).toBe(faces);
    expect([faces, await pipeline.locate(second)]).toEqual(expected);
    expect(pipeline.facesState()).toEqual(whole.facesState());
  });

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

  it('with a model that looks for covers: a mask withholds emotions and units of the mouth, and all of it comes back', async () => {
    const coveredParts = (frame: number): FacePart[] => (frame >= 10 && frame < 35 ? ['mouth', 'chin'] : []);
    const { records } = await analyse({ actionUnits: ['4', '12'], coveredParts });
    const masked = records.filter(({ validity }) => validity === 'occluded').map(({ frame }) => frame);
    expect(masked[0]).toBeGreaterThan(14);
    expect(masked[0]).toBeLessThan(22);
    expect(masked.at(-1)).toBeGreaterThanOrEqual(34);
    expect(masked).toHaveLength(masked.at(-1)! - masked[0]! + 1);
    const record = records[masked[2]!]!;
    expect(record).toMatchObject({
      emotions: null,
      label: null,
      emotionWidening: null,
      missing: { emotions: 'occluded' },
    });
    expect(record.actionUnits).toMatchObject({ '12': { active: null }, '4': { active: false } });
    expect(record.missing).toMatchObject({ 'actionUnits.12': 'occluded', label: 'occluded' });
    expect(records.at(-1)).toMatchObject({ validity: 'ok', cover: { mouth: { covered: false } } });
    const resumed = await analyse({ actionUnits: ['4', '12'], coveredParts, restoreAt: 25 });
    expect(resumed.records).toEqual(records);
  });

  it('holds what is not read in a frame, and says how old it is; what is read in every frame goes on', async () => {
    const { runtime, given, next, advance } = fakeRuntime({ actionUnits: ['12'] });
    const pace = { ...FULL_PACE, affect: 0.2 };
    const make = (more: object) =>
      createFacePipeline({ runtime, source: 'door', baseline: true, minFacePx: 24, ...more });
    const records: FaceRecord[] = [];
    const pipeline = make({ pace: () => pace });
    for (let i = 0; i < 15; i++) {
      const frame = next();
      records.push(...pipeline.advance(await pipeline.read(frame, await pipeline.locate(frame))).records);
      advance();
    }
    // Frames are 0.04 s apart: the model is asked of every fifth.
    expect(given).toHaveLength(3);
    const ages = [undefined, 0.04, 0.08, 0.12, 0.16];
    for (const [index, record] of records.entries()) {
      const age = ages[index % 5];
      expect(record).toMatchObject({ validity: 'ok', blink: false, quality: { sharpness: expect.closeTo(0.9, 5) } });
      if (age === undefined) expect(record).not.toHaveProperty('heldSeconds');
      else expect(record.heldSeconds).toBeCloseTo(age, 9);
      const read = records[index - (index % 5)]!;
      for (const field of ['emotions', 'valenceArousal', 'label', 'confidence', 'actionUnits', 'baseline'] as const)
        expect(record[field], `${field} of frame ${index}`).toEqual(read[field]);
      expect(record.missing).toEqual(read.missing);
    }
    // The smile begins in frame 10, which is read.
    expect(records[9]!.actionUnits!['12']!.presence!.raw).toBeLessThan(0.1);
    expect(records[10]!.actionUnits!['12']!.presence!.raw).toBeGreaterThan(0.9);
  });

  it('a blurred face stays one until it is read again, and a covered one is not told from memory', async () => {
    const blurred = fakeRuntime({ sharpness: 0.01 });
    const pace = () => ({ ...FULL_PACE, affect: 0.2 });
    const records = async ({ runtime, next, advance }: ReturnType<typeof fakeRuntime>, frames: number) => {
      const pipeline = createFacePipeline({ runtime, source: 'door', baseline: true, minFacePx: 24, pace });
      const told: FaceRecord[] = [];
      for (let i = 0; i < frames; i++) {
        const frame = next();
        told.push(...pipeline.advance(await pipeline.read(frame, await pipeline.locate(frame))).records);
        advance();
      }
      return told;
    };
    for (const record of await records(blurred, 5))
      expect(record).toMatchObject({ validity: 'blurred', emotions: null, missing: { emotions: 'blurred' } });
    const masked = fakeRuntime({ coveredParts: (frame) => (frame >= 5 ? ['mouth', 'chin'] : []) });
    const after = (await records(masked, 25)).filter(({ validity }) => validity === 'occluded');
    expect(after.length).toBeGreaterThan(5);
    for (const record of after) expect(record).toMatchObject({ emotions: null, label: null, emotionWidening: null });
  });

  it('looks for covers ten times a second and at eyes fifteen times, of each face from its first frame on, also when stored and restored', async () => {
    const looks = { 'mien-occlusion': [] as number[], 'eye-mesh': [] as number[] };
    const { runtime, next, advance } = fakeRuntime({ actionUnits: ['12'], coveredParts: () => [] });
    const { run } = runtime.lanes;
    let at = 0;
    const counting = {
      ...runtime.lanes,
      run: (id: string, inputs: Tensors) => {
        looks[id as 'eye-mesh']?.push(at);
        return run(id, inputs);
      },
    };
    const make = () =>
      createFacePipeline({
        runtime: { ...runtime, lanes: counting } as unknown as ModelRuntime,
        source: 'clip',
        baseline: true,
        minFacePx: 24,
      });
    let pipeline = make();
    for (; at < 12; at++) {
      if (at === 5) {
        const state = deserialize(serialize({ faces: pipeline.facesState(), ...pipeline.advancedState() }));
        pipeline = make();
        pipeline.restore(state);
      }
      const frame = { ...next(), ptsUs: micros(Math.round((at / 30) * 1e6)) };
      const { records } = pipeline.advance(await pipeline.read(frame, await pipeline.locate(frame)));
      expect(records[0]).toMatchObject({ track: 1, cover: { share: expect.any(Number) } });
      advance();
    }
    expect(looks).toEqual({ 'mien-occlusion': [0, 3, 6, 9], 'eye-mesh': [0, 2, 4, 6, 8, 10] });
  });

  it('with a model that looks for covers and none there: readings are as without', async () => {
    const plain = await analyse({ actionUnits: ['12'] });
    const looked = await analyse({ actionUnits: ['12'], coveredParts: () => [] });
    const readings = ({ actionUnits, emotions, label }: FaceRecord) => ({ actionUnits, emotions, label });
    expect(looked.records.map(readings)).toEqual(plain.records.map(readings));
    expect(plain.records[20]!.missing.cover).toBe('not-supported');
  });

  it.each([
    ['weighed in, with weight and decay', {}, 0.6, { outcome: 'accepted', reason: null, weight: 0.3, decaySeconds: 2 }],
    ['refused with the reason', {}, 60, { outcome: 'refused', reason: 'not-yet-seen', episodeId: null }],
    ['left alone where no emotion is inferred', { emotions: false }, 0.6, null],
  ])('evidence of an insight is %s', async (_, more, seconds, expected) => {
    const { runtime, next, advance } = fakeRuntime();
    const common = { runtime, source: 'clip', baseline: true, minFacePx: 24 } as const;
    const pipeline = createFacePipeline({ ...common, lateDecaySeconds: 2, ...more });
    const settle = async () => {
      const frame = next();
      const { records } = pipeline.advance(await pipeline.read(frame, await pipeline.locate(frame)));
      advance();
      return records[0]!;
    };
    for (let i = 0; i < 25; i++) await settle();
    const fusion = pipeline.weighIn(insightEvidence(insightOf({ ptsUs: micros(seconds * 1e6) }))!);
    if (expected === null) expect(fusion).toBeNull();
    else expect(fusion).toMatchObject(expected);
    expect('mllmWeight' in (await settle())).toBe(fusion?.outcome === 'accepted');
  });
});
