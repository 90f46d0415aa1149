import { describe, expect, it } from 'vitest';
import type { TrackedFace } from '../../../src/domain/face.js';
import { FACE_PARTS, type FacePart } from '../../../src/domain/face-parts.js';
import { micros } from '../../../src/domain/units.js';
import { buildRecords, type RecordContext, type TrackOutcome } from '../../../src/pipeline/build-records.js';
import { createTemporalState } from '../../../src/temporal/temporal-stage.js';
import { type FaceSpec, optionsWith, step, trackedFace } from '../../support/temporal-faces.js';

const frameOf = (faces: readonly TrackedFace[]) => ({
  frameIndex: 7,
  ptsUs: micros(280_000),
  faces,
  endedTracks: [],
  sceneCut: false,
});

/** The record of one face after the temporal stage has seen it for some seconds. */
function recordOf(spec: FaceSpec, context: Partial<RecordContext> = {}, seconds = 0.2, baseline?: null) {
  const actionUnitKeys = context.actionUnits === false ? [] : ['12', '12L'];
  const options = optionsWith({ actionUnitKeys, ...(baseline === null ? { baseline } : {}) });
  const state = createTemporalState('clip');
  let outcome: TrackOutcome | undefined;
  for (let i = 0; i < seconds * 10; i++) {
    const [track] = step(state, options, { seconds: i / 10, faces: [spec] }).tracks;
    outcome = { ...track!, state: track!.affect };
  }
  const [record] = buildRecords(
    { source: 'clip', emotions: true, actionUnits: true, cover: true, ...context },
    frameOf([trackedFace(spec)]),
    new Map([[1, outcome!]]),
  );
  return record!;
}

const actionUnits = { presenceLogits: [2, -2], intensities: [3, 0] };
const both = { shows: 'happiness', actionUnits } as const;

describe('action units of a record', () => {
  it('are the readings, and every null of theirs has a reason', () => {
    const record = recordOf(both);
    expect(Object.keys(record.actionUnits!)).toEqual(['12', '12L']);
    expect(record.actionUnits!['12']!.intensity).toMatchObject({ raw: 3, baselined: null });
    expect(record.missing).toMatchObject({
      'actionUnits.presence.baselined': 'warming-up',
      'actionUnits.intensity.baselined': 'warming-up',
      'emotions.baselined': 'warming-up',
    });
    expect(record.missing.actionUnits).toBeUndefined();
    const warm = recordOf({ ...both, shows: 'neutral' }, {}, 12);
    expect(warm.actionUnits!['12']!.intensity!.baselined).toBeLessThan(2);
    expect(warm.actionUnits!['12']!.presence!.baselined).toBeLessThan(0.5);
    expect(warm.missing).not.toHaveProperty(['actionUnits.presence.baselined']);
    expect(warm.missing).not.toHaveProperty(['actionUnits.intensity.baselined']);
    const off = recordOf(both, {}, 0.2, null);
    expect(off.missing).not.toHaveProperty(['actionUnits.intensity.baselined']);
  });

  it.each<[string, FaceSpec, Partial<RecordContext>, string]>([
    ['of a model without any', { shows: 'happiness' }, { actionUnits: false }, 'not-supported'],
    ['of such a model and a blurred face', { validity: 'blurred' }, { actionUnits: false }, 'not-supported'],
    ['of a blurred face', { validity: 'blurred' }, {}, 'blurred'],
    [
      'that cannot be used',
      { shows: 'happiness', actionUnits: { ...actionUnits, intensities: [1] } },
      {},
      'low-confidence',
    ],
  ])('%s are null, with the reason', (_, spec, context, reason) => {
    const record = recordOf(spec, context);
    expect(record.actionUnits).toBeNull();
    expect(record.missing.actionUnits).toBe(reason);
  });

  it('stay when emotions are left out by choice, with the baseline they have', () => {
    const record = recordOf({ actionUnits }, { emotions: false }, 5);
    expect(record.actionUnits!['12']!.active).toBe(true);
    expect(record).toMatchObject({ emotions: null, valenceArousal: null, label: null, confidence: null });
    expect(record.missing).toMatchObject({ emotions: 'au-only', valenceArousal: 'au-only', label: 'au-only' });
    expect(record.baseline).toMatchObject({ status: 'warming' });
    expect(record.baseline!.progress).toBeCloseTo(0.49, 2);
    expect(record.missing.baseline).toBeUndefined();
  });

  it.each([
    { context: { actionUnits: true }, reason: 'no-face' },
    { context: { actionUnits: false }, reason: 'not-supported' },
  ])('of a frame without a face are missing as $reason', ({ context, reason }) => {
    const records = buildRecords({ source: 'clip', emotions: true, cover: true, ...context }, frameOf([]), new Map());
    expect(records).toMatchObject([{ track: null, actionUnits: null, missing: { actionUnits: reason } }]);
  });
});

describe('a face without a mesh', () => {
  it('has no pose, eyes or mesh, and says why', () => {
    const { mesh: _, ...face } = trackedFace({ validity: 'profile' });
    const bare = { ...face, mesh: null, pose: null, eyes: null, keypoints: null };
    const context = { source: 'clip', emotions: true, actionUnits: true, cover: true };
    const [record] = buildRecords(context, frameOf([bare]), new Map());
    expect(record).toMatchObject({ track: 1, validity: 'profile', mesh: null, pose: null, eyes: null, box: face.box });
    const reasons = Object.fromEntries(['mesh', 'pose', 'eyes', 'emotions'].map((field) => [field, 'profile']));
    expect(record!.missing).toMatchObject(reasons);
    expect(record).not.toHaveProperty('keypoints');
  });
});

describe('a face that is partly covered', () => {
  const looks = (...hidden: FacePart[]) => FACE_PARTS.map((part) => (hidden.includes(part) ? 0.03 : 0.99));

  it('tells which parts are, and null units with the reason', () => {
    const record = recordOf({ ...both, visibility: looks('mouth') });
    expect(record.cover).toMatchObject({ mouth: { covered: true }, chin: { covered: false } });
    expect(record.actionUnits).toMatchObject({ '12': { presence: null, active: null } });
    expect(record.missing).toMatchObject({ 'actionUnits.12': 'occluded', 'actionUnits.12L': 'occluded' });
    expect(record).toMatchObject({ validity: 'ok', emotionWidening: 1 });
    expect(record.missing).not.toHaveProperty('cover');
  });

  it('has no eyes and no blink while an eye is covered', () => {
    const record = recordOf({ ...both, visibility: looks('leftEye') });
    expect(record).toMatchObject({ eyes: null, blink: null, missing: { eyes: 'occluded', blink: 'occluded' } });
  });

  it('says why nothing is known where no model looks', () => {
    expect(recordOf(both, { cover: false })).toMatchObject({ cover: null, missing: { cover: 'not-supported' } });
    expect(recordOf({ validity: 'blurred' }).missing.cover).toBe('blurred');
  });
});
