import { describe, expect, test } from 'vitest';
import { rgbOf, rgbToYuv } from '../../../src/domain/colour.js';
import { type Frame, type VideoInfo, yuv420pBytes } from '../../../src/domain/frame.js';
import type { FaceRecord, RunSummary } from '../../../src/domain/records.js';
import { micros } from '../../../src/domain/units.js';
import { drawFaces, drawingStyle, labelOf, unitsLabelOf } from '../../../src/report/draw-faces.js';
import { createOverlaySink } from '../../../src/report/overlay.js';
import { createStrokeFont } from '../../../src/report/stroke-font.js';
import { EMOTION_COLOURS } from '../../../src/view/palette.js';
import { reportFixture } from '../../support/report-fixture.js';

const base = reportFixture({ seconds: 1 }).frames[0]!.records[0]!;
const smiling: FaceRecord = {
  ...base,
  validity: 'ok',
  label: 'happiness',
  confidence: 0.87,
  box: { space: 'frame', left: 60, top: 60, right: 140, bottom: 140 },
};

function grey(widthPx: number, heightPx: number) {
  const data = new Uint8Array(new SharedArrayBuffer(yuv420pBytes(widthPx, heightPx))).fill(128);
  return { widthPx, heightPx, data };
}

const video = (widthPx: number, heightPx: number): VideoInfo => ({
  path: 'clip.mp4',
  streamIndex: 0,
  codec: 'h264',
  pixelFormat: 'yuv420p',
  widthPx,
  heightPx,
  sourceWidthPx: widthPx,
  sourceHeightPx: heightPx,
  startOffsetSeconds: 0,
  rotationDegrees: 90,
  durationSeconds: 1,
  frameCount: 25,
  nominalFps: 25,
});

describe('drawFaces', () => {
  test('outlines the box in the colour of the emotion and leaves the rest', () => {
    const canvas = grey(201, 199);
    drawFaces(canvas, [smiling], drawingStyle({ ...canvas, matrix: 'bt601' }));
    const colour = rgbToYuv(rgbOf(EMOTION_COLOURS.dark.happiness), 'bt601');
    const luma = (x: number, y: number) => canvas.data[y * 201 + x];
    for (const [x, y] of [
      [60, 100],
      [139, 100],
      [100, 139],
    ] as const)
      expect(luma(x, y)).toBe(colour.y);
    for (const [x, y] of [
      [100, 100],
      [10, 190],
      [150, 100],
    ] as const)
      expect(luma(x, y)).toBe(128);
    const chroma = 201 * 199 + 50 * 101 + 30;
    expect(Math.abs(canvas.data[chroma]! - colour.u)).toBeLessThan(12);
    expect(canvas.data[201 * 199 + 50 * 101 + 50]).toBe(128);
  });

  test('draws boxes and meshes that are partly or wholly outside without touching other rows', () => {
    const canvas = grey(64, 48);
    const mesh = new Float32Array(468 * 3).map((_, at) => (at % 2 === 0 ? -1e6 : 1e6));
    const far = { ...smiling, mesh, box: { space: 'frame', left: -50, top: -50, right: 500, bottom: 400 } as const };
    drawFaces(
      canvas,
      [far, { ...smiling, box: { space: 'frame', left: 900, top: 900, right: 950, bottom: 950 } }],
      drawingStyle({ ...canvas, matrix: 'bt709' }),
    );
    expect(canvas.data).toHaveLength(yuv420pBytes(64, 48));
    expect(canvas.data[5 * 64 + 32]).toBe(128);
  });

  test('draws the mesh', () => {
    const canvas = grey(200, 200);
    const mesh = new Float32Array(468 * 3).fill(100);
    mesh.set([80, 100, 0], 33 * 3);
    drawFaces(canvas, [{ ...smiling, mesh }], drawingStyle({ ...canvas, matrix: 'bt601' }));
    expect(canvas.data[100 * 200 + 85]).toBeGreaterThan(180);
  });

  test.each([
    [smiling, '#1 happiness 87%'],
    [{ ...smiling, label: null }, '#1 no clear expression'],
    [{ ...smiling, validity: 'too-small' as const }, '#1 face too small'],
  ])('says what is read, or why nothing is', (record, text) => {
    expect(labelOf(record)).toBe(text);
  });

  test('names the four strongest active action units', () => {
    const unit = (smoothed: number, active = true) => ({
      presence: null,
      intensity: { raw: 0, baselined: null, smoothed },
      active,
    });
    const actionUnits = {
      '1': unit(1),
      '2': unit(5, false),
      '6': unit(2),
      '12': unit(4),
      '12L': unit(5),
      '25': unit(3),
      '26': unit(1.5),
    };
    expect(unitsLabelOf({ ...smiling, actionUnits })).toBe('AU12 AU25 AU6 AU26');
    expect(unitsLabelOf(smiling)).toBe('');
  });

  test.each([
    ['under the box', { top: 60, bottom: 140 }, 145],
    ['over its label where there is no room below', { top: 60, bottom: 199 }, 35],
    ['under a label that has no room above', { top: 2, bottom: 140 }, 162],
  ])('draws them %s', (_, edges, rowWithin) => {
    const canvas = grey(320, 200);
    const plain = grey(320, 200);
    const box = { ...smiling.box!, ...edges };
    const actionUnits = { '12': { presence: null, intensity: null, active: true } };
    const style = drawingStyle({ ...canvas, matrix: 'bt601' });
    drawFaces(plain, [{ ...smiling, box }], style);
    drawFaces(canvas, [{ ...smiling, box, actionUnits }], style);
    const changed = [...canvas.data.subarray(0, 320 * 200).keys()].filter((at) => canvas.data[at] !== plain.data[at]);
    const rows = [...new Set(changed.map((at) => Math.floor(at / 320)))];
    expect(rows).toContain(rowWithin);
    expect(rows.at(-1)! - rows[0]!).toBeLessThan(style.font.heightPx + 3);
  });

  test('refuses planes of another size', () => {
    const style = drawingStyle({ widthPx: 4, heightPx: 4, matrix: 'bt601' });
    expect(() => drawFaces({ widthPx: 4, heightPx: 4, data: new Uint8Array(5) }, [], style)).toThrow('24 bytes, got 5');
  });
});

test('the font draws every letter a label can hold', () => {
  const font = createStrokeFont({ heightPx: 16 });
  const missing = font.glyph('\u00e9')!.data;
  for (const character of 'abcdefghijklmnopqrstuvwxyz0123456789#%-.:') {
    expect(
      font.glyph(character)!.data.some((coverage) => coverage > 200),
      character,
    ).toBe(true);
    expect(font.glyph(character)!.data, character).not.toEqual(missing);
  }
  expect(font.glyph(' ')).toBeNull();
});

describe('createOverlaySink', () => {
  const open = async (info: VideoInfo) => {
    const written: { bytes: Uint8Array; ptsUs: number }[] = [];
    let size = { widthPx: 0, heightPx: 0 };
    let closed = 0;
    const sink = await createOverlaySink({
      path: '/nowhere/overlay.mp4',
      info,
      overwrite: true,
      encoder: async ({ widthPx, heightPx }) => {
        size = { widthPx, heightPx };
        return {
          write: async (bytes, ptsUs) => {
            written.push({ bytes: bytes.slice(), ptsUs });
          },
          close: async () => {
            closed += 1;
          },
        };
      },
    });
    return { sink, written, size: () => size, closed: () => closed };
  };

  test.each([
    [64, 48],
    [63, 48],
    [64, 47],
    [63, 47],
  ])('gives the encoder even frames at their own times: %i x %i', async (widthPx, heightPx) => {
    const { sink, written, size, closed } = await open(video(widthPx, heightPx));
    const plain = grey(widthPx, heightPx);
    plain.data.forEach((_, at) => {
      plain.data[at] = at % 251;
    });
    const before = plain.data.slice();
    const frame: Frame = { index: 0, ptsUs: micros(33_367), ...plain };
    await sink.frame(frame, []);
    await sink.frame({ ...frame, ptsUs: micros(91_000) }, [smiling]);
    await sink.close({} as RunSummary);
    expect(size()).toEqual({ widthPx: 64, heightPx: 48 });
    expect(written.map(({ ptsUs }) => ptsUs)).toEqual([33_367, 91_000]);
    expect(written[0]!.bytes).toHaveLength(yuv420pBytes(64, 48));
    expect(written[0]!.bytes[20 * 64 + 30]).toBe((20 * widthPx + 30) % 251);
    expect(written[0]!.bytes[47 * 64 + 63]).toBe(((heightPx - 1) * widthPx + widthPx - 1) % 251);
    expect(written[0]!.bytes.at(-1)).toBe(before.at(-1));
    expect(plain.data).toEqual(before);
    expect(closed()).toBe(1);
  });

  test('must be awaited, and knows its size', async () => {
    const { sink } = await open(video(64, 48));
    const frame: Frame = { index: 0, ptsUs: micros(0), ...grey(64, 48) };
    const first = sink.frame(frame, []);
    expect(() => sink.frame(frame, [])).toThrow('must be awaited');
    await first;
    expect(() => sink.frame({ ...frame, ...grey(32, 48) }, [])).toThrow('frame is 32x48, expected 64x48');
  });
});
