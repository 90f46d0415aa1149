import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../../../src/eval/crc32.js';
import { ferplusItems } from '../../../src/eval/ferplus.js';
import { npzSource } from '../../../src/eval/image-source.js';
import { npyBytes, readNpy, readNpyValue } from '../../../src/eval/npy.js';
import { readNpz } from '../../../src/eval/npz-file.js';
import { openZip } from '../../../src/eval/zip-reader.js';
import { npy, zip } from '../../support/npz.js';
import { tempFolders } from '../../support/temp-folder.js';

const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

describe('readNpy', () => {
  it.each<[string, readonly number[], ArrayBufferView, readonly number[]]>([
    ['|u1', [2, 2], Uint8Array.of(1, 2, 3, 255), [1, 2, 3, 255]],
    ['<i4', [2], Int32Array.of(-5, 70000), [-5, 70000]],
    ['<i8', [2], BigInt64Array.of(-5n, 70000n), [-5, 70000]],
    ['<f4', [2], Float32Array.of(0.5, -2), [0.5, -2]],
  ])('reads %s of shape %j', (descr, shape, data, values) => {
    for (const version of [1, 2, 3] as const) {
      // One byte before: the array must not depend on where its bytes lie.
      const shifted = Buffer.concat([Buffer.from([7]), npy(descr, shape, bytesOf(data), version)]).subarray(1);
      const array = readNpy(shifted, 'a.npz, array x');
      expect(array.shape).toEqual(shape);
      expect([...array.values]).toEqual(values);
    }
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['other bytes', Buffer.from('not an array at all'), /magic/],
    ['a type that is not read', npy('<U9', [1], new Uint8Array(36)), /type is <U9/],
    ['too little data', npy('|u1', [5], new Uint8Array(4)), /4 of 5 bytes/],
    [
      'Fortran order',
      Buffer.from(npy('|u1', [1], new Uint8Array(1)).toString('latin1').replace('False', 'True '), 'latin1'),
      /Fortran/,
    ],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => readNpy(bytes, 'a.npz, array x')).toThrow(message);
    expect(() => readNpy(bytes, 'a.npz, array x')).toThrow(/^a\.npz, array x/);
  });
});

describe('readNpyValue', () => {
  const text = (value: string) =>
    npy('<U9', [], bytesOf(Uint32Array.from(value.padEnd(9, '\0'), (char) => char.codePointAt(0)!)));

  it('reads one value, saved as text or as a number', () => {
    expect(readNpyValue(text('-0.125'), 'v.npy')).toBe('-0.125');
    expect(readNpyValue(npy('<i8', [], bytesOf(BigInt64Array.of(7n))), 'v.npy')).toBe('7');
    expect(readNpyValue(npy('<f8', [], bytesOf(Float64Array.of(0.25))), 'v.npy')).toBe('0.25');
  });

  it('refuses more than one, and text that is cut off', () => {
    expect(() => readNpyValue(npy('|u1', [2], Uint8Array.of(1, 2)), 'v.npy')).toThrow(/v\.npy .* 2 values/);
    expect(() => readNpyValue(text('7').subarray(0, -4), 'v.npy')).toThrow(/v\.npy .* cut off/);
  });
});

describe('npyBytes', () => {
  it.each<[readonly number[]]>([[[4]], [[2, 2]], [[1, 2, 2]]])('of shape %j is read back', (shape) => {
    const values = Float32Array.of(1, -2.5, 0, 4);
    const bytes = npyBytes(shape, values);
    expect((bytes.byteLength - 16) % 64).toBe(0);
    expect(readNpy(bytes, 'v.npy')).toEqual({ shape, values });
  });
});

describe('openZip', () => {
  const entries = { 'one.npy': Buffer.from('first'), 'two.npy': Buffer.alloc(5000, 'second') };

  it.each([false, true])('reads entries, deflated: %s', (deflated) => {
    const archive = openZip(zip(entries, deflated), 'a.npz');
    expect(archive.names).toEqual(['one.npy', 'two.npy']);
    for (const [name, bytes] of Object.entries(entries)) expect(Buffer.from(archive.read(name)!)).toEqual(bytes);
    expect(archive.read('three.npy')).toBeUndefined();
  });

  it('says when an archive is truncated', () => {
    expect(() => openZip(zip(entries, true).subarray(0, 40), 'a.npz')).toThrow(/^a\.npz .*truncated/);
  });

  it.each<[string, boolean, RegExp]>([
    ['deflated', true, /one\.npy/],
    ['stored', false, /one\.npy fails its checksum/],
  ])('says when an entry is damaged: %s', (_, deflated, message) => {
    const bytes = zip(entries, deflated);
    bytes.fill(0xff, 37, 42);
    expect(() => openZip(bytes, 'a.npz').read('one.npy')).toThrow(message);
  });

  it('has the checksum of the standard', () => expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926));
});

const folder = tempFolders();

/** Four faces of 2×2 pixels: happiness (valid), unknown (valid), a tie of neutral and sadness (valid), anger (test). */
function ferplusFile(): string {
  const votes = [
    [1, 9, 0, 0, 0, 0, 0, 0, 0, 0],
    [4, 0, 0, 0, 0, 0, 0, 0, 6, 0],
    [5, 0, 0, 5, 0, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 8, 0, 0, 0, 0, 2],
  ];
  const path = join(folder(), 'faces.npz');
  const arrays = {
    'images.npy': npy(
      '|u1',
      [4, 2, 2],
      Uint8Array.from({ length: 16 }, (_, index) => index),
    ),
    'votes.npy': npy('|u1', [4, 10], Uint8Array.from(votes.flat())),
    'split.npy': npy('|u1', [4], Uint8Array.of(1, 1, 1, 2)),
    'ids.npy': npy('<i4', [4], bytesOf(Int32Array.of(7, 8, 9, 32225))),
  };
  writeFileSync(path, zip(arrays, true));
  return path;
}

describe('an .npz of labelled faces', () => {
  it('gives the majority label of a split, without faces that most call unknown', async () => {
    const file = await readNpz(ferplusFile());
    expect(ferplusItems(file, 'valid')).toEqual([
      { image: '7', truth: 1, candidates: null },
      { image: '9', truth: 0, candidates: null },
    ]);
    expect(() => ferplusItems(file, 'train')).toThrow(/split train lists no images/);
  });

  it('finds a picture by the number in its name', async () => {
    const images = npzSource(await readNpz(ferplusFile()));
    expect([...(await images.load('fer0032225.png')).data]).toEqual([12, 13, 14, 15]);
    await expect(images.load('fer0000001.png')).rejects.toThrow(/fer0000001\.png is not in/);
  });

  it('names the arrays it has when one is missing', async () => {
    const file = await readNpz(ferplusFile());
    expect(() => file.array('faces', 3)).toThrow(/no array "faces", only images, votes, split, ids/);
    expect(() => file.array('images', 2)).toThrow(/shape \(4, 2, 2\); expected 2 axes/);
  });
});
