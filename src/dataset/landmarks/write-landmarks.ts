import { existsSync } from 'node:fs';
import { type FileHandle, mkdir, open, rename, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { AffectError } from '../../domain/errors.js';
import { fileLines } from '../../eval/benchmarks/file-lines.js';
import type { GrayImage } from '../../eval/gray-image.js';
import { npyBytes } from '../../eval/npy.js';
import { type LocatedFace, meshInPicture } from '../../eval/still-reader.js';
import type { TurnToFront } from '../../landmarks/front-mesh.js';
import { landmarkNumbers, type PointSet, rounded, SHAPES } from '../../landmarks/landmark-sets.js';
import { unwritable } from '../../sinks/output-file.js';

/** Where they go: into the lines of landmarks.jsonl, or one .npy file for each picture. */
export const NUMBER_FORMS = ['jsonl', 'npy'] as const;

export interface LandmarksOptions {
  readonly images: AsyncIterable<string>;
  /** The picture of a name. */
  readonly load: (image: string) => Promise<GrayImage>;
  /** The largest face of a picture. */
  readonly locate: (image: GrayImage) => Promise<LocatedFace | null>;
  readonly front: TurnToFront;
  readonly points: PointSet;
  readonly form: (typeof NUMBER_FORMS)[number];
  readonly out: string;
  /** Keeps other processes from the same results. */
  readonly hold: () => Promise<{ release(): Promise<void> }>;
  readonly resume: boolean;
  readonly overwrite: boolean;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number) => void;
}

/** How many pictures were read, and how many show a face. */
export interface LandmarksReport {
  readonly images: number;
  readonly found: number;
}

const lineSchema = z.object({ image: z.string(), found: z.boolean() });

/**
 * Writes the numbers of each picture's face to DIR/landmarks.jsonl, a line as soon as a picture is read, or to DIR/PICTURE.npy with a
 * line that names it. Rejects with OUTPUT_EXISTS, OUTPUT_UNWRITABLE, INTERRUPTED and what pictures raise; `resume` goes on from the
 * lines that are there.
 */
export async function writeLandmarks(options: LandmarksOptions): Promise<LandmarksReport> {
  const { out } = options;
  const path = join(out, 'landmarks.jsonl');
  if (existsSync(path) && !options.resume && !options.overwrite)
    throw new AffectError('OUTPUT_EXISTS', `${path} exists; choose --resume, --overwrite or another --out`);
  const attempt = <T>(at: string, work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw unwritable(at, error);
    });
  await attempt(out, mkdir(out, { recursive: true }));
  const held = await options.hold();
  try {
    return await appended(options, path, attempt);
  } finally {
    await held.release();
  }
}

type Attempt = <T>(at: string, work: Promise<T>) => Promise<T>;

async function appended(options: LandmarksOptions, path: string, attempt: Attempt): Promise<LandmarksReport> {
  const { out, points, form, signal } = options;
  const done = options.resume && existsSync(path) ? await linesDone(path) : new Map<string, boolean>();
  const file: FileHandle = await attempt(path, open(path, options.resume ? 'a' : 'w'));
  try {
    for await (const image of options.images) {
      if (done.has(image)) continue;
      if (signal.aborted) throw new AffectError('INTERRUPTED', `stopped after ${done.size} images; --resume goes on`);
      const face = await options.locate(await options.load(image));
      const numbers = face === null ? null : numbersOf(face, options);
      const line: Record<string, unknown> = { image, found: numbers !== null };
      if (numbers !== null && form === 'jsonl') line.landmarks = rounded(numbers);
      if (numbers !== null && form === 'npy') {
        const name = image.replace(/\.\w+$/, '.npy');
        line.file = name;
        await attempt(join(out, name), wholeFile(join(out, name), npyBytes(SHAPES[points], numbers)));
      }
      await attempt(path, file.appendFile(`${JSON.stringify(line)}\n`));
      done.set(image, numbers !== null);
      options.onProgress?.(done.size);
    }
  } finally {
    await file.close();
  }
  return { images: done.size, found: [...done.values()].filter(Boolean).length };
}

function numbersOf(face: LocatedFace, { points, front }: LandmarksOptions): Float32Array {
  const { picture, marginPx } = face;
  const [width, height] = [picture.widthPx, picture.heightPx].map((side) => side - 2 * marginPx) as [number, number];
  return landmarkNumbers({ mesh: meshInPicture(face), width, height }, points, front);
}

async function wholeFile(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.unfinished`, bytes);
  await rename(`${path}.unfinished`, path);
}

/** Pictures that have a line. One that a crash cut off is removed. Rejects with INPUT_DAMAGED naming a line that is none of ours. */
async function linesDone(path: string): Promise<Map<string, boolean>> {
  const done = new Map<string, boolean>();
  let wholeBytes = 0;
  for await (const { number, text, whole, endByte } of fileLines(path)) {
    if (!whole) break;
    const line = lineSchema.safeParse(parsed(text));
    if (!line.success)
      throw new AffectError(
        'INPUT_DAMAGED',
        `${path}, line ${number} is not one of ours; remove the file or choose another --out`,
      );
    done.set(line.data.image, line.data.found);
    wholeBytes = endByte;
  }
  await truncate(path, wholeBytes);
  return done;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no line of ours: the caller names it
  }
}
