import { type Decoder, decodesInSoftware } from '../domain/decoder.js';
import type { FrameLease } from '../domain/frame.js';
import type { Micros } from '../domain/units.js';
import { fitsLaterSizes } from './decode-arguments.js';
import { decodeProblem, type Range } from './decode-problem.js';
import type { DecodeEnd, DecodeRun } from './decode-run.js';
import { repairNotes } from './judge-decode.js';
import type { ProbedVideo } from './probe.js';

export interface FramesTask extends Range {
  readonly video: ProbedVideo;
  readonly decoder: Decoder;
  readonly start: (decoder: Decoder) => DecodeRun;
  readonly notes: string[];
}

/** How far frames were handed out, over all runs of ffmpeg. */
interface Reached {
  lastPtsUs: Micros | null;
}

/**
 * All frames of a video in order, and then what was wrong with it. Where hardware decodes and anything goes wrong,
 * software takes over after the last frame that was handed out, and it alone judges the video: hardware need not tell
 * which pictures it had to patch.
 */
export async function* decodeFrames(task: FramesTask): AsyncGenerator<FrameLease, void, void> {
  const { decoder, notes, signal } = task;
  if (signal.aborted) return;
  const reached: Reached = { lastPtsUs: null };
  if (decoder !== 'none') {
    const end = yield* oneRun(task, decoder, reached);
    if (end === null || signal.aborted) return;
    const noticed: string[] = [];
    if (!end.log.complained && !(await judged(task, end, noticed))) {
      notes.push(...noticed);
      return;
    }
    const why = end.log.hardware.problem ?? 'not every picture came whole';
    const from = reached.lastPtsUs === null ? '' : ` from ${(reached.lastPtsUs / 1e6).toFixed(2)} s on`;
    notes.push(`${decodesInSoftware(decoder, why)}${from}`);
  }
  const end = yield* oneRun(task, 'none', reached);
  const problem = end && (await judged(task, end, notes));
  if (problem && !signal.aborted) throw problem;
}

function judged(range: FramesTask, end: DecodeEnd, notes: string[]) {
  const { video } = range;
  notes.push(...repairNotes(end.log, { aspectKept: fitsLaterSizes(video.info) }));
  return decodeProblem(video, end, { range, notes });
}

/** The frames of one ffmpeg that were not handed out before. @returns how it ended; null when it was told to stop */
async function* oneRun(
  { start, signal }: FramesTask,
  decoder: Decoder,
  reached: Reached,
): AsyncGenerator<FrameLease, DecodeEnd | null, void> {
  const run = start(decoder);
  const before = reached.lastPtsUs;
  const stop = () => void run.stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for (let lease = await run.next(); lease; lease = await run.next()) {
      const { ptsUs } = lease.frame;
      // What hardware delivers after a complaint may lack pictures: software begins with the one after the last.
      const distrusted = decoder !== 'none' && run.log.complained;
      if (distrusted || (before !== null && ptsUs <= before)) lease.release();
      else {
        reached.lastPtsUs = ptsUs;
        yield lease;
      }
      if (distrusted) await run.stop();
    }
    return signal.aborted ? null : await run.end();
  } finally {
    signal.removeEventListener('abort', stop);
    await run.stop();
  }
}
