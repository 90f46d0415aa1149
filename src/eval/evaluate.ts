import { EMOTIONS } from '../domain/affect.js';
import { AffectError } from '../domain/errors.js';
import { amongCandidates } from './affect-network.js';
import type { Degradation } from './conditions.js';
import type { RobustnessSeries } from './eval-report.js';
import type { GrayImage } from './gray-image.js';
import type { ImageSource } from './image-source.js';
import type { EvalItem } from './items.js';
import { classificationMetrics, type Outcome } from './metrics.js';
import type { NetworkFace } from './network-face.js';

export interface EvaluateOptions {
  readonly items: readonly EvalItem[];
  readonly images: ImageSource;
  /** The face of a picture as the network takes it; null when it shows none. */
  readonly faceOf: (image: GrayImage) => Promise<NetworkFace | null>;
  /** Probabilities over EMOTIONS of each face. */
  readonly read: (faces: readonly NetworkFace[]) => Promise<readonly (readonly number[])[]>;
  /** Empty: only the pictures as they are. */
  readonly degradations: readonly Degradation[];
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface Evaluation {
  readonly outcomes: readonly Outcome[];
  readonly robustness: readonly RobustnessSeries[];
  /** Some faces, for timing. */
  readonly sample: readonly NetworkFace[];
}

/** Pictures in memory at once, and faces in one run of the network. */
const BATCH = 32;
const SAMPLE_FACES = 8;

interface Loaded {
  readonly item: EvalItem;
  readonly source: GrayImage;
  readonly face: NetworkFace | null;
  /** Position in the list. */
  readonly index: number;
}

/**
 * Reads every picture once, and, for each value of each degradation, once more in that state. A picture is loaded once; memory
 * holds one batch of pictures and eight numbers per picture and state. A degraded face keeps the mesh of the picture as it is.
 * Rejects with INTERRUPTED when the signal aborts.
 */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const { items, degradations, signal } = options;
  const outcomes: Outcome[] = [];
  const states = degradations.flatMap((degradation) => degradation.values.map((value) => ({ degradation, value })));
  const degraded: Outcome[][] = states.map(() => []);
  const sample: NetworkFace[] = [];
  for (let start = 0; start < items.length; start += BATCH) {
    if (signal.aborted) {
      throw new AffectError('INTERRUPTED', `stopped after ${start} of ${items.length} images; nothing was written`);
    }
    const batch = await loadBatch(options, start);
    outcomes.push(...(await outcomesOf(options, batch, (loaded) => loaded.face)));
    for (const [index, { degradation, value }] of states.entries()) {
      const changed = await Promise.all(
        batch.map(async ({ source, face, index: at }) => {
          if (!face) return null;
          return { ...face, crop: await degradation.apply(source, face.crop, value, at * 1000 + index) };
        }),
      );
      degraded[index]!.push(...(await outcomesOf(options, batch, (_, at) => changed[at]!)));
    }
    for (const { face } of batch) if (face && sample.length < SAMPLE_FACES) sample.push(face);
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

async function loadBatch({ items, images, faceOf }: EvaluateOptions, start: number): Promise<Loaded[]> {
  const batch: Loaded[] = [];
  for (const [offset, item] of items.slice(start, start + BATCH).entries()) {
    const source = await images.load(item.image);
    batch.push({ item, source, face: await faceOf(source), index: start + offset });
  }
  return batch;
}

async function outcomesOf(
  options: EvaluateOptions,
  batch: readonly Loaded[],
  faceOf: (loaded: Loaded, at: number) => NetworkFace | null,
): Promise<Outcome[]> {
  const faces = batch.map(faceOf);
  const present = faces.filter((face) => face !== null);
  const rows = present.length === 0 ? [] : await options.read(present);
  let next = 0;
  return batch.map(({ item }, at) => ({
    truth: item.truth,
    probabilities: faces[at] ? amongCandidates(rows[next++]!, item.candidates) : null,
  }));
}
