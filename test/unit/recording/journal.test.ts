import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AffectError } from '../../../src/domain/errors.js';
import { micros } from '../../../src/domain/units.js';
import { initialFacesState } from '../../../src/faces/track-state.js';
import type { PipelineState } from '../../../src/pipeline/face-pipeline.js';
import { JournalWriter, openReplay } from '../../../src/recording/journal.js';
import { createSpeechState } from '../../../src/speech/speech-stage.js';
import { createTemporalState } from '../../../src/temporal/temporal-stage.js';

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mien-journal-'));
  path = join(dir, 'a.journal');
});
afterEach(() => rmSync(dir, { recursive: true }));

const frame = (pts: number) => ({ type: 'frame', ptsUs: micros(pts), records: [], episodes: [] }) as const;
const ptsOf = (path: string) => [...(openReplay(path)?.frames() ?? [])].map((entry) => entry.ptsUs);

function writeTwoCheckpoints(): void {
  const writer = JournalWriter.open(path, { fingerprint: 'f', keepBytes: 0 });
  writer.write(frame(1));
  writer.checkpoint(stateOf('zero'));
  writer.write(frame(2));
  writer.checkpoint(stateOf('second'));
  writer.write(frame(3));
  writer.close();
}

/** A state that tells itself apart, with the Maps and arrays that JSON would lose. */
const stateOf = (source: string): PipelineState => ({
  faces: initialFacesState(),
  speech: createSpeechState(),
  temporal: createTemporalState(source),
});

describe('journal', () => {
  it('is absent when there is no file or no complete header', () => {
    expect(openReplay(path)).toBeUndefined();
    appendFileSync(path, Buffer.from([9, 0, 0, 0, 1]));
    expect(openReplay(path)).toBeUndefined();
  });

  it('replays frames up to the last checkpoint, with its state', () => {
    writeTwoCheckpoints();
    const replay = openReplay(path);
    expect(replay?.fingerprint).toBe('f');
    expect(replay?.state).toEqual(stateOf('second'));
    expect(ptsOf(path)).toEqual([1, 2]);
  });

  it('falls back to the checkpoint before when torn at any byte', () => {
    writeTwoCheckpoints();
    const whole = readFileSync(path).byteLength;
    let seenOne = false;
    for (let bytes = whole - 1; bytes > 4; bytes -= 1) {
      truncateSync(path, bytes);
      const frames = ptsOf(path);
      expect([[], [1], [1, 2]]).toContainEqual(frames);
      seenOne ||= frames.length === 1;
    }
    expect(seenOne).toBe(true);
  });

  it('continues after the bytes that count', () => {
    writeTwoCheckpoints();
    const writer = JournalWriter.open(path, { fingerprint: 'f', keepBytes: openReplay(path)!.bytes });
    writer.write(frame(30));
    writer.checkpoint(stateOf('third'));
    writer.close();
    expect(ptsOf(path)).toEqual([1, 2, 30]);
    expect(openReplay(path)?.state).toEqual(stateOf('third'));
  });

  it('on a full disk gives back all that no resumed run could use', () => {
    let full = false;
    const write = ((...args: Parameters<typeof writeSync>) => {
      if (full) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      return writeSync(...args);
    }) as typeof writeSync;
    const writer = JournalWriter.open(path, { fingerprint: 'f', keepBytes: 0, write });
    writer.write(frame(1));
    writer.checkpoint(stateOf('first'));
    const useful = readFileSync(path).byteLength;
    writer.write(frame(2));
    full = true;
    expect(() => writer.checkpoint(stateOf('second'))).toThrow(/ENOSPC/);
    expect(readFileSync(path).byteLength).toBe(useful);
    writer.close();
    expect(ptsOf(path)).toEqual([1]);
    expect(openReplay(path)?.state).toEqual(stateOf('first'));
  });

  it('names the file and the fix when it cannot be written', () => {
    const open = () => JournalWriter.open(join(dir, 'missing', 'a.journal'), { fingerprint: 'f', keepBytes: 0 });
    expect(open).toThrow(AffectError);
    expect(open).toThrow(/cannot write .*a\.journal \(ENOENT\)/);
  });
});
