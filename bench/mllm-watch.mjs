// What `npm run bench -- mllm` watches: a `mien serve` with one camera, phase by phase.
import { camerasFor, client, serve, wait } from './serving.mjs';

/** Questions about each keyframe. */
export const TASKS = ['describe', 'emotion', 'action-units'];
/** 2.5 times the default, so that a short phase has questions enough. */
export const KEYFRAMES_PER_MINUTE = 30;
/** Two cameras at this rate are one at 30: two cores must do. */
export const CAMERA_FPS = 15;

/** The stage's configuration with this engine. */
export const configOf = (engine, tasks = TASKS) => ({
  mllm: {
    enabled: true,
    engine: { ...engine, timeout: '20s' },
    tasks,
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
    asked: total(samples(metrics, 'mien_mllm_requests_total')),
    rss: stats.rssBytes,
  };
}

/** Watches one phase. `during` runs meanwhile and may wait. `engine`: a scripted one, which counts the questions that reach it. */
export async function watch(mien, { name, seconds, seen, engine, during = () => undefined }) {
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
    asked: engine ? engine.requests - asked : last.asked - before.asked,
    insights: (seen.kinds.insight ?? 0) - insightsBefore,
    drops: less(last.drops, before.drops),
    queue,
    rssMiB: rss / 2 ** 20,
  };
}

/** Waits until an insight comes again; seconds that took. */
export async function answering(seen, mostSeconds = 60) {
  const [before, started] = [seen.kinds.insight ?? 0, performance.now()];
  const took = () => (performance.now() - started) / 1000;
  while ((seen.kinds.insight ?? 0) === before && took() < mostSeconds) await wait(0.1);
  if ((seen.kinds.insight ?? 0) === before) throw new Error(`no insight came within ${mostSeconds} s`);
  return took();
}

/** Waits until the engine answers again and no question of an earlier phase waits. */
export async function settled(mien, seen) {
  const started = performance.now();
  await answering(seen);
  while ((await counted(mien)).queue > TASKS.length && performance.now() - started < 60_000) await wait(0.2);
}

/** Waits until the camera's frames are analysed. */
export async function running(mien) {
  const started = performance.now();
  const ready = (stats) => stats.cameras.some(({ analysed }) => analysed > 0);
  while (!ready(await mien.stats())) {
    if (performance.now() - started > 60_000) throw new Error(`the camera gave no frame within 60 s\n${mien.log()}`);
    await wait(0.1);
  }
}

/** One `mien serve` with one camera; `stop` ends both. */
export async function start({ path, folder, config }) {
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
