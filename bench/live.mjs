// npm run bench -- live: latency from a frame's arrival to its delivery over WebSocket and drops with one to eight cameras, eight cameras
// at once, clients of which some stall, what rules and recording cost, and a soak whose memory must not grow. Cameras are a video that ffmpeg serves over HTTP at its own speed.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { actingCost } from './acting.mjs';
import { treeCpuSeconds } from './process-tree.mjs';
import { save } from './save.mjs';
import { camerasFor, client, encode, serve, summary, wait } from './serving.mjs';
import { markdownTable, table } from './statistics.mjs';

/** Start of the cameras, and until reading is reduced as far as it needs to be: two seconds for each of four steps. */
const WARM_UP_S = 14;

/** What of each row is told as a share. */
const share = (part, all) => part / Math.max(1, all);

async function measure(count, { path, folder, seconds, more }) {
  const { cameras, configs } = await camerasFor(count, path);
  const mien = await serve(configs, folder, more);
  try {
    await allRunning(mien);
    await wait(WARM_UP_S);
    const one = client(mien.url);
    const before = await mien.stats();
    const cpuBefore = treeCpuSeconds(mien.pid);
    await wait(seconds);
    const cpu = treeCpuSeconds(mien.pid) - cpuBefore;
    const after = await mien.stats();
    const level = /^mien_reduction_level (\d+)$/m.exec(await mien.metrics());
    const dropped = (stats) =>
      stats.cameras.reduce((sum, { dropped: by }) => sum + Object.values(by).reduce((a, b) => a + b, 0), 0);
    const analysed = (stats) => stats.cameras.reduce((sum, each) => sum + each.analysed, 0);
    const lost = dropped(after) - dropped(before);
    const done = analysed(after) - analysed(before);
    one.socket.terminate();
    const each = framesEach(before, after);
    return {
      cameras: count,
      ...summary(one.latencies),
      fps: done / seconds,
      droppedShare: share(lost, lost + done),
      framesLeast: each[0],
      framesMost: each.at(-1),
      reduction: Number(level?.[1] ?? Number.NaN),
      heldShare: share(one.held, one.faces),
      cpuPerSecond: cpu / seconds,
      cpuMsPerFrame: (1000 * cpu) / Math.max(1, done),
      rssMiB: after.rssBytes / 2 ** 20,
    };
  } finally {
    for (const each of cameras) each.stop();
    await mien.stop();
  }
}

/** Frames of each camera between two moments, the fewest first. */
function framesEach(before, after) {
  const started = new Map(before.cameras.map(({ id, analysed }) => [id, analysed]));
  return after.cameras.map(({ id, analysed }) => analysed - started.get(id)).sort((a, b) => a - b);
}

const OVERLOAD_CAMERAS = 8;
/** As many as `live/live-cameras.ts` lets be in work for each lane. */
const TURNS_PER_LANE = 2;

/**
 * More cameras than the cores can read. A frame in its turn waits for those in work only, so at the measured rate it may be
 * as old as `frames in work / frames a second`: ages are told as multiples of that, which a busy machine does not change.
 */
async function overload({ path, folder, seconds, more }) {
  const { cameras, configs } = await camerasFor(OVERLOAD_CAMERAS, path);
  const mien = await serve(configs, folder, more);
  try {
    await allRunning(mien);
    await wait(WARM_UP_S);
    const one = client(mien.url);
    const before = await mien.stats();
    await wait(seconds);
    const after = await mien.stats();
    one.socket.terminate();
    const counts = framesEach(before, after);
    const fps = counts.reduce((a, b) => a + b, 0) / seconds;
    const allowedMs = (1000 * TURNS_PER_LANE * after.lanes) / fps;
    const { n, p50, p95 } = summary(one.latencies);
    const reconnects = after.cameras.reduce((sum, each) => sum + each.reconnects, 0);
    const behind = after.cameras.filter(({ behindMs }) => behindMs !== null).length;
    return {
      cameras: OVERLOAD_CAMERAS,
      n,
      fps,
      allowedMs,
      p50,
      p95,
      p50OfAllowed: p50 / allowedMs,
      p95OfAllowed: p95 / allowedMs,
      framesLeast: counts[0],
      framesMost: counts.at(-1),
      reconnects: reconnects - before.cameras.reduce((sum, each) => sum + each.reconnects, 0),
      behind,
    };
  } finally {
    for (const each of cameras) each.stop();
    await mien.stop();
  }
}

/** Waits until frames of every camera arrive, for a minute at most: one that is still being opened has no share to compare. */
async function allRunning(mien) {
  for (let second = 0; second < 60; second++) {
    if ((await mien.stats()).cameras.every(({ analysed }) => analysed > 0)) return;
    await wait(1);
  }
  throw new Error('not every camera is running after a minute');
}

async function crowd({ path, folder, seconds, more }) {
  const { cameras, configs } = await camerasFor(1, path);
  const mien = await serve(configs, folder, more);
  try {
    await wait(WARM_UP_S);
    const before = await mien.stats();
    const clients = Array.from({ length: 200 }, () => client(mien.url));
    await wait(3);
    const stalled = clients.slice(0, 20);
    for (const { socket } of stalled) socket.pause();
    for (const each of clients) each.latencies.length = 0;
    let peak = 0;
    for (let second = 0; second < seconds; second++) {
      await wait(1);
      peak = Math.max(peak, (await mien.stats()).rssBytes);
    }
    const healthy = clients.slice(20);
    const counts = healthy.map(({ latencies }) => latencies.length).sort((a, b) => a - b);
    const result = {
      healthy: healthy.length,
      closedHealthy: healthy.filter(({ closed }) => closed !== null).length,
      framesLeast: counts[0],
      framesMost: counts.at(-1),
      ...summary(healthy.flatMap(({ latencies }) => latencies)),
      rssBeforeMiB: before.rssBytes / 2 ** 20,
      rssPeakMiB: peak / 2 ** 20,
      clientsAtEnd: (await mien.stats()).clients,
    };
    for (const { socket } of clients) socket.terminate();
    return result;
  } finally {
    for (const each of cameras) each.stop();
    await mien.stop();
  }
}

/** Least-squares slope of memory over the second half, MiB an hour. */
function slope(samples) {
  const half = samples.slice(Math.floor(samples.length / 2));
  const mean = (pick) => half.reduce((sum, each) => sum + pick(each), 0) / half.length;
  const [x, y] = [mean(({ s }) => s), mean(({ mib }) => mib)];
  const top = half.reduce((sum, { s, mib }) => sum + (s - x) * (mib - y), 0);
  return (top / half.reduce((sum, { s }) => sum + (s - x) ** 2, 0)) * 3600;
}

async function soak(minutes, { path, folder, more }) {
  const { cameras, configs } = await camerasFor(1, path);
  const mien = await serve(configs, folder, more);
  const samples = [];
  try {
    const started = performance.now();
    const watcher = client(mien.url);
    while (performance.now() - started < minutes * 60_000) {
      await wait(10);
      const { rssBytes } = await mien.stats();
      samples.push({ s: (performance.now() - started) / 1000, mib: rssBytes / 2 ** 20 });
    }
    watcher.socket.terminate();
    return {
      minutes,
      firstMiB: samples[5]?.mib ?? samples[0].mib,
      lastMiB: samples.at(-1).mib,
      peakMiB: Math.max(...samples.map(({ mib }) => mib)),
      slopeMiBPerHour: slope(samples),
      frames: watcher.latencies.length,
      samples,
    };
  } finally {
    for (const each of cameras) each.stop();
    await mien.stop();
  }
}

const fixed = (value) =>
  typeof value === 'number' ? value.toFixed(value < 10 && !Number.isInteger(value) ? 3 : 0) : String(value);
const cells = (rows) => {
  const keys = Object.keys(rows[0]).filter((key) => key !== 'samples');
  return [keys, ...rows.map((row) => keys.map((key) => fixed(row[key])))];
};
const show = (title, rows) => console.log(`\n${title}\n${table(cells(rows))}`);

/** Most that one camera may need, MB, and most that a soak may grow, MiB an hour: below that, samples of half an hour say nothing. */
const LIMIT_MB = 400;
const LIMIT_SLOPE = 20;

/**
 * @param only 'latency', 'overload', 'crowd', 'acting' or 'soak' for one part; undefined for all
 * @param precision what the models compute with; undefined: the default of mien serve
 * @param model size of the model; undefined: the default of mien serve
 * @returns whether memory stayed flat; true without a soak
 */
export async function live(clip, { quick, minutes, only, precision, model }) {
  const more = { analysis: { ...(precision ? { precision } : {}), ...(model ? { model } : {}) } };
  const wanted = (part) => only === undefined || only === part;
  const folder = mkdtempSync(join(tmpdir(), 'mien-live-'));
  const path = join(folder, 'camera.ts');
  const seconds = quick ? 10 : 30;
  try {
    await encode(clip, path);
    const results = { latency: [], overload: null, crowd: null, acting: null, soak: null };
    for (let count = 1; wanted('latency') && count <= 8; count++) {
      results.latency.push(await measure(count, { path, folder, seconds, more }));
      show('cameras of 1280x720 at 30 frames a second: ms from arrival to delivery', results.latency);
    }
    if (wanted('overload')) {
      results.overload = await overload({ path, folder, seconds, more });
      show('eight cameras at once: ms from arrival to delivery, against what the rate allows', [results.overload]);
    }
    if (wanted('crowd')) {
      results.crowd = await crowd({ path, folder, seconds, more });
      show('200 clients, 20 of them stalled', [results.crowd]);
    }
    if (wanted('acting')) {
      results.acting = await actingCost({ path, seconds: quick ? 10 : 20, more });
      show('one camera, with rules, webhooks and recording off and on', results.acting.rows);
      show('as a share of off', results.acting.ratios);
    }
    if (wanted('soak') && minutes > 0) {
      results.soak = await soak(minutes, { path, folder, more });
      show('soak', [results.soak]);
    }
    const { latency, acting, ...single } = results;
    const parts = [
      latency,
      ...(acting ? [acting.rows, acting.ratios] : []),
      ...Object.values(single).map((row) => (row ? [row] : [])),
    ].filter((rows) => rows.length);
    save(
      'live',
      { precision: precision ?? null, model: model ?? null, ...results },
      parts.map((rows) => markdownTable(cells(rows))).join('\n\n'),
    );
    const { soak: soaked } = results;
    return !soaked || (soaked.peakMiB * 2 ** 20 <= LIMIT_MB * 1e6 && soaked.slopeMiBPerHour <= LIMIT_SLOPE);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
