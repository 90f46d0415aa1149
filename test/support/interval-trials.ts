import { segmentCorrelation } from '../../src/statistics/segment-correlation.js';
import { FrameCounter } from '../../src/study/numbers/counted-frames.js';
import { measureWindow } from '../../src/study/numbers/measure-window.js';
import { measuresOf } from '../../src/study/numbers/measures.js';
import { NUMBER_OPTIONS } from '../../src/study/numbers/number-options.js';
import { segmentOptions } from '../../src/study/numbers/pair-numbers.js';
import { blocksOf, intervalOf } from '../../src/study/numbers/person-numbers.js';
import { frameWeights } from '../../src/study/numbers/person-series.js';
import { sessionWindow } from '../../src/study/numbers/study-windows.js';
import { ar1, normals } from './ar1.js';

const VALENCE = measuresOf({ units: [], speech: false, speakingFrom: 0.5 }).find(
  ({ name }) => name === 'valence_mean',
)!;

/**
 * How often the interval of a mean holds the true mean, in windows of `seconds` of a signal at 10 frames a second that
 * forgets itself in `memorySeconds`. All of it by the code that makes tables: frames, cells, blocks, interval.
 */
export function meanCoverage({
  seconds,
  memorySeconds,
  trials,
  seed,
}: {
  readonly seconds: number;
  readonly memorySeconds: number;
  readonly trials: number;
  readonly seed: number;
}): number {
  const normal = normals(seed);
  const timeUs = Float64Array.from({ length: seconds * 10 }, (_, at) => at * 100_000);
  const weightUs = frameWeights(timeUs, 1e6);
  let held = 0;
  for (let trial = 0; trial < trials; trial++) {
    const floats = Float32Array.from(ar1(timeUs.length, memorySeconds * 10, normal));
    const signals = new Map([['valence', { floats, digits: 6 }]]);
    const series = { participant: 'P1', timeUs, weightUs, signals, episodes: [] };
    const counter = new FrameCounter(series, [], 'all', NUMBER_OPTIONS);
    const frames = counter.of(sessionWindow({ fromUs: 0, toUs: seconds * 1e6 }));
    // Each trial draws its own blocks.
    const { plan, blocks } = blocksOf(frames.cells, NUMBER_OPTIONS, seed * 100_000 + trial);
    const { draws } = measureWindow(VALENCE, frames, plan);
    const [low, high] = intervalOf(draws!, blocks, NUMBER_OPTIONS)!;
    if (low <= 0 && 0 <= high) held++;
  }
  return held / trials;
}

/**
 * How often the synchrony of two series is significant at 5 %. The second is the first of `lagSeconds` before, to the
 * share `coupled`; 0: they have nothing to do with each other.
 */
export function synchronyFound({
  seconds,
  memorySeconds,
  coupled,
  lagSeconds = 1,
  trials,
  seed,
}: {
  readonly seconds: number;
  readonly memorySeconds: number;
  readonly coupled: number;
  readonly lagSeconds?: number;
  readonly trials: number;
  readonly seed: number;
}): { readonly significant: number; readonly lagRight: number } {
  const { stepSeconds } = NUMBER_OPTIONS.synchrony;
  const points = (time: number): number => Math.round(time / stepSeconds);
  const normal = normals(seed);
  const options = segmentOptions(NUMBER_OPTIONS);
  const lag = points(lagSeconds);
  let [found, lagRight] = [0, 0];
  for (let trial = 0; trial < trials; trial++) {
    const all = ar1(points(seconds) + lag, points(memorySeconds), normal);
    const own = ar1(points(seconds), points(memorySeconds), normal);
    const [one, other] = [all.subarray(lag), own.map((value, at) => coupled * all[at]! + (1 - coupled) * value)];
    const result = segmentCorrelation(one, other, options, seed * 100_000 + trial)!;
    if (result.p <= 0.05) found++;
    if (Math.abs(result.lag - lag) <= 1) lagRight++;
  }
  return { significant: found / trials, lagRight: lagRight / trials };
}
