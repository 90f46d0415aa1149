// Finds the first smile (AU12) of a video and reads no further: nothing is written, no server is needed. Needs the
// package mien-faces.
//
// node examples/smile.mjs interview.mp4
import { AffectError, analyze } from 'mien-faces';

const path = process.argv[2] ?? 'test/fixtures/demo/talking-face.mp4';
try {
  for await (const item of analyze(path, { emotions: false })) {
    if (item.type === 'summary') console.log(`no smile in ${item.summary.frames} frames`);
    if (item.type !== 'record') continue;
    const { track, ptsUs, actionUnits } = item.record;
    const smile = actionUnits?.['12'];
    if (!smile?.active) continue;
    const intensity = smile.intensity?.smoothed.toFixed(1);
    console.log(`face ${track} smiles at ${(ptsUs / 1e6).toFixed(2)} s, intensity ${intensity} of 5`);
    break;
  }
} catch (error) {
  if (!(error instanceof AffectError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = error.exitCode;
}
