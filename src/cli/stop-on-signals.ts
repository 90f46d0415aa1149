import { spawn } from 'node:child_process';
import { writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AffectError, ERRORS } from '../domain/errors.js';

/** From the first signal to an end by our own hand, and to the kill by the guard: together under 5 s. */
const DEADLINE_MS = 4_400;
const KILL_MS = 4_900;
/** npm and npx pass a Ctrl-C on that the terminal has sent already: signals this close are one. */
const ONE_PRESS_MS = 300;

/** The process as this file needs it. */
export interface StopHost {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  off(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  exit(code: number): void;
  /** One line for people, written when it returns. */
  say(line: string): void;
  /** Kills this process after `ms`, whatever it does; the result shortens that. */
  guard(ms: number): () => void;
  now(): number;
  /** Calls back after `ms` unless the process ends before; keeps it alive no longer. */
  after(ms: number, callback: () => void): void;
}

/** How a command is told to stop. */
export interface Stopper {
  /** Aborts at the first SIGINT or SIGTERM, or when `stop` is called; its reason is INTERRUPTED. */
  readonly signal: AbortSignal;
  /** Begins to stop as a signal does: what is closed then has the same 5 s. Idempotent. */
  stop(): void;
  /** Gives signals their default effect again. A deadline that runs goes on. */
  release(): void;
}

/**
 * Makes SIGINT and SIGTERM an AbortSignal. From then on mien has 5 s: after that it ends with STOP_FORCED, or is killed
 * when it cannot even do that. A second signal ends it at once, with INTERRUPTED.
 *
 * @param given - what to do in place of the system's
 */
export function stopOnSignals(given: Partial<StopHost> = {}): Stopper {
  const host = { ...SYSTEM_HOST, ...given };
  const controller = new AbortController();
  let hasten: () => void = () => undefined;
  let stoppedAt = 0;
  const end = (line: string, code: number): void => {
    host.say(line);
    hasten();
    host.exit(code);
  };
  const stop = (): void => {
    if (controller.signal.aborted) return;
    stoppedAt = host.now();
    hasten = host.guard(KILL_MS);
    host.after(DEADLINE_MS, () =>
      end('stopping took longer than 5 s; gave up on what was left', ERRORS.STOP_FORCED.exitCode),
    );
    controller.abort(new AffectError('INTERRUPTED', 'stopped before anything was done'));
  };
  const onSignal = (): void => {
    if (!controller.signal.aborted) stop();
    else if (host.now() - stoppedAt >= ONE_PRESS_MS) {
      end('told to stop again; stopped at once', ERRORS.INTERRUPTED.exitCode);
    }
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) host.on(signal, onSignal);
  return {
    signal: controller.signal,
    stop,
    release: () => {
      for (const signal of signals) host.off(signal, onSignal);
    },
  };
}

/** Runs what SIGINT and SIGTERM stop (stopOnSignals), and gives them their default effect again however it ends. */
export async function whileStoppable<T>(
  run: (stopper: Stopper) => Promise<T>,
  given: Partial<StopHost> = {},
): Promise<T> {
  const stopper = stopOnSignals(given);
  try {
    return await run(stopper);
  } finally {
    stopper.release();
  }
}

function startGuard(ms: number): () => void {
  const entry = fileURLToPath(new URL('./stop-guard.js', import.meta.url));
  // In a session of its own: a second Ctrl-C must not reach it.
  const child = spawn(process.execPath, [entry, String(Date.now() + ms)], {
    stdio: ['pipe', 'ignore', 'inherit'],
    detached: true,
  });
  child.on('error', () => undefined); // no process to be had: the deadline remains
  child.stdin?.on('error', () => undefined);
  child.unref();
  (child.stdin as (NodeJS.WritableStream & { unref?(): void }) | null)?.unref?.();
  return () => void child.stdin?.write('now');
}

const SYSTEM_HOST: StopHost = {
  on: (signal, listener) => process.on(signal, listener),
  off: (signal, listener) => process.off(signal, listener),
  exit: (code) => process.exit(code),
  say: (line) => writeLine(`mien: ${line}`),
  guard: startGuard,
  now: () => performance.now(),
  after: (ms, callback) => void setTimeout(callback, ms).unref(),
};

/** Synchronous, as what follows ends the process. */
function writeLine(line: string): void {
  try {
    writeSync(2, `${line}\n`);
  } catch {
    // Nobody reads it.
  }
}
