import { describe, expect, it } from 'vitest';
import type { GazeEvidence } from '../../../src/domain/gaze.js';
import { radians } from '../../../src/domain/units.js';
import { createBlink } from '../../../src/temporal/blink.js';
import { TEMPORAL_DEFAULTS } from '../../../src/temporal/default-options.js';
import { createGazeTrack, stepGaze } from '../../../src/temporal/track-gaze.js';
import { type FaceSpec, trackedFace } from '../../support/temporal-faces.js';
import { seededRandom } from '../../support/temporal-sequences.js';

const options = { ...TEMPORAL_DEFAULTS.gaze, maxGapSeconds: 1 };
const DEGREE = Math.PI / 180;

const looks = (yaw: number, pitch = 0, error = 6): GazeEvidence => {
  const eye = { yaw: radians(yaw * DEGREE), pitch: radians(pitch * DEGREE), error: radians(error * DEGREE) };
  return { right: eye, left: eye };
};

/** What is said of successive frames, 30 a second. */
function run(
  frames: readonly { readonly evidence?: GazeEvidence; readonly face?: FaceSpec; readonly closed?: boolean }[],
) {
  const track = createGazeTrack();
  return frames.map(({ evidence, face = {}, closed = false }, frame) =>
    stepGaze(track, options, {
      ptsUs: Math.round((frame / 30) * 1e6),
      face: trackedFace(face),
      evidence,
      blinks: { ...createBlink(), closed, levelLeft: 1, levelRight: 1 },
    }),
  );
}
const one = (frame: Parameters<typeof run>[0][number]) => run([frame])[0]!;

describe('gaze', () => {
  it('is that of both eyes, the surer one more', () => {
    const evidence = looks(10) as Exclude<GazeEvidence, { missing: unknown }>;
    const sure = { ...evidence.left, yaw: radians(20 * DEGREE), error: radians(3 * DEGREE) };
    const { gaze } = one({ evidence: { ...evidence, left: sure } });
    expect(gaze!.raw.yaw / DEGREE).toBeCloseTo(18, 6);
    expect(gaze!.right!.yaw / DEGREE).toBeCloseTo(10, 6);
    expect(gaze!.error / DEGREE).toBeCloseTo(3.6, 6);
  });

  it.each([
    ['eyes-closed', { evidence: looks(0), closed: true }],
    ['eyes-closed', { evidence: looks(0), face: { eyes: 0.1 } }],
    ['too-small', { evidence: { missing: 'too-small' as const } }],
    ['blurred', { evidence: looks(0), face: { validity: 'blurred' as const } }],
    ['model-off', {}],
  ])('is null, %s', (reason, frame) => {
    expect(one(frame)).toEqual({ gaze: null, gazeMissing: reason });
  });

  it('of a wink is that of the open eye', () => {
    const { gaze } = one({ evidence: looks(12), face: { eyes: { left: 0.1, right: 0.9 } } });
    expect(gaze).toMatchObject({ left: null, right: { yaw: 12 * DEGREE } });
    expect(gaze!.raw.yaw).toBeCloseTo(12 * DEGREE, 9);
  });

  it('is smoothed: noise on a still gaze shrinks, a jump is followed within 200 ms', () => {
    const random = seededRandom(3);
    const still = run(Array.from({ length: 120 }, () => ({ evidence: looks(6 * (random() - 0.5)) })));
    const spread = (of: 'raw' | 'smoothed') => {
      const yaws = still.slice(30).map(({ gaze }) => gaze![of].yaw);
      return Math.sqrt(yaws.reduce((sum, yaw) => sum + yaw ** 2, 0) / yaws.length);
    };
    expect(spread('smoothed')).toBeLessThan(0.6 * spread('raw'));
    const jump = run([
      ...Array.from({ length: 30 }, () => ({ evidence: looks(0) })),
      ...Array.from({ length: 6 }, () => ({ evidence: looks(25) })),
    ]);
    expect(jump.at(-1)!.gaze!.smoothed.yaw / DEGREE).toBeGreaterThan(20);
  });

  it('goes on after a blink from where it was', () => {
    const frames = [
      ...Array.from({ length: 10 }, () => ({ evidence: looks(10) })),
      ...Array.from({ length: 5 }, () => ({ evidence: looks(10, -40), closed: true })),
      { evidence: looks(10) },
    ];
    const [before, after] = [run(frames)[9]!, run(frames).at(-1)!];
    expect(after.gaze!.smoothed.pitch).toBeCloseTo(before.gaze!.smoothed.pitch, 6);
  });

  it('holds where a frame was not read, of the eyes that were open then and still are, and is smoothed once', () => {
    const wink = { eyes: { left: 0.1, right: 0.9 } };
    const held = run([{ evidence: looks(0) }, { evidence: looks(20) }, {}, { face: wink }, { closed: true }, {}]);
    const [, read, next, winking, closed, again] = held.map(({ gaze }) => gaze);
    expect(next).toEqual(read);
    expect(winking).toMatchObject({ left: null, right: { yaw: 20 * DEGREE }, smoothed: read!.smoothed });
    expect(closed).toBeNull();
    expect(again).toEqual(read);
    const [, , opened] = run([{ evidence: looks(0) }, { evidence: looks(0, -40), closed: true }, {}]);
    expect(opened).toEqual({ gaze: null, gazeMissing: 'eyes-closed' });
  });

  it('meets the camera the more surely, the smaller the angle to it', () => {
    const contact = (yaw: number) => one({ evidence: looks(yaw) }).gaze!.contact;
    const falling = [0, 4, 8, 15, 25].map(contact);
    expect(falling).toEqual(falling.toSorted((a, b) => b - a));
    expect(falling[0]).toBeGreaterThan(0.5);
    expect(falling.at(-1)).toBeLessThan(0.05);
  });
});
