import { AffectError } from '../domain/errors.js';
import type { FrameFaces } from '../domain/face.js';
import type { FrameLease, FrameSource } from '../domain/frame.js';
import type { RunSummary, Sink } from '../domain/records.js';
import { Tally } from '../domain/run-tally.js';
import { elapsedSeconds, type Micros } from '../domain/units.js';
import type { FacePipeline, FrameResult, PipelineState } from '../pipeline/face-pipeline.js';
import { mapAhead } from '../rx/map-ahead.js';
import type { JournalEntry, JournalWriter, Replay } from './journal.js';

export interface AnalyzeFramesOptions {
  readonly source: FrameSource;
  readonly pipeline: FacePipeline;
  readonly sink: Sink;
  readonly journal: JournalWriter;
  readonly replay: Replay | undefined;
  readonly signal: AbortSignal;
  readonly onFrame: (frames: number, ptsUs: Micros) => void;
  /** Media seconds between checkpoints; lowering it loses less to a crash, and costs a disk flush each. @default 10 */
  readonly checkpointSeconds?: number;
  /** Leave a checkpoint at the end of a whole run too, so that it can be repeated without computing. @default false */
  readonly checkpointAtEnd?: boolean;
  /** Frames worked on at once. @default 3 */
  readonly depth?: number;
}

interface Located {
  readonly lease: FrameLease;
  readonly faces: FrameFaces | null;
  readonly replayed: (JournalEntry & { type: 'frame' }) | null;
  /** Faces state after this frame, where a checkpoint is due. */
  readonly facesState: PipelineState['faces'] | undefined;
}

type Read = Located & { readonly reading: Awaited<ReturnType<FacePipeline['read']>> | null };

/** How a run over all frames ended: totals, and the error that ended it early, if any. */
export interface FramesOutcome {
  readonly summary: RunSummary;
  readonly error: AffectError | undefined;
}

/** Whether the pipeline knows the frames so far; false while a replay only repeats what was computed before. */
interface Progress {
  restored: boolean;
}

/**
 * Faces of every frame, in order; those of a replay are taken from it, and decoded only for whoever wants pixels. At the
 * end of the replay the pipeline goes on from its checkpoint. Throws INPUT_DAMAGED when the replay is of another video.
 */
async function* locateFrames(options: AnalyzeFramesOptions, progress: Progress): AsyncGenerator<Located, void, void> {
  const { source, pipeline, replay, signal, checkpointSeconds = 10 } = options;
  const checkpoint = replay?.state;
  const replayed = checkpoint && replay?.frames();
  let checkpointAt: Micros | null = null;
  const restore = (): void => {
    if (checkpoint) pipeline.restore(checkpoint);
    progress.restored = true;
  };
  for await (const lease of source.frames(signal)) {
    const { frame } = lease;
    if (!progress.restored) {
      const next = replayed?.next();
      if (next && !next.done) {
        if (next.value.ptsUs !== frame.ptsUs) {
          lease.release();
          const why = `${source.info.path} is not the video the run began with; use --overwrite`;
          throw new AffectError('INPUT_DAMAGED', why);
        }
        yield { lease, faces: null, replayed: next.value, facesState: undefined };
        continue;
      }
      restore();
    }
    checkpointAt ??= frame.ptsUs;
    let faces: FrameFaces;
    try {
      faces = await pipeline.locate(frame);
    } catch (error) {
      lease.release();
      throw error;
    }
    const due = elapsedSeconds(checkpointAt, frame.ptsUs) >= checkpointSeconds;
    if (due) checkpointAt = frame.ptsUs;
    yield { lease, faces, replayed: null, facesState: due ? pipeline.facesState() : undefined };
  }
  if (!progress.restored && !signal.aborted) restore();
}

/** Results of every frame into journal, tally and sink. */
async function writeFrames(options: AnalyzeFramesOptions, progress: Progress, tally: Tally): Promise<void> {
  const { pipeline, sink, journal, depth = 3 } = options;
  const read = async (located: Located): Promise<Read> => ({
    ...located,
    reading: located.faces && (await pipeline.read(located.lease.frame, located.faces)),
  });
  const discard = ({ lease }: Located): void => lease.release();
  for await (const item of mapAhead(locateFrames(options, progress), read, { depth, discard })) {
    const { frame } = item.lease;
    try {
      const result = item.reading ? pipeline.advance(item.reading) : (item.replayed as FrameResult);
      if (item.reading) {
        journal.write({ type: 'frame', ptsUs: frame.ptsUs, records: result.records, episodes: result.episodes });
        if (item.facesState) journal.checkpoint({ faces: item.facesState, temporal: pipeline.temporalState() });
      }
      tally.add(frame.ptsUs, result.records, result.episodes);
      await sink.records(result.records);
      for (const episode of result.episodes) await sink.episode(episode);
      await sink.frame?.(frame, result.records);
      options.onFrame(tally.frames, frame.ptsUs);
    } finally {
      item.lease.release();
    }
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
  const progress: Progress = { restored: replay?.state === undefined };
  let error: AffectError | undefined;
  let unexpected: unknown;
  try {
    await writeFrames(options, progress, tally);
  } catch (caught) {
    if (caught instanceof AffectError && caught.code === 'INPUT_DAMAGED') error = caught;
    else if (!signal.aborted) unexpected = caught;
  }
  if (signal.aborted && !unexpected) {
    const at = timeOf(tally.lastPtsUs);
    error = new AffectError('INTERRUPTED', `stopped at ${at} of ${source.info.path}; continue with --resume`);
  }
  // Without a state of its own the pipeline has nothing that could be ended or kept.
  if (progress.restored && !unexpected) {
    const keep = signal.aborted || (options.checkpointAtEnd === true && !error);
    if (keep) journal.checkpoint({ faces: pipeline.facesState(), temporal: pipeline.temporalState() });
    const last = pipeline.finish();
    tally.addFinal(last);
    for (const episode of last) await sink.episode(episode);
  }
  const status = signal.aborted ? 'interrupted' : error || unexpected ? 'damaged' : 'complete';
  const problem = error?.message ?? (unexpected instanceof Error ? unexpected.message : null);
  const summary = tally.summary(status, problem, source.notes);
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

function timeOf(ptsUs: Micros | null): string {
  return ptsUs === null ? 'the start' : `${(ptsUs / 1e6).toFixed(2)} s`;
}
