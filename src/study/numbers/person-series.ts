import type { FaceRecordJson } from '../../domain/record-fields.js';
import type { EpisodeKind } from '../../domain/records.js';
import type { Micros } from '../../domain/units.js';
import { headSpeeds } from './head-speed.js';
import { HEAD_SPEED, HEAD_SPEED_DIGITS, type Signal, type SignalValues } from './signals.js';

/** An episode of a person, in session time. */
export interface PersonEpisode {
  /** `speech` among them, where the results know who speaks. */
  readonly kind: EpisodeKind | 'speech';
  readonly label: string;
  readonly onsetUs: number;
  readonly offsetUs: number;
}

/** One participant in one session: what was read of them, on the session's time. */
export interface PersonSeries {
  readonly participant: string;
  /** Of each frame of the videos that can show the person, seen or not; rising. */
  readonly timeUs: Float64Array;
  /** How long each frame stands for: half the gap to either neighbour. */
  readonly weightUs: Float64Array;
  readonly signals: ReadonlyMap<string, SignalValues>;
  /** In the order of their onset. */
  readonly episodes: readonly PersonEpisode[];
}

/** A typed array that grows. */
class Growing<A extends Float32Array | Float64Array> {
  #values: A;
  #length = 0;
  readonly #make: (length: number) => A;

  constructor(make: (length: number) => A) {
    this.#make = make;
    this.#values = make(1024);
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const grown = this.#make(this.#length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#length++] = value;
  }

  /** The values in a given order. */
  taken(order: Uint32Array): A {
    const taken = this.#make(order.length);
    for (let at = 0; at < order.length; at++) taken[at] = this.#values[order[at]!]!;
    return taken;
  }

  get values(): A {
    return this.#values.subarray(0, this.#length) as A;
  }
}

/** How long each frame stands for: half the gap to either neighbour, a gap counting at most `maxUs`; the first and last have their one gap on both sides. */
export function frameWeights(timeUs: Float64Array, maxUs: number): Float64Array {
  const frames = timeUs.length;
  const gap = (after: number): number => Math.min(timeUs[after]! - timeUs[after - 1]!, maxUs);
  return Float64Array.from(timeUs, (_, at) => {
    if (frames === 1) return maxUs;
    const before = at === 0 ? gap(1) : gap(at);
    const after = at === frames - 1 ? gap(at) : gap(at + 1);
    return (before + after) / 2;
  });
}

/** Puts a participant's frames of one session together, video by video. Memory grows by 4 bytes a signal and frame. */
export class PersonSeriesBuilder {
  readonly #participant: string;
  readonly #signals: readonly Signal[];
  readonly #times = new Growing((length) => new Float64Array(length));
  readonly #columns: readonly Growing<Float32Array>[];
  readonly #episodes: PersonEpisode[] = [];
  /** Spans of the videos before, in session time: an earlier video counts where two have frames. */
  readonly #spans: { readonly fromUs: number; readonly toUs: number }[] = [];
  #span: { fromUs: number; toUs: number } | null = null;

  constructor(participant: string, signals: readonly Signal[]) {
    this.#participant = participant;
    this.#signals = signals;
    this.#columns = signals.map(() => new Growing((length) => new Float32Array(length)));
  }

  /** A frame of the video that is read now, and the record of the person in it; null where they are not in it. */
  frame(timeUs: Micros, record: FaceRecordJson | null): void {
    if (this.#span === null) this.#span = { fromUs: timeUs, toUs: timeUs };
    else this.#span.toUs = timeUs;
    if (this.#isCovered(timeUs)) return;
    this.#times.push(timeUs);
    for (let at = 0; at < this.#signals.length; at++)
      this.#columns[at]!.push(record === null ? Number.NaN : this.#signals[at]!.read(record));
  }

  /** An episode of the person in the video that is read now. */
  episode(episode: PersonEpisode): void {
    if (!this.#isCovered(episode.onsetUs)) this.#episodes.push(episode);
  }

  /** What comes now is of another video. */
  endVideo(): void {
    if (this.#span !== null) this.#spans.push(this.#span);
    this.#span = null;
  }

  finish(maxFrameUs: number): PersonSeries {
    const times = this.#times.values;
    const order = Uint32Array.from(times.keys()).sort((a, b) => times[a]! - times[b]! || a - b);
    const timeUs = this.#times.taken(order);
    const signals = new Map<string, SignalValues>(
      this.#signals.map(({ name, digits }, at) => [name, { floats: this.#columns[at]!.taken(order), digits }]),
    );
    signals.set(HEAD_SPEED, {
      floats: headSpeeds({ timeUs, signals, maxFrameUs }),
      digits: HEAD_SPEED_DIGITS,
    });
    return {
      participant: this.#participant,
      timeUs,
      weightUs: frameWeights(timeUs, maxFrameUs),
      signals,
      episodes: this.#episodes.sort((a, b) => a.onsetUs - b.onsetUs),
    };
  }

  #isCovered(timeUs: number): boolean {
    return this.#spans.some(({ fromUs, toUs }) => timeUs >= fromUs && timeUs <= toUs);
  }
}
