// Whether cameras notice the model that comes with mien, which shares their process and their processor.
import { phaseLines } from './mllm-table.mjs';
import { answering, CAMERA_FPS, configOf, KEYFRAMES_PER_MINUTE, running, start, watch } from './mllm-watch.mjs';
import { wait } from './serving.mjs';

export const EMBEDDED_TITLE = `Two \`mien serve\` at once, with and without words, each with one camera of 1280x720 at ${CAMERA_FPS} frames a second; at most ${KEYFRAMES_PER_MINUTE} keyframes a minute, two questions each of the measurements and three of the model; ms from a frame's arrival to its delivery`;

/** Engines inside the process: sentences made from the measurements, which name no emotion of their own, and the model. */
const ENGINES = { measured: ['describe', 'action-units'], 'mien-vlm': ['describe', 'emotion', 'action-units'] };

async function phase(type, { quick, path, folder }) {
  const control = await start({ path, folder, config: {} });
  const subject = await start({ path, folder, config: configOf({ type }, ENGINES[type]) });
  try {
    await Promise.all([running(subject.mien), running(control.mien)]);
    await answering(subject.seen);
    await wait(quick ? 2 : 5);
    const seconds = quick ? 5 : 20;
    const [row, without] = await Promise.all(
      [subject, control].map(({ mien, seen }) => watch(mien, { name: type, seconds, seen })),
    );
    return { ...row, without };
  } finally {
    await subject.stop();
    await control.stop();
  }
}

/** A line for each engine: `mien serve` with it, and at the same time one without. */
export async function embedded({ rounds: roundCount, ...settings }) {
  const rounds = [];
  for (let n = 1; n <= roundCount; n++) {
    const rows = [];
    for (const type of Object.keys(ENGINES)) rows.push(await phase(type, settings));
    console.log(
      `  round ${n} of ${roundCount}: ${rows.map(({ name, fps }) => `${name} ${fps.toFixed(1)} frames/s`).join(', ')}`,
    );
    rounds.push(rows);
  }
  return phaseLines(rounds);
}
