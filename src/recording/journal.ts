import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import { AffectError } from '../domain/errors.js';
import type { Episode, FaceRecord } from '../domain/records.js';
import type { Micros } from '../domain/units.js';
import type { PipelineState } from '../pipeline/face-pipeline.js';

/**
 * The journal of a run in progress: everything that was computed, so that an interrupted run loses nothing. A
 * resumed run decodes the video again but takes these results instead of computing them, up to the last checkpoint;
 * its outputs are the same bytes as those of a run that was never interrupted.
 *
 * File: entries of [length u32 little-endian][v8-serialised value]. A torn last entry is dropped.
 */
export type JournalEntry =
  | { readonly type: 'run'; readonly fingerprint: string }
  | {
      readonly type: 'frame';
      readonly ptsUs: Micros;
      readonly records: readonly FaceRecord[];
      readonly episodes: readonly Episode[];
    }
  | { readonly type: 'checkpoint'; readonly state: PipelineState };

const LENGTH_BYTES = 4;
/** An entry holds one frame; anything larger is damage. */
const MAX_ENTRY_BYTES = 64 * 1024 * 1024;
const FLUSH_BYTES = 256 * 1024;

function* readEntries(path: string): Generator<{ entry: JournalEntry; end: number }> {
  const file = openSync(path, 'r');
  try {
    let offset = 0;
    const head = Buffer.alloc(LENGTH_BYTES);
    for (;;) {
      if (readSync(file, head, 0, LENGTH_BYTES, offset) < LENGTH_BYTES) return;
      const length = head.readUInt32LE();
      if (length > MAX_ENTRY_BYTES) return;
      const body = Buffer.alloc(length);
      if (readSync(file, body, 0, length, offset + LENGTH_BYTES) < length) return;
      let entry: JournalEntry;
      try {
        entry = deserialize(body) as JournalEntry;
      } catch {
        return; // torn by a crash: everything before it counts
      }
      offset += LENGTH_BYTES + length;
      yield { entry, end: offset };
    }
  } finally {
    closeSync(file);
  }
}

/** What an interrupted run left behind. */
export interface Replay {
  readonly fingerprint: string;
  /** State at the last checkpoint; undefined when there was none, and the run starts over. */
  readonly state: PipelineState | undefined;
  /** Frames up to the last checkpoint, read from disk one at a time. */
  frames(): Generator<JournalEntry & { type: 'frame' }>;
  /** Bytes of the journal that count. */
  readonly bytes: number;
}

/** Reads a journal; undefined when there is none. */
export function openReplay(path: string): Replay | undefined {
  if (!existsSync(path)) return undefined;
  let fingerprint: string | undefined;
  let state: PipelineState | undefined;
  let bytes = 0;
  for (const { entry, end } of readEntries(path)) {
    if (entry.type === 'run') {
      fingerprint = entry.fingerprint;
      bytes = end;
    }
    if (entry.type === 'checkpoint') {
      state = entry.state;
      bytes = end;
    }
  }
  if (fingerprint === undefined) return undefined;
  return {
    fingerprint,
    state,
    bytes,
    *frames() {
      for (const { entry, end } of readEntries(path)) {
        if (end > bytes) return;
        if (entry.type === 'frame') yield entry;
      }
    },
  };
}

/** Appends to a journal, buffered; `flush` makes it durable. Disk errors become OUTPUT_UNWRITABLE. */
export class JournalWriter {
  readonly #file: number;
  readonly #path: string;
  #position: number;
  /** Bytes up to and with the last checkpoint (or header): what a resumed run can use. */
  #useful: number;
  readonly #write: typeof writeSync;
  #pending: Buffer[] = [];
  #pendingBytes = 0;

  private constructor(path: string, file: number, position: number, write: typeof writeSync) {
    this.#path = path;
    this.#file = file;
    this.#position = position;
    this.#useful = position;
    this.#write = write;
  }

  /**
   * Starts a new journal, or continues one after its first `keepBytes` bytes.
   *
   * @param options.write - replaces the system call, for tests of a full disk
   */
  static open(
    path: string,
    options: { readonly fingerprint: string; readonly keepBytes: number; readonly write?: typeof writeSync },
  ): JournalWriter {
    try {
      const file = openSync(path, options.keepBytes > 0 ? 'r+' : 'w', 0o600);
      ftruncateSync(file, options.keepBytes);
      const writer = new JournalWriter(path, file, options.keepBytes, options.write ?? writeSync);
      if (options.keepBytes === 0) writer.write({ type: 'run', fingerprint: options.fingerprint });
      return writer;
    } catch (error) {
      throw unwritable(path, error);
    }
  }

  write(entry: JournalEntry): void {
    const body = serialize(entry);
    const head = Buffer.alloc(LENGTH_BYTES);
    head.writeUInt32LE(body.byteLength);
    this.#pending.push(head, body);
    this.#pendingBytes += LENGTH_BYTES + body.byteLength;
    if (this.#pendingBytes >= FLUSH_BYTES) this.#drain();
  }

  /** Writes a checkpoint and makes everything up to it durable. */
  checkpoint(state: PipelineState): void {
    this.write({ type: 'checkpoint', state });
    this.#drain();
    this.#useful = this.#position;
    try {
      fsyncSync(this.#file);
    } catch (error) {
      throw unwritable(this.#path, error);
    }
  }

  close(): void {
    this.#drain();
    closeSync(this.#file);
  }

  #drain(): void {
    if (this.#pendingBytes === 0) return;
    const bytes = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#pendingBytes = 0;
    try {
      for (let offset = 0; offset < bytes.byteLength; ) {
        const written = this.#write(this.#file, bytes, offset, bytes.byteLength - offset, this.#position);
        offset += written;
        this.#position += written;
      }
    } catch (error) {
      // The disk is full, as a rule: what no resumed run could use makes room for the outputs' last bytes.
      ftruncateSync(this.#file, this.#useful);
      this.#position = this.#useful;
      throw unwritable(this.#path, error);
    }
  }
}

function unwritable(path: string, error: unknown): AffectError {
  const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return new AffectError('OUTPUT_UNWRITABLE', `cannot write ${path} (${why}); free space or choose another --out`, {
    cause: error,
  });
}
