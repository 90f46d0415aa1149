import type { ColourMatrix } from '../domain/colour.js';
import type { FrameLease } from '../domain/frame.js';
import { type Micros, micros } from '../domain/units.js';
import { PTS_OFFSET_US } from './decode-arguments.js';
import { DecodeLog } from './decode-log.js';
import { FfmpegOutput, type OutputTask } from './ffmpeg-output.js';
import type { FfmpegExit } from './ffmpeg-process.js';
import { FramePool, type FrameSlot } from './frame-pool.js';
import { NutDemuxer } from './nut-demuxer.js';
import { pictureSize } from './nut-headers.js';

/** Big enough that pipe() does not pause and resume the socket for every 64 KiB read. */
const SINK_BYTES = 512 * 1024;

export interface DecodeTask extends OutputTask {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly matrix: ColourMatrix;
  readonly poolSlots: number;
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
  readonly #output: FfmpegOutput;
  #slot: FrameSlot | undefined;
  #slotPtsUs = 0;
  #nextIndex = 0;
  #firstPtsUs: Micros | null = null;
  #lastPtsUs: Micros | null = null;
  #streamProblem: string | null = null;
  #stalled = false;

  constructor(task: DecodeTask) {
    this.#task = task;
    const { poolSlots: slots, widthPx, heightPx, matrix } = task;
    this.#pool = new FramePool({ slots, widthPx, heightPx, matrix });
    this.#output = new FfmpegOutput(task, {
      write: (chunk, done) => this.#write(chunk, done),
      onStderrLine: (line) => this.#log.add(line),
      onStall: () => {
        this.#stalled = true;
      },
      sinkBytes: SINK_BYTES,
    });
  }

  /** The next frame in order, or undefined when there are no more (or `stop` was called). */
  async next(): Promise<FrameLease | undefined> {
    for (;;) {
      if (this.#output.isStopping) return undefined;
      const lease = this.#ready.shift();
      if (lease) return lease;
      if (this.#output.isOver) return undefined;
      await this.#output.news();
    }
  }

  /** What ffmpeg has said up to now. */
  get log(): DecodeLog {
    return this.#log;
  }

  /** How it ended. Only after `next` returned undefined by itself. */
  async end(): Promise<DecodeEnd> {
    const exit = await this.#output.exited;
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
    this.#output.refuse();
    this.#pool.close();
    await this.#output.ended();
    this.#slot?.putBack();
    this.#slot = undefined;
    for (const lease of this.#ready.splice(0)) lease.release();
  }

  #write(chunk: Uint8Array, done: () => void): void {
    if (this.#streamProblem !== null) {
      done(); // Drained, so that ffmpeg can end.
      return;
    }
    this.#output.expect();
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
    this.#output.pause();
    const slot = await this.#pool.acquire();
    if (!slot) {
      done();
      return;
    }
    this.#output.expect();
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
    this.#output.notify();
  }

  #fail(problem: string, done: () => void): void {
    this.#streamProblem = problem;
    this.#output.kill();
    done();
  }
}
