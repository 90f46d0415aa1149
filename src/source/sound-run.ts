import { Writable } from 'node:stream';
import type { SoundPiece } from '../domain/sound.js';
import { micros } from '../domain/units.js';
import { type FfmpegArguments, PTS_OFFSET_US } from './decode-arguments.js';
import { EXIT_ON_SIGNAL, type FfmpegExit, type FfmpegRun, runFfmpeg } from './ffmpeg-process.js';
import { NutDemuxer } from './nut-demuxer.js';
import { StderrReader } from './stderr-reader.js';
import { Watchdog } from './watchdog.js';

const KILL_GRACE_MS = 2_000;
/** Pieces decoded ahead at most, each of a few hundredths of a second; ffmpeg then blocks in its write. */
const AHEAD = 128;

/** How a decoder of sound ended. */
export interface SoundEnd {
  /** What went wrong, in ffmpeg's words; null when it came to the end. */
  readonly problem: string | null;
  /** It was told to stop by somebody else: Ctrl-C reaches ffmpeg as well as us. */
  readonly stopped: boolean;
}

/** One ffmpeg process and the sound it delivers. */
export class SoundRun {
  readonly #demuxer = new NutDemuxer({ maxFrameBytes: 2 ** 24 });
  readonly #stderr = new StderrReader();
  readonly #ffmpeg: FfmpegRun;
  readonly #watchdog: Watchdog;
  readonly #ready: SoundPiece[] = [];
  #piece: { readonly ptsUs: number; readonly bytes: Uint8Array } | undefined;
  /** Asks ffmpeg for more; set while it waits for us. */
  #more: (() => void) | undefined;
  #wake: (() => void) | undefined;
  #exit: FfmpegExit | undefined;
  #broken: string | null = null;
  #sinkEnded = false;
  #stopping = false;

  constructor(task: { readonly arguments: FfmpegArguments; readonly input: string; readonly stallMs: number }) {
    const sink = new Writable({
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
      onStderrLine: (line) => this.#stderr.add(line),
    });
    this.#watchdog = new Watchdog({
      silenceMs: task.stallMs,
      onSilence: () => {
        this.#broken ??= 'ffmpeg stopped answering';
        void this.#ffmpeg.stop(KILL_GRACE_MS);
      },
    });
    void this.#ffmpeg.exited.then((exit) => {
      this.#exit = exit;
      if (exit.spawnError !== null) this.#sinkEnded = true;
      this.#watchdog.rest();
      this.#notify();
    });
  }

  /** The next piece in order, or undefined when there are no more (or `stop` was called). */
  async next(): Promise<SoundPiece | undefined> {
    for (;;) {
      if (this.#stopping) return undefined;
      const piece = this.#ready.shift();
      if (this.#more && this.#ready.length < AHEAD) {
        const more = this.#more;
        this.#more = undefined;
        if (!this.#exit) this.#watchdog.feed();
        more();
      }
      if (piece) return piece;
      if (this.#sinkEnded && this.#exit) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** How it ended. Only after `next` returned undefined by itself. */
  async end(): Promise<SoundEnd> {
    const exit = await this.#ffmpeg.exited;
    const said = this.#stderr.lastError ?? this.#stderr.lastDamage;
    const ended = exit.code === 0 ? null : (said ?? 'ffmpeg failed');
    const stopped = this.#broken === null && (exit.code === EXIT_ON_SIGNAL || exit.signal !== null);
    return { problem: this.#broken ?? exit.spawnError ?? ended, stopped };
  }

  /** Ends ffmpeg and waits until the process is gone. Idempotent. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#watchdog.rest();
    this.#ready.length = 0;
    this.#more?.();
    this.#more = undefined;
    this.#notify();
    await this.#ffmpeg.stop(KILL_GRACE_MS);
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  #write(chunk: Uint8Array, done: () => void): void {
    if (this.#stopping || this.#broken !== null) {
      done(); // Drained, so that ffmpeg can end.
      return;
    }
    if (!this.#exit) this.#watchdog.feed();
    this.#demuxer.push(chunk);
    this.#read();
    this.#notify();
    if (this.#ready.length < AHEAD) {
      done();
      return;
    }
    this.#watchdog.rest(); // The reader is slow, not ffmpeg.
    this.#more = done;
  }

  /** Takes every piece out of what was pushed. */
  #read(): void {
    for (;;) {
      const event = this.#demuxer.next();
      switch (event.kind) {
        case 'need-data':
          return;
        case 'stream':
          break;
        case 'frame-start':
          this.#piece = { ptsUs: event.ptsUs - PTS_OFFSET_US, bytes: new Uint8Array(event.bytes) };
          this.#demuxer.fill(this.#piece.bytes);
          break;
        case 'frame-end': {
          const { ptsUs, bytes } = this.#piece!;
          const samples = new Int16Array(bytes.buffer, 0, bytes.length >> 1);
          if (samples.length > 0) this.#ready.push({ ptsUs: micros(ptsUs), samples });
          break;
        }
        case 'broken':
          this.#broken = `what ffmpeg sent makes no sense: ${event.problem}`;
          void this.#ffmpeg.stop(KILL_GRACE_MS);
          return;
      }
    }
  }
}
