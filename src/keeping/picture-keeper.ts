import { join } from 'node:path';
import type { Subscription } from 'rxjs';
import { errorWords } from '../domain/errors.js';
import type { KeepSettings, KeptPictureKind, KeptRange } from '../domain/keeping.js';
import type { LiveEvent, Preview } from '../domain/live.js';
import type { Logger } from '../domain/logger.js';
import type { Rule, RuleFiring } from '../domain/rules.js';
import type { Telemetry } from '../domain/telemetry.js';
import type { LiveSystem } from '../live/live-system.js';
import type { Clock } from '../rx/clock.js';
import type { KeepHealth } from './keep-health.js';
import { localDay, pictureName } from './kept-names.js';
import { keepClip, keepSnapshot, type PictureToKeep } from './picture-files.js';
import { PictureRing } from './picture-ring.js';

/** A face is hidden where it was up to so long before and after a picture: also before it was first found. */
const HIDE_US = 1_000_000;
/** Pictures are waited for at most so long after a clip's end by the camera's own time: it may have gone away. */
const LATE_MS = 2_000;
/** Pictures and clips that are being gathered or written: more are given up, and counted. */
const MAX_JOBS = 32;
/** What is being written when mien stops has so long: a clip ends there, and what waits is given up. */
export const CLOSE_MS = 1_500;

interface PictureKeeperOptions {
  readonly settings: KeepSettings;
  readonly rules: readonly Rule[];
  readonly previews: LiveSystem['previews'];
  readonly health: Pick<KeepHealth, 'recording' | 'failed'>;
  readonly clock: Pick<Clock, 'wallTimeMs' | 'after'>;
  readonly telemetry: Pick<Telemetry, 'keptPicture'>;
  readonly logger: Pick<Logger, 'warn'>;
}

/** A snapshot or clip whose pictures are being gathered. */
interface Job {
  readonly source: string;
  readonly kind: KeptPictureKind;
  readonly rule: string;
  readonly atMs: number;
  /** Media time that it is about. */
  readonly centreUs: number;
  /** The last picture's time; faces that are found up to `HIDE_US` later are hidden in it. */
  readonly untilUs: number;
  readonly pictures: Preview[];
  readonly cancel: () => void;
}

interface Watched {
  readonly ring: PictureRing;
  readonly subscription: Subscription;
}

/**
 * Keeps pictures of what rules fire on. Only cameras that a rule wants pictures of are watched: their last seconds are
 * held as small JPEGs, with faces already hidden unless configured otherwise. Taking never waits and never throws.
 */
export class PictureKeeper {
  readonly #options: PictureKeeperOptions;
  readonly #watched = new Map<string, Watched>();
  readonly #jobs = new Set<Job>();
  /** One file after the other: encoding must not crowd out the analysis. */
  #writing: Promise<void> = Promise.resolve();
  #toWrite = 0;
  #closed = false;
  readonly #outOfTime = new AbortController();

  constructor(options: PictureKeeperOptions) {
    this.#options = options;
  }

  take(event: LiveEvent): void {
    if (this.#closed) return;
    if (event.type === 'removed') this.#unwatch(event.source);
    if (event.type === 'state' && event.state.status !== 'stopped') this.#watch(event.state.id);
    if (event.type !== 'faces') return;
    const { source, ptsUs, widthPx, heightPx, records } = event;
    const boxes = records.flatMap(({ box }) => box ?? []);
    this.#watched.get(source)?.ring.see({ ptsUs, widthPx, heightPx, boxes });
  }

  /** Keeps a picture, or a clip, of a firing that began. */
  keep(kind: KeptPictureKind, { source, rule, firedUs, at }: RuleFiring): void {
    const { settings, health, clock } = this.#options;
    const watched = this.#watched.get(source);
    if (this.#closed || !watched) return;
    if (!health.recording || this.#jobs.size + this.#toWrite >= MAX_JOBS) {
      this.#tell(source, kind, 'failed');
      return;
    }
    const { beforeMs, afterMs } = settings.pictures;
    const { pictures } = watched.ring;
    const [before, after] = kind === 'clip' ? [beforeMs * 1000, afterMs * 1000] : [HIDE_US, HIDE_US];
    // Trouble at a camera has no media time: the last that was seen is what there is.
    const centreUs = firedUs ?? pictures.at(-1)?.ptsUs ?? 0;
    const job: Job = {
      source,
      kind,
      rule,
      atMs: at === null ? clock.wallTimeMs() : Date.parse(at),
      centreUs,
      untilUs: centreUs + after,
      pictures: pictures.filter(({ ptsUs }) => ptsUs >= centreUs - before),
      cancel: clock.after((after + HIDE_US) / 1000 + LATE_MS, () => this.#finish(job)),
    };
    this.#jobs.add(job);
  }

  /** What is gathered of a time that is being deleted is given up. */
  forget({ source, fromMs, toMs }: KeptRange): void {
    for (const job of this.#jobs) {
      if (job.source === source && job.atMs >= fromMs - LATE_MS && job.atMs < toMs + LATE_MS) this.#drop(job);
    }
    // The pictures that wait are of that time, or cannot be shown not to be.
    if (toMs > this.#options.clock.wallTimeMs() - this.#options.settings.pictures.beforeMs) this.#unwatch(source);
  }

  /** Writes what has been gathered, for `CLOSE_MS`. Idempotent; never rejects. */
  async close(): Promise<void> {
    this.#closed = true;
    const cancel = this.#options.clock.after(CLOSE_MS, () => this.#outOfTime.abort());
    for (const job of this.#jobs) this.#finish(job);
    for (const source of this.#watched.keys()) this.#unwatch(source);
    await this.#writing;
    cancel();
  }

  #wants(source: string): boolean {
    const { settings, rules } = this.#options;
    if (settings.cameras?.includes(source) === false) return false;
    return rules.some(
      ({ cameras, actions }) =>
        (cameras === null || cameras.includes(source)) &&
        actions.some(({ type }) => type === 'snapshot' || type === 'record'),
    );
  }

  #watch(source: string): void {
    if (this.#watched.has(source) || !this.#wants(source)) return;
    const { settings, previews } = this.#options;
    const { beforeMs, afterMs, maxFps, maxSidePx, blur } = settings.pictures;
    const keepUs = Math.max(beforeMs * 1000, HIDE_US);
    const longestUs = keepUs + Math.max(afterMs * 1000, HIDE_US) + LATE_MS * 1000;
    const ring = new PictureRing({ keepUs, seenUs: longestUs + 2 * HIDE_US });
    const subscription = previews(source, { maxFps, maxSidePx, blurFaces: blur }).subscribe({
      next: (preview) => {
        ring.add(preview);
        this.#gather(preview);
      },
      complete: () => this.#unwatch(source),
    });
    if (!subscription.closed) this.#watched.set(source, { ring, subscription });
  }

  #unwatch(source: string): void {
    for (const job of this.#jobs) if (job.source === source) this.#finish(job);
    this.#watched.get(source)?.subscription.unsubscribe();
    this.#watched.delete(source);
  }

  #gather(preview: Preview): void {
    for (const job of this.#jobs) {
      if (job.source !== preview.source) continue;
      if (preview.ptsUs <= job.untilUs) job.pictures.push(preview);
      if (preview.ptsUs >= job.untilUs + HIDE_US) this.#finish(job);
    }
  }

  #drop(job: Job): void {
    job.cancel();
    this.#jobs.delete(job);
  }

  #finish(job: Job): void {
    const { settings } = this.#options;
    const { ring } = this.#watched.get(job.source) ?? {};
    this.#drop(job);
    const toKeep = (preview: Preview): PictureToKeep => ({
      preview,
      hide: settings.pictures.blur ? (ring?.seenAround(preview.ptsUs, HIDE_US) ?? []) : [],
    });
    const pictures = (job.kind === 'clip' ? job.pictures : nearest(job)).map(toKeep);
    this.#toWrite++;
    this.#writing = this.#writing.then(() => this.#write(job, pictures));
  }

  async #write({ source, kind, rule, atMs }: Job, pictures: readonly PictureToKeep[]): Promise<void> {
    const { settings, health, logger } = this.#options;
    const { signal } = this.#outOfTime;
    this.#toWrite--;
    const [first] = pictures;
    try {
      const place = join(settings.folder, source, localDay(atMs), pictureName({ kind, rule, atMs }));
      const kept =
        first !== undefined &&
        health.recording &&
        !signal.aborted &&
        (kind === 'clip'
          ? await keepClip(place, pictures, { nominalFps: settings.pictures.maxFps, signal })
          : await keepSnapshot(place, first));
      this.#tell(source, kind, kept ? 'kept' : 'failed');
    } catch (error) {
      this.#tell(source, kind, 'failed');
      logger.warn(`camera ${source}: the ${kind} of rule ${rule} could not be kept: ${errorWords(error)}`, {
        camera: source,
      });
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') health.failed(error);
    }
  }

  #tell(source: string, kind: KeptPictureKind, outcome: 'kept' | 'failed'): void {
    this.#options.telemetry.keptPicture(source, kind, outcome);
  }
}

/** The picture nearest to what the job is about; none without any. */
function nearest({ pictures, centreUs }: Job): Preview[] {
  const byDistance = [...pictures].sort((a, b) => Math.abs(a.ptsUs - centreUs) - Math.abs(b.ptsUs - centreUs));
  return byDistance.slice(0, 1);
}
