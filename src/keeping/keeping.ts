import { mkdir, readFile } from 'node:fs/promises';
import { counted } from '../domain/counted.js';
import { AffectError } from '../domain/errors.js';
import type {
  HistoryPage,
  KeepSettings,
  KeepState,
  Kept,
  KeptPicture,
  KeptRange,
  KeptRemoval,
  KeptSummary,
} from '../domain/keeping.js';
import type { LiveEvent } from '../domain/live.js';
import type { Logger } from '../domain/logger.js';
import type { Telemetry } from '../domain/telemetry.js';
import type { Clock } from '../rx/clock.js';
import type { WriteBytes } from '../sinks/output-file.js';
import { CameraRecorder } from './camera-recorder.js';
import { cutFile, isWithin, touches } from './cut-file.js';
import { freeBytesOf, KeepHealth, stopOf } from './keep-health.js';
import { allFiles, filesOf, type KeptFile } from './kept-files.js';
import { itemOf } from './kept-item.js';
import { isDay } from './kept-names.js';
import { picturesIn, summaryOf } from './kept-summary.js';
import { readHistory } from './read-history.js';
import { recover } from './recover.js';
import { enforceRetention } from './retention.js';

/** Most that a crash can lose of readings, episodes and firings. */
export const FLUSH_MS = 2_000;
const RETENTION_MS = 60_000;

interface KeepingOptions {
  readonly settings: KeepSettings;
  /** Keys of action units that the model reads. */
  readonly actionUnits: readonly string[];
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly telemetry: Pick<Telemetry, 'keepState' | 'keptTotals' | 'keepDropped'>;
  /** Something of a camera is being deleted: what is not written yet of that time must not be. */
  readonly onRemove?: (range: KeptRange) => void;
  /** Replace the system calls, for tests of a full disk. */
  readonly write?: WriteBytes;
  readonly freeBytes?: (folder: string) => Promise<number>;
}

/** Everything that is kept on disk: records it, enforces its limits, reads it back and deletes it. */
export class Keeping implements Kept {
  readonly health: KeepHealth;
  readonly #options: KeepingOptions;
  readonly #recorders = new Map<string, CameraRecorder>();
  readonly #cancels = new Set<() => void>();
  /** Changes of whole files, one after the other. */
  #changing: Promise<unknown> = Promise.resolve();
  #closed: Promise<void> | undefined;
  #told: KeepState['status'] = 'recording';

  private constructor(options: KeepingOptions) {
    this.#options = options;
    const { settings, clock, freeBytes = freeBytesOf } = options;
    const { folder, minFreeBytes } = settings;
    const onChange = (state: KeepState): void => this.#stateChanged(state);
    this.health = new KeepHealth({ folder, minFreeBytes, clock, freeBytes, onChange });
  }

  /** Finishes what an earlier run left, and begins. Throws OUTPUT_UNWRITABLE when the folder cannot be used. */
  static async start(options: KeepingOptions): Promise<Keeping> {
    const { settings, logger, telemetry } = options;
    const keeping = new Keeping(options);
    telemetry.keepState(keeping.health.state);
    try {
      await mkdir(settings.folder, { recursive: true, mode: 0o700 });
      const { finished, removed } = await recover(settings.folder);
      if (finished + removed > 0) {
        logger.warn(
          `keep: mien ended while it wrote ${counted(finished + removed, 'file')}: ${finished} finished now, ${removed} removed as empty or without an end`,
        );
      }
    } catch (error) {
      if (stopOf(error) !== 'disk full') {
        const why = (error as NodeJS.ErrnoException).code ?? 'unknown error';
        throw new AffectError(
          'OUTPUT_UNWRITABLE',
          `keep.folder ${settings.folder} cannot be used (${why}); name another`,
        );
      }
      keeping.health.failed(error);
    }
    await keeping.health.check();
    await keeping.#retain();
    keeping.#every(FLUSH_MS, async () => {
      await keeping.health.check();
      await Promise.all([...keeping.#recorders.values()].map((each) => each.flush(keeping.#now())));
    });
    keeping.#every(RETENTION_MS, () => keeping.#retain());
    return keeping;
  }

  /** Never waits, never throws. */
  take(event: LiveEvent): void {
    const { settings, telemetry } = this.#options;
    if (event.type === 'removed') void this.#recorders.get(event.source)?.finish();
    const kept = itemOf(event);
    if (!kept || this.#closed) return;
    const { source, item } = kept;
    if (!settings.what.includes(item.type) || settings.cameras?.includes(source) === false) return;
    if (this.health.recording) this.#recorder(source).take(item);
    else telemetry.keepDropped(source, 'stopped');
  }

  async summary(): Promise<KeptSummary> {
    const { settings } = this.#options;
    return summaryOf(await allFiles(settings.folder), settings, this.health.state);
  }

  async history(wish: Parameters<Kept['history']>[0]): Promise<HistoryPage> {
    await this.#recorders.get(wish.source)?.flush(this.#now());
    const isWanted = ({ content }: KeptFile) => content.type === 'lines' && content.kind === wish.kind;
    const files = (await this.#filesIn(wish)).filter(isWanted);
    return readHistory(files, wish);
  }

  async pictures(range: KeptRange & { readonly limit: number }): Promise<readonly KeptPicture[]> {
    return picturesIn(await this.#filesIn(range), range).slice(0, range.limit);
  }

  async picture({ source, kind, name }: Parameters<Kept['picture']>[0]): Promise<Uint8Array | null> {
    const [day = '', file = ''] = name.split('/');
    if (!isDay(day)) return null;
    // Names come from the folder itself: none that was asked for is ever opened.
    const found = (await filesOf(this.#options.settings.folder, source)).find(
      (each) => each.day === day && each.name === file && each.content.type === kind,
    );
    return found ? readFile(found.path).catch(() => null) : null; // It may go at any time.
  }

  remove(range: KeptRange): Promise<KeptRemoval> {
    return this.#change(async () => {
      this.#options.onRemove?.(range);
      await this.#recorders.get(range.source)?.finish();
      let [removed, rewritten, freedBytes] = [0, 0, 0];
      try {
        const whole = (await this.#filesIn(range)).filter(({ writing }) => !writing);
        // What goes whole goes first: that makes room for what is written anew.
        const order = whole.sort((a, b) => Number(isWithin(b, range)) - Number(isWithin(a, range)));
        for (const file of order) {
          const cut = await cutFile(file, range, this.#options.settings.folder);
          if (cut.result === 'removed') removed++;
          if (cut.result === 'rewritten') rewritten++;
          freedBytes += cut.freedBytes;
        }
      } catch (error) {
        const why = (error as NodeJS.ErrnoException).code ?? 'unknown error';
        throw new AffectError(
          'OUTPUT_UNWRITABLE',
          `not everything could be deleted (${why}); see to the disk and try again`,
        );
      }
      this.#options.logger.info(`keep: deleted by request: ${counted(removed, 'file')}, and parts of ${rewritten}`, {
        camera: range.source,
      });
      return { removed, rewritten, freedBytes };
    });
  }

  /** Ends what is being written. Idempotent; never rejects. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    for (const cancel of this.#cancels) cancel();
    await Promise.all([...this.#recorders.values()].map((each) => each.finish()));
    this.health.close();
    await this.#changing.catch(() => undefined);
  }

  #recorder(source: string): CameraRecorder {
    const known = this.#recorders.get(source);
    if (known) return known;
    const { settings, actionUnits, telemetry, write } = this.#options;
    const recorder = new CameraRecorder({
      settings,
      source,
      actionUnits,
      ...(write ? { write } : {}),
      recording: () => this.health.recording,
      onDropped: (reason) => telemetry.keepDropped(source, reason),
      onFailure: (error) => this.health.failed(error),
    });
    this.#recorders.set(source, recorder);
    return recorder;
  }

  async #filesIn(range: KeptRange): Promise<KeptFile[]> {
    const { folder, pictures } = this.#options.settings;
    return (await filesOf(folder, range.source)).filter((file) => touches(file, range, pictures));
  }

  #stateChanged(state: KeepState): void {
    const { logger, telemetry } = this.#options;
    telemetry.keepState(state);
    const before = this.#told;
    this.#told = state.status;
    if (state.status === 'recording') logger.info('keep: recording again');
    if (state.status === 'recording' || before === 'stopped') return;
    logger.warn(
      `keep: recording stopped: ${state.reason}; it is tried again until it can go on, and so does the analysis`,
    );
    for (const recorder of this.#recorders.values()) void recorder.finish();
  }

  #retain(): Promise<void> {
    return this.#change(async () => {
      const { settings, telemetry, logger } = this.#options;
      try {
        const { removed, files, bytes } = await enforceRetention(settings, this.#now());
        telemetry.keptTotals(files, bytes);
        if (removed.length > 0)
          logger.info(`keep: ${counted(removed.length, 'file')} out of time or over the limit removed`);
      } catch (error) {
        logger.warn(
          `keep: what is out of time could not be removed (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}); it is tried again`,
        );
      }
    });
  }

  #change<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#changing.catch(() => undefined).then(work);
    this.#changing = result;
    return result;
  }

  /** Again and again, so long after each end, until closed. */
  #every(pauseMs: number, work: () => Promise<void>): void {
    let cancel: () => void = () => undefined;
    const stop = (): void => cancel();
    const wait = (): void => {
      if (this.#closed) return;
      cancel = this.#options.clock.after(pauseMs, () => void work().finally(wait));
    };
    this.#cancels.add(stop);
    wait();
  }

  #now(): number {
    return this.#options.clock.wallTimeMs();
  }
}
