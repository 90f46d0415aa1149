import { Writable } from 'node:stream';
import type { ColourMatrix } from '../domain/colour.js';
import type { FrameLease } from '../domain/frame.js';
import { type Micros, micros } from '../domain/units.js';
import { type FfmpegArguments, PTS_OFFSET_US } from './decode-arguments.js';
import { DecodeLog } from './decode-log.js';
import { type FfmpegExit, type FfmpegRun, runFfmpeg } from './ffmpeg-process.js';
import { FramePool, type FrameSlot } from './frame-pool.js';
import { NutDemuxer } from './nut-demuxer.js';
import { pictureSize } from './nut-headers.js';
import { Watchdog } from './watchdog.js';

const KILL_GRACE_MS = 2_000;
/** Big enough that pipe() does not pause and resume the socket for every 64 KiB read. */
const SINK_BYTES = 512 * 1024;

export interface DecodeTask {
  readonly arguments: FfmpegArguments;
  readonly input: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly matrix: ColourMatrix;
  readonly poolSlots: number;
  /** Longest silence of ffmpeg while we wait for it. */
  readonly stallMs: number;
}

/** Facts about a decoder run that has ended; `video-file.ts` judges them. */
export interface DecodeEnd {
  readonly exit: FfmpegExit;
  readonly log: DecodeLog;
  readonly firstPtsUs: Micros | null;
  readonly lastPtsUs: Micros | null;
  readonly frames: number;
  readonly stalled: boolean;
  /** Why the stream from ffmpeg could not be read any further, or null. */
  readonly streamProblem: string | null;
  /** It ended inside a frame. */
  readonly cutOff: boolean;
}

/**
 * One ffmpeg process and the frames it delivers. ffmpeg's output is read only while a frame buffer is free, so it runs
 * at most `poolSlots` frames ahead of the reader and then blocks in its write.
 */
export class DecodeRun {
  readonly #task: DecodeTask;
  readonly #pool: FramePool;
  readonly #demuxer = new NutDemuxer();
  readonly #log = new DecodeLog();
  readonly #ready: FrameLease[] = [];
  readonly #ffmpeg: FfmpegRun;
  readonly #watchdog: Watchdog;
  #wake: (() => void) | undefined;
  #exit: FfmpegExit | undefined;
  #slot: FrameSlot | undefined;
  #slotPtsUs = 0;
  #nextIndex = 0;
  #firstPtsUs: Micros | null = null;
  #lastPtsUs: Micros | null = null;
  #streamProblem: string | null = null;
  #stalled = false;
  #sinkEnded = false;
  #stopping = false;

  constructor(task: DecodeTask) {
    this.#task = task;
    const { poolSlots: slots, widthPx, heightPx, matrix } = task;
    this.#pool = new FramePool({ slots, widthPx, heightPx, matrix });
    const sink = new Writable({
      highWaterMark: SINK_BYTES,
      emitClose: false,
      decodeStrings: false,
      write: (chunk: Uint8Array, _encoding, done) => this.#write(chunk, done),
      final: (done) => {
        this.#sinkEnded = true;
        this.#notify();
        done();
      },
    });
    this.#ffmpeg = runFfmpeg({
      inputOptions: task.arguments.input,
      input: task.input,
      outputOptions: task.arguments.output,
      output: sink,
      onStderrLine: (line) => this.#log.add(line),
    });
    this.#watchdog = new Watchdog({ silenceMs: task.stallMs, onSilence: () => this.#stall() });
    void this.#ffmpeg.exited.then((exit) => {
      this.#exit = exit;
      if (exit.spawnError !== null) this.#sinkEnded = true;
      this.#watchdog.rest();
      this.#notify();
    });
  }

  /** The next frame in order, or undefined when there are no more (or `stop` was called). */
  async next(): Promise<FrameLease | undefined> {
    for (;;) {
      if (this.#stopping) return undefined;
      const lease = this.#ready.shift();
      if (lease) return lease;
      // The process may be seen to exit before its last output was read.
      if (this.#sinkEnded && this.#exit) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** What ffmpeg has said up to now. */
  get log(): DecodeLog {
    return this.#log;
  }

  /** How it ended. Only after `next` returned undefined by itself. */
  async end(): Promise<DecodeEnd> {
    const exit = await this.#ffmpeg.exited;
    return {
      exit,
      log: this.#log,
      firstPtsUs: this.#firstPtsUs,
      lastPtsUs: this.#lastPtsUs,
      frames: this.#nextIndex,
      stalled: this.#stalled,
      streamProblem: this.#streamProblem,
      cutOff: !this.#demuxer.atBoundary,
    };
  }

  /** Ends ffmpeg, waits until the process is gone, and takes back every frame not yet handed out. Idempotent. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#watchdog.rest();
    this.#pool.close();
    this.#notify();
    await this.#ffmpeg.stop(KILL_GRACE_MS);
    this.#slot?.putBack();
    this.#slot = undefined;
    for (const lease of this.#ready.splice(0)) lease.release();
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  #stall(): void {
    this.#stalled = true;
    // A process that hangs will not write, so nothing has to be drained.
    void this.#ffmpeg.stop(KILL_GRACE_MS);
  }

  #write(chunk: Uint8Array, done: () => void): void {
    if (this.#stopping || this.#streamProblem !== null) {
      done(); // Drained, so that ffmpeg can end.
      return;
    }
    if (!this.#exit) this.#watchdog.feed();
    this.#demuxer.push(chunk);
    this.#drive(done);
  }

  /** Works through the pushed bytes; returns early, and goes on later, when no frame buffer is free. */
  #drive(done: () => void): void {
    for (;;) {
      const event = this.#demuxer.next();
      switch (event.kind) {
        case 'need-data':
          done();
          return;
        case 'stream': {
          const { widthPx, heightPx } = pictureSize(event.stream);
          if (widthPx === this.#task.widthPx && heightPx === this.#task.heightPx) break;
          this.#fail(`ffmpeg sent ${widthPx}x${heightPx} frames`, done);
          return;
        }
        case 'frame-start': {
          this.#slotPtsUs = event.ptsUs - PTS_OFFSET_US;
          const slot = this.#pool.tryAcquire();
          if (!slot) {
            void this.#waitForSlot(done);
            return;
          }
          this.#begin(slot);
          break;
        }
        case 'frame-end':
          this.#finish();
          break;
        case 'broken':
          this.#fail(event.problem, done);
          return;
      }
    }
  }

  async #waitForSlot(done: () => void): Promise<void> {
    this.#watchdog.rest(); // The reader is slow, not ffmpeg.
    const slot = await this.#pool.acquire();
    if (!slot) {
      done();
      return;
    }
    if (!this.#exit) this.#watchdog.feed();
    this.#begin(slot);
    this.#drive(done);
  }

  #begin(slot: FrameSlot): void {
    this.#slot = slot;
    this.#demuxer.fill(slot.data);
  }

  #finish(): void {
    const slot = this.#slot!;
    this.#slot = undefined;
    const after = this.#lastPtsUs === null ? Number.NEGATIVE_INFINITY : this.#lastPtsUs;
    // The filter graph already keeps PTS rising; rounding to µs in the muxer must not undo it.
    const ptsUs = micros(Math.max(this.#slotPtsUs, after + 1));
    this.#firstPtsUs ??= ptsUs;
    this.#lastPtsUs = ptsUs;
    this.#ready.push(slot.lend({ index: this.#nextIndex++, ptsUs }));
    this.#notify();
  }

  #fail(problem: string, done: () => void): void {
    this.#streamProblem = problem;
    void this.#ffmpeg.stop(KILL_GRACE_MS);
    done();
  }
}
