import { LOUDNESS_LAGS_SECONDS } from '../domain/sound.js';
import type { MouthShape } from './mouth.js';

/** Speech opens and closes the mouth 2 to 8 times a second: what changes faster is jitter of the mesh, what changes slower a smile or a yawn. */
const FAST_SECONDS = 1 / (2 * Math.PI * 8);
const SLOW_SECONDS = 1 / (2 * Math.PI * 2);
/** How long a movement counts. */
const MOVEMENT_SECONDS = 0.35;
/** How long the mouth and the sound are compared. */
const STEP_WITH_SECONDS = 0.8;
/** Slower changes of gap and loudness are no part of the comparison. */
const LEVEL_SECONDS = 0.5;
/** How much the corners of the mouth count beside the gap. */
const WIDTH_SHARE = 0.5;
/** Movement of a mesh that lies on a still mouth, in eye distances; keeps its logarithm from running away. */
const JITTER = 0.002;

/** Running means of what goes together, exponentially forgotten. */
interface Agreement {
  both: number;
  mouth: number;
  sound: number;
}

/** What is remembered of one mouth; plain data. */
export interface MouthMemory {
  lastUs: number;
  /** Seconds since it was first seen, or seen again after a gap. */
  seconds: number;
  fastGap: number;
  slowGap: number;
  fastWidth: number;
  slowWidth: number;
  levelGap: number;
  /** Mean square of the movement. */
  movement: number;
  /** By `LOUDNESS_LAGS_SECONDS`. */
  readonly levels: number[];
  readonly agreements: Agreement[];
}

/** What a mouth says of whether it speaks. */
export interface MouthSigns {
  /** Natural logarithm of the movement at 2 to 8 Hz, in eye distances. */
  readonly movement: number;
  /** Correlation of gap and loudness over the last moments, at the lag that fits best; -1..1. */
  readonly inStep: number;
}

export function createMouthMemory(ptsUs: number, { gap, width }: MouthShape): MouthMemory {
  return {
    lastUs: ptsUs,
    seconds: 0,
    fastGap: gap,
    slowGap: gap,
    fastWidth: width,
    slowWidth: width,
    levelGap: gap,
    movement: 0,
    levels: [],
    agreements: LOUDNESS_LAGS_SECONDS.map(() => ({ both: 0, mouth: 0, sound: 0 })),
  };
}

/** Advances by one frame. `loudness` by lag, decibels; null where there is no sound. */
export function stepMouth(
  memory: MouthMemory,
  now: { readonly ptsUs: number; readonly shape: MouthShape; readonly loudness: readonly number[] | null },
): void {
  const { ptsUs, shape, loudness } = now;
  const seconds = (ptsUs - memory.lastUs) / 1e6;
  if (seconds <= 0) return;
  const share = (tau: number): number => 1 - Math.exp(-seconds / tau);
  const [fast, slow] = [share(FAST_SECONDS), share(SLOW_SECONDS)];
  memory.lastUs = ptsUs;
  memory.seconds += seconds;
  memory.fastGap += fast * (shape.gap - memory.fastGap);
  memory.slowGap += slow * (shape.gap - memory.slowGap);
  memory.fastWidth += fast * (shape.width - memory.fastWidth);
  memory.slowWidth += slow * (shape.width - memory.slowWidth);
  const gap = memory.fastGap - memory.slowGap;
  const width = WIDTH_SHARE * (memory.fastWidth - memory.slowWidth);
  memory.movement += share(MOVEMENT_SECONDS) * (gap * gap + width * width - memory.movement);

  memory.levelGap += share(LEVEL_SECONDS) * (memory.fastGap - memory.levelGap);
  if (loudness === null) return;
  const opened = memory.fastGap - memory.levelGap;
  for (const [lag, decibels] of loudness.entries()) {
    memory.levels[lag] ??= decibels;
    memory.levels[lag]! += share(LEVEL_SECONDS) * (decibels - memory.levels[lag]!);
    const louder = decibels - memory.levels[lag]!;
    const agreement = memory.agreements[lag]!;
    const rate = share(STEP_WITH_SECONDS);
    agreement.both += rate * (opened * louder - agreement.both);
    agreement.mouth += rate * (opened * opened - agreement.mouth);
    agreement.sound += rate * (louder * louder - agreement.sound);
  }
}

export function signsOf({ movement, agreements }: MouthMemory): MouthSigns {
  const inStep = agreements.map(({ both, mouth, sound }) => both / Math.sqrt((mouth + JITTER ** 2) * (sound + 1)));
  return { movement: Math.log(Math.sqrt(movement) + JITTER), inStep: Math.max(...inStep) };
}
