import type { ReadingPace } from '../domain/reading-pace.js';
import type { Reduced } from '../domain/reduced.js';
import type { Telemetry } from '../domain/telemetry.js';
import type { CameraActivity } from './camera-activity.js';
import { CameraLoad } from './camera-load.js';
import { type Ease, NOT_REDUCED, paceAt, REDUCTION_LEVELS, stepReduction } from './reduction.js';

const SECOND_MS = 1_000;
/** Seconds without a frame that are counted at once at most: after them nothing is reduced any more. */
const MOST_SECONDS = 3_600;

/** Decides for all cameras together how often faces are read, from what their frames come to each second. */
export class Reducer {
  readonly #now: () => number;
  readonly #telemetry: Pick<Telemetry, 'reduction'>;
  readonly #loads = new Map<string, CameraLoad>();
  #state = NOT_REDUCED;
  #secondSince: number;
  #reduced: Reduced | null = null;

  /** @param options - `now`: monotonic milliseconds */
  constructor(options: { readonly now: () => number; readonly telemetry: Pick<Telemetry, 'reduction'> }) {
    this.#now = options.now;
    this.#telemetry = options.telemetry;
    this.#secondSince = options.now();
  }

  /** How often faces are read now; alike at all cameras. */
  readonly pace = (): ReadingPace => paceAt(this.#state.level);

  /** What clients are told of it; null while all is read in full. */
  readonly reduced = (): Reduced | null => this.#reduced;

  /** What has happened at a camera. */
  take(source: string, activity: CameraActivity): void {
    const load = this.#loads.get(source) ?? new CameraLoad();
    this.#loads.set(source, load);
    this.#endSeconds();
    load.take(activity);
  }

  /** The camera is gone. */
  forget(source: string): void {
    this.#loads.delete(source);
  }

  #endSeconds(): void {
    const over = Math.floor((this.#now() - this.#secondSince) / SECOND_MS);
    if (over < 1) return;
    this.#secondSince += over * SECOND_MS;
    const before = this.#state.level;
    for (let second = 0; second < Math.min(over, MOST_SECONDS); second += 1) {
      const seconds = [...this.#loads.values()].map((load) => load.endSecond());
      const is = (ease: Ease) => (each: { readonly ease: Ease }) => each.ease === ease;
      const ease = seconds.some(is('strained')) ? 'strained' : seconds.every(is('calm')) ? 'calm' : 'between';
      this.#state = stepReduction(this.#state, { ease, load: seconds.reduce((sum, { faces }) => sum + faces, 0) });
    }
    if (this.#state.level !== before) this.#tell();
  }

  #tell(): void {
    const { level } = this.#state;
    const since = this.#reduced?.since ?? new Date().toISOString();
    const now = REDUCTION_LEVELS[level]!;
    this.#reduced = now && { since, ...now };
    this.#telemetry.reduction(level);
  }
}
