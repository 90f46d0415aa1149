// One record row per frame, at the time ffprobe shows: compared for every clip, with coverage and tracks.
import { framePtsUs } from './media.mjs';
import { recordsOf, startMien } from './mien.mjs';
import { save } from './save.mjs';
import { markdownTable, table } from './statistics.mjs';
import { workFolder } from './work-folder.mjs';

async function check(clip, out) {
  const expected = framePtsUs(clip.path);
  const frames = new Map();
  const tracks = new Map();
  for await (const { frame, ptsUs, validity, track } of recordsOf(out, clip.name)) {
    const seen = frames.get(frame) ?? { ptsUs, valid: false };
    seen.valid ||= validity === 'ok';
    frames.set(frame, seen);
    if (track !== null) tracks.set(track, (tracks.get(track) ?? 0) + 1);
  }
  const read = [...frames.values()];
  const errors = read.map(({ ptsUs }, index) => Math.abs(ptsUs - (expected[index] ?? Number.NaN)));
  return {
    name: clip.name,
    framesShown: expected.length,
    framesRecorded: read.length,
    maxErrorMs: errors.reduce((a, b) => Math.max(a, b), 0) / 1000,
    validShare: read.filter(({ valid }) => valid).length / read.length,
    tracks: tracks.size,
    recordsOfLongestTrack: Math.max(0, ...tracks.values()),
  };
}

/** Returns false when a clip has another number of frames, or a time that is off by 1 ms or more. */
export async function pts({ clips }) {
  const out = workFolder();
  await startMien({ paths: clips.map(({ path }) => path), out }).done;
  const results = [];
  for (const clip of clips) results.push(await check(clip, out));
  const rows = [
    ['clip', 'frames', 'recorded', 'largest time error, ms', 'valid face, %', 'tracks'],
    ...results.map((clip) => [
      clip.name,
      clip.framesShown,
      clip.framesRecorded,
      clip.maxErrorMs.toFixed(3),
      (100 * clip.validShare).toFixed(1),
      clip.tracks,
    ]),
  ];
  console.log(`\n${table(rows)}`);
  save('pts', { results }, markdownTable(rows));
  return results.every((clip) => clip.framesShown === clip.framesRecorded && clip.maxErrorMs < 1);
}
