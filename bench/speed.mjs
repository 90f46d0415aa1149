// Frames per second of decoding, of the peer and of mien over the same clips in one run. What is compared is
// interleaved, round by round, so that a busy moment of the machine meets all alike; ratios are medians over rounds.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { flipsPerSecond, labelFlips } from './flips.mjs';
import { makeNineFaces, timeDecode } from './media.mjs';
import { modelArguments, recordsOf, startMien } from './mien.mjs';
import { save } from './save.mjs';
import { markdownTable, median, table } from './statistics.mjs';
import { owned, workFolder } from './work-folder.mjs';

const sum = (items, pick) => items.reduce((total, item) => total + pick(item), 0);

async function decode(clips, pixelFormat) {
  const runs = [];
  for (const clip of clips) runs.push(await timeDecode(clip, pixelFormat));
  return { frames: sum(runs, (run) => run.frames), seconds: sum(runs, (run) => run.seconds) };
}

async function human(clips, { mode, mostFaces }) {
  const args = [join(import.meta.dirname, 'human.mjs'), mode, String(mostFaces), ...clips.map(({ path }) => path)];
  const child = owned(spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] }));
  const exited = once(child, 'exit');
  const runs = [];
  for await (const line of createInterface({ input: child.stdout })) runs.push(JSON.parse(line));
  const [code, signal] = await exited;
  if (code !== 0) throw new Error(`the peer ended with ${signal ?? `exit code ${code}`}; see above`);
  const frames = sum(runs, (run) => run.frames);
  const flips = flipsPerSecond(runs.map((run, index) => labelFlips(run.labels, clips[index].fps)));
  return {
    frames,
    seconds: sum(runs, (run) => run.seconds),
    facesPerFrame: sum(runs, (run) => run.faces) / frames,
    flips,
  };
}

/** Labels of each track in time; null where a record has none. */
async function trackLabels(out, name) {
  const tracks = new Map();
  let faces = 0;
  for await (const { track, label } of recordsOf(out, name)) {
    if (track === null) continue;
    faces += 1;
    if (!tracks.has(track)) tracks.set(track, []);
    tracks.get(track).push(label);
  }
  return { faces, labels: [...tracks.values()] };
}

async function mien(clips, { out, model }) {
  mkdirSync(out, { recursive: true });
  const stats = await startMien({ paths: clips.map(({ path }) => path), out, more: modelArguments(model) }).done;
  const flips = [];
  let faces = 0;
  for (const clip of clips) {
    const read = await trackLabels(out, clip.name);
    faces += read.faces;
    flips.push(...read.labels.map((labels) => labelFlips(labels, clip.fps)));
  }
  const { frames, wallSeconds, processSeconds, peakRssBytes, stages, cpuSeconds } = stats;
  return {
    frames,
    seconds: wallSeconds,
    processSeconds,
    cpuSeconds,
    peakRssBytes,
    stages,
    facesPerFrame: faces / frames,
    flips: flipsPerSecond(flips),
  };
}

const fps = ({ frames, seconds }) => frames / seconds;

function summarise(rounds) {
  const names = Object.keys(rounds[0]);
  return Object.fromEntries(
    names.map((name) => {
      const over = (pick) => median(rounds.map((round) => pick(round[name], round)));
      const { frames, facesPerFrame, flips } = rounds[0][name];
      const ratios = rounds[0].mien && { mienRatio: over((run, round) => fps(round.mien) / fps(run)) };
      return [name, { frames, fps: over(fps), ...ratios, facesPerFrame, flipsPerSecond: flips }];
    }),
  );
}

const digits = (value, count) => (value === undefined || value === null ? '' : value.toFixed(count));

function rowsOf(summary) {
  const head = ['', 'frames/s', "mien's ratio to it", 'faces per frame', 'label flips/s'];
  const rows = Object.entries(summary).map(([name, { fps: rate, mienRatio, facesPerFrame, flipsPerSecond: flips }]) => [
    name,
    digits(rate, 1),
    digits(mienRatio, 2),
    digits(facesPerFrame, 2),
    digits(flips, 2),
  ]);
  return [head, ...rows];
}

function mienRows(rounds) {
  const runs = rounds.map((round) => round.mien);
  const stages = Object.keys(runs[0].stages).map((id) => [
    `${id}, ms per frame`,
    digits(median(runs.map((run) => run.stages[id].msPerFrame)), 2),
  ]);
  return [
    ['mien', 'median'],
    ...stages,
    ['frames/s with start-up of the process', digits(median(runs.map((run) => run.frames / run.processSeconds)), 1)],
    ['processor seconds per wall second', digits(median(runs.map((run) => run.cpuSeconds / run.seconds)), 2)],
    ['peak memory, MB', digits(Math.max(...runs.map((run) => run.peakRssBytes)) / 1e6, 0)],
  ];
}

async function compare({ title, clips, rounds, work, mostFaces, withMien, model }) {
  const tasks = {
    'decode rgb24': () => decode(clips, 'rgb24'),
    'decode yuv420p': () => decode(clips, 'yuv420p'),
    'Human, every frame': () => human(clips, { mode: 'every', mostFaces }),
    ...(withMien ? { mien: () => mien(clips, { out: join(work, 'out'), model }) } : {}),
    'Human, tracking': () => human(clips, { mode: 'tracking', mostFaces }),
  };
  const results = [];
  for (let round = 1; round <= rounds; round++) {
    const result = {};
    for (const [name, task] of Object.entries(tasks)) {
      result[name] = await task();
      console.log(`${title}, round ${round} of ${rounds}: ${name} ${fps(result[name]).toFixed(1)} frames/s`);
    }
    results.push(result);
  }
  return { title, rounds: results, summary: summarise(results) };
}

/** @param model size of mien's model; undefined: its default */
export async function speed({ clips, rounds, withMien, model }) {
  const work = workFolder();
  const nine = makeNineFaces({ clips, out: join(work, 'nine-faces.mp4'), maxSeconds: 6 });
  const shared = { rounds, work, withMien, model };
  const parts = [
    await compare({ title: `${clips.length} clips`, clips, mostFaces: 1, ...shared }),
    await compare({ title: 'nine faces', clips: [nine], mostFaces: 9, ...shared }),
  ];
  const markdown = [];
  for (const part of parts) {
    const tables = [rowsOf(part.summary), ...(withMien ? [mienRows(part.rounds)] : [])];
    for (const rows of tables) {
      console.log(`\n${part.title}\n${table(rows)}`);
      markdown.push(`### ${part.title}\n\n${markdownTable(rows)}`);
    }
  }
  save('speed', { rounds, clips: clips.map(({ name }) => name), parts }, markdown.join('\n\n'));
}
