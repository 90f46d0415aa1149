import { nameZones } from '../areas/name-zones.js';
import type { Area } from '../domain/areas.js';
import type { FrameFaces } from '../domain/face.js';
import type { Frame, FrameLease, FrameSource } from '../domain/frame.js';
import { elapsedSeconds, type Micros } from '../domain/units.js';
import type { FacePipeline, FrameResult, PipelineState } from '../pipeline/face-pipeline.js';
import { mapAhead } from '../rx/map-ahead.js';

/** What an earlier run has computed of the same frames, up to a checkpoint. */
export interface EarlierFrames {
  /** The result of the next frame, which is at `ptsUs`; undefined after the last. Throws when it was at another time. */
  next(ptsUs: Micros): FrameResult | undefined;
  /** Called once, where these frames end: puts the pipeline into the state of the checkpoint. */
  restore(): void;
}

export interface ReadFramesOptions {
  readonly source: FrameSource;
  readonly pipeline: FacePipeline;
  /** Faces are told with the names of those they are in. @default none */
  readonly zones?: readonly Area[];
  readonly signal: AbortSignal;
  readonly earlier?: EarlierFrames | undefined;
  /** Media seconds between checkpoints. @default none are made */
  readonly checkpointSeconds?: number;
  /** Frames worked on at once. @default 3 */
  readonly depth?: number;
}

/** One frame with what was read of it. */
export interface ReadFrame extends FrameResult {
  /** Its pixels are valid until the next frame is asked for. */
  readonly frame: Frame;
  /** False where the result is an earlier run's. */
  readonly computed: boolean;
  /** State of the pipeline after this frame, where a checkpoint is due. */
  readonly checkpoint: PipelineState | undefined;
}

interface Located {
  readonly lease: FrameLease;
  readonly found: { readonly faces: FrameFaces } | { readonly earlier: FrameResult };
  /** After this frame, where a checkpoint is due. */
  readonly facesState?: PipelineState['faces'];
}

/** Faces of every frame, in order; where an earlier run has computed it, its result. */
async function* locateFrames(options: ReadFramesOptions): AsyncGenerator<Located, void, void> {
  const { source, pipeline, signal, checkpointSeconds = Number.POSITIVE_INFINITY } = options;
  let { earlier } = options;
  let checkpointAt: Micros | null = null;
  const endEarlier = (): void => {
    earlier?.restore();
    earlier = undefined;
  };
  const locate = async (lease: FrameLease): Promise<Located> => {
    const { frame } = lease;
    const result = earlier?.next(frame.ptsUs);
    if (result) return { lease, found: { earlier: result } };
    endEarlier();
    checkpointAt ??= frame.ptsUs;
    const found = { faces: await pipeline.locate(frame) };
    if (elapsedSeconds(checkpointAt, frame.ptsUs) < checkpointSeconds) return { lease, found };
    checkpointAt = frame.ptsUs;
    return { lease, found, facesState: pipeline.facesState() };
  };
  for await (const lease of source.frames(signal)) yield await releasedOnFailure(lease, () => locate(lease));
  if (!signal.aborted) endEarlier();
}

async function releasedOnFailure<T>(lease: FrameLease, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    lease.release();
    throw error;
  }
}

/**
 * Reads every frame of a recorded video, in order; nothing is dropped. Frames are decoded and read no more than `depth`
 * ahead of whoever takes them. Ends quietly when the signal aborts, after the frames that were begun. A consumer that
 * leaves early stops the decoder, and waits for the frames that were begun. Errors: those of the source, after the last
 * good frame, and of the pipeline.
 */
export async function* readFrames(options: ReadFramesOptions): AsyncGenerator<ReadFrame, void, void> {
  const { pipeline, depth = 3, zones = [] } = options;
  const left = new AbortController();
  const signal = AbortSignal.any([options.signal, left.signal]);
  const read = async (located: Located) => {
    const { lease, found } = located;
    if ('earlier' in found) return { ...located, reading: null, earlier: found.earlier };
    return { ...located, reading: await releasedOnFailure(lease, () => pipeline.read(lease.frame, found.faces)) };
  };
  const named = ({ records, episodes }: FrameResult, frame: Frame): FrameResult => ({
    records: nameZones(records, zones, frame),
    episodes,
  });
  const discard = ({ lease }: Located): void => lease.release();
  const onLeave = (): void => left.abort();
  for await (const item of mapAhead(locateFrames({ ...options, signal }), read, { depth, discard, onLeave })) {
    const { lease, facesState } = item;
    try {
      const { records, episodes } = item.reading ? named(pipeline.advance(item.reading), lease.frame) : item.earlier;
      const checkpoint = facesState && { faces: facesState, ...pipeline.advancedState() };
      yield { frame: lease.frame, records, episodes, computed: item.reading !== null, checkpoint };
    } finally {
      lease.release();
    }
  }
}
