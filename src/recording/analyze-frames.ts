import type { Area } from '../domain/areas.js';
import { AffectError } from '../domain/errors.js';
import type { Frame, FrameSource } from '../domain/frame.js';
import type { FaceRecord, RunSummary, Sink } from '../domain/records.js';
import { Tally } from '../domain/run-tally.js';
import type { VoiceTrack } from '../domain/sound.js';
import type { Micros } from '../domain/units.js';
import type { FacePipeline } from '../pipeline/face-pipeline.js';
import type { JournalWriter, Replay } from './journal.js';
import { type EarlierFrames, readFrames } from './read-frames.js';
import { stoppedAt } from './run-facts.js';

export interface AnalyzeFramesOptions {
  readonly source: FrameSource;
  readonly pipeline: FacePipeline;
  /** The voice in the sound beside it, for what was noticed of it. @default there is no sound */
  readonly voice?: Pick<VoiceTrack, 'notes'>;
  /** @default none */
  readonly zones?: readonly Area[];
  readonly sink: Sink;
  readonly journal: JournalWriter;
  readonly replay: Replay | undefined;
  readonly signal: AbortSignal;
  /** Draws over a frame before anything is made of its pixels. */
  readonly hide?: (frame: Frame, records: readonly FaceRecord[]) => void;
  readonly onFrame: (frames: number, ptsUs: Micros) => void;
  /** Called once no more frames are read, before files are finished. */
  readonly onRead?: () => void;
  /** Media seconds between checkpoints; lowering it loses less to a crash, and costs a disk flush each. @default 10 */
  readonly checkpointSeconds?: number;
  /** Leave a checkpoint at the end of a whole run too, so that it can be repeated without computing. @default false */
  readonly checkpointAtEnd?: boolean;
  /** Frames worked on at once. @default 3 */
  readonly depth?: number;
}

/** How a run over all frames ended: totals, and the error that ended it early, if any. */
export interface FramesOutcome {
  readonly summary: RunSummary;
  readonly error: AffectError | undefined;
}

/** The frames of a replay, which must be of the same video; undefined when it has none to go on from. */
function earlierFrames(
  { replay, source, pipeline }: AnalyzeFramesOptions,
  onRestore: () => void,
): EarlierFrames | undefined {
  const state = replay?.state;
  if (!state) return undefined;
  const frames = replay.frames();
  return {
    next(ptsUs) {
      const next = frames.next();
      if (next.done) return undefined;
      if (next.value.ptsUs === ptsUs) return next.value;
      const why = `${source.info.path} is not the video the run began with; use --overwrite`;
      throw new AffectError('INPUT_DAMAGED', why);
    },
    restore() {
      pipeline.restore(state);
      onRestore();
    },
  };
}

/** Results of every frame into journal, tally and sink. */
async function writeFrames(
  options: AnalyzeFramesOptions,
  earlier: EarlierFrames | undefined,
  tally: Tally,
): Promise<void> {
  const { sink, journal, checkpointSeconds = 10 } = options;
  for await (const read of readFrames({ ...options, earlier, checkpointSeconds })) {
    const { frame, records, episodes, computed, checkpoint } = read;
    if (computed) journal.write({ type: 'frame', ptsUs: frame.ptsUs, records, episodes });
    if (checkpoint) journal.checkpoint(checkpoint);
    tally.add(frame.ptsUs, records, episodes);
    await sink.records(records);
    for (const episode of episodes) await sink.episode(episode);
    options.hide?.(frame, records);
    await sink.frame?.(frame, records);
    options.onFrame(tally.frames, frame.ptsUs);
  }
}

/**
 * Drives one recorded video through its pipeline into the sink: nothing is dropped, memory is bounded, results are
 * journaled before they are written. A replay's frames are decoded again but not computed again.
 * Damage and interruption end the run early with everything up to there written; other errors are thrown after the
 * sink was closed.
 */
export async function analyzeFrames(options: AnalyzeFramesOptions): Promise<FramesOutcome> {
  const { source, pipeline, sink, journal, replay, signal } = options;
  const tally = new Tally();
  // While a replay only repeats what was computed before, the pipeline has nothing that could be ended or kept.
  let restored = replay?.state === undefined;
  const onRestore = (): void => {
    restored = true;
  };
  let error: AffectError | undefined;
  let unexpected: unknown;
  try {
    await writeFrames(options, earlierFrames(options, onRestore), tally);
  } catch (caught) {
    if (caught instanceof AffectError && caught.code === 'INPUT_DAMAGED') error = caught;
    else if (!signal.aborted) unexpected = caught;
  }
  options.onRead?.();
  if (signal.aborted && !unexpected) {
    error = new AffectError('INTERRUPTED', `${stoppedAt(source.info.path, tally.lastPtsUs)}; continue with --resume`);
  }
  if (restored && !unexpected) {
    const keep = signal.aborted || (options.checkpointAtEnd === true && !error);
    if (keep) journal.checkpoint({ faces: pipeline.facesState(), ...pipeline.advancedState() });
    const last = pipeline.finish();
    tally.addFinal(last);
    for (const episode of last) await sink.episode(episode);
  }
  const status = signal.aborted ? 'interrupted' : error || unexpected ? 'damaged' : 'complete';
  const problem = error?.message ?? (unexpected instanceof Error ? unexpected.message : null);
  const summary = tally.summary(status, problem, [...source.notes, ...(options.voice?.notes ?? [])]);
  try {
    await sink.close(summary);
  } catch (caught) {
    unexpected ??= caught; // the first failure is the cause; this one follows from it
  } finally {
    journal.close();
  }
  if (unexpected) throw unexpected;
  return { summary, error };
}
