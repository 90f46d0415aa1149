import { concatMap, filter, finalize, type Observable } from 'rxjs';
import { nameZones } from '../areas/name-zones.js';
import type { Area } from '../domain/areas.js';
import type { DropReason, LiveFrame } from '../domain/live.js';
import type { Telemetry } from '../domain/telemetry.js';
import type { FramePipeline, FrameResult } from '../pipeline/face-pipeline.js';
import { type AskTurn, latestMap } from '../rx/latest-map.js';

export interface AnalysedFrame extends FrameResult {
  /** Still on loan: whoever receives this releases it. */
  readonly live: LiveFrame;
}

export interface AnalyseOptions<Reading> {
  readonly pipeline: Pick<FramePipeline<Reading>, 'locate' | 'read' | 'advance'>;
  readonly telemetry: Pick<Telemetry, 'stageDuration'>;
  /** Those of the camera now: faces are told with the names of theirs. @default none */
  readonly zones?: () => readonly Area[];
  readonly now: () => number;
  /** Asks for a turn at the lanes, which all cameras share; a frame keeps its turn until its affect is read. */
  readonly askTurn: AskTurn;
  /** A frame that is given up; its lease was released. */
  readonly onDrop: (reason: DropReason) => void;
  /** An analysis failed for another reason than the frame itself; frames go on. */
  readonly onError: (error: unknown) => void;
}

interface Started<Reading> {
  readonly live: LiveFrame;
  readonly reading: Promise<Reading>;
}

/**
 * Analyses one camera's frames, the newest first served: while one frame's faces are located, or others have their turn,
 * the newest other frame waits and the rest are given up as superseded. Reading the affect of a frame overlaps with locating the next; at
 * most two frames are worked on and one waits, so no more than four buffers are ever in use.
 */
export function analyseNewest<Reading>(
  frames: Observable<LiveFrame>,
  options: AnalyseOptions<Reading>,
): Observable<AnalysedFrame> {
  const { pipeline, telemetry, zones = () => [], now, askTurn, onDrop, onError } = options;
  let lastReading: Promise<unknown> = Promise.resolve();
  /** True once nobody listens: work in flight then ends without a result. */
  let stopped = false;

  const giveUp = (live: LiveFrame, reason: DropReason): null => {
    live.lease.release();
    onDrop(reason);
    return null;
  };
  const failed = (live: LiveFrame, error: unknown): null => {
    if (stopped) return giveUp(live, 'shutdown'); // what it needed is being closed
    onError(error);
    return giveUp(live, 'failed');
  };
  const timed = async <T>(stage: 'locate' | 'read', work: () => Promise<T>): Promise<T> => {
    const started = now();
    const result = await work();
    telemetry.stageDuration(stage, now() - started);
    return result;
  };
  const start = async (live: LiveFrame, endTurn: () => void): Promise<Started<Reading> | null> => {
    const { frame } = live.lease;
    try {
      const faces = await timed('locate', () => pipeline.locate(frame));
      await lastReading; // never a third frame in work
      if (stopped) {
        endTurn();
        return giveUp(live, 'shutdown');
      }
      const reading = timed('read', () => pipeline.read(frame, faces));
      lastReading = reading.catch(() => undefined).finally(endTurn); // its error is met where the result is awaited
      return { live, reading };
    } catch (error) {
      endTurn();
      return failed(live, error);
    }
  };
  const advance = async ({ live, reading }: Started<Reading>): Promise<AnalysedFrame | null> => {
    try {
      const read = await reading;
      if (stopped) return giveUp(live, 'shutdown');
      const started = now();
      const result = pipeline.advance(read);
      telemetry.stageDuration('advance', now() - started);
      const wallTime = new Date(live.wallTimeMs).toISOString();
      const records = nameZones(result.records, zones(), live.lease.frame);
      return { live, episodes: result.episodes, records: records.map((record) => ({ ...record, wallTime })) };
    } catch (error) {
      return failed(live, error);
    }
  };
  return frames.pipe(
    latestMap((live: LiveFrame, _signal, endTurn) => start(live, endTurn), { concurrency: 1, askTurn, onDrop: giveUp }),
    filter((started): started is Started<Reading> => started !== null),
    concatMap(advance),
    filter((analysed): analysed is AnalysedFrame => analysed !== null),
    finalize(() => {
      stopped = true;
    }),
  );
}
