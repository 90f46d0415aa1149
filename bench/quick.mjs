// npm run bench -- --quick: two minutes over the demo clip. Figures are ratios to decoding it, measured by turns, so that a busy or
// slower machine changes them little; counts of model runs have no noise at all. The change is told against bench/baseline.json.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelArguments, startMien } from './mien.mjs';
import { machine, save } from './save.mjs';
import { changeFrom, markdownTable, table, typical } from './statistics.mjs';
import { owned, workFolder } from './work-folder.mjs';

const BASELINE = join(import.meta.dirname, 'baseline.json');
const LEAST_ROUNDS = 3;
/** Seconds of the clip that mien reads. */
const END_SECONDS = 8;
const DECODE = ['-map', '0:v:0', '-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'];

/** Seconds of wall and processor that ffmpeg takes to decode a clip into an RGB pipe. */
async function decode({ path }) {
  const child = owned(
    spawn('ffmpeg', ['-hide_banner', '-nostats', '-nostdin', '-benchmark', '-i', path, ...DECODE], {
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  child.stdout.resume();
  await new Promise((resolve) => child.once('close', resolve));
  const [, user, system, wall] = /utime=([\d.]+)s stime=([\d.]+)s rtime=([\d.]+)s/.exec(said) ?? [];
  const frames = /frame=\s*(\d+)/.exec(said)?.[1];
  if (!wall || !frames) throw new Error(`ffmpeg could not decode ${path}`);
  return { frames: Number(frames), wall: Number(wall), processor: Number(user) + Number(system) };
}

/** Figures of one round. Decoding is timed before and after mien. */
async function round(clip, { out, model }) {
  const before = await decode(clip);
  const stats = await startMien({
    paths: [clip.path],
    out,
    more: ['--end', String(END_SECONDS), ...modelArguments(model)],
  }).done;
  const after = await decode(clip);
  const perFrame = (pick) => (pick(before) + pick(after)) / (before.frames + after.frames);
  const runs = Object.entries(stats.stages).map(([id, each]) => [`runs of ${id} a frame`, each.runs / stats.frames]);
  return {
    'speed, of decoding': (stats.frames / stats.wallSeconds) * perFrame(({ wall }) => wall),
    'processor time, of decoding': stats.cpuSeconds / stats.frames / perFrame(({ processor }) => processor),
    'processor seconds a wall second': stats.cpuSeconds / stats.wallSeconds,
    ...Object.fromEntries(runs),
  };
}

const percent = (value) => `${value > 0 ? '+' : ''}${(100 * value).toFixed(1)} %`;

function rowOf(name, now, old) {
  const figure = [name, now.median.toFixed(2), `± ${percent(now.noise).replace('+', '')}`];
  if (!old) return [...figure, 'new', ''];
  const { change, noise } = changeFrom(old, now);
  const told = Math.abs(change) <= noise ? 'within noise' : percent(change);
  return [...figure, old.median.toFixed(2), told];
}

/** @param seconds - how long rounds are begun; three are run in any case */
export async function quick(clip, { seconds, asBaseline, model }) {
  const out = join(workFolder(), 'quick');
  mkdirSync(out, { recursive: true });
  const rounds = [];
  const started = performance.now();
  const elapsed = () => (performance.now() - started) / 1000;
  while (rounds.length < LEAST_ROUNDS || elapsed() * (1 + 1 / rounds.length) < seconds) {
    rounds.push(await round(clip, { out, model }));
    console.log(`round ${rounds.length}: ${rounds.at(-1)['speed, of decoding'].toFixed(3)} of decoding`);
  }
  const names = Object.keys(rounds[0]);
  const figures = Object.fromEntries(names.map((name) => [name, typical(rounds.map((each) => each[name]))]));
  const baseline = JSON.parse(readFileSync(BASELINE, 'utf8'));
  const rows = names.map((name) => rowOf(name, figures[name], baseline.figures[name]));
  const gone = Object.keys(baseline.figures).filter((name) => !(name in figures));
  const head = [`${clip.name}, ${rounds.length} rounds`, 'median', 'noise', 'baseline', 'change'];
  const all = [head, ...rows, ...gone.map((name) => [name, '', '', baseline.figures[name].median.toFixed(2), 'gone'])];
  console.log(`\n${table(all)}\n\nbaseline: ${baseline.machine.processor}, ${baseline.machine.cores} cores`);
  save('quick', { model: model ?? null, rounds, figures }, markdownTable(all));
  if (asBaseline) writeFileSync(BASELINE, `${JSON.stringify({ machine: machine(), figures }, null, 2)}\n`);
}
