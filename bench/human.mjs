// The peer, in a process of its own: reads clips with Human (wasm backend) and prints one JSON line per clip.
// usage: node human.mjs every|tracking <most faces> <clip>...
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';
import { probe, rawVideo } from './media.mjs';

const [mode, mostFaces, ...paths] = process.argv.slice(2);
const packages = join(import.meta.dirname, 'node_modules');
const models = join(packages, '@vladmandic', 'human', 'models');
const { Human } = (await import('./node_modules/@vladmandic/human/dist/human.node-wasm.js')).default;

// tfjs in Node loads models over HTTP only: this process serves them to itself, from the package.
const server = createServer((request, response) => {
  const file = join(models, basename(request.url));
  if (!existsSync(file)) response.writeHead(404).end();
  else createReadStream(file).pipe(response);
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));

const never = mode === 'every' ? { skipFrames: 0, skipTime: 0 } : {};
const off = { enabled: false };
const human = new Human({
  backend: 'wasm',
  wasmPath: `${join(packages, '@tensorflow', 'tfjs-backend-wasm', 'dist')}/`,
  modelBasePath: `http://127.0.0.1:${server.address().port}/`,
  warmup: 'none',
  ...(mode === 'every' ? { cacheSensitivity: 0 } : {}),
  filter: off,
  gesture: off,
  body: off,
  hand: off,
  object: off,
  segmentation: off,
  face: {
    enabled: true,
    detector: { maxDetected: Number(mostFaces), ...never },
    mesh: { enabled: true },
    emotion: { enabled: true, ...never },
    iris: off,
    attention: off,
    description: off,
    antispoof: off,
    liveness: off,
  },
});

const detect = async (rgb, { widthPx, heightPx }) => {
  const tensor = human.tf.tensor(rgb, [1, heightPx, widthPx, 3], 'int32');
  const result = await human.detect(tensor);
  human.tf.dispose(tensor);
  if (result.error) throw new Error(result.error);
  return result.face;
};

/** Calls `read` with each frame's bytes. The frame is gathered in one reused buffer. */
async function eachFrame(clip, read) {
  const frame = Buffer.alloc(3 * clip.widthPx * clip.heightPx);
  let filled = 0;
  for await (const chunk of rawVideo(clip.path, 'rgb24').stdout) {
    for (let at = 0; at < chunk.length; ) {
      const bytes = chunk.copy(frame, filled, at);
      at += bytes;
      filled += bytes;
      if (filled < frame.length) continue;
      filled = 0;
      await read(frame);
    }
  }
}

await human.load();
const missing = ['blazeface', 'facemesh', 'emotion'].filter((model) => !human.models.loaded().includes(model));
if (missing.length > 0) throw new Error(`Human did not load ${missing.join(', ')}`);
for (const [index, path] of paths.entries()) {
  const clip = probe(path);
  // The first runs compile kernels: they are not counted.
  if (index === 0) for (let n = 0; n < 3; n++) await detect(Buffer.alloc(3 * clip.widthPx * clip.heightPx), clip);
  const labels = [];
  let faces = 0;
  const started = performance.now();
  await eachFrame(clip, async (rgb) => {
    const found = await detect(rgb, clip);
    faces += found.length;
    labels.push(found[0]?.emotion?.[0]?.emotion ?? null);
  });
  const seconds = (performance.now() - started) / 1000;
  console.log(JSON.stringify({ name: clip.name, frames: labels.length, seconds, faces, labels }));
}
server.close();
