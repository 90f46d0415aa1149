import { describe, expect, it } from 'vitest';
import { yuv420pBytes } from '../../../src/domain/frame.js';
import { copyPatch } from '../../../src/mllm/patch.js';
import { sampleSquare } from '../../../src/mllm/sample-square.js';

/** Odd sizes, no two neighbours alike. */
function noise(widthPx: number, heightPx: number) {
  const data = new Uint8Array(yuv420pBytes(widthPx, heightPx));
  let state = 7;
  for (let i = 0; i < data.length; i++) {
    state = (state * 1103515245 + 12345) % 2147483648;
    data[i] = state >> 16;
  }
  return { widthPx, heightPx, data };
}

describe('copyPatch', () => {
  const frame = noise(161, 121);

  it.each([
    ['in the middle', { x: 80.3, y: 60.7 }, 31.5, 0.4],
    ['over the left upper corner', { x: 3.2, y: -4.1 }, 40, 1.2],
    ['over the right lower corner', { x: 158.9, y: 119.5 }, 37, -0.7],
    ['larger than the frame', { x: 70, y: 50 }, 400, 0.1],
    ['beside the frame', { x: -300, y: 900 }, 20, 0],
  ] as const)('shows what the frame shows: a square %s', async (_, centre, sidePx, angle) => {
    const square = { centre, sidePx, angle };
    const options = { sizePx: 48, matrix: 'bt601' } as const;
    const whole = await sampleSquare(frame, { square, ...options });
    const patch = copyPatch(frame, square);
    const part = await sampleSquare(patch.planes, { square: patch.square, ...options });
    const wrong = whole.data.filter((value, i) => Math.abs(value - part.data[i]!) > 1).length;
    // Positions differ in their last bits, which may choose another chroma neighbour.
    expect(wrong).toBeLessThan(whole.data.length * 0.002);
  });

  it('copies no more than the square needs', () => {
    const { planes } = copyPatch(frame, { centre: { x: 80, y: 60 }, sidePx: 20, angle: 0 });
    expect([planes.widthPx, planes.heightPx]).toEqual([27, 27].map(() => expect.closeTo(27, -0.5)));
    expect(planes.data).toHaveLength(yuv420pBytes(planes.widthPx, planes.heightPx));
  });
});

describe('sampleSquare', () => {
  it('lets the event loop turn between its steps', async () => {
    let turns = 0;
    let done = false;
    const count = (): void => {
      turns++;
      if (!done) setImmediate(count);
    };
    setImmediate(count);
    const square = { centre: { x: 80, y: 60 }, sidePx: 100, angle: 0 };
    await sampleSquare(noise(161, 121), { square, sizePx: 512, matrix: 'bt601' });
    done = true;
    expect(turns).toBeGreaterThanOrEqual(512 / 32);
  });
});
