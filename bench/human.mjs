// The peer, in a process of its own: reads clips with Human (wasm backend) and prints one JSON line per clip.
// usage: node human.mjs every|tracking <most faces> <clip>...
import { openHuman } from './human-reader.mjs';
import { probe, rawVideo } from './media.mjs';

const [mode, mostFaces, ...paths] = process.argv.slice(2);
const human = await openHuman({ mode, mostFaces: Number(mostFaces) });
const { detect } = human;

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
human.close();
