import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AffectError } from '../../../src/domain/errors.js';
import type { FaceRecord, RunSummary, Sink } from '../../../src/domain/records.js';
import { type AnalyzeFramesOptions, analyzeFrames } from '../../../src/recording/analyze-frames.js';
import { JournalWriter, openReplay } from '../../../src/recording/journal.js';
import { countedSource, countingPipeline } from '../../support/counted-frames.js';

let dir: string;
let journalPath: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mien-frames-'));
  journalPath = join(dir, 'j');
});
afterEach(() => rmSync(dir, { recursive: true }));

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
    source: countedSource(9),
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
    const from = countedSource(9);
    const { log, sink, summary } = recordingSink();
    const { error } = await run({ source: from, sink });
    expect(error).toBeUndefined();
    expect(log).toEqual(['0:1', '1:2', '2:3', '3:4', '4:5', '5:6', '6:7', '7:8', '8:9', 'end after 9']);
    expect(from.open.size).toBe(0);
    expect(summary()).toMatchObject({ status: 'complete', frames: 9, records: 9, coverage: { 'no-face': 9 } });
  });

  it('keeps what came before damage and reports it', async () => {
    const from = countedSource(9, { failAfter: 3 });
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
    const from = countedSource(9);
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
