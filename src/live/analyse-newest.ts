import { concatMap, filter, finalize, type Observable } from 'rxjs';
import type { AffectEvidence } from '../domain/affect.js';
import type { FrameFaces } from '../domain/face.js';
import type { Frame } from '../domain/frame.js';
import type { InsightFusion } from '../domain/insight.js';
import type { DropReason, LiveFrame, Telemetry } from '../domain/live.js';
import type { Episode, FaceRecord } from '../domain/records.js';
import { type AskTurn, latestMap } from '../rx/latest-map.js';

/** The stages as a camera needs them; `Reading` is what the affect stage says of one frame. */
export interface LiveStages<Reading = unknown> {
  /** Called in order, one frame at a time. */
  locate(frame: Frame): Promise<FrameFaces>;
  /** May overlap with the next `locate`. */
  read(frame: Frame, faces: FrameFaces): Promise<Reading>;
  /** Called in order. */
  settle(reading: Reading): { readonly records: readonly FaceRecord[]; readonly episodes: readonly Episode[] };
  /** Admits evidence on a frame of the past for frames settled from now on; null where no emotion is inferred. */
  weighIn(evidence: AffectEvidence): InsightFusion | null;
  /** Ends the episodes that go on; the stages may be used further. */
  finish(): readonly Episode[];
}

export interface AnalysedFrame {
  /** Still on loan: whoever receives this releases it. */
  readonly live: LiveFrame;
  readonly records: readonly FaceRecord[];
  readonly episodes: readonly Episode[];
}

export interface AnalyseOptions {
  readonly stages: LiveStages;
  readonly telemetry: Pick<Telemetry, 'stageDuration'>;
  readonly now: () => number;
  /** Asks for a turn at the lanes, which all cameras share; a frame keeps its turn until its affect is read. */
  readonly askTurn: AskTurn;
  /** A frame that is given up; its lease was released. */
  readonly onDrop: (reason: DropReason) => void;
  /** An analysis failed for another reason than the frame itself; frames go on. */
  readonly onError: (error: unknown) => void;
}

interface Started {
  readonly live: LiveFrame;
  readonly reading: Promise<unknown>;
}

/**
 * Analyses one camera's frames, the newest first served: while one frame's faces are located, or others have their turn,
 * the newest other frame waits and the rest are given up as superseded. Reading the affect of a frame overlaps with locating the next; at
 * most two frames are worked on and one waits, so no more than four buffers are ever in use.
 */
export function analyseNewest(frames: Observable<LiveFrame>, options: AnalyseOptions): Observable<AnalysedFrame> {
  const { stages, telemetry, now, askTurn, onDrop, onError } = options;
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
  const start = async (live: LiveFrame, endTurn: () => void): Promise<Started | null> => {
    const { frame } = live.lease;
    try {
      const faces = await timed('locate', () => stages.locate(frame));
      await lastReading; // never a third frame in work
      if (stopped) {
        endTurn();
        return giveUp(live, 'shutdown');
      }
      const reading = timed('read', () => stages.read(frame, faces));
      lastReading = reading.catch(() => undefined).finally(endTurn); // its error is met where the result is awaited
      return { live, reading };
    } catch (error) {
      endTurn();
      return failed(live, error);
    }
  };
  const settle = async ({ live, reading }: Started): Promise<AnalysedFrame | null> => {
    try {
      const read = await reading;
      if (stopped) return giveUp(live, 'shutdown');
      const started = now();
      const result = stages.settle(read);
      telemetry.stageDuration('settle', now() - started);
      const wallTime = new Date(live.wallTimeMs).toISOString();
      return { live, episodes: result.episodes, records: result.records.map((record) => ({ ...record, wallTime })) };
    } catch (error) {
      return failed(live, error);
    }
  };
  return frames.pipe(
    latestMap((live: LiveFrame, _signal, endTurn) => start(live, endTurn), { concurrency: 1, askTurn, onDrop: giveUp }),
    filter((started): started is Started => started !== null),
    concatMap(settle),
    filter((analysed): analysed is AnalysedFrame => analysed !== null),
    finalize(() => {
      stopped = true;
    }),
  );
}
