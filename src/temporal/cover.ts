import { FACE_PARTS, type FaceCover, type FacePart, type PerPart, perPart } from '../domain/face-parts.js';
import { neededParts } from '../domain/needed-parts.js';

/** What lies before one track's face; plain data, in the order of FACE_PARTS. */
export interface CoverMemory {
  /** Media time of the newest look; null before the first. */
  lastUs: number | null;
  /** Visibility over time. */
  readonly visible: Float64Array;
  readonly covered: boolean[];
  /** Seconds that visibility has spoken for a change without a break. */
  readonly changing: Float64Array;
}

export interface CoverOptions {
  /** Time constant of visibility. Higher: steadier, later. */
  readonly smoothSeconds: number;
  /** Visibility under which a part counts as covered. Lower: more must lie before it. */
  readonly coverBelow: number;
  /** Visibility from which on it counts as seen again; more than `coverBelow`. */
  readonly seenAbove: number;
  /** Seconds that either must hold. Higher: a hand that passes by changes nothing. */
  readonly holdSeconds: number;
  /** How much humbler emotions are without each part: added up, the logarithm of what their log-odds are divided by. */
  readonly widening: PerPart<number>;
  /** How much less likely an expressive face is read right without each part, in log-odds. */
  readonly loss: PerPart<number>;
  /** Emotions are withheld where the losses of covered parts add up to more. Higher: more faces are read, fewer of them right. */
  readonly maxLoss: number;
}

export function createCover(): CoverMemory {
  const parts = FACE_PARTS.length;
  return {
    lastUs: null,
    visible: new Float64Array(parts).fill(1),
    covered: Array.from({ length: parts }, () => false),
    changing: new Float64Array(parts),
  };
}

/**
 * Takes one look: visibility 0..1 in the order of FACE_PARTS. The first look, and one after a gap, are believed at once;
 * later ones are smoothed, and a part changes sides only where that holds.
 */
export function stepCover(
  memory: CoverMemory,
  options: CoverOptions,
  step: { readonly ptsUs: number; readonly visibility: readonly number[]; readonly maxGapSeconds: number },
): void {
  const { ptsUs, visibility } = step;
  const seconds = memory.lastUs === null ? Number.POSITIVE_INFINITY : (ptsUs - memory.lastUs) / 1e6;
  if (seconds <= 0) return;
  memory.lastUs = ptsUs;
  const anew = seconds > step.maxGapSeconds;
  const share = anew ? 1 : 1 - Math.exp(-seconds / options.smoothSeconds);
  for (let part = 0; part < FACE_PARTS.length; part += 1) {
    const visible = memory.visible[part]! + share * (visibility[part]! - memory.visible[part]!);
    memory.visible[part] = visible;
    if (anew) {
      memory.covered[part] = visible < options.coverBelow;
      memory.changing[part] = 0;
      continue;
    }
    const changing = memory.covered[part] ? visible >= options.seenAbove : visible < options.coverBelow;
    memory.changing[part] = changing ? memory.changing[part]! + seconds : 0;
    // A hold of exactly n frames must not fail by the last bit of a sum.
    if (changing && memory.changing[part]! >= options.holdSeconds - 1e-9) {
      memory.covered[part] = !memory.covered[part];
      memory.changing[part] = 0;
    }
  }
}

/** Whether a part counts as covered now. */
export const isCovered = ({ covered }: CoverMemory, part: FacePart): boolean => covered[FACE_PARTS.indexOf(part)]!;

/** By action unit: whether a part that it needs is covered. */
export const coveredUnits = (memory: CoverMemory, keys: readonly string[]): boolean[] =>
  keys.map((key) => memory.covered.includes(true) && neededParts(key).some((part) => isCovered(memory, part)));

/** What records tell; null before the first look. */
export function coverOf(memory: CoverMemory): FaceCover | null {
  if (memory.lastUs === null) return null;
  const { visible, covered } = memory;
  const share = visible.reduce((sum, value) => sum + value, 0) / FACE_PARTS.length;
  return { share, ...perPart((_, index) => ({ visible: visible[index]!, covered: covered[index]! })) };
}

/** Sum of what covered parts weigh. */
const coveredSum = ({ covered }: CoverMemory, weights: PerPart<number>): number =>
  FACE_PARTS.reduce((sum, part, index) => (covered[index] ? sum + weights[part] : sum), 0);

/** What emotions' log-odds are divided by: 1 with every part seen. */
export const wideningOf = (memory: CoverMemory, options: CoverOptions): number =>
  Math.exp(coveredSum(memory, options.widening));

/** Whether so much is covered that emotions would say too little. */
export const isWithheld = (memory: CoverMemory, options: CoverOptions): boolean =>
  coveredSum(memory, options.loss) > options.maxLoss;
