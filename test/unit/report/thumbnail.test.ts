import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { colourMatrixOf, rgbToYuv } from '../../../src/domain/colour.js';
import type { Box } from '../../../src/domain/face.js';
import { type Frame, yuv420pBytes } from '../../../src/domain/frame.js';
import { micros } from '../../../src/domain/units.js';
import { cropRgb } from '../../../src/report/crop-rgb.js';
import { encodeThumbnail } from '../../../src/report/thumbnail.js';

const box: Box<'frame'> = { space: 'frame', left: 20, top: 20, right: 60, bottom: 60 };

function plain(rgb: { r: number; g: number; b: number }, matrix: 'bt601' | 'bt709'): Frame {
  const [widthPx, heightPx] = [81, 79];
  const data = new Uint8Array(new SharedArrayBuffer(yuv420pBytes(widthPx, heightPx)));
  const { y, u, v } = rgbToYuv(rgb, matrix);
  const chroma = 41 * 40;
  data.fill(y, 0, widthPx * heightPx);
  data.fill(u, widthPx * heightPx, widthPx * heightPx + chroma);
  data.fill(v, widthPx * heightPx + chroma);
  return { index: 0, ptsUs: micros(0), widthPx, heightPx, data };
}

describe('cropRgb', () => {
  test.each([
    [{ r: 255, g: 255, b: 255 }],
    [{ r: 0, g: 0, b: 0 }],
    [{ r: 200, g: 60, b: 30 }],
    [{ r: 30, g: 90, b: 220 }],
  ])('gives back %j in both matrices, on an odd size', (rgb) => {
    for (const matrix of ['bt601', 'bt709'] as const) {
      const { data, sizePx } = cropRgb({ frame: plain(rgb, matrix), box, margin: 0.2, targetPx: 160, matrix });
      expect(sizePx).toBe(56);
      for (const [channel, value] of [rgb.r, rgb.g, rgb.b].entries()) {
        expect(Math.abs(data[channel]! - value)).toBeLessThanOrEqual(3);
        expect(Math.abs(data.at(channel - 3)! - value)).toBeLessThanOrEqual(3);
      }
    }
  });

  test('a large face is sampled, not converted whole, and outside the frame the edge repeats', () => {
    const frame = plain({ r: 90, g: 90, b: 90 }, 'bt601');
    const far: Box<'frame'> = { space: 'frame', left: -2000, top: -2000, right: 2000, bottom: 2000 };
    const crop = cropRgb({ frame, box: far, margin: 0.2, targetPx: 16, matrix: 'bt601' });
    expect(crop.sizePx).toBe(32);
    expect(crop.data.every((value) => Math.abs(value - 90) <= 3)).toBe(true);
  });
});

test('encodeThumbnail makes a square JPEG and reads the frame before it returns', async () => {
  const frame = plain({ r: 200, g: 60, b: 30 }, 'bt601');
  const encoding = encodeThumbnail({ frame, box });
  frame.data.fill(0);
  const jpeg = await encoding;
  const { format, width, height } = await sharp(jpeg).metadata();
  expect([format, width, height]).toEqual(['jpeg', 160, 160]);
  const { channels } = await sharp(jpeg).stats();
  expect(Math.abs(channels[0]!.mean - 200)).toBeLessThan(5);
});

test.each([
  [{ widthPx: 640, heightPx: 360 }, 'bt601'],
  [{ widthPx: 720, heightPx: 576 }, 'bt601'],
  [{ widthPx: 1280, heightPx: 720 }, 'bt709'],
  [{ widthPx: 720, heightPx: 1280 }, 'bt709'],
])('%j is %s', (size, matrix) => {
  expect(colourMatrixOf(size)).toBe(matrix);
});
