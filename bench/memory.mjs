// Does memory stay flat on a long video? One clip, looped without a new encode; resident memory once a second.
import { join } from 'node:path';
import { makeLoop } from './media.mjs';
import { startMien } from './mien.mjs';
import { treeRss } from './process-tree.mjs';
import { save } from './save.mjs';
import { markdownTable, table } from './statistics.mjs';
import { workFolder } from './work-folder.mjs';

const SAMPLE_MS = 1000;
const LIMIT_BYTES = 700e6;
const LIMIT_GROWTH = 1.15;

/** `minutes` are minutes of video; the first minute of work is compared with the whole run. */
export async function memory({ clip, minutes }) {
  // Where there is no ps, this says so before the long run, not during it.
  treeRss(process.pid);
  const work = workFolder();
  const video = makeLoop({ clip, out: join(work, 'long.mp4'), seconds: 60 * minutes });
  const { child, done } = startMien({ paths: [video.path], out: work });
  const started = performance.now();
  const samples = [];
  const timer = setInterval(() => {
    const { own, tree } = treeRss(child.pid);
    if (own > 0) samples.push({ seconds: (performance.now() - started) / 1000, own, tree });
  }, SAMPLE_MS);
  const stats = await done.finally(() => clearInterval(timer));
  const peak = (field, list) => Math.max(...list.map((sample) => sample[field]));
  const firstMinute = samples.filter(({ seconds }) => seconds <= 60);
  const megabytes = (bytes) => (bytes / 1e6).toFixed(0);
  const rows = [['resident memory, MB', 'first minute', 'whole run', 'ratio']];
  for (const [field, label] of [
    ['own', 'mien'],
    ['tree', 'mien and ffmpeg'],
  ]) {
    const [first, whole] = [peak(field, firstMinute), peak(field, samples)];
    rows.push([label, megabytes(first), megabytes(whole), (whole / first).toFixed(3)]);
  }
  const { frames, wallSeconds, framesPerSecond, peakRssBytes } = stats;
  console.log(`\n${frames} frames (${minutes} min of ${clip.name}) in ${wallSeconds.toFixed(0)} s\n${table(rows)}`);
  save('memory', { clip: clip.name, minutes, frames, framesPerSecond, peakRssBytes, samples }, markdownTable(rows));
  return peak('own', samples) <= LIMIT_GROWTH * peak('own', firstMinute) && peak('own', samples) < LIMIT_BYTES;
}
