import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { openPictures, sizeText } from '../../../../src/eval/benchmarks/picture-source.js';
import { drawPicture } from '../../../support/benchmark-world.js';
import { npy, zip } from '../../../support/npz.js';
import { tempFolders } from '../../../support/temp-folder.js';

const folder = tempFolders();
const SQUARE = { kind: 'square', sidePx: 224 } as const;
const WITHIN = { kind: 'within', sidePx: 20 } as const;

const sizeOf = async (jpeg: Uint8Array): Promise<readonly unknown[]> => {
  const { format, width, height, channels } = await sharp(jpeg).metadata();
  return [format, width, height, channels];
};

describe('pictures in a folder', () => {
  it('are found by path, by name, and by RAF-DB’s name of the aligned one', async () => {
    const dir = folder();
    await drawPicture(dir, 'a/one.png', 1);
    await drawPicture(dir, 'two.png', 2);
    await drawPicture(dir, 'test_3_aligned.png', 3);
    const pictures = await openPictures(dir);
    const names = ['a/one.png', 'b/two.png', 'test_3.png', 'none.png'];
    expect(await pictures.missing(names)).toEqual(['none.png']);
    await expect(pictures.jpeg('none.png', SQUARE)).rejects.toMatchObject({ code: 'INPUT_NOT_FOUND' });
  });

  it('become upright colour JPEGs: stretched to a square, or no side longer', async () => {
    const dir = folder();
    await drawPicture(dir, 'tall.png', 200);
    await sharp(join(dir, 'tall.png')).withMetadata({ orientation: 6 }).jpeg().toFile(join(dir, 'turned.jpg'));
    const pictures = await openPictures(dir);
    expect(await sizeOf(await pictures.jpeg('tall.png', SQUARE))).toEqual(['jpeg', 224, 224, 3]);
    expect(await sizeOf(await pictures.jpeg('tall.png', WITHIN))).toEqual(['jpeg', 16, 20, 3]);
    expect(await sizeOf(await pictures.jpeg('tall.png', { kind: 'within', sidePx: 900 }))).toEqual(['jpeg', 40, 50, 3]);
    expect(await sizeOf(await pictures.jpeg('turned.jpg', WITHIN))).toEqual(['jpeg', 20, 16, 3]);
    const { data } = await sharp(await pictures.jpeg('tall.png', WITHIN))
      .raw()
      .toBuffer({ resolveWithObject: true });
    for (const [channel, value] of [200, 90, 200].entries()) expect(Math.abs(data[channel]! - value)).toBeLessThan(3);
  });

  it('are named when they cannot be decoded', async () => {
    const dir = folder();
    writeFileSync(join(dir, 'bad.png'), 'no picture');
    const pictures = await openPictures(dir);
    await expect(pictures.jpeg('bad.png', SQUARE)).rejects.toMatchObject({
      code: 'INPUT_DAMAGED',
      message: expect.stringMatching(/bad\.png: .*--resume$/),
    });
  });

  it('need a folder', async () => {
    await expect(openPictures(join(folder(), 'none'))).rejects.toMatchObject({ code: 'INPUT_NOT_FOUND' });
  });
});

it('pictures of an .npz are found by their number', async () => {
  const dir = folder();
  const path = join(dir, 'faces.npz');
  const pixels = Uint8Array.from({ length: 2 * 16 }, (_, at) => (at < 16 ? 30 : 220));
  const ids = new Uint8Array(Int32Array.of(7, 9).buffer);
  writeFileSync(path, zip({ 'images.npy': npy('|u1', [2, 4, 4], pixels), 'ids.npy': npy('<i4', [2], ids) }, true));
  const pictures = await openPictures(path);
  expect(await pictures.missing(['x/fer0000009.png', 'fer0000008.png'])).toEqual(['fer0000008.png']);
  const jpeg = await pictures.jpeg('x/fer0000009.png', SQUARE);
  expect(await sizeOf(jpeg)).toEqual(['jpeg', 224, 224, 3]);
  expect((await sharp(jpeg).raw().toBuffer())[0]).toBe(220);
  expect((await pictures.gray('fer7.png')).data[0]).toBe(30);
});

it('sizes have names', () => expect([sizeText(SQUARE), sizeText(WITHIN)]).toEqual(['224x224', 'within 20']));
