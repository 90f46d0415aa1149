import { describe, expect, it } from 'vitest';
import { AffectError } from '../../../src/domain/errors.js';
import type { FrameSource } from '../../../src/domain/frame.js';
import { micros } from '../../../src/domain/units.js';
import { begunEarly } from '../../../src/recording/early-source.js';

/** A source of that many frames, and what became of its runs. */
function source(frames: number, broken = false) {
  const seen = { runs: 0, ended: 0, out: 0 };
  const made: FrameSource = {
    info: { path: 'x' } as FrameSource['info'],
    notes: [],
    async *frames(signal) {
      seen.runs++;
      try {
        for (let index = 0; index < frames && !signal.aborted; index++) {
          seen.out++;
          const frame = {
            index,
            ptsUs: micros(index),
            widthPx: 2,
            heightPx: 2,
            data: new Uint8Array(new SharedArrayBuffer(6)),
          };
          yield { frame, release: () => seen.out-- };
        }
        if (broken) throw new AffectError('INPUT_DAMAGED', 'x: damaged; copy it again');
      } finally {
        seen.ended++;
      }
    },
  };
  return { made, seen };
}

const never = new AbortController().signal;

async function take(early: FrameSource, signal = never): Promise<number[]> {
  const taken: number[] = [];
  for await (const { frame, release } of early.frames(signal)) {
    taken.push(frame.index);
    release();
  }
  return taken;
}

describe('begunEarly', () => {
  it('begins at once, shows the first frame, and hands out all of the run that was begun', async () => {
    const { made, seen } = source(3);
    const early = begunEarly(made);
    expect(seen.runs).toBe(1);
    expect((await early.peek())?.index).toBe(0);
    expect(await take(early)).toEqual([0, 1, 2]);
    expect(seen).toEqual({ runs: 1, ended: 1, out: 0 });
    expect(await take(early)).toEqual([0, 1, 2]);
    expect(seen).toEqual({ runs: 2, ended: 2, out: 0 });
  });

  it('ends what nobody takes, once', async () => {
    const { made, seen } = source(3);
    const early = begunEarly(made);
    await early.end();
    await early.end();
    expect(seen).toEqual({ runs: 1, ended: 1, out: 0 });
  });

  it('leaves a run that somebody takes alone', async () => {
    const { made } = source(3);
    const early = begunEarly(made);
    const frames = early.frames(never);
    const first = await frames.next();
    await early.end();
    expect(first.value?.frame.index).toBe(0);
    expect((await frames.next()).value?.frame.index).toBe(1);
    await frames.return();
  });

  it('hands out nothing, and keeps nothing, once the signal has aborted', async () => {
    const { made, seen } = source(3);
    const early = begunEarly(made);
    await early.peek();
    expect(await take(early, AbortSignal.abort())).toEqual([]);
    expect(seen).toEqual({ runs: 1, ended: 1, out: 0 });
  });

  it('tells damage to who takes the frames; who peeks sees no frame', async () => {
    const { made } = source(0, true);
    const early = begunEarly(made);
    expect(await early.peek()).toBeNull();
    await expect(take(early)).rejects.toMatchObject({ code: 'INPUT_DAMAGED' });
  });
});
