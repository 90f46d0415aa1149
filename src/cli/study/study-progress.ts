import { counted } from '../../domain/counted.js';
import type { Micros } from '../../domain/units.js';
import { clock } from '../progress.js';

/** Tells how far a study is, whenever a video has ended. */
export class StudyProgress {
  readonly #lengths: ReadonlyMap<string, number>;
  readonly #say: (line: string) => void;
  readonly #now: () => number;
  readonly #startedMs: number;
  readonly #ended = new Set<string>();

  /**
   * @param videos - those that are to be analysed, with how long they are where that is known
   * @param now - milliseconds of a clock that only rises
   */
  constructor(
    videos: readonly (readonly [id: string, durationUs: Micros | null])[],
    say: (line: string) => void,
    now: () => number = () => performance.now(),
  ) {
    const known = videos.flatMap(([, durationUs]) => durationUs ?? []);
    const typical = known.length > 0 ? known.reduce((a, b) => a + b, 0) / known.length : 1;
    this.#lengths = new Map(videos.map(([id, durationUs]) => [id, durationUs ?? typical]));
    this.#say = say;
    this.#now = now;
    this.#startedMs = now();
  }

  /** "study: 3 of 40 videos, 12 % of the recorded time, about 1:02:00 left" */
  ended(id: string): void {
    this.#ended.add(id);
    const of = (ids: Iterable<string>): number =>
      [...ids].reduce((sum, each) => sum + (this.#lengths.get(each) ?? 0), 0);
    const share = of(this.#ended) / of(this.#lengths.keys());
    const seconds = (this.#now() - this.#startedMs) / 1000;
    const left = share >= 1 ? '' : `, about ${clock((seconds * (1 - share)) / share)} left`;
    const videos = `${this.#ended.size} of ${counted(this.#lengths.size, 'video')}`;
    this.#say(`study: ${videos}, ${Math.floor(share * 100)} % of the recorded time${left}`);
  }
}
