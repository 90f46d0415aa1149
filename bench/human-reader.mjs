// The peer Human (wasm backend) inside this process, with detector, mesh and emotion alone.
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';

const packages = join(import.meta.dirname, 'node_modules');
const models = join(packages, '@vladmandic', 'human', 'models');

/**
 * Loads Human. `detect` takes packed RGB of one picture and resolves to its faces; `close` ends the server that it loads models from.
 * `mode` every: each picture is computed anew; tracking: as Human does by default.
 */
export async function openHuman({ mode, mostFaces }) {
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
      detector: { maxDetected: mostFaces, ...never },
      mesh: { enabled: true },
      emotion: { enabled: true, ...never },
      iris: off,
      attention: off,
      description: off,
      antispoof: off,
      liveness: off,
    },
  });
  await human.load();
  const missing = ['blazeface', 'facemesh', 'emotion'].filter((model) => !human.models.loaded().includes(model));
  if (missing.length > 0) throw new Error(`Human did not load ${missing.join(', ')}`);
  return {
    async detect(rgb, { widthPx, heightPx }) {
      const tensor = human.tf.tensor(rgb, [1, heightPx, widthPx, 3], 'int32');
      const result = await human.detect(tensor);
      human.tf.dispose(tensor);
      if (result.error) throw new Error(result.error);
      return result.face;
    },
    close: () => server.close(),
  };
}
