import { expect, test } from 'vitest';
import { type FrameLease, type FrameSource, yuv420pBytes } from '../../src/domain/frame.js';

/**
 * What every finite frame source must keep. `open` gives a fresh source of at least 20 frames with `poolSlots` frame
 * buffers; `isIdle` tells whether everything the source started (processes, sockets) is gone.
 */
export function frameSourceContract(
  open: (options: { readonly poolSlots: number }) => Promise<FrameSource>,
  isIdle: () => boolean,
): void {
  const never = new AbortController().signal;

  test('frames have rising index and PTS, and the size that info tells', async () => {
    const source = await open({ poolSlots: 4 });
    const { widthPx, heightPx } = source.info;
    let index = 0;
    let before = Number.NEGATIVE_INFINITY;
    for await (const { frame, release } of source.frames(never)) {
      expect(frame).toMatchObject({ index: index++, widthPx, heightPx });
      expect(frame.data).toHaveLength(yuv420pBytes(widthPx, heightPx));
      expect(frame.data.buffer).toBeInstanceOf(SharedArrayBuffer);
      expect(frame.ptsUs).toBeGreaterThan(before);
      before = frame.ptsUs;
      release();
    }
    expect(index).toBeGreaterThanOrEqual(20);
    expect(isIdle()).toBe(true);
  });

  test('a slow reader loses nothing, and leases never share memory', async () => {
    const source = await open({ poolSlots: 3 });
    const held: FrameLease[] = [];
    let frames = 0;
    for await (const lease of source.frames(never)) {
      frames++;
      held.push(lease);
      if (held.length < 3) continue;
      expect(new Set(held.map(({ frame }) => frame.data.buffer)).size).toBe(3);
      for (const { release } of held.splice(0)) release();
    }
    for (const { release } of held) release();
    expect(frames).toBe(await count(await open({ poolSlots: 8 })));
  });

  test('waits while every lease is out, and goes on when one comes back', async () => {
    const source = await open({ poolSlots: 2 });
    const frames = source.frames(never);
    const first = await frames.next();
    const second = await frames.next();
    let arrived = false;
    const third = frames.next().then((result) => {
      arrived = true;
      return result;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(arrived).toBe(false);
    if (first.value) first.value.release();
    expect((await third).value?.frame.index).toBe(2);
    if (second.value) second.value.release();
    (await third).value?.release();
    await frames.return();
    expect(isIdle()).toBe(true);
  });

  test('releasing twice is an error', async () => {
    const source = await open({ poolSlots: 2 });
    for await (const { release } of source.frames(never)) {
      release();
      expect(release).toThrow(/released while free/);
      break;
    }
    expect(isIdle()).toBe(true);
  });

  test('an abort ends the frames quietly and stops everything', async () => {
    const source = await open({ poolSlots: 2 });
    const abort = new AbortController();
    let frames = 0;
    for await (const { release } of source.frames(abort.signal)) {
      release();
      if (++frames === 5) abort.abort();
    }
    expect(frames).toBe(5);
    expect(isIdle()).toBe(true);
  });

  test('an abort wakes a reader that waits for a frame', async () => {
    const source = await open({ poolSlots: 1 });
    const abort = new AbortController();
    const frames = source.frames(abort.signal);
    const { value } = await frames.next();
    const waiting = frames.next();
    abort.abort();
    expect((await waiting).done).toBe(true);
    if (value) value.release();
    expect(isIdle()).toBe(true);
  });

  test('an aborted signal yields nothing', async () => {
    const source = await open({ poolSlots: 1 });
    expect(await count(source, AbortSignal.abort())).toBe(0);
  });

  test('can be read again, with the same frames', async () => {
    const source = await open({ poolSlots: 2 });
    expect(await count(source)).toBe(await count(source));
  });
}

async function count(source: FrameSource, signal = new AbortController().signal): Promise<number> {
  let frames = 0;
  for await (const { release } of source.frames(signal)) {
    frames++;
    release();
  }
  return frames;
}
