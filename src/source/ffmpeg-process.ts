import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import ffmpeg, { type FfmpegCommand } from 'fluent-ffmpeg';
import { childEnvironment } from './child-environment.js';
import { findProgram } from './find-program.js';

/** ffmpeg's exit code after it was asked by a signal (Ctrl-C reaches it as well as us) to end, and did so in order. */
export const EXIT_ON_SIGNAL = 255;

/** How ffmpeg ended. */
export interface FfmpegExit {
  /** Why the program could not be started at all, or null. Its streams then never end. */
  readonly spawnError: string | null;
  readonly code: number | null;
  readonly signal: string | null;
}

export interface FfmpegRun {
  /** Resolves, and never rejects, once the process is gone and everything it wrote to stderr was reported. */
  readonly exited: Promise<FfmpegExit>;
  /** Undefined before it has started. */
  readonly pid: number | undefined;
  /** Asks it to end (SIGTERM), and kills it (SIGKILL) after `graceMs`. Its output must still be drained meanwhile. */
  stop(graceMs: number): Promise<FfmpegExit>;
}

export interface FfmpegTask {
  readonly inputOptions: readonly string[];
  /** `file:` URL, address or device, or a stream for standard input. */
  readonly input: string | Readable;
  readonly outputOptions: readonly string[];
  /** `file:` URL, or a stream for standard output. */
  readonly output: string | Writable;
  readonly onStderrLine: (line: string) => void;
  /** Beside what `childEnvironment` passes on. */
  readonly environment?: Readonly<Record<string, string>>;
}

const ALL_FORMATS = Object.fromEntries(
  ['nut', 'mp4', 'v4l2', 'avfoundation', 'dshow'].map((name) => [
    name,
    { description: name, canDemux: true, canMux: true },
  ]),
);

/**
 * Runs ffmpeg (from FFMPEG_PATH, or on PATH) through fluent-ffmpeg. The library is read-only since 2025; this file
 * alone knows it, and works around its traps:
 * - it starts `ffmpeg -formats` and `ffmpeg -encoders` before the first task: answered here, as we name only
 *   formats and encoders whose absence ffmpeg itself reports well;
 * - given a Writable it pipes standard output into it without a PassThrough; that stream must not emit `close`,
 *   or the library reports an error and kills ffmpeg 20 ms later;
 * - `kill` before the process has started is lost, so the wish is remembered;
 * - it dies of a TypeError when ffmpeg cannot be found, so the program is looked up here first, and an error of spawn
 *   is taken from the process itself;
 * - it hands its own environment on, secrets and all: the options of its spawn are completed;
 * - it adds `-y` for a plain path, so that outputs are `file:` URLs and say `-y` or `-n` themselves.
 * Throws FFMPEG_MISSING when there is no ffmpeg.
 */
export function runFfmpeg(task: FfmpegTask): FfmpegRun {
  const command = ffmpeg({ stdoutLines: 20 });
  command.setFfmpegPath(findProgram('ffmpeg'));
  command.input(task.input).inputOptions(...task.inputOptions);
  command.output(task.output).outputOptions(...task.outputOptions);
  skipCapabilityRuns(command);
  spawnIn(command, childEnvironment(process.env, task.environment));
  command.on('stderr', task.onStderrLine);
  let killWith: 'SIGTERM' | 'SIGKILL' | undefined;
  let running = false;
  let ended = false;
  let pid: number | undefined;
  const kill = (signal: 'SIGTERM' | 'SIGKILL') => {
    killWith = signal;
    if (running && !ended) command.kill(signal);
  };
  const exited = new Promise<FfmpegExit>((resolve) => {
    const end = (exit: FfmpegExit) => {
      ended = true;
      resolve(exit);
    };
    command.on('start', () => {
      running = true;
      // Not in the public types; without it a broken executable would end our process.
      const child = (command as unknown as { ffmpegProc?: ChildProcess }).ffmpegProc;
      pid = child?.pid;
      child?.removeAllListeners('error');
      child?.on('error', (error) => end({ spawnError: error.message, code: null, signal: null }));
      if (killWith) command.kill(killWith);
    });
    command.on('end', () => end({ spawnError: null, code: 0, signal: null }));
    command.on('error', (error) => end(exitOf(error)));
  });
  command.run();
  return {
    exited,
    get pid() {
      return pid;
    },
    stop: async (graceMs) => {
      if (ended) return exited;
      kill('SIGTERM');
      const timer = setTimeout(() => kill('SIGKILL'), graceMs);
      try {
        return await exited;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

function skipCapabilityRuns(command: FfmpegCommand): void {
  command.availableFormats = (callback) => callback(null as unknown as Error, ALL_FORMATS);
  command.availableEncoders = (callback) => callback(null as unknown as Error, {});
}

type Spawn = (args: readonly string[], options: object, ...callbacks: readonly unknown[]) => void;

function spawnIn(command: FfmpegCommand, env: NodeJS.ProcessEnv): void {
  // Not in the public types.
  const inner = command as unknown as { _spawnFfmpeg: Spawn };
  const spawn = inner._spawnFfmpeg.bind(command);
  inner._spawnFfmpeg = (args, options, ...callbacks) => spawn(args, { ...options, env }, ...callbacks);
}

/** fluent-ffmpeg tells the exit only in the words of its error. */
function exitOf(error: Error): FfmpegExit {
  const code = /ffmpeg exited with code (\d+)/.exec(error.message)?.[1];
  const signal = /ffmpeg was killed with signal (\w+)/.exec(error.message)?.[1];
  return { spawnError: null, code: code === undefined ? null : Number(code), signal: signal ?? null };
}
