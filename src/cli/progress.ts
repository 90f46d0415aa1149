/** What a run tells while it works. */
export interface Progress {
  readonly frames: number;
  /** Frames in all when the container tells, else null. */
  readonly totalFrames: number | null;
  readonly mediaSeconds: number;
  readonly totalSeconds: number | null;
  readonly elapsedSeconds: number;
}

const BAR_CELLS = 24;

/** `1:02`, `1:02:03`: a time to the second. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  const pad = (value: number): string => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}

/** One line: bar (where asked for), share, frames per second, time left. Without a known length, the time reached instead. */
export function progressLine(name: string, progress: Progress, { bar: drawn = true } = {}): string {
  const fps = progress.elapsedSeconds > 0 ? progress.frames / progress.elapsedSeconds : 0;
  const share =
    progress.totalSeconds !== null && progress.totalSeconds > 0
      ? progress.mediaSeconds / progress.totalSeconds
      : progress.totalFrames !== null && progress.totalFrames > 0
        ? progress.frames / progress.totalFrames
        : null;
  if (share === null) return `${name}  ${clock(progress.mediaSeconds)}  ${fps.toFixed(0)} fps`;
  const part = Math.min(1, Math.max(0, share));
  const filled = Math.round(part * BAR_CELLS);
  const bar = drawn ? `${'█'.repeat(filled)}${'░'.repeat(BAR_CELLS - filled)} ` : '';
  const eta = part > 0 ? `ETA ${clock((progress.elapsedSeconds * (1 - part)) / part)}` : '';
  return `${name}  ${bar}${String(Math.floor(part * 100)).padStart(3)} %  ${fps.toFixed(0)} fps  ${eta}`;
}

/** Where progress goes: a terminal, or what takes whole lines. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const TERMINAL_PAUSE_MS = 100;
const PLAIN_PAUSE_MS = 10_000;

/** Draws one line over itself on a terminal; elsewhere (a log, a pipe) lines below each other, one in ten seconds. */
export class ProgressPrinter {
  readonly #pauseMs: number;
  #dueMs: number;
  #shown = false;

  /** @param now - milliseconds of a clock that only rises */
  constructor(
    private readonly stream: ProgressStream,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#pauseMs = this.onTerminal ? TERMINAL_PAUSE_MS : PLAIN_PAUSE_MS;
    this.#dueMs = this.onTerminal ? Number.NEGATIVE_INFINITY : now() + PLAIN_PAUSE_MS;
  }

  get onTerminal(): boolean {
    return this.stream.isTTY === true;
  }

  /** Shows the line unless the one before is too fresh. */
  show(line: string): void {
    if (this.now() < this.#dueMs) return;
    this.#dueMs = this.now() + this.#pauseMs;
    if (!this.onTerminal) {
      this.stream.write(`${line.trimEnd()}\n`);
      return;
    }
    this.#shown = true;
    this.stream.write(`\r\u001b[2K${line.slice(0, (this.stream.columns ?? 80) - 1)}`);
  }

  clear(): void {
    if (this.#shown) this.stream.write('\r\u001b[2K');
    this.#shown = false;
  }
}
