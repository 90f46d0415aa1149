// npm run bench -- mllm: whether cameras notice a language model that is quick, slow, silent, dead or hostile, all in one run. Beside each phase, at
// the same moment, runs a `mien serve` without any. And how the stage's throughput grows with what it may have in flight.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chatEngine, fast, HOSTILE_KINDS, hostile, oneByOne, silent } from './chat-engine.mjs';
import { phaseLines, phaseTable } from './mllm-table.mjs';
import { throughputTables } from './mllm-throughput.mjs';
import { save } from './save.mjs';
import { camerasFor, client, encode, serve, summary, wait } from './serving.mjs';
import { markdownTable, table } from './statistics.mjs';

const TASKS = ['describe', 'emotion', 'action-units'];
/** 2.5 times the default, so that a short phase has questions enough. */
const KEYFRAMES_PER_MINUTE = 30;
/** Two cameras at this rate are one at 30: two cores must do. */
const CAMERA_FPS = 15;

const configOf = (url) => ({
  mllm: {
    enabled: true,
    engine: { urls: [url], model: 'scripted', timeout: '20s' },
    tasks: TASKS,
    perCameraPerMinute: KEYFRAMES_PER_MINUTE,
    overallPerMinute: 60_000,
    minInterval: '500ms',
    maxInterval: '1s',
  },
});

/** Samples of a Prometheus text: name, then labels as written, then value. */
function samples(text, name) {
  const found = {};
  for (const line of text.split('\n')) {
    const match = line.startsWith(name) && /^\w+(?:\{(.*)\})? (\S+)$/.exec(line);
    if (match) found[match[1] ?? ''] = Number(match[2]);
  }
  return found;
}

const total = (counts) => Object.values(counts).reduce((sum, count) => sum + count, 0);
const less = (after, before) =>
  Object.fromEntries(
    Object.entries(after).flatMap(([key, value]) =>
      value > (before[key] ?? 0) ? [[key, value - (before[key] ?? 0)]] : [],
    ),
  );

/** What the product has counted so far. */
async function counted(mien) {
  const [stats, metrics] = await Promise.all([mien.stats(), mien.metrics()]);
  const frames = {};
  for (const { dropped } of stats.cameras)
    for (const [reason, count] of Object.entries(dropped)) frames[reason] = (frames[reason] ?? 0) + count;
  return {
    analysed: stats.cameras.reduce((sum, each) => sum + each.analysed, 0),
    frames,
    drops: samples(metrics, 'mien_mllm_dropped_total'),
    queue: samples(metrics, 'mien_mllm_queue')[''] ?? 0,
    rss: stats.rssBytes,
  };
}

/** Watches one phase. `during` runs meanwhile and may wait. */
async function watch(mien, { name, seconds, seen, engine, during = () => undefined }) {
  seen.latencies.length = 0;
  const insightsBefore = seen.kinds.insight ?? 0;
  const asked = engine?.requests ?? 0;
  const before = await counted(mien);
  const started = performance.now();
  const played = during();
  let [queue, rss, last] = [0, 0, before];
  while (performance.now() - started < seconds * 1000) {
    await wait(0.5);
    last = await counted(mien);
    queue = Math.max(queue, last.queue);
    rss = Math.max(rss, last.rss);
  }
  const took = (performance.now() - started) / 1000;
  const latencies = [...seen.latencies];
  await played;
  return {
    name,
    seconds: took,
    frames: last.analysed - before.analysed,
    fps: (last.analysed - before.analysed) / took,
    dropped: total(less(last.frames, before.frames)),
    latencies,
    asked: (engine?.requests ?? 0) - asked,
    insights: (seen.kinds.insight ?? 0) - insightsBefore,
    drops: less(last.drops, before.drops),
    queue,
    rssMiB: rss / 2 ** 20,
  };
}

/** Waits until an insight comes again; seconds that took. */
async function answering(seen, mostSeconds = 60) {
  const [before, started] = [seen.kinds.insight ?? 0, performance.now()];
  const took = () => (performance.now() - started) / 1000;
  while ((seen.kinds.insight ?? 0) === before && took() < mostSeconds) await wait(0.1);
  if ((seen.kinds.insight ?? 0) === before) throw new Error(`no insight came within ${mostSeconds} s`);
  return took();
}

/** Waits until the engine answers again and no question of an earlier phase waits. */
async function settled(mien, seen) {
  const started = performance.now();
  await answering(seen);
  while ((await counted(mien)).queue > TASKS.length && performance.now() - started < 60_000) await wait(0.2);
}

/** Waits until the camera's frames are analysed. */
async function running(mien) {
  const started = performance.now();
  const ready = (stats) => stats.cameras.some(({ analysed }) => analysed > 0);
  while (!ready(await mien.stats())) {
    if (performance.now() - started > 60_000) throw new Error(`the camera gave no frame within 60 s\n${mien.log()}`);
    await wait(0.1);
  }
}

/** One `mien serve` with one camera; `stop` ends both. */
async function start({ path, folder, config }) {
  const { cameras, configs } = await camerasFor(1, path);
  const mien = await serve(configs, folder, config);
  const seen = client(mien.url, { kinds: ['faces', 'episodes', 'states', 'insights'] });
  const stop = async () => {
    seen.socket.terminate();
    for (const each of cameras) each.stop();
    await mien.stop();
  };
  return { mien, seen, stop };
}

/** All phases once: a `mien serve` with the engine, and at the same time one without any, each with a camera. */
async function round({ quick, path, folder }) {
  const seconds = quick ? 5 : 12;
  const engine = await chatEngine();
  await engine.kill();
  const control = await start({ path, folder, config: {} });
  const subject = await start({ path, folder, config: configOf(engine.url) });
  const { mien, seen } = subject;
  const rows = [];
  const phase = async (name, mode, during) => {
    engine.mode(mode);
    const [row, without] = await Promise.all([
      watch(mien, { name, seconds, seen, engine, during }),
      watch(control.mien, { name, seconds, seen: control.seen }),
    ]);
    rows.push({ ...row, without });
    const [p95, ofNone] = [row, without].map(({ latencies }) => summary(latencies).p95);
    console.log(
      `  ${name}: ${row.fps.toFixed(1)} frames/s, p95 ${p95} ms; without: ${without.fps.toFixed(1)}, ${ofNone}`,
    );
    return rows.at(-1);
  };
  try {
    await Promise.all([running(mien), running(control.mien)]);
    await wait(quick ? 2 : 5);
    await phase('not there yet', fast());
    await engine.restore();
    await answering(seen);
    const quickRow = await phase('answers at once', fast());
    const msEach = (10 * 1000 * quickRow.seconds) / Math.max(1, quickRow.asked);
    (await phase('10 times too slow', oneByOne(msEach))).msEach = msEach;
    await phase('never answers', silent());
    engine.mode(fast());
    await settled(mien, seen);
    const killed = await phase('killed, then restored', fast(), async () => {
      await wait(seconds / 4);
      await engine.kill();
      await wait(seconds / 4);
      await engine.restore();
    });
    killed.backAfter = await answering(seen);
    await settled(mien, seen);
    await phase('hostile answers', hostile());
    engine.mode(fast());
    await settled(mien, seen);
    await phase('answers at once, again', fast());
  } finally {
    await subject.stop();
    await control.stop();
    await engine.kill();
  }
  return rows;
}

/**
 * @param engine - a real server and its model for the second table; null: the scripted one only
 * @param only - 'phases' or 'throughput'; undefined for both
 */
export async function mllm(clip, { quick, rounds: roundCount, engine, only }) {
  const folder = mkdtempSync(join(tmpdir(), 'mien-mllm-'));
  const path = join(folder, 'camera.ts');
  const parts = [];
  const show = (title, rows) => {
    console.log(`\n${title}\n${table(rows)}`);
    parts.push(`${title}\n\n${markdownTable(rows)}`);
  };
  const say = (line) => {
    console.log(line);
    parts.push(line);
  };
  try {
    const results = { phases: [], throughput: [] };
    if (only !== 'throughput') {
      await encode(clip, path, { fps: CAMERA_FPS });
      const rounds = [];
      for (let n = 1; n <= roundCount; n++) {
        console.log(`round ${n} of ${roundCount}`);
        rounds.push(await round({ quick, path, folder }));
      }
      results.phases = phaseLines(rounds);
      show(
        `Two \`mien serve\` at once, with and without the engine, each with one camera of 1280x720 at ${CAMERA_FPS} frames a second; at most ${KEYFRAMES_PER_MINUTE} keyframes a minute, ${TASKS.length} questions each, ${roundCount} round(s); ms from a frame's arrival to its delivery`,
        phaseTable(results.phases),
      );
      const slow = results.phases.find(({ msEach }) => msEach > 0);
      const killed = results.phases.find(({ backAfter }) => backAfter > 0);
      say(`10 times too slow: one question at a time, ${Math.round(slow.msEach)} ms each.`);
      say(
        `Killed for a quarter of its phase; the first insight after the phase came ${killed.backAfter.toFixed(1)} s into what followed.`,
      );
      say(`Hostile answers in turn: ${HOSTILE_KINDS.join('; ')}.`);
    }
    if (only !== 'phases') {
      results.throughput = await throughputTables(clip, { folder, quick, engine });
      for (const { title, cells } of results.throughput) show(title, cells);
      if (!engine) console.log('\nno real server was measured: name one with --mllm-url URL --mllm-model NAME');
    }
    save('mllm', results, parts.join('\n\n'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
