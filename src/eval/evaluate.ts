import { EMOTIONS } from '../domain/affect.js';
import { AffectError } from '../domain/errors.js';
import { amongCandidates } from './affect-network.js';
import type { Degradation } from './conditions.js';
import type { RobustnessSeries } from './eval-report.js';
import type { GrayImage } from './gray-image.js';
import type { ImageSource } from './image-source.js';
import type { EvalItem } from './items.js';
import { classificationMetrics, type Outcome } from './metrics.js';

export interface EvaluateOptions {
  readonly items: readonly EvalItem[];
  readonly images: ImageSource;
  /** The network's crop of a picture; null when it shows no face. */
  readonly cropOf: (image: GrayImage) => Promise<GrayImage | null>;
  /** Probabilities over EMOTIONS of each crop. */
  readonly read: (crops: readonly GrayImage[]) => Promise<readonly (readonly number[])[]>;
  /** Empty: only the pictures as they are. */
  readonly degradations: readonly Degradation[];
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface Evaluation {
  readonly outcomes: readonly Outcome[];
  readonly robustness: readonly RobustnessSeries[];
  /** Some crops, for timing. */
  readonly sample: readonly GrayImage[];
}

/** Pictures in memory at once, and crops in one run of the network. */
const BATCH = 32;
const SAMPLE_CROPS = 8;

interface Loaded {
  readonly item: EvalItem;
  readonly source: GrayImage;
  readonly crop: GrayImage | null;
  /** Position in the list. */
  readonly index: number;
}

/**
 * Reads every picture once, and, for each value of each degradation, once more in that state. A picture is loaded once; memory
 * holds one batch of pictures and eight numbers per picture and state. Rejects with INTERRUPTED when the signal aborts.
 */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const { items, degradations, signal } = options;
  const outcomes: Outcome[] = [];
  const states = degradations.flatMap((degradation) => degradation.values.map((value) => ({ degradation, value })));
  const degraded: Outcome[][] = states.map(() => []);
  const sample: GrayImage[] = [];
  for (let start = 0; start < items.length; start += BATCH) {
    if (signal.aborted) {
      throw new AffectError('INTERRUPTED', `stopped after ${start} of ${items.length} images; nothing was written`);
    }
    const batch = await loadBatch(options, start);
    outcomes.push(...(await outcomesOf(options, batch, (loaded) => loaded.crop)));
    for (const [index, { degradation, value }] of states.entries()) {
      const changed = await Promise.all(
        batch.map(({ source, crop, index: at }) => crop && degradation.apply(source, crop, value, at * 1000 + index)),
      );
      degraded[index]!.push(...(await outcomesOf(options, batch, (_, at) => changed[at]!)));
    }
    for (const { crop } of batch) if (crop && sample.length < SAMPLE_CROPS) sample.push(crop);
    options.onProgress?.(outcomes.length, items.length);
  }
  let state = 0;
  const robustness = degradations.map(
    ({ id, title, unit, unchanged, values }): RobustnessSeries => ({
      id,
      title,
      unit,
      unchanged,
      points: values.map((value) => {
        const { accuracy, macroF1 } = classificationMetrics(degraded[state++]!, EMOTIONS);
        return { value, accuracy, macroF1 };
      }),
    }),
  );
  return { outcomes, robustness, sample };
}

async function loadBatch({ items, images, cropOf }: EvaluateOptions, start: number): Promise<Loaded[]> {
  const batch: Loaded[] = [];
  for (const [offset, item] of items.slice(start, start + BATCH).entries()) {
    const source = await images.load(item.image);
    batch.push({ item, source, crop: await cropOf(source), index: start + offset });
  }
  return batch;
}

async function outcomesOf(
  options: EvaluateOptions,
  batch: readonly Loaded[],
  cropOf: (loaded: Loaded, at: number) => GrayImage | null,
): Promise<Outcome[]> {
  const crops = batch.map(cropOf);
  const present = crops.filter((crop) => crop !== null);
  const rows = present.length === 0 ? [] : await options.read(present);
  let next = 0;
  return batch.map(({ item }, at) => ({
    truth: item.truth,
    probabilities: crops[at] ? amongCandidates(rows[next++]!, item.candidates) : null,
  }));
}
