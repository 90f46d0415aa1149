import { describe, expect, test } from 'vitest';
import { AffectError } from '../../../src/domain/errors.js';
import { type Frame, type FrameSource, yuv420pBytes } from '../../../src/domain/frame.js';
import { Tally } from '../../../src/domain/run-tally.js';
import { micros, radians } from '../../../src/domain/units.js';
import { decideTurn, isUpright, lookForFaces } from '../../../src/recording/look-for-faces.js';
import { adviceOn, findTurn } from '../../../src/recording/second-look.js';

/** Frames whose first pixel says how the face in them must be turned, 90ths of a degree; 9 for no face. */
function sourceOf(faces: readonly number[], size = { widthPx: 4, heightPx: 2 }) {
  let out = 0;
  const source: FrameSource = {
    info: {
      ...{ path: 'x', streamIndex: 0, codec: 'h264', pixelFormat: null, ...size, rotationDegrees: 0 },
      ...{ sourceWidthPx: size.widthPx, sourceHeightPx: size.heightPx },
      ...{ startOffsetSeconds: 0, durationSeconds: null, frameCount: null, nominalFps: null },
    },
    notes: [],
    async *frames() {
      for (const [index, face] of faces.entries()) {
        if (face < 0) throw new AffectError('INPUT_DAMAGED', 'x: damaged; copy it again');
        const data = new Uint8Array(new SharedArrayBuffer(yuv420pBytes(size.widthPx, size.heightPx)));
        data.fill(face, 0, 1);
        out++;
        yield { frame: { index, ptsUs: micros(index), ...size, data }, release: () => out-- };
      }
    },
  };
  return { source, out: () => out };
}

const CORNERS: readonly ((frame: Frame) => number)[] = [
  () => 0,
  ({ widthPx }) => widthPx - 1,
  ({ widthPx, heightPx }) => widthPx * heightPx - 1,
  ({ widthPx, heightPx }) => widthPx * (heightPx - 1),
];
/** A face shows where the marked pixel came to the corner that its turn leads to. */
const surestFace = async (frame: Frame) =>
  CORNERS.some((corner, turn) => turn > 0 && frame.data[corner(frame)] === turn) ? 0.7 : 0;
const signal = new AbortController().signal;
const turnOf = (faces: readonly number[]) =>
  findTurn({ open: async () => sourceOf(faces).source, surestFace, signal }, null);

describe('the turn of a video', () => {
  test.each([
    { what: 'on its left side', faces: [1, 1, 1], turn: 90 },
    { what: 'upside down, seen in half of the frames', faces: [2, 9, 9, 2], turn: 180 },
    { what: 'once in many frames: no proof', faces: [3, 9, 9, 9], turn: 0 },
    { what: 'no face at all', faces: [9, 9], turn: 0 },
    { what: 'broken off after a look', faces: [3, -1], turn: 270 },
    { what: 'no frame', faces: [], turn: 0 },
  ])('$what: $turn', async ({ faces, turn }) => {
    expect(await turnOf(faces)).toBe(turn);
  });

  test.each([
    { score: 0.75, opened: 0 },
    { score: 0.74, opened: 1 },
  ])('a first frame whose face scores $score: opened anew $opened times', async ({ score, opened }) => {
    let times = 0;
    const open = async () => {
      times++;
      return sourceOf([9]).source;
    };
    expect(await findTurn({ open, surestFace, signal }, score)).toBe(0);
    expect(times).toBe(opened);
  });

  test('an upright face decides at once, and no frame is kept', async () => {
    const { source, out } = sourceOf([9, 7, 3, 3, 3]);
    const upright = async (frame: Frame) => (frame.data[0] === 7 ? 0.8 : 0);
    const looks = await lookForFaces(source, { surestFace: upright, turns: [0, 90], mostFrames: 9, signal });
    expect(looks.frames).toBe(2);
    expect(decideTurn(looks)).toBe(0);
    expect(out()).toBe(0);
  });

  test.each([
    { what: 'its head: false upright faces are less sure', scores: { 0: 0.6, 180: 0.8 }, turn: 180 },
    { what: 'its feet, with a face that is not sure', scores: { 0: 0.7, 180: 0.6 }, turn: 0 },
    { what: 'its feet, as sure as on its side: no proof', scores: { 0: 0.6, 90: 0.7 }, turn: 0 },
  ])('a picture on $what: $turn', async ({ scores, turn }) => {
    // Four calls a frame, one for each turn in this order.
    let calls = 0;
    const scripted = async () => (scores as Partial<Record<number, number>>)[90 * (calls++ % 4)] ?? 0;
    const { source } = sourceOf(Array(50).fill(0));
    const looks = await lookForFaces(source, {
      surestFace: scripted,
      turns: [0, 90, 180, 270],
      mostFrames: 12,
      signal,
    });
    expect(decideTurn(looks)).toBe(turn);
    expect(looks.frames).toBe(4);
  });

  test.each([
    [0, 'ok', true],
    [-29, 'occluded', true],
    [46, 'ok', false],
    [-57, 'ok', false],
    [180, 'ok', false],
    [0, 'low-confidence', false],
  ] as const)('a face that leans by %d degrees, %s: upright %s', (degrees, validity, upright) => {
    const roll = radians((degrees * Math.PI) / 180);
    const none = radians(0);
    const pose = { yaw: none, pitch: none, roll, translationMm: { x: 0, y: 0, z: 500 } };
    expect(isUpright({ validity, pose })).toBe(upright);
  });

  test('of an endless video only the beginning is looked at', async () => {
    const { source } = sourceOf(Array(50).fill(9));
    const looks = await lookForFaces(source, { surestFace, turns: [0], mostFrames: 12, signal });
    expect(looks.frames).toBe(12);
  });
});

describe('advice', () => {
  const info = { ...sourceOf([]).source.info, widthPx: 1280, heightPx: 720, sourceWidthPx: 1920, sourceHeightPx: 1080 };
  const summaryOf = (counts: { frames?: number; tracks?: number; small?: number }) => {
    const summary = new Tally().summary('complete', null);
    const { frames = 10, tracks = 0, small = 0 } = counts;
    return { ...summary, frames, tracks, coverage: { ...summary.coverage, 'too-small': small } };
  };
  const advise = (faces: number, counts = {}, video = info) => {
    const open = async () => sourceOf([faces, faces]).source;
    return adviceOn({ info: video, summary: summaryOf(counts) }, { open, surestFace: async () => 0.6 * faces, signal });
  };
  test('faces that only full size shows', async () => {
    expect(await advise(1)).toBe(
      'no face was found in pictures shrunk to 1280x720; in full size there are faces in 2 of 2 frames looked at: use --max-side 1920',
    );
  });
  test('none in full size either', async () => {
    expect(await advise(0)).toBe('no face was found, nor in full size (1920 px) in 2 frames looked at');
  });
  test('pictures that were not shrunk', async () => {
    const small = { ...info, sourceWidthPx: 1280, sourceHeightPx: 720 };
    expect(await advise(0, {}, small)).toMatch(/--rotate and --min-face/);
  });
  test('mostly small faces, and a run that needs no advice', async () => {
    expect(await advise(1, { tracks: 1, small: 6 })).toBe('faces are small: --max-side 1920 reads them larger');
    expect(await advise(1, { tracks: 1, small: 5 })).toBeNull();
    expect(await advise(1, { frames: 0 })).toBeNull();
  });
});
