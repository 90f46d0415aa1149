import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { rgbToYuv } from '../../../src/domain/colour.js';
import { MESH_POINTS } from '../../../src/domain/face.js';
import { type Frame, yuv420pBytes } from '../../../src/domain/frame.js';
import { micros } from '../../../src/domain/units.js';
import { cutKeyframe, faceView } from '../../../src/mllm/crops.js';
import { uprightSquare } from '../../../src/mllm/face-square.js';

const SIZE = { widthPx: 320, heightPx: 240 };
const SKIN = { r: 210, g: 150, b: 120 };
const BLUE = { r: 30, g: 60, b: 200 };
const WALL = { r: 90, g: 110, b: 90 };

/** A frame painted by a function of its pixels' centres. */
function paint(colourAt: (x: number, y: number) => { r: number; g: number; b: number }): Frame {
  const { widthPx, heightPx } = SIZE;
  const data = new Uint8Array(new SharedArrayBuffer(yuv420pBytes(widthPx, heightPx)));
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      const yuv = rgbToYuv(colourAt(x + 0.5, y + 0.5), 'bt601');
      data[y * widthPx + x] = yuv.y;
      const chroma = widthPx * heightPx + (y >> 1) * (widthPx / 2) + (x >> 1);
      data[chroma] = yuv.u;
      data[chroma + (widthPx * heightPx) / 4] = yuv.v;
    }
  }
  return { index: 0, ptsUs: micros(0), ...SIZE, data };
}

/** A face 80 wide and 100 high around a point, leaning clockwise. */
function meshAt(cx: number, cy: number, lean: number) {
  const mesh = new Float32Array(MESH_POINTS * 3);
  const put = (vertex: number, u: number, v: number) =>
    mesh.set(
      [cx + u * Math.cos(lean) - v * Math.sin(lean), cy + u * Math.sin(lean) + v * Math.cos(lean), 0],
      vertex * 3,
    );
  for (let vertex = 0; vertex < MESH_POINTS; vertex++) {
    const turn = (vertex / MESH_POINTS) * 2 * Math.PI;
    put(vertex, 40 * Math.cos(turn), 50 * Math.sin(turn));
  }
  put(33, -25, -15);
  put(263, 25, -15);
  return mesh;
}

const FACE = { set: 'face', px: 336 } as const;
const BOX = { space: 'frame', left: 120, top: 70, right: 200, bottom: 170 } as const;

async function pixel(jpeg: Uint8Array, u: number, v: number) {
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  const at = (Math.floor(v * info.height) * info.width + Math.floor(u * info.width)) * info.channels;
  return { r: data[at]!, g: data[at + 1]!, b: data[at + 2]! };
}

const near = ({ r, g, b }: typeof SKIN, tolerance = 12) => ({
  r: expect.closeTo(r, -Math.log10(2 * tolerance)),
  g: expect.closeTo(g, -Math.log10(2 * tolerance)),
  b: expect.closeTo(b, -Math.log10(2 * tolerance)),
});

describe('cutKeyframe', () => {
  it.each([0, 0.5, -0.5, Math.PI / 2, 3])(
    'turns a face that leans by %f radians upright, in its colours',
    async (lean) => {
      // Forehead blue, the rest skin: the edge between them runs along the leaning face's own horizontal.
      const frame = paint((x, y) => {
        const v = (y - 120) * Math.cos(lean) - (x - 160) * Math.sin(lean);
        return v < 0 ? BLUE : SKIN;
      });
      const mesh = meshAt(160, 120, lean);
      const { faceJpeg, pictures, mesh: inPicture } = await cutKeyframe({ frame, mesh, box: BOX, wants: [FACE] });
      expect(pictures).toEqual({ 'face 336': [faceJpeg] });
      // The outer corner of the right eye: 25 left of the middle and 15 above it, in a square of 130.
      expect([...inPicture.subarray(33 * 3, 33 * 3 + 2)]).toEqual([
        expect.closeTo(0.5 - 25 / 130, 2),
        expect.closeTo(0.5 - 15 / 130, 2),
      ]);
      expect(await sharp(faceJpeg).metadata()).toMatchObject({ format: 'jpeg', width: 336, height: 336 });
      for (const u of [0.25, 0.5, 0.75]) {
        expect(await pixel(faceJpeg, u, 0.3)).toEqual(near(BLUE));
        expect(await pixel(faceJpeg, u, 0.7)).toEqual(near(SKIN));
      }
    },
  );

  it('adds a level picture of the surroundings, at the size asked for', async () => {
    const frame = paint((x, y) => (Math.hypot((x - 160) / 40, (y - 120) / 50) < 1 ? SKIN : WALL));
    const { pictures, faceJpeg } = await cutKeyframe({
      frame,
      mesh: meshAt(160, 120, 0),
      box: BOX,
      wants: [
        { set: 'face+context', px: 224 },
        { set: 'face', px: 112 },
      ],
    });
    const [contextJpeg, face] = pictures['face+context 224']!;
    expect(face).toBe(faceJpeg);
    expect(await sharp(contextJpeg!).metadata()).toMatchObject({ width: 224, height: 224 });
    expect(await pixel(contextJpeg!, 0.5, 0.35)).toEqual(near(SKIN)); // the face, above the middle
    expect(await pixel(contextJpeg!, 0.1, 0.9)).toEqual(near(WALL));
    expect(await sharp(pictures['face 112']![0]!).metadata()).toMatchObject({ width: 112, height: 112 });
  });

  it('puts earlier views before the face; without any the face stands alone', async () => {
    const mesh = meshAt(160, 120, 0);
    const earlier = {
      onset: faceView(
        paint(() => BLUE),
        mesh,
      ),
      clip: [
        faceView(
          paint(() => WALL),
          mesh,
        ),
      ],
    };
    const wants = [
      { set: 'onset+apex', px: 64 },
      { set: 'clip', px: 64 },
    ] as const;
    const frame = paint(() => SKIN);
    const middles = async (pictures: Readonly<Record<string, readonly Uint8Array[]>>) =>
      Promise.all(Object.values(pictures).map((list) => Promise.all(list.map((jpeg) => pixel(jpeg, 0.5, 0.5)))));
    const cut = await cutKeyframe({ frame, mesh, box: BOX, wants, earlier });
    expect(await middles(cut.pictures)).toEqual([
      [near(BLUE), near(SKIN)],
      [near(WALL), near(SKIN)],
    ]);
    const alone = await cutKeyframe({ frame, mesh, box: BOX, wants });
    expect(await middles(alone.pictures)).toEqual([[near(SKIN)], [near(SKIN)]]);
  });

  it('repeats the edge where the face leaves the frame', async () => {
    const frame = paint(() => SKIN);
    const { faceJpeg } = await cutKeyframe({ frame, mesh: meshAt(0, 0, 0.3), box: BOX, wants: [FACE] });
    for (const [u, v] of [
      [0.05, 0.05],
      [0.5, 0.5],
      [0.95, 0.95],
    ] as const)
      expect(await pixel(faceJpeg, u, v)).toEqual(near(SKIN));
  });

  it('has read the frame when it returns', async () => {
    const frame = paint(() => SKIN);
    const pending = cutKeyframe({
      frame,
      mesh: meshAt(160, 120, 0),
      box: BOX,
      wants: [{ set: 'face+context', px: 336 }],
    });
    frame.data.fill(0);
    const [contextJpeg, faceJpeg] = (await pending).pictures['face+context 336']!;
    expect(await pixel(faceJpeg!, 0.5, 0.5)).toEqual(near(SKIN));
    expect(await pixel(contextJpeg!, 0.5, 0.5)).toEqual(near(SKIN));
  });
});

describe('uprightSquare', () => {
  it('is as large as the face, whichever way it leans', () => {
    for (const lean of [0, 0.4, 2]) {
      const square = uprightSquare(meshAt(160, 120, lean), 0.15);
      expect(square.sidePx).toBeCloseTo(130, 0);
      expect(square.angle).toBeCloseTo(lean);
      expect(square.centre.x).toBeCloseTo(160, 0);
    }
  });
});
