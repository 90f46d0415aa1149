import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { MESH_POINTS } from '../../../../src/domain/face.js';
import { CROP_PX, faceInput } from '../../../../src/mllm/mien-vlm/face-input.js';
import { readConfig, SHIPPED } from '../../../../src/mllm/mien-vlm/release.js';
import { readManifest } from '../../../../src/models/registry.js';

const { alignment } = readConfig(SHIPPED);

/** A picture whose gray rises to the right by one a pixel. */
function ramp(widthPx: number, heightPx: number): Promise<Buffer> {
  const data = Uint8Array.from({ length: widthPx * heightPx * 3 }, (_, at) => Math.floor(at / 3) % widthPx);
  return sharp(data, { raw: { width: widthPx, height: heightPx, channels: 3 } })
    .jpeg({ quality: 100 })
    .toBuffer();
}

/** A mesh whose eyes and mouth lie where the crop wants them, if the crop were this square of the picture. */
function meshFor(left: number, top: number, side: number): Float32Array {
  const mesh = new Float32Array(MESH_POINTS * 3);
  const { rightEye, leftEye, mouth } = alignment;
  for (const [vertices, [x, y]] of [
    [[33, 133], rightEye],
    [[263, 362], leftEye],
    [[61, 291], mouth],
  ] as const)
    for (const vertex of vertices) mesh.set([left + side * x, top + side * y, side / 4], vertex * 3);
  return mesh;
}

describe('faceInput', () => {
  it('aligns the crop and the mesh as mien-affect takes them', async () => {
    const { crop, landmarks } = await faceInput(await ramp(200, 200), meshFor(0.1, 0.2, 0.72), alignment);
    const row = crop.subarray(70 * CROP_PX, 71 * CROP_PX);
    for (const at of [0, 40, 143]) expect(Math.abs(row[at]! - (20 + at))).toBeLessThanOrEqual(1);
    const { rightEye } = alignment;
    for (const [axis, expected] of [rightEye[0], rightEye[1], 0.25].entries())
      expect(landmarks[33 * 3 + axis]).toBeCloseTo(expected, 4);
  });

  it('takes the central square and no landmarks without a mesh', async () => {
    const { crop, landmarks } = await faceInput(await ramp(244, 144), null, alignment);
    for (const at of [0, 71, 143]) expect(Math.abs(crop[at]! - (50 + at))).toBeLessThanOrEqual(1);
    expect(landmarks.every((value) => value === 0)).toBe(true);
  });

  it('rejects what is no picture', async () => {
    await expect(faceInput(Uint8Array.of(1, 2, 3), null, alignment)).rejects.toThrow();
  });

  it('aligns by the same places as the network it holds', () => {
    expect(readManifest('mien-affect')).toMatchObject({ alignment });
  });
});
