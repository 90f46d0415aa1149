// node speech/features.mjs --clips FOLDER --out features.jsonl (needs npm run build)
//
// What the product reads of every mouth in clips of `mien_render --talks`, one line a face and frame, with the truth:
// { clip, person, voice, speaks, features }. `features` are those that SPEECH_WEIGHTS weigh (src/speech/speech-weights.ts).
import { createWriteStream, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createFacePipeline } from '../../../dist/pipeline/create-face-pipeline.js';
import { startRuntime } from '../../../dist/pipeline/model-runtime.js';
import { beginRecording } from '../../../dist/recording/begin-recording.js';
import { openRecording } from '../../../dist/recording/open-recording.js';
import { READING_DEFAULTS } from '../../../dist/recording/reading-options.js';
import { createSpeechState, mouthFeatures, readMouths } from '../../../dist/speech/speech-stage.js';

const { values } = parseArgs({ options: { clips: { type: 'string' }, out: { type: 'string' } } });
if (!values.clips || !values.out) throw new RangeError('name --clips FOLDER and --out FILE');
const out = createWriteStream(values.out);
const runtime = await startRuntime({ lanes: 1, device: 'cpu' });

/** The person whose nose is inside a face's box. */
function personOf({ box }, { people }, frame) {
  const inside = ([x, y]) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
  return people.find(({ frames }) => frames.nose[frame] && inside(frames.nose[frame]));
}

for (const file of readdirSync(values.clips).filter((name) => name.endsWith('.truth.json'))) {
  const clip = file.replace('.truth.json', '');
  const truth = JSON.parse(readFileSync(join(values.clips, file), 'utf8'));
  const { signal } = new AbortController();
  const video = { plan: { input: join(values.clips, `${clip}.mp4`), name: clip }, reading: READING_DEFAULTS, runtime };
  const begun = beginRecording(video, signal);
  const { source, voice } = await openRecording(video, begun, signal);
  const pipeline = createFacePipeline({ runtime, source: clip, ...READING_DEFAULTS, fps: truth.fps });
  const state = createSpeechState();
  for await (const { frame, release } of source.frames(signal)) {
    const faces = await pipeline.locate(frame);
    const heard = await voice.around(frame.ptsUs);
    const signs = readMouths(state, faces, heard);
    for (const face of faces.faces) {
      const own = signs.get(face.trackId);
      const person = own && personOf(face, truth, Math.round((frame.ptsUs * truth.fps) / 1e6));
      if (!person || !heard) continue;
      const others = [...signs].flatMap(([track, mouth]) => (track === face.trackId ? [] : [mouth]));
      const speaks = person.speech.some(({ startUs, endUs }) => frame.ptsUs >= startUs && frame.ptsUs < endUs);
      const line = {
        clip,
        person: person.person,
        voice: heard.probability,
        speaks,
        features: mouthFeatures(own, others),
      };
      out.write(`${JSON.stringify(line)}\n`);
    }
    release();
  }
  await voice.end();
  await begun.end();
}
await runtime.close();
out.end();
