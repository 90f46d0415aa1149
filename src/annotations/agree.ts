import type { EpisodeKind } from '../domain/episode-kind.js';
import { icc } from '../statistics/icc.js';
import { type Interval, resamples, spread } from '../statistics/intervals.js';
import { addTables, f1, kappa, NOTHING_SAID, precision, recall, type TwoByTwo } from '../statistics/two-by-two.js';
import { matched, type Span } from './match.js';

/** Two events are one when they have at least this share of their time in common. */
export const SAME_EVENT = 0.5;
/** Time is drawn anew in blocks of so long: neighbouring frames are no independent evidence. */
export const BLOCK_US = 10_000_000;
/** Fewer blocks, or fewer events, are too few for what is made of them. */
export const LEAST_BLOCKS = 10;
export const LEAST_EVENTS = 5;

/** What two said of one label of one person, and the time for which both were asked. */
export interface Comparison {
  readonly kind: EpisodeKind;
  readonly label: string;
  /** Time that both judged, in order, without overlaps; half-open. */
  readonly judged: readonly Span[];
  /** Of the reference, and of whom is compared to it. */
  readonly eventsA: readonly Span[];
  readonly eventsB: readonly Span[];
  /** Length of a frame. */
  readonly frameUs: number;
}

/** A number with its interval over blocks of time. */
interface Estimate {
  readonly value: number | null;
  readonly interval: Interval | null;
}

/** Median of differences with the range of the middle 95 % of them, microseconds; b minus a. */
export interface Differences {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** How well two agree. */
export interface Agreement {
  readonly frames: number;
  readonly framesA: number;
  readonly framesB: number;
  readonly kappa: Estimate;
  readonly f1: Estimate;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly eventsA: number;
  readonly eventsB: number;
  readonly eventsMatched: number;
  readonly eventF1: number | null;
  /** Of matched events. */
  readonly onset: Differences | null;
  readonly offset: Differences | null;
  /** Of the lengths of matched events: ICC(2,1) and ICC(3,1). */
  readonly lengthAgreement: number | null;
  readonly lengthConsistency: number | null;
  /** Why numbers are missing, one clause each. */
  readonly missing: readonly string[];
}

/** Agreement on comparisons taken together: one label of one person, or all of them. */
export function agreementOn(comparisons: readonly Comparison[]): Agreement {
  const blocks = comparisons.flatMap(blocksOf);
  const whole = blocks.reduce((sum, block) => addTables(sum, block), NOTHING_SAID);
  const pairs = comparisons.flatMap(({ eventsA, eventsB }) => matched(eventsA, eventsB, { least: SAME_EVENT }));
  const [eventsA, eventsB] = (['eventsA', 'eventsB'] as const).map((key) =>
    comparisons.reduce((sum, comparison) => sum + comparison[key].length, 0),
  ) as [number, number];
  const events = { both: pairs.length, onlyA: eventsA - pairs.length, onlyB: eventsB - pairs.length, neither: 0 };
  const enough = pairs.length >= LEAST_EVENTS;
  const lengths = enough ? icc(pairs.map(({ a, b }) => [a.offsetUs - a.onsetUs, b.offsetUs - b.onsetUs])) : null;
  const draws = blocks.length >= LEAST_BLOCKS ? drawnAnew(blocks) : null;
  const estimate = (of: (table: TwoByTwo) => number | null): Estimate => ({
    value: of(whole),
    interval: draws && of(whole) !== null ? spread(draws.map((table) => of(table) ?? Number.NaN)) : null,
  });
  return {
    frames: whole.both + whole.onlyA + whole.onlyB + whole.neither,
    framesA: whole.both + whole.onlyA,
    framesB: whole.both + whole.onlyB,
    kappa: estimate(kappa),
    f1: estimate(f1),
    precision: precision(whole),
    recall: recall(whole),
    eventsA,
    eventsB,
    eventsMatched: pairs.length,
    eventF1: f1(events),
    onset: differences(pairs.map(({ a, b }) => b.onsetUs - a.onsetUs)),
    offset: differences(pairs.map(({ a, b }) => b.offsetUs - a.offsetUs)),
    lengthAgreement: lengths?.agreement ?? null,
    lengthConsistency: lengths?.consistency ?? null,
    missing: [
      ...(kappa(whole) === null
        ? [whole === NOTHING_SAID ? 'no time that both judged' : 'kappa: neither, or both always, saw it']
        : []),
      ...(draws === null ? [`intervals: ${blocks.length} of ${LEAST_BLOCKS} blocks of ${BLOCK_US / 1e6} s`] : []),
      ...(enough ? [] : [`lengths: ${pairs.length} of ${LEAST_EVENTS} common events`]),
    ],
  };
}

/** What two said in each block of time, counted in frames. A frame is what its middle is. */
function blocksOf({ judged, eventsA, eventsB, frameUs }: Comparison): TwoByTwo[] {
  const blocks = new Map<number, { both: number; onlyA: number; onlyB: number; neither: number }>();
  const [inA, inB] = [within(eventsA), within(eventsB)];
  for (const { onsetUs, offsetUs } of judged)
    for (let frame = Math.ceil(onsetUs / frameUs - 0.5); (frame + 0.5) * frameUs < offsetUs; frame++) {
      const at = (frame + 0.5) * frameUs;
      const [a, b] = [inA(at), inB(at)];
      const block = blocks.get(Math.floor(at / BLOCK_US)) ?? { ...NOTHING_SAID };
      block[a ? (b ? 'both' : 'onlyA') : b ? 'onlyB' : 'neither'] += 1;
      blocks.set(Math.floor(at / BLOCK_US), block);
    }
  return [...blocks.values()];
}

/** Whether a time is in any of the spans; times must be asked for in rising order. */
function within(spans: readonly Span[]): (at: number) => boolean {
  const sorted = [...spans].sort((x, y) => x.onsetUs - y.onsetUs);
  let next = 0;
  let until = Number.NEGATIVE_INFINITY;
  return (at) => {
    for (; next < sorted.length && sorted[next]!.onsetUs <= at; next++) until = Math.max(until, sorted[next]!.offsetUs);
    return at < until;
  };
}

/** The whole as it would be with other blocks of time. */
function drawnAnew(blocks: readonly TwoByTwo[]): TwoByTwo[] {
  const tables: TwoByTwo[] = [];
  for (const times of resamples(blocks.map((_, at) => String(at))))
    tables.push(blocks.reduce((sum, block, at) => addTables(sum, block, times[at]!), NOTHING_SAID));
  return tables;
}

function differences(values: readonly number[]): Differences | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((x, y) => x - y);
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const [low, high] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
    return low + (high - low) * (place - Math.floor(place));
  };
  return { median: at(0.5), low: at(0.025), high: at(0.975) };
}
