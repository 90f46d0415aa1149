import { Writable } from 'node:stream';
import type { ColourMatrix } from '../../domain/colour.js';
import { decodesInSoftware } from '../../domain/decoder.js';
import type { LiveFrame, LiveSource, StreamFacts } from '../../domain/live.js';
import { millis } from '../../domain/units.js';
import type { ColourPlan } from '../colour-plan.js';
import { type FfmpegArguments, PTS_OFFSET_US } from '../decode-arguments.js';
import { type FfmpegExit, type FfmpegRun, runFfmpeg } from '../ffmpeg-process.js';
import type { FramePool, FrameSlot } from '../frame-pool.js';
import { NutDemuxer } from '../nut-demuxer.js';
import { pictureSize } from '../nut-headers.js';
import { processorWaitMs } from '../processor-wait.js';
import { Watchdog } from '../watchdog.js';
import { ContinuousPts } from './continuous-pts.js';
import { Damage, type PictureMark } from './damage.js';
import { LiveLog } from './live-log.js';
import { createRateLimit } from './rate-limit.js';

const KILL_GRACE_MS = 500;
const SINK_BYTES = 512 * 1024;
/** ffmpeg writes a picture's line before its bytes; one that is not there after this long will never come. */
const MARK_WAIT_MS = 500;

export interface ConnectionTask {
  readonly arguments: FfmpegArguments & { readonly address: string };
  /** For ffmpeg's environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly run: Parameters<LiveSource['run']>[0];
  readonly redact: (text: string) => string;
  readonly maxFps: number | null;
  readonly firstFrameMs: number;
  readonly stallMs: number;
  /** What the arguments have decode, and why it is not what was asked for. */
  readonly decoding: Decoding;
  /** What the arguments do for HDR and wide gamut; null for ordinary pictures. */
  readonly colour: ColourPlan | null;
  /** The pool for frames like these. */
  readonly poolFor: (picture: PoolPicture) => FramePool;
  /** Number of the next frame over all connections. */
  readonly nextIndex: () => number;
}

export type Decoding = Pick<StreamFacts, 'decoder' | 'decoderProblem'>;

export interface PoolPicture {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Left out while ffmpeg has not told. */
  readonly matrix?: ColourMatrix;
}

/** The same stream without the hardware that was asked for. */
export const inSoftware = ({ decoder }: Decoding, why: string): Decoding => ({
  decoder: 'none',
  decoderProblem: decodesInSoftware(decoder, why),
});

/** Facts about a connection that is over; `judge-end.ts` judges them. */
export interface ConnectionEnd {
  readonly exit: FfmpegExit;
  readonly log: LiveLog;
  readonly sizeChanged: boolean;
  /** The stream's colours need these filters, or (null) none; undefined when those it had were right. */
  readonly otherColour: ColourPlan | null | undefined;
  readonly stalledMs: number | null;
  /** How much of that, before the first picture, ffmpeg was ready and had no processor; null when it is not known. */
  readonly starvedMs: number | null;
  readonly streamProblem: string | null;
  readonly frames: number;
}

/**
 * One ffmpeg process that plays a camera. Its output is always read: when no buffer is free a frame's bytes are thrown
 * away and counted, so that a slow consumer never makes ffmpeg, and with it the camera, wait.
 */
export class FfmpegConnection {
  readonly #task: ConnectionTask;
  readonly #demuxer = new NutDemuxer();
  readonly #pts: ContinuousPts;
  readonly #wanted: (ptsUs: LiveFrame['lease']['frame']['ptsUs']) => boolean;
  readonly #log: LiveLog;
  readonly #ffmpeg: FfmpegRun;
  #watchdog: Watchdog;
  #size = { widthPx: 0, heightPx: 0 };
  #pool: FramePool | undefined;
  #slot: { readonly slot: FrameSlot; readonly ptsUs: LiveFrame['lease']['frame']['ptsUs'] } | undefined;
  /** Pictures told by the log whose bytes have not come yet, at most as many as are in ffmpeg's pipe. */
  readonly #marks: PictureMark[] = [];
  readonly #damage = new Damage();
  /** False when ffmpeg does not tell its pictures: all count as whole. */
  #marked = true;
  #waiting: { readonly resume: () => void; readonly timer: NodeJS.Timeout } | undefined;
  #frames = 0;
  #over = false;
  #sizeChanged = false;
  #otherColour: ColourPlan | null | undefined;
  #stalledMs: number | null = null;
  #starvedMs: number | null = null;
  #streamProblem: string | null = null;

  /** Throws FFMPEG_MISSING. */
  constructor(task: ConnectionTask) {
    this.#task = task;
    this.#pts = new ContinuousPts({ startUs: task.run.startUs });
    this.#wanted = createRateLimit(task.maxFps);
    this.#log = new LiveLog({
      redact: task.redact,
      onResize: () => this.#resized(),
      onPicture: (mark) => this.#mark(mark),
    });
    const sink = new Writable({
      highWaterMark: SINK_BYTES,
      emitClose: false,
      decodeStrings: false,
      write: (chunk: Uint8Array, _encoding, done) => {
        if (!this.#over) this.#demuxer.push(chunk); // Else still drained, so that ffmpeg can end.
        this.#read(done);
      },
    });
    this.#ffmpeg = runFfmpeg({
      inputOptions: task.arguments.input,
      input: task.arguments.address,
      outputOptions: task.arguments.output,
      output: sink,
      environment: task.environment,
      onStderrLine: (line) => {
        if (this.#over) return; // What it says when told to stop is not why.
        this.#log.add(line);
        this.#checkColour();
      },
    });
    this.#watchdog = new Watchdog({ silenceMs: task.firstFrameMs, onSilence: () => this.#stall(task.firstFrameMs) });
  }

  /** Resolves, never rejects, when ffmpeg is gone. */
  async end(): Promise<ConnectionEnd> {
    const exit = await this.#ffmpeg.exited;
    this.#close();
    return {
      exit,
      log: this.#log,
      sizeChanged: this.#sizeChanged,
      otherColour: this.#otherColour,
      stalledMs: this.#stalledMs,
      starvedMs: this.#starvedMs,
      streamProblem: this.#streamProblem,
      frames: this.#frames,
    };
  }

  /** Delivers nothing more and ends ffmpeg. Idempotent. */
  stop(): void {
    this.#close();
    void this.#ffmpeg.stop(KILL_GRACE_MS);
  }

  #close(): void {
    this.#over = true;
    this.#watchdog.rest();
    this.#slot?.slot.putBack();
    this.#slot = undefined;
    this.#resume();
  }

  #mark(mark: PictureMark): void {
    if (this.#marked) this.#marks.push(mark);
    this.#resume();
  }

  #resume(): void {
    const waiting = this.#waiting;
    if (!waiting) return;
    this.#waiting = undefined;
    clearTimeout(waiting.timer);
    waiting.resume();
  }

  /** The two pipes are read one after the other: bytes may be here before the line that was written first. */
  #awaitMark(resume: () => void): void {
    const timer = setTimeout(() => {
      this.#marked = false;
      this.#resume();
    }, MARK_WAIT_MS);
    this.#waiting = { resume, timer };
  }

  /** Filters cannot be changed while ffmpeg runs: ends the connection when they are wrong for this stream. */
  #checkColour(): void {
    const told = this.#log.colour;
    if (told === null || this.#frames > 0) return;
    const needed = told.note === null ? null : told;
    if (needed?.note === this.#task.colour?.note) return;
    this.#otherColour = needed;
    this.stop();
  }

  #resized(): void {
    if (this.#over) return;
    this.#sizeChanged = true;
    this.stop();
  }

  #stall(silenceMs: number): void {
    this.#stalledMs = silenceMs;
    const { pid } = this.#ffmpeg;
    if (this.#frames === 0 && pid !== undefined) this.#starvedMs = processorWaitMs(pid);
    this.stop();
  }

  /** Reads what there is, then calls `done`; waits in between for what the log says of a picture. */
  #read(done: () => void): void {
    while (!this.#over) {
      const event = this.#demuxer.next();
      if (event.kind === 'need-data') break;
      switch (event.kind) {
        case 'stream':
          this.#size = pictureSize(event.stream);
          this.#pool = this.#task.poolFor({
            ...this.#size,
            ...(this.#log.colour && { matrix: this.#log.colour.matrix }),
          });
          break;
        case 'frame-start':
          this.#begin(event.ptsUs - PTS_OFFSET_US);
          break;
        case 'frame-end':
          if (this.#marked && this.#marks.length === 0) {
            this.#awaitMark(() => {
              this.#finish();
              this.#read(done);
            });
            return;
          }
          this.#finish();
          break;
        case 'broken':
          if (event.sizeChanged) this.#sizeChanged = true;
          else this.#streamProblem = event.problem;
          this.stop();
          break;
      }
    }
    done();
  }

  #begin(sourceUs: number): void {
    const ptsUs = this.#pts.next({ sourceUs, arrivedAt: millis(performance.now()) });
    const wanted = this.#wanted(ptsUs);
    const slot = wanted ? this.#pool!.tryAcquire() : undefined;
    if (slot) {
      this.#slot = { slot, ptsUs };
      this.#demuxer.fill(slot.data);
    } else {
      this.#demuxer.discard();
      this.#task.run.onDrop(wanted ? 'no-buffer' : 'rate-limited', 1);
    }
  }

  #finish(): void {
    if (this.#over) return;
    const mark = this.#marks.shift();
    const damaged = mark !== undefined && this.#damage.isDamaged(mark);
    if (mark?.complaint) this.#task.run.onDecodeError();
    this.#frames++;
    if (this.#frames === 1) {
      const { run, stallMs, decoding } = this.#task;
      const refused = this.#log.hardware.problem; // ffmpeg then went on in software by itself.
      this.#watchdog.rest();
      this.#watchdog = new Watchdog({ silenceMs: stallMs, onSilence: () => this.#stall(stallMs) });
      run.onOpen({
        ...this.#size,
        codec: this.#log.codec,
        ...(refused === null ? decoding : inSoftware(decoding, refused)),
      });
    } else this.#watchdog.feed();
    const filled = this.#slot;
    if (!filled) return;
    this.#slot = undefined;
    if (damaged) {
      filled.slot.putBack();
      this.#task.run.onDrop('damaged', 1);
      return;
    }
    const lease = filled.slot.lend({ index: this.#task.nextIndex(), ptsUs: filled.ptsUs });
    this.#task.run.onFrame({ lease, arrivedAt: millis(performance.now()), wallTimeMs: Date.now() });
  }
}
