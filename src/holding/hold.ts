import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { AffectError } from '../domain/errors.js';
import type { Clock } from '../rx/clock.js';
import { untilAborted } from '../rx/until-aborted.js';
import { type Holder, type Standing, standingOf, thisHolder } from './holder.js';
import { lockName, readLockName } from './lock-name.js';

/** How often a holder says that it runs. */
export const BEAT_MS = 5_000;
/** A holder that cannot be looked at and says nothing for so long has ended; so has one last heard of so long ago. */
export const SILENT_MS = 15_000;
const LONG_AGO_MS = 60_000;
const LOOK_MS = 1_000;
/** Two that start at once may both step back: each looks again after a pause of its own. */
const TRIES = 3;
const LONGEST_PAUSE_MS = 250;

export interface HoldOptions {
  readonly folder: string;
  /** What goes by this name in the folder; null: all of the folder. */
  readonly part: string | null;
  /** What it is to a person, and what they can do when it is held: "keep.folder /srv/kept", "name another folder". */
  readonly words: string;
  readonly otherwise: string;
  readonly clock: Pick<Clock, 'wallTimeMs' | 'after'>;
  readonly signal: AbortSignal;
  /** It has to be seen whether a holder elsewhere still runs; one line. */
  readonly onWait: (line: string) => void;
  /** Somebody else has it now: this process was away for too long, or its file was removed. */
  readonly onLost: (error: AffectError) => void;
  /** Replaces the look at processes in tests. */
  readonly standing?: (holder: Holder, here: Holder) => Standing;
}

/** Something that this process has to itself. */
export interface Held {
  /** Idempotent; never rejects. */
  release(): Promise<void>;
}

/**
 * Takes a folder, or a part of it, for this process alone; it is made where there is none. Nothing else in it is touched.
 * What a process left that was killed does not count. Rejects with FOLDER_IN_USE, with what the file system says, or with
 * the reason of the signal.
 *
 * Each who wants it puts a file of its own there and then looks for others: of two, the later sees the earlier.
 */
export async function hold(options: HoldOptions): Promise<Held> {
  // Timers of the clock keep no process alive, and nothing else may run yet.
  const awake = setInterval(() => undefined, SILENT_MS);
  try {
    return await claimed(options);
  } finally {
    clearInterval(awake);
  }
}

async function claimed(options: HoldOptions): Promise<Held> {
  for (let tries = TRIES; ; tries--) {
    const claim = new Claim(options);
    try {
      await claim.put();
      const other = await claim.other();
      if (other === null) return claim;
      if (tries === 1 || other.standing === 'unknown') throw inUse(options, other.holder);
    } catch (error) {
      await claim.release();
      throw error;
    }
    await claim.release();
    await pause(options, Math.random() * LONGEST_PAUSE_MS);
  }
}

function inUse({ words, otherwise }: HoldOptions, { pid, host }: Holder): AffectError {
  return new AffectError(
    'FOLDER_IN_USE',
    `${words} is used by another mien (pid ${pid} on ${host}); stop that one, or ${otherwise}`,
  );
}

/** A lock file of this process, and the beat that keeps it. */
class Claim implements Held {
  readonly #options: HoldOptions;
  readonly #here = thisHolder();
  readonly #name: string;
  #cancelBeat: () => void = () => undefined;
  #beating: Promise<void> = Promise.resolve();
  #released = false;

  constructor(options: HoldOptions) {
    this.#options = options;
    this.#name = lockName(options.part, this.#here, randomBytes(8).toString('hex'));
  }

  /** A disk that has no room for it has none for what it guards: it is put there as soon as there is room. */
  async put(): Promise<void> {
    try {
      await this.#write();
    } catch (error) {
      if (!['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
    this.#beatLater();
  }

  /** Somebody else who holds it; null: nobody, and what was left over is removed. */
  async other(): Promise<{ readonly holder: Holder; readonly standing: Standing } | null> {
    for (const { name, holder } of await this.#others()) {
      const standing = this.#standing(holder);
      const path = join(this.#options.folder, name);
      if (standing === 'runs' || (standing === 'unknown' && (await this.#beats(path, holder))))
        return { holder, standing };
      await rm(path, { force: true });
    }
    return null;
  }

  async release(): Promise<void> {
    this.#released = true;
    this.#cancelBeat();
    await this.#beating;
    await rm(this.#path, { force: true }).catch(() => undefined); // Who comes next sees that this process has ended.
  }

  get #path(): string {
    return join(this.#options.folder, this.#name);
  }

  #standing(holder: Holder): Standing {
    return (this.#options.standing ?? standingOf)(holder, this.#here);
  }

  async #write(): Promise<void> {
    await mkdir(this.#options.folder, { recursive: true, mode: 0o700 });
    await (await open(this.#path, 'wx', 0o600)).close();
  }

  async #others(): Promise<{ readonly name: string; readonly holder: Holder }[]> {
    const { folder, part } = this.#options;
    const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []; // A full disk had no room for the folder.
      throw error;
    });
    return names.flatMap((name) => {
      const holder = name === this.#name ? null : readLockName(name, part);
      return holder ? [{ name, holder }] : [];
    });
  }

  /** Whether a holder that cannot be looked at says that it runs, in the time in which it would have. */
  async #beats(path: string, { pid, host }: Holder): Promise<boolean> {
    const { clock, words, onWait } = this.#options;
    const first = await lastBeat(path);
    if (first === null || clock.wallTimeMs() - first > LONG_AGO_MS) return false;
    onWait(`${words}: looking for up to ${SILENT_MS / 1000} s whether pid ${pid} on ${host} still uses it`);
    for (let waitedMs = 0; waitedMs < SILENT_MS; waitedMs += LOOK_MS) {
      await pause(this.#options, LOOK_MS);
      const last = await lastBeat(path);
      if (last !== first) return last !== null;
    }
    return false;
  }

  #beatLater(): void {
    this.#cancelBeat = this.#options.clock.after(BEAT_MS, () => {
      this.#beating = this.#beat().finally(() => {
        if (!this.#released) this.#beatLater();
      });
    });
  }

  async #beat(): Promise<void> {
    const at = this.#options.clock.wallTimeMs() / 1000;
    try {
      await utimes(this.#path, at, at);
    } catch (error) {
      // Other trouble of the disk passes, or is told by who writes there.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') await this.#putAgain().catch(() => undefined);
    }
  }

  /** The file has gone: somebody took this process for ended, or removed it by hand. */
  async #putAgain(): Promise<void> {
    await this.#write();
    const other = (await this.#others()).find(({ holder }) => this.#standing(holder) !== 'ended');
    if (!other || this.#released) return;
    this.#released = true;
    await rm(this.#path, { force: true });
    this.#options.onLost(inUse(this.#options, other.holder));
  }
}

/** When a lock file was last touched; null: it has gone. */
const lastBeat = (path: string): Promise<number | null> =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  );

const pause = ({ clock, signal }: HoldOptions, ms: number): Promise<void> =>
  untilAborted(
    new Promise<void>((resolve) => {
      clock.after(ms, resolve);
    }),
    signal,
    () => signal.reason as Error,
  );
