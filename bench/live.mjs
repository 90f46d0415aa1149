// npm run bench -- live: latency from a frame's arrival to its delivery over WebSocket, cameras until frames drop, clients of which
// some stall, and a soak whose memory must not grow. Cameras are a video that ffmpeg serves over HTTP at its own speed.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { save } from './save.mjs';
import { markdownTable, table } from './statistics.mjs';

const WARM_UP_S = 8;
const wait = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
const percentile = (sorted, rank) => sorted[Math.min(sorted.length - 1, Math.ceil((rank / 100) * sorted.length) - 1)];

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** 720p at 30 frames a second, encoded once; ffmpeg then only copies packets. */
function encode(clip, path, seconds = 20) {
  const filter = 'scale=1280:720:force_original_aspect_ratio=decrease,pad=1280:720:-1:-1,fps=30,format=yuv420p';
  const args = ['-v', 'error', '-y', '-stream_loop', '-1', '-t', String(seconds), '-i', clip, '-vf', filter];
  const codec = ['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', '-b:v', '3M', '-g', '30', '-an'];
  return run('ffmpeg', [...args, ...codec, path]);
}

function run(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${program} ended with ${code}`))));
  });
}

/** A camera: an endless MPEG-TS stream over HTTP, begun again when its one client leaves. */
async function camera(path) {
  const port = await freePort();
  let stopped = false;
  let child;
  const start = () => {
    const input = ['-v', 'quiet', '-re', '-stream_loop', '-1', '-i', path, '-c', 'copy', '-f', 'mpegts'];
    child = spawn(
      'ffmpeg',
      [...input, '-listen', '1', '-content_type', 'video/mp2t', `http://127.0.0.1:${port}/live.ts`],
      { stdio: 'ignore' },
    );
    child.once('exit', () => stopped || start());
  };
  start();
  return {
    url: `http://127.0.0.1:${port}/live.ts`,
    stop: () => {
      stopped = true;
      child.kill('SIGKILL');
    },
  };
}

/** mien serve as a user starts it. */
async function serve(cameras, folder) {
  const config = join(folder, 'serve.yaml');
  writeFileSync(
    config,
    JSON.stringify({
      purpose: 'testing',
      cameras,
      server: { limits: { maxClients: 1000, requestsPerSecond: 2000 } },
    }),
  );
  const child = spawn(process.execPath, ['dist/main.js', 'serve', '--config', config, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (chunk) => {
    log += chunk;
  });
  const url = await new Promise((resolve, reject) => {
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
      const found = /mien serves (\S+)/.exec(out);
      if (found) resolve(found[1]);
    });
    child.once('exit', (code) => reject(new Error(`mien serve ended with ${code}\n${log}`)));
  });
  return {
    url,
    stats: async () => (await fetch(`${url}/api/v1/stats`)).json(),
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', resolve);
        child.kill('SIGTERM');
      }),
  };
}

/** A subscriber; what it got is in `latencies` (ms from arrival of the frame) and `kinds`. */
function client(url, { kinds = ['faces', 'episodes', 'states'] } = {}) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, 'mien.v1');
  const seen = { latencies: [], kinds: {}, closed: null, socket };
  socket.on('open', () => {
    socket.send(JSON.stringify({ type: 'hello', v: 1, client: 'bench' }));
    socket.send(JSON.stringify({ type: 'subscribe', id: 'all', sources: '*', kinds }));
  });
  socket.on('message', (data, binary) => {
    const now = Date.now();
    if (binary) return;
    const message = JSON.parse(data.toString());
    seen.kinds[message.type] = (seen.kinds[message.type] ?? 0) + 1;
    if (message.type === 'faces') seen.latencies.push(now - message.arrivedAtMs);
  });
  socket.on('close', (code) => {
    seen.closed = code;
  });
  socket.on('error', () => undefined);
  return seen;
}

const summary = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  return { n: sorted.length, p50: percentile(sorted, 50), p95: percentile(sorted, 95), p99: percentile(sorted, 99) };
};

async function camerasFor(count, path) {
  const cameras = await Promise.all(Array.from({ length: count }, () => camera(path)));
  return { cameras, configs: cameras.map(({ url }, i) => ({ id: `camera-${i + 1}`, type: 'http', url })) };
}

async function measure(count, { path, folder, seconds }) {
  const { cameras, configs } = await camerasFor(count, path);
  const mien = await serve(configs, folder);
  try {
    await wait(WARM_UP_S);
    const one = client(mien.url);
    const before = await mien.stats();
    await wait(seconds);
    const after = await mien.stats();
    const dropped = (stats) =>
      stats.cameras.reduce((sum, { dropped: by }) => sum + Object.values(by).reduce((a, b) => a + b, 0), 0);
    const analysed = (stats) => stats.cameras.reduce((sum, each) => sum + each.analysed, 0);
    const lost = dropped(after) - dropped(before);
    const done = analysed(after) - analysed(before);
    one.socket.terminate();
    return {
      cameras: count,
      ...summary(one.latencies),
      fps: done / seconds,
      droppedShare: lost / Math.max(1, lost + done),
      rssMiB: after.rssBytes / 2 ** 20,
    };
  } finally {
    for (const each of cameras) each.stop();
    await mien.stop();
  }
}

async function crowd({ path, folder, seconds }) {
  const { cameras, configs } = await camerasFor(1, path);
  const mien = await serve(configs, folder);
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

async function soak(minutes, { path, folder }) {
  const { cameras, configs } = await camerasFor(1, path);
  const mien = await serve(configs, folder);
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

/** @param only 'latency', 'crowd' or 'soak' for one part; undefined for all */
export async function live(clip, { quick, minutes, only }) {
  const wanted = (part) => only === undefined || only === part;
  const folder = mkdtempSync(join(tmpdir(), 'mien-live-'));
  const path = join(folder, 'camera.ts');
  const seconds = quick ? 10 : 30;
  try {
    await encode(clip, path);
    const results = { latency: [], crowd: null, soak: null };
    for (let count = 1; wanted('latency') && count <= 8; count++) {
      const row = await measure(count, { path, folder, seconds });
      results.latency.push(row);
      show(`${count} camera(s) of 1280x720 at 30 frames a second: ms from arrival to delivery`, [row]);
      if (row.droppedShare > 0.05) break;
    }
    if (wanted('crowd')) {
      results.crowd = await crowd({ path, folder, seconds });
      show('200 clients, 20 of them stalled', [results.crowd]);
    }
    if (wanted('soak') && minutes > 0) {
      results.soak = await soak(minutes, { path, folder });
      show('soak', [results.soak]);
    }
    const parts = [results.latency, results.crowd && [results.crowd], results.soak && [results.soak]].filter(
      (rows) => rows?.length,
    );
    save('live', results, parts.map((rows) => markdownTable(cells(rows))).join('\n\n'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
