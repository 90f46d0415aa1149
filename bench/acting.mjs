// npm run bench -- live --only acting: what rules, webhooks and recording cost. One camera, read in turn by a mien serve that
// does nothing with what it sees and one that fires rules, posts firings, and keeps readings, snapshots and clips.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { treeCpuSeconds } from './process-tree.mjs';
import { camerasFor, client, serve, summary, wait } from './serving.mjs';

/** Start of the camera, and until reading is reduced as far as it needs to be. */
const WARM_UP_S = 14;
const ROUNDS = 2;

/** Everything that a mien can do with what it sees: rules of every kind, two of them firing again and again. */
const acting = (folder, url) => {
  const quiet = { holdOff: '2s', endAfter: '500ms' };
  return {
    rules: [
      {
        id: 'face',
        when: { type: 'faces', least: 1, for: '500ms', zone: 'left' },
        ...quiet,
        do: [{ type: 'webhook', to: 'bench' }, { type: 'snapshot' }],
      },
      {
        id: 'mouth',
        when: { type: 'action-unit', unit: 'AU25', intensity: 1, sure: 0.5, for: '200ms' },
        ...quiet,
        do: [{ type: 'webhook', to: 'bench' }, { type: 'record' }],
      },
      { id: 'smile', when: { type: 'expression', is: ['happiness'], sure: 0.5, for: '500ms' }, do: [{ type: 'log' }] },
      { id: 'low', when: { type: 'valence', below: -0.5, for: '1s' }, do: [{ type: 'log' }] },
      { id: 'away', when: { type: 'camera', is: ['away', 'damaged'], for: '5s' }, do: [{ type: 'log' }] },
    ],
    webhooks: { folder: join(folder, 'outbox'), targets: [{ id: 'bench', url, env: 'MIEN_BENCH_HOOK' }] },
    keep: { folder: join(folder, 'kept'), formats: ['jsonl', 'csv', 'parquet'], minFree: '0B' },
  };
};

/** Takes every message. */
async function receiver() {
  let taken = 0;
  const server = createServer((request, response) => {
    taken++;
    request.resume().on('end', () => response.writeHead(204).end());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, taken: () => taken, stop: () => server.close() };
}

const counted = (metrics, name) =>
  [...metrics.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\d+)`, 'gm'))].reduce((sum, [, value]) => sum + +value, 0);

async function phase(how, { path, seconds, more }) {
  const folder = mkdtempSync(join(path, '..', 'acting-'));
  const hook = await receiver();
  const { cameras, configs } = await camerasFor(1, path);
  const zones = [{ name: 'left', points: [[0, 0], [1, 0], [1, 1], [0, 1]] }]; // biome-ignore format: a square
  process.env.MIEN_BENCH_HOOK = 'a-secret-of-the-benchmark';
  const mien = await serve(
    configs.map((camera) => ({ ...camera, zones })),
    folder,
    how === 'on' ? { ...more, ...acting(folder, hook.url) } : more,
  );
  try {
    await wait(WARM_UP_S);
    const one = client(mien.url);
    const [before, cpuBefore] = [await mien.stats(), treeCpuSeconds(mien.pid)];
    await wait(seconds);
    const cpu = treeCpuSeconds(mien.pid) - cpuBefore;
    const [after, metrics] = [await mien.stats(), await mien.metrics()];
    one.socket.terminate();
    return {
      how,
      ...summary(one.latencies),
      fps: (after.cameras[0].analysed - before.cameras[0].analysed) / seconds,
      reduction: counted(metrics, 'mien_reduction_level'),
      cpuPerSecond: cpu / seconds,
      rssMiB: after.rssBytes / 2 ** 20,
      load: loadavg()[0],
      firings: counted(metrics, 'mien_rule_firings_total'),
      posted: hook.taken(),
      pictures: counted(metrics, 'mien_kept_pictures_total'),
      keptKiB: counted(metrics, 'mien_kept_bytes') / 1024,
    };
  } finally {
    for (const each of cameras) each.stop();
    await mien.stop();
    hook.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const mean = (rows, key) => rows.reduce((sum, row) => sum + row[key], 0) / rows.length;

/** Off, on, off, on: each pair is of one time, so that ratios mean something on a machine that others use. */
export async function actingCost(options) {
  const rows = [];
  for (let round = 0; round < ROUNDS; round++)
    for (const how of ['off', 'on']) {
      rows.push(await phase(how, options));
      console.log(JSON.stringify(rows.at(-1)));
    }
  const of = (how) => rows.filter((row) => row.how === how);
  const ratios = Object.fromEntries(
    ['p50', 'p95', 'fps', 'cpuPerSecond', 'rssMiB'].map((key) => [key, mean(of('on'), key) / mean(of('off'), key)]),
  );
  return { rows, ratios };
}
