// What the benchmarks of `mien serve` share: cameras made of a video, the product as a user starts it, a client that times.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { owned } from './work-folder.mjs';

export const wait = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
const percentile = (sorted, rank) => sorted[Math.min(sorted.length - 1, Math.ceil((rank / 100) * sorted.length) - 1)];

/** Count and percentiles of milliseconds. */
export const summary = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  return { n: sorted.length, p50: percentile(sorted, 50), p95: percentile(sorted, 95), p99: percentile(sorted, 99) };
};

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** `size` is width:height, 720p unless said; encoded once; ffmpeg then only copies packets. */
export function encode(clip, path, { seconds = 20, fps = 30, size = '1280:720' } = {}) {
  const filter = `scale=${size}:force_original_aspect_ratio=decrease,pad=${size}:-1:-1`;
  const args = [
    '-v',
    'error',
    '-y',
    '-stream_loop',
    '-1',
    '-t',
    String(seconds),
    '-i',
    clip,
    '-vf',
    `${filter},fps=${fps},format=yuv420p`,
  ];
  const codec = [
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-tune',
    'zerolatency',
    '-b:v',
    '3M',
    '-g',
    String(fps),
    '-an',
  ];
  return run('ffmpeg', [...args, ...codec, path]);
}

function run(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${program} ended with ${code}`))));
  });
}

/** A camera: an endless MPEG-TS stream over HTTP, from its begin for whoever connects; it listens when this resolves. */
export async function camera(path) {
  const children = new Set();
  const server = createHttpServer((request, response) => {
    request.on('error', () => undefined);
    const input = ['-v', 'quiet', '-re', '-stream_loop', '-1', '-i', path, '-c', 'copy', '-f', 'mpegts', 'pipe:1'];
    const child = owned(spawn('ffmpeg', input, { stdio: ['ignore', 'pipe', 'ignore'] }));
    children.add(child);
    child.once('exit', () => children.delete(child));
    response.on('close', () => child.kill('SIGKILL'));
    response.writeHead(200, { 'content-type': 'video/mp2t' });
    child.stdout.pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/live.ts`,
    stop: () => {
      for (const child of children) child.kill('SIGKILL');
      server.closeAllConnections();
      server.close();
    },
  };
}

/** mien serve as a user starts it; `more` goes into its configuration. */
export async function serve(cameras, folder, more = {}) {
  const config = join(folder, 'serve.yaml');
  writeFileSync(
    config,
    JSON.stringify({
      purpose: 'testing',
      cameras,
      server: { limits: { maxClients: 1000, requestsPerSecond: 2000 } },
      ...more,
    }),
  );
  const child = owned(
    spawn(process.execPath, ['dist/main.js', 'serve', '--config', config, '--port', '0', '--no-watch'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
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
    pid: child.pid,
    stats: async () => (await fetch(`${url}/api/v1/stats`)).json(),
    metrics: async () => (await fetch(`${url}/metrics`)).text(),
    log: () => log,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', resolve);
        child.kill('SIGTERM');
      }),
  };
}

/** A subscriber; what it got is in `latencies` (ms from arrival of the frame), `kinds`, and `faces`, of which some were `held`. */
export function client(url, { kinds = ['faces', 'episodes', 'states'] } = {}) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, 'mien.v1');
  const seen = { latencies: [], faces: 0, held: 0, kinds: {}, closed: null, socket };
  socket.on('open', () => {
    socket.send(JSON.stringify({ type: 'hello', v: 1, client: 'bench' }));
    socket.send(JSON.stringify({ type: 'subscribe', id: 'all', sources: '*', kinds }));
  });
  socket.on('message', (data, binary) => {
    const now = Date.now();
    if (binary) return;
    const message = JSON.parse(data.toString());
    seen.kinds[message.type] = (seen.kinds[message.type] ?? 0) + 1;
    if (message.type !== 'faces') return;
    seen.latencies.push(now - message.arrivedAtMs);
    const read = message.faces.filter(({ track }) => track !== null);
    seen.faces += read.length;
    seen.held += read.filter(({ heldSeconds }) => heldSeconds !== undefined).length;
  });
  socket.on('close', (code) => {
    seen.closed = code;
  });
  socket.on('error', () => undefined);
  return seen;
}

/** `count` cameras that show the same video. */
export async function camerasFor(count, path) {
  const cameras = await Promise.all(Array.from({ length: count }, () => camera(path)));
  return { cameras, configs: cameras.map(({ url }, i) => ({ id: `camera-${i + 1}`, type: 'http', url })) };
}
