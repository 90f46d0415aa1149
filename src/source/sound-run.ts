import type { SoundPiece } from '../domain/sound.js';
import { micros } from '../domain/units.js';
import { PTS_OFFSET_US } from './decode-arguments.js';
import { FfmpegOutput, type OutputTask } from './ffmpeg-output.js';
import { EXIT_ON_SIGNAL } from './ffmpeg-process.js';
import { NutDemuxer } from './nut-demuxer.js';
import { StderrReader } from './stderr-reader.js';

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
  readonly #output: FfmpegOutput;
  readonly #ready: SoundPiece[] = [];
  #piece: { readonly ptsUs: number; readonly bytes: Uint8Array } | undefined;
  /** Asks ffmpeg for more; set while it waits for us. */
  #more: (() => void) | undefined;
  #broken: string | null = null;

  constructor(task: OutputTask) {
    this.#output = new FfmpegOutput(task, {
      write: (chunk, done) => this.#write(chunk, done),
      onStderrLine: (line) => this.#stderr.add(line),
      onStall: () => {
        this.#broken ??= 'ffmpeg stopped answering';
      },
    });
  }

  /** The next piece in order, or undefined when there are no more (or `stop` was called). */
  async next(): Promise<SoundPiece | undefined> {
    for (;;) {
      if (this.#output.isStopping) return undefined;
      const piece = this.#ready.shift();
      if (this.#more && this.#ready.length < AHEAD) {
        const more = this.#more;
        this.#more = undefined;
        this.#output.expect();
        more();
      }
      if (piece) return piece;
      if (this.#output.isOver) return undefined;
      await this.#output.news();
    }
  }

  /** How it ended. Only after `next` returned undefined by itself. */
  async end(): Promise<SoundEnd> {
    const exit = await this.#output.exited;
    const said = this.#stderr.lastError ?? this.#stderr.lastDamage;
    const ended = exit.code === 0 ? null : (said ?? 'ffmpeg failed');
    const stopped = this.#broken === null && (exit.code === EXIT_ON_SIGNAL || exit.signal !== null);
    return { problem: this.#broken ?? exit.spawnError ?? ended, stopped };
  }

  /** Ends ffmpeg and waits until the process is gone. Idempotent. */
  async stop(): Promise<void> {
    this.#output.refuse();
    this.#ready.length = 0;
    this.#more?.();
    this.#more = undefined;
    await this.#output.ended();
  }

  #write(chunk: Uint8Array, done: () => void): void {
    if (this.#broken !== null) {
      done(); // Drained, so that ffmpeg can end.
      return;
    }
    this.#output.expect();
    this.#demuxer.push(chunk);
    this.#read();
    this.#output.notify();
    if (this.#ready.length < AHEAD) {
      done();
      return;
    }
    this.#output.pause();
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
          this.#output.kill();
          return;
      }
    }
  }
}
