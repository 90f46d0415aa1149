import { describe, expect, it } from 'vitest';
import type { DropReason } from '../../../src/domain/live.js';
import type { CameraActivity } from '../../../src/live/camera-activity.js';
import { CameraLoad } from '../../../src/live/camera-load.js';
import { FrameLender } from '../../support/live-frames.js';
import { faceRecord } from '../../support/record-builders.js';

const dropped = (reason: DropReason, count = 1): CameraActivity => ({ type: 'dropped', reason, count, unseen: true });

/** Loads of a camera: each second so many frames of which each takes so long, and what else happens. */
function second(load: CameraLoad, fps: number, ageMs: number, ...more: readonly CameraActivity[]) {
  const lender = new FrameLender();
  for (let frame = 0; frame < fps; frame += 1) {
    const live = lender.lend({ arrivedAt: 0 });
    load.take({ type: 'arrived', live, at: 0 });
    load.take({ type: 'analysed', live, at: ageMs, records: [faceRecord(0), faceRecord(0)], episodes: [] });
  }
  for (const activity of more) load.take(activity);
  return load.endSecond();
}

function settled(): CameraLoad {
  const load = new CameraLoad();
  second(load, 30, 10);
  second(load, 30, 10);
  return load;
}

describe('CameraLoad', () => {
  it('is at ease while results come with time to spare, and strained where they are late or frames are lost', () => {
    const load = settled();
    expect(second(load, 30, 10)).toEqual({ ease: 'calm', faces: 60 });
    expect(second(load, 30, 80).ease).toBe('between');
    expect(second(load, 30, 120).ease).toBe('strained');
    expect(second(load, 30, 10, dropped('superseded', 2)).ease).toBe('strained');
    expect(second(load, 30, 10, dropped('no-buffer', 3))).toEqual({ ease: 'strained', faces: 66 });
    expect(second(load, 30, 10, dropped('superseded')).ease).toBe('between');
  });

  it('is not strained by frames that were left out for another reason', () => {
    const load = settled();
    for (const reason of ['rate-limited', 'damaged', 'undecodable', 'failed'] as const)
      expect(second(load, 30, 10, dropped(reason, 20)).ease).toBe('calm');
  });

  it('gives a camera of few frames the time of two of them', () => {
    const load = settled();
    expect(second(load, 5, 250).ease).toBe('calm');
    expect(second(load, 5, 420).ease).toBe('strained');
  });

  it('does not judge the first two seconds of a connection, when what was in store comes at once', () => {
    const load = new CameraLoad();
    expect(second(load, 30, 10, dropped('superseded', 90)).ease).toBe('calm');
    expect(second(load, 0, 0).ease).toBe('calm'); // nothing came
    expect(second(load, 30, 10, dropped('superseded', 90)).ease).toBe('calm');
    expect(second(load, 30, 10, dropped('superseded', 90)).ease).toBe('strained');
    load.take({ type: 'ended', end: { reason: 'stalled', message: 'no new picture' } });
    expect(second(load, 30, 10, dropped('superseded', 90)).ease).toBe('calm');
  });

  it('has no faces while nothing comes', () => {
    const load = settled();
    load.take({ type: 'silent', ended: [] });
    expect(load.endSecond()).toEqual({ ease: 'calm', faces: 0 });
  });
});
