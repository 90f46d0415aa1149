import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AffectError } from '../../../src/domain/errors.js';
import type { FrameFaces } from '../../../src/domain/face.js';
import type { FrameSource } from '../../../src/domain/frame.js';
import type { Episode, FaceRecord, RunSummary, Sink } from '../../../src/domain/records.js';
import { micros } from '../../../src/domain/units.js';
import { initialFacesState } from '../../../src/faces/track-state.js';
import { buildRecords } from '../../../src/pipeline/build-records.js';
import type { FacePipeline } from '../../../src/pipeline/face-pipeline.js';
import { type AnalyzeFramesOptions, analyzeFrames } from '../../../src/recording/analyze-frames.js';
import { JournalWriter, openReplay } from '../../../src/recording/journal.js';
import { createTemporalState } from '../../../src/temporal/temporal-stage.js';

let dir: string;
let journalPath: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mien-frames-'));
  journalPath = join(dir, 'j');
});
afterEach(() => rmSync(dir, { recursive: true }));

/** A source of numbered frames, 40 ms apart, that counts its leases; it may be damaged after `failAfter` frames. */
function source(frames: number, failAfter?: number) {
  const open = new Set<number>();
  const made: FrameSource & { open: Set<number> } = {
    open,
    notes: [],
    info: {
      path: 'clip.mp4',
      streamIndex: 0,
      codec: 'h264',
      pixelFormat: 'yuv420p',
      widthPx: 2,
      heightPx: 2,
      sourceWidthPx: 2,
      sourceHeightPx: 2,
      startOffsetSeconds: 0,
      rotationDegrees: 0,
      durationSeconds: null,
      frameCount: null,
      nominalFps: null,
    },
    async *frames(signal) {
      for (let index = 0; index < frames; index++) {
        if (signal.aborted) return;
        if (index === failAfter) throw new AffectError('INPUT_DAMAGED', 'clip.mp4 is truncated at 0.12 s');
        open.add(index);
        yield {
          frame: {
            index,
            ptsUs: micros(index * 40_000),
            widthPx: 2,
            heightPx: 2,
            data: new Uint8Array(new SharedArrayBuffer(6)),
          },
          release: () => expect(open.delete(index)).toBe(true),
        };
      }
    },
  };
  return made;
}

/** A pipeline whose states count the frames seen; the source of a record shows the later one. */
function countingPipeline(located: number[] = []): FacePipeline {
  let faces = 0;
  let temporal = 0;
  return {
    async locate(frame) {
      faces += 1;
      located.push(frame.index);
      return {
        frameIndex: frame.index,
        ptsUs: frame.ptsUs,
        faces: [],
        endedTracks: [],
        sceneCut: false,
      } satisfies FrameFaces;
    },
    read: async (_frame, seen) => ({ faces: seen, evidence: [] }),
    advance({ faces: seen }) {
      temporal += 1;
      const [record] = buildRecords({ source: `${temporal}`, emotions: true, actionUnits: false }, seen, new Map());
      return { records: [record!], episodes: [] };
    },
    finish: () => [{ id: `end after ${temporal}` } as Episode],
    weighIn: () => null,
    facesState: () => ({ ...initialFacesState(), nextTrackId: faces }),
    temporalState: () => ({ ...createTemporalState('clip'), nowUs: temporal }),
    restore(state) {
      faces = state.faces.nextTrackId;
      temporal = state.temporal.nowUs!;
    },
  };
}

function recordingSink() {
  const log: string[] = [];
  let summary: RunSummary | undefined;
  const sink: Sink = {
    name: 'recording',
    records: (records: readonly FaceRecord[]) => void log.push(...records.map((r) => `${r.frame}:${r.source}`)),
    episode: (episode) => void log.push(episode.id),
    close: async (closed) => {
      summary = closed;
    },
  };
  return { log, sink, summary: () => summary! };
}

const fresh = () => JournalWriter.open(journalPath, { fingerprint: 'f', keepBytes: 0 });
const never = new AbortController().signal;

/** Drives nine frames, or those given, through a new run. */
const run = (more: Pick<AnalyzeFramesOptions, 'sink'> & Partial<AnalyzeFramesOptions>) =>
  analyzeFrames({
    source: source(9),
    pipeline: countingPipeline(),
    replay: undefined,
    signal: never,
    onFrame: () => undefined,
    checkpointSeconds: 0.1,
    ...more,
    // A new one would empty the file of the one that is given.
    journal: more.journal ?? fresh(),
  });

async function uninterrupted() {
  const { log, sink } = recordingSink();
  await run({ sink });
  return log;
}

describe('analyzeFrames', () => {
  it('writes every frame in order, releases every lease, and ends what goes on', async () => {
    const from = source(9);
    const { log, sink, summary } = recordingSink();
    const { error } = await run({ source: from, sink });
    expect(error).toBeUndefined();
    expect(log).toEqual(['0:1', '1:2', '2:3', '3:4', '4:5', '5:6', '6:7', '7:8', '8:9', 'end after 9']);
    expect(from.open.size).toBe(0);
    expect(summary()).toMatchObject({ status: 'complete', frames: 9, records: 9, coverage: { 'no-face': 9 } });
  });

  it('keeps what came before damage and reports it', async () => {
    const from = source(9, 3);
    const { log, sink, summary } = recordingSink();
    const { error } = await run({ source: from, sink });
    expect(error?.code).toBe('INPUT_DAMAGED');
    expect(log).toEqual(['0:1', '1:2', '2:3', 'end after 3']);
    expect(summary()).toMatchObject({ status: 'damaged', problem: 'clip.mp4 is truncated at 0.12 s' });
    expect(from.open.size).toBe(0);
  });

  it.each([1, 4, 8])(
    'an interruption after %i frames loses nothing, and the resumed run gives the same',
    async (stopAfter) => {
      const stop = new AbortController();
      const first = recordingSink();
      const interrupted = await run({
        sink: first.sink,
        signal: stop.signal,
        onFrame: (frames) => frames === stopAfter && stop.abort(),
      });
      expect(interrupted.error?.code).toBe('INTERRUPTED');
      expect(first.summary().status).toBe('interrupted');

      const replay = openReplay(journalPath)!;
      const located: number[] = [];
      const second = recordingSink();
      await run({
        sink: second.sink,
        pipeline: countingPipeline(located),
        journal: JournalWriter.open(journalPath, { fingerprint: 'f', keepBytes: replay.bytes }),
        replay,
      });
      expect(second.log).toEqual(await uninterrupted());
      expect(located[0] ?? 9).toBe(first.summary().frames);
    },
  );

  it('closes the sink when writing fails, then throws the first error', async () => {
    const from = source(9);
    let closed: RunSummary | undefined;
    const sink: Sink = {
      name: 'full',
      records: ([record]) => {
        if (record!.frame === 2) throw new AffectError('OUTPUT_UNWRITABLE', 'disk full');
      },
      episode: () => undefined,
      close: async (summary) => {
        closed = summary;
        throw new Error('close fails too');
      },
    };
    await expect(run({ source: from, sink })).rejects.toThrow('disk full');
    expect(closed).toMatchObject({ status: 'damaged', problem: 'disk full' });
    expect(from.open.size).toBe(0);
  });
});
