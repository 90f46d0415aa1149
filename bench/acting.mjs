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

/** What is done with what is seen: nothing; rules, webhooks, readings in three formats; pictures of firings besides. */
const MANNERS = ['off', 'on', 'pictures'];

/** Rules of every kind. Messages go out every few seconds, pictures are of a firing at most twice a minute. */
const acting = (folder, { url, pictures }) => {
  const often = { holdOff: '2s', endAfter: '500ms' };
  const happy = { type: 'expression', is: ['happiness'], sure: 0.5, for: '500ms' };
  const kept = pictures ? [{ type: 'snapshot' }, { type: 'record' }] : [];
  return {
    rules: [
      {
        id: 'mouth',
        when: { type: 'action-unit', unit: 'AU25', intensity: 1, sure: 0.5, for: '200ms' },
        ...often,
        do: [{ type: 'webhook', to: 'bench' }],
      },
      { id: 'face', when: { type: 'faces', least: 1, for: '500ms', zone: 'all' }, do: [{ type: 'log' }, ...kept] },
      { id: 'smile', when: happy, ...often, do: [{ type: 'webhook', to: 'bench' }] },
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
  const zones = [{ name: 'all', points: [[0, 0], [1, 0], [1, 1], [0, 1]] }]; // biome-ignore format: a square
  process.env.MIEN_BENCH_HOOK = 'a-secret-of-the-benchmark';
  const mien = await serve(
    configs.map((camera) => ({ ...camera, zones })),
    folder,
    how === 'off' ? more : { ...more, ...acting(folder, { url: hook.url, pictures: how === 'pictures' }) },
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
    };
  } finally {
    for (const each of cameras) each.stop();
    await mien.stop();
    hook.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const mean = (rows, key) => rows.reduce((sum, row) => sum + row[key], 0) / rows.length;

/** In turn, so that ratios mean something on a machine that others use. */
export async function actingCost(options) {
  const rows = [];
  for (let round = 0; round < ROUNDS; round++)
    for (const how of MANNERS) {
      rows.push(await phase(how, options));
      console.log(JSON.stringify(rows.at(-1)));
    }
  const of = (how) => rows.filter((row) => row.how === how);
  const ratios = MANNERS.slice(1).map((how) => ({
    how,
    ...Object.fromEntries(
      ['p50', 'p95', 'fps', 'cpuPerSecond', 'rssMiB'].map((key) => [key, mean(of(how), key) / mean(of('off'), key)]),
    ),
  }));
  return { rows, ratios };
}
