import { rmSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { openVideo } from '../../src/source/video-file.js';
import { readAll, seededRandom, videoFolder } from '../support/make-video.js';
import { decodableFrames, makeMedia } from '../support/media-pieces.js';

const folder = videoFolder();
afterAll(folder.remove);

/** A quick share here; `npm run fuzz:media -- --files 200 --seed 1` makes more. */
const files = Number(process.env.MIEN_FUZZ_FILES ?? 6);
const seed = Number(process.env.MIEN_FUZZ_SEED ?? 1);

test(`${files} joined, cut, resized and re-clocked files: every decodable frame, times that rise, the right length`, {
  timeout: 60_000 + files * 10_000,
}, async () => {
  const random = seededRandom(seed);
  const wrong: string[] = [];
  for (let number = 0; number < files; number++) {
    const made = makeMedia(folder.path, random, number);
    const problem = await problemOf(made);
    if (problem !== undefined) wrong.push(`${number}: ${made.what}: ${problem}`);
    rmSync(made.path);
  }
  expect(wrong).toEqual([]);
});

async function problemOf({ path, fps, seconds }: ReturnType<typeof makeMedia>): Promise<string | undefined> {
  const { frames, error } = await readAll(await openVideo({ path }));
  if (error !== undefined) return String(error);
  const decodable = decodableFrames(path);
  if (frames.length !== decodable) return `${frames.length} frames of ${decodable}`;
  const times = frames.map(({ ptsUs }) => ptsUs);
  if (times.some((time, at) => at > 0 && time <= times[at - 1]!)) return 'times do not rise';
  if (times[0]! < -1) return `begins at ${times[0]}`;
  const span = (times.at(-1)! - times[0]!) / 1e6 + 1 / fps;
  if (seconds !== null && Math.abs(span - seconds) > 1 / fps + 0.002) return `spans ${span} s of ${seconds} s`;
  return undefined;
}
