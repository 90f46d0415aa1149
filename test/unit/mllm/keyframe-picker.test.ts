import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { yuv420pBytes } from '../../../src/domain/frame.js';
import { micros } from '../../../src/domain/units.js';
import { KeyframePicker } from '../../../src/mllm/keyframe-picker.js';
import { episode, faceRecord, mostly } from '../../support/record-builders.js';

const WANTS = [
  { set: 'onset+apex', px: 64 },
  { set: 'clip', px: 64 },
] as const;

/** Grey frames of one face, whose smile begins at 0 s and is at its height at 2.5 s. */
function world() {
  const picker = new KeyframePicker({ select: { minIntervalSeconds: 1 }, onSkip: () => undefined });
  const frameAt = (seconds: number, grey: number) => {
    const data = new Uint8Array(new SharedArrayBuffer(yuv420pBytes(1280, 720))).fill(128).fill(grey, 0, 1280 * 720);
    return { index: Math.round(seconds * 25), ptsUs: micros(seconds * 1e6), widthPx: 1280, heightPx: 720, data };
  };
  const pick = async (seconds: number, { grey, share }: { readonly grey: number; readonly share: number }) => {
    const frame = frameAt(seconds, grey);
    const smoothed = mostly('happiness', share);
    const record = faceRecord(frame.index, {
      source: 'door',
      track: 1,
      ptsUs: frame.ptsUs,
      emotions: { raw: smoothed, baselined: null, smoothed },
    });
    const pending = picker.pick({
      source: 'door',
      frame,
      records: [record],
      nowUs: frame.ptsUs,
      wants: WANTS,
      room: () => true,
    });
    frame.data.fill(0); // its lease is over
    return (await Promise.all(pending))[0];
  };
  return { picker, pick };
}

/** Mean grey of each picture, in steps of ten. */
const greys = (jpegs: readonly Uint8Array[]) =>
  Promise.all(jpegs.map(async (jpeg) => Math.round((await sharp(jpeg).stats()).channels[0]!.mean / 10)));

describe('KeyframePicker', () => {
  it('cuts the face at the onset of its episode beside the apex, and moments before the newest', async () => {
    const { picker, pick } = world();
    const smile = { id: 'e1', source: 'door', track: 1, kind: 'emotion', label: 'happiness' } as const;
    picker.episodes([episode({ ...smile, phase: 'new', apexUs: micros(0), peak: 0.5 })]);
    const first = await pick(0, { grey: 60, share: 0.5 });
    expect(first).toMatchObject({ reason: 'first', ordinal: 0 });
    expect(await greys(first!.pictures['onset+apex 64']!)).toHaveLength(1);
    for (const seconds of [2, 2.25, 2.5]) await pick(seconds - 1.9, { grey: 100, share: 0.5 });
    picker.episodes([episode({ ...smile, phase: 'update', apexUs: micros(0.9e6), peak: 0.95 })]);
    const apex = await pick(1.2, { grey: 200, share: 0.95 });
    expect(apex).toMatchObject({ reason: 'apex', ordinal: 1, episode: { id: 'e1' } });
    const [onset, now] = await greys(apex!.pictures['onset+apex 64']!);
    expect(onset).toBeLessThan(now! - 8);
    const clip = await greys(apex!.pictures['clip 64']!);
    expect(clip.at(-1)).toBe(now);
    expect(clip.length).toBe(3); // 0.35 s and 0.6 s, and now; 0 s is too long ago
    expect(apex!.mesh).toHaveLength(468 * 3);
  });
});
