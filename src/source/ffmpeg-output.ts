import { Writable } from 'node:stream';
import type { FfmpegArguments } from './decode-arguments.js';
import { type FfmpegExit, type FfmpegRun, runFfmpeg } from './ffmpeg-process.js';
import { Watchdog } from './watchdog.js';

const KILL_GRACE_MS = 2_000;

/** What ffmpeg is to do, and how long it may say nothing while somebody waits for it. */
export interface OutputTask {
  readonly arguments: FfmpegArguments;
  readonly input: string;
  readonly stallMs: number;
}

/** What is done with what comes. */
export interface OutputUse {
  /** Takes bytes; ffmpeg is read on when `done` is called. Not called any more once it was told to stop. */
  readonly write: (chunk: Uint8Array, done: () => void) => void;
  readonly onStderrLine: (line: string) => void;
  /** ffmpeg said nothing for too long, and is being ended. */
  readonly onStall: () => void;
  /** Bytes gathered before `write` is called, at most. @default of Node's streams */
  readonly sinkBytes?: number;
}

/** One ffmpeg process and what it writes, for a reader that waits and may be slower. */
export class FfmpegOutput {
  readonly #ffmpeg: FfmpegRun;
  readonly #watchdog: Watchdog;
  #wake: (() => void) | undefined;
  #exit: FfmpegExit | undefined;
  #sinkEnded = false;
  #stopping = false;

  constructor(task: OutputTask, { write, onStderrLine, onStall, sinkBytes }: OutputUse) {
    const sink = new Writable({
      ...(sinkBytes !== undefined && { highWaterMark: sinkBytes }),
      emitClose: false,
      decodeStrings: false,
      write: (chunk: Uint8Array, _encoding, done) => {
        if (this.#stopping)
          done(); // Drained, so that ffmpeg can end.
        else write(chunk, done);
      },
      final: (done) => {
        this.#sinkEnded = true;
        this.notify();
        done();
      },
    });
    this.#ffmpeg = runFfmpeg({
      inputOptions: task.arguments.input,
      input: task.input,
      outputOptions: task.arguments.output,
      output: sink,
      onStderrLine,
    });
    this.#watchdog = new Watchdog({
      silenceMs: task.stallMs,
      onSilence: () => {
        onStall();
        this.kill();
      },
    });
    void this.#ffmpeg.exited.then((exit) => {
      this.#exit = exit;
      if (exit.spawnError !== null) this.#sinkEnded = true;
      this.#watchdog.rest();
      this.notify();
    });
  }

  get exited(): Promise<FfmpegExit> {
    return this.#ffmpeg.exited;
  }

  /** Nothing more will come. The process may be seen to exit before its last output was read. */
  get isOver(): boolean {
    return this.#sinkEnded && this.#exit !== undefined;
  }

  get isStopping(): boolean {
    return this.#stopping;
  }

  /** Resolves when `notify` is called, or the output has ended. One reader waits at a time. */
  news(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  notify(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  /** We wait for ffmpeg from now on. */
  expect(): void {
    if (!this.#exit) this.#watchdog.feed();
  }

  /** ffmpeg waits for us from now on: the reader is slow, not ffmpeg. */
  pause(): void {
    this.#watchdog.rest();
  }

  /** Has ffmpeg end, without waiting for it. */
  kill(): void {
    void this.#ffmpeg.stop(KILL_GRACE_MS);
  }

  /** No more is written, and who waits is told; `ended` then ends ffmpeg. Idempotent. */
  refuse(): void {
    this.#stopping = true;
    this.#watchdog.rest();
    this.notify();
  }

  /** Ends ffmpeg and waits until the process is gone. Idempotent. */
  async ended(): Promise<void> {
    await this.#ffmpeg.stop(KILL_GRACE_MS);
  }
}
