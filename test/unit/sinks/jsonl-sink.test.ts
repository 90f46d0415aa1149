import { expect, test } from 'vitest';
import { jsonEpisode, recordLine } from '../../../src/record/record-json.js';
import { emptyFrame, episode, faceRecord } from '../../support/record-builders.js';

const parsed = (...args: Parameters<typeof recordLine>): Record<string, unknown> => JSON.parse(recordLine(...args));

test('numbers are rounded to what they are good for', () => {
  const record = faceRecord(2, {
    detectionScore: 0.123456789,
    confidence: 0.123456789,
    pose: { ...faceRecord(0).pose!, yaw: 0.123456789 as never },
    quality: { ...faceRecord(0).quality!, sharpness: null },
  });
  expect(parsed(record, 'none')).toMatchObject({
    v: 1,
    source: 'interview',
    frame: 2,
    ptsUs: 80_000,
    detectionScore: 0.1235,
    confidence: 0.123457,
    box: { space: 'frame', left: 100.13, right: 260.5 },
    pose: { yaw: 0.12346, translationMm: { x: -120, y: 30.5, z: 812.3 } },
    quality: { sharpness: null, presence: 0.996 },
    emotions: { raw: { happiness: 0.86, neutral: 0.02 }, smoothed: { happiness: 0.8 } },
    valenceArousal: { smoothed: { valence: 0.65, arousal: -0.08 } },
    missing: { actionUnits: 'not-supported' },
  });
});

test.each([
  ['68', 68],
  ['468', 468],
] as const)('%s landmarks are a flat array of x, y, z', (choice, points) => {
  const mesh = faceRecord(0).mesh!;
  mesh.set([1.005, -0.001, 123.456], 162 * 3);
  const { landmarks, mesh: raw } = parsed(faceRecord(0, { mesh }), choice) as {
    landmarks: number[];
    mesh?: unknown;
  };
  expect(landmarks).toHaveLength(points * 3);
  const at = choice === '68' ? 0 : 162 * 3;
  expect(landmarks.slice(at, at + 3)).toEqual([1, 0, 123.46]);
  expect(raw).toBeUndefined();
});

test('without landmarks the field is not there, without a mesh it is null', () => {
  expect(parsed(faceRecord(0), 'none')).not.toHaveProperty('landmarks');
  expect(parsed(emptyFrame(0), '68').landmarks).toBeNull();
});

test('what is missing is null with its reason; nothing that is not finite breaks the line', () => {
  const mesh = faceRecord(0).mesh!;
  mesh[162 * 3] = Number.NaN;
  const record = parsed(faceRecord(0, { mesh, confidence: Number.POSITIVE_INFINITY }), '68');
  expect((record.landmarks as unknown[])[0]).toBeNull();
  expect(record.confidence).toBeNull();
  expect(parsed(emptyFrame(0), '68')).toMatchObject({
    track: null,
    pose: null,
    emotions: null,
    quality: null,
    missing: { mesh: 'no-face', emotions: 'no-face' },
  });
});

test('a record is one line whatever its texts hold', () => {
  const line = recordLine(faceRecord(0, { source: 'two\nlines\r\u2028"' }), '68');
  expect(line).not.toMatch(/[\n\r]/);
  expect(JSON.parse(line).source).toBe('two\nlines\r\u2028"');
});

test('an episode keeps its fields, numbers rounded', () => {
  expect(jsonEpisode(episode())).toEqual({ ...episode(), peak: 0.912346 });
});
