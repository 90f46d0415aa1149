import type { TemporalOptions } from '../../src/temporal/options.js';
import { labelsOf } from './temporal-labels.js';
import { countFlips, type FaceName, type Noise, type Segment, simulate } from './temporal-sequences.js';

type Options = Omit<TemporalOptions, 'circumplex'>;

/** Minutes of a face that shows one thing: changes per second of the raw top, the smoothed top, and the label. */
export function flipRates(
  options: Options,
  trial: { readonly face: FaceName; readonly fps: number; readonly noise: Noise; readonly seeds: number },
) {
  const seconds = 60;
  const sums = { raw: 0, smoothed: 0, label: 0 };
  for (let seed = 1; seed <= trial.seeds; seed += 1) {
    const rows = labelsOf(simulate([{ face: trial.face, seconds }], { ...trial, seed }), options);
    for (const stage of ['raw', 'smoothed', 'label'] as const) sums[stage] += countFlips(rows.map((row) => row[stage]));
  }
  const total = seconds * trial.seeds;
  return { raw: sums.raw / total, smoothed: sums.smoothed / total, label: sums.label / total };
}

/** Delays in ms, sorted, from the first frame of a segment to the first frame with its label; missed: Infinity. */
export function stepDelaysMs(
  options: Options,
  trial: {
    readonly from: FaceName;
    readonly to: FaceName;
    readonly label: string;
    readonly fps: number;
    readonly noise: Noise;
    readonly seeds: number;
    readonly rampSeconds?: number;
    readonly temperature?: number;
  },
): number[] {
  const segments: Segment[] = [
    { face: trial.from, seconds: 4 },
    { face: trial.to, seconds: 2, rampSeconds: trial.rampSeconds ?? 0 },
  ];
  const delays: number[] = [];
  for (let seed = 1; seed <= trial.seeds; seed += 1) {
    const { fps, noise, temperature = 1 } = trial;
    const samples = simulate(segments, { fps, seed: seed + 1000, noise, temperature });
    const begin = samples.find((sample) => sample.segment === 1)!.ptsUs;
    const hit = labelsOf(samples, options).find((row) => row.segment === 1 && row.label === trial.label);
    delays.push(hit ? (hit.ptsUs - begin) / 1000 : Number.POSITIVE_INFINITY);
  }
  return delays.sort((a, b) => a - b);
}

/** Value below which a share of the sorted numbers lies. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!;
}
