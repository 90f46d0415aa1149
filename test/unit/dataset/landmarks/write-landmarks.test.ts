import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { picturesIn, picturesOf } from '../../../../src/dataset/landmarks/picture-names.js';
import { type LandmarksOptions, writeLandmarks } from '../../../../src/dataset/landmarks/write-landmarks.js';
import { readNpy } from '../../../../src/eval/npy.js';
import { meshInPicture } from '../../../../src/eval/still-reader.js';
import { writeFiles } from '../../../support/dataset-world.js';
import { tempFolders } from '../../../support/temp-folder.js';

const folder = tempFolders();

async function* each(...names: readonly string[]) {
  yield* names;
}

const picture = { widthPx: 100, heightPx: 50, data: new Uint8Array(5000) };
/** A mesh whose points are all in one place of the picture. */
const face = (x: number, y: number) => ({
  picture,
  marginPx: 0,
  mesh: Float32Array.from({ length: 468 * 3 }, (_, at) => [x, y, 0][at % 3]!),
});

/** Writes the numbers of pictures; `faceless` ones show none. */
function write(out: string, names: readonly string[], change: Partial<LandmarksOptions> = {}) {
  const looked: string[] = [];
  let current = '';
  const options: LandmarksOptions = {
    images: each(...names),
    load: async (image) => {
      current = image;
      looked.push(image);
      return picture;
    },
    locate: async () => (current.startsWith('faceless') ? null : face(0.75, 0.25)),
    front: (mesh) => mesh,
    points: '106',
    form: 'jsonl',
    out,
    hold: async () => ({ release: async () => undefined }),
    resume: false,
    overwrite: false,
    signal: new AbortController().signal,
    ...change,
  };
  return writeLandmarks(options).then((report) => ({ report, looked }));
}

const lines = (out: string) =>
  readFileSync(join(out, 'landmarks.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { image: string; found: boolean; landmarks?: number[]; file?: string });

it('a face that was found with gray around it is told by the picture as it was given', () => {
  const located = {
    picture: { ...picture, widthPx: 500, heightPx: 450 },
    marginPx: 200,
    mesh: Float32Array.of(0.5, 0.5, 0.2),
  };
  const [x, y, z] = meshInPicture(located);
  expect(x).toBeCloseTo((250 - 200) / 100);
  expect(y).toBeCloseTo((225 - 200) / 50);
  expect(z).toBeCloseTo((0.2 * 500) / 100);
});

describe('writeLandmarks', () => {
  it('writes a line for each picture, with or without a face', async () => {
    const out = folder();
    const { report } = await write(out, ['a.jpg', 'faceless.jpg']);
    expect(report).toEqual({ images: 2, found: 1 });
    const [first, second] = lines(out);
    expect(first!.landmarks).toHaveLength(212);
    expect(first!.landmarks!.slice(0, 2)).toEqual([0.5, -0.5]);
    expect(second).toEqual({ image: 'faceless.jpg', found: false });
  });

  it('as arrays of numpy: a file of each picture, as its list names it', async () => {
    const out = folder();
    await write(out, ['v/a.jpg'], { form: 'npy' });
    expect(lines(out)).toEqual([{ image: 'v/a.jpg', found: true, file: 'v/a.npy' }]);
    expect(readNpy(readFileSync(join(out, 'v/a.npy')), 'a')).toMatchObject({ shape: [212] });
    await write(out, ['v/a.jpg'], { form: 'npy', points: 'mesh', overwrite: true });
    const { shape, values } = readNpy(readFileSync(join(out, 'v/a.npy')), 'a');
    expect(shape).toEqual([468, 3]);
    expect([...values.subarray(0, 3)]).toEqual([75, 12.5, 0]); // turned in pixels, whose sides are equal
  });

  it('goes on from its lines, without one that a crash cut off', async () => {
    const out = folder();
    await write(out, ['a.jpg', 'b.jpg']);
    appendFileSync(join(out, 'landmarks.jsonl'), '{"image":"c.j');
    const { report, looked } = await write(out, ['a.jpg', 'b.jpg', 'c.jpg'], { resume: true });
    expect([looked, report.images]).toEqual([['c.jpg'], 3]);
    expect(lines(out).map(({ image }) => image)).toEqual(['a.jpg', 'b.jpg', 'c.jpg']);
  });

  it('keeps what it has when it is stopped', async () => {
    const out = folder();
    const stop = new AbortController();
    async function* images() {
      yield 'a.jpg';
      stop.abort();
      yield 'b.jpg';
    }
    await expect(write(out, [], { images: images(), signal: stop.signal })).rejects.toMatchObject({
      code: 'INTERRUPTED',
    });
    expect(lines(out)).toHaveLength(1);
  });

  it('replaces nothing unasked, and takes no other file for its own', async () => {
    const out = folder();
    await write(out, ['a.jpg']);
    await expect(write(out, ['a.jpg'])).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    writeFileSync(join(out, 'landmarks.jsonl'), '{"a":1}\n');
    await expect(write(out, ['a.jpg'], { resume: true })).rejects.toThrow(
      /landmarks\.jsonl, line 1 is not one of ours/,
    );
  });
});

describe('names of pictures', () => {
  const all = async (names: AsyncGenerator<string>) => {
    const found: string[] = [];
    for await (const name of names) found.push(name);
    return found;
  };

  it('of a folder, in order, at any depth', async () => {
    const dir = folder();
    writeFiles(dir, { 'b.png': '', 'a/2.JPG': '', 'a/1.jpg': '', 'a/notes.txt': '' });
    expect(await all(picturesIn(dir))).toEqual(['a/1.jpg', 'a/2.JPG', 'b.png']);
  });

  it('of a list; a path that leaves the folder is refused with its line', async () => {
    const dir = folder();
    writeFiles(dir, { 'good.csv': 'n,image\n1,a.jpg\n', 'bad.csv': 'image\na.jpg\n../b.jpg\n' });
    expect(await all(picturesOf(join(dir, 'good.csv'), 'image'))).toEqual(['a.jpg']);
    await expect(all(picturesOf(join(dir, 'bad.csv'), 'image'))).rejects.toThrow(/bad\.csv, line 3: "\.\.\/b\.jpg"/);
  });
});
