import type { Look } from '../domain/face.js';
import { FULL_PACE, type ReadingPace } from '../domain/reading-pace.js';

/** What is read less often at one level of reduction, and how often a second at most. */
export interface ReductionLevel {
  readonly looks: readonly Look[];
  readonly perSecond: number;
}

/**
 * What is given up first is dearest (of the time in networks affect takes 54 %, eyes and covers 11 %), and no further than
 * to five times a second, from which on labels and episodes are what they are at any higher rate (`temporal/pace.ts`).
 * Beyond that whole frames are given up, evenly (`turns.ts`): so the mesh, which tracks depend on, comes last.
 */
export const REDUCTION_LEVELS: readonly (ReductionLevel | null)[] = [
  null,
  { looks: ['affect'], perSecond: 15 },
  { looks: ['affect'], perSecond: 10 },
  { looks: ['affect'], perSecond: 5 },
  { looks: ['affect', 'gaze', 'cover'], perSecond: 5 },
];
const LAST = REDUCTION_LEVELS.length - 1;

/** How often faces are read at a level of reduction; 0 is full. */
export const paceAt = (level: number): ReadingPace => PACES[level]!;
const PACES = REDUCTION_LEVELS.map((reduced): ReadingPace => {
  const slower = reduced?.looks.map((look) => [look, 1 / reduced.perSecond] as const) ?? [];
  return { ...FULL_PACE, ...Object.fromEntries(slower) };
});

/** Seconds of trouble before more is given up: one second is no news. */
const RAISE_AFTER = 2;
/** Seconds of ease before something is given back … */
const LOWER_AFTER = 10;
/** … twice as many after each try that failed, up to this … */
const LONGEST_PATIENCE = 320;
/** … or at once, when the load has fallen to this share of what it failed with. */
const LESS_LOAD = 0.8;
/** A try has failed when trouble is back within so many seconds. */
const TRIAL = 30;

/** How much is given up, and what decides on the next change. Plain data. */
export interface Reduction {
  /** 0 to 4: position in REDUCTION_LEVELS. */
  readonly level: number;
  /** Seconds of trouble, and of ease, without a break. */
  readonly strained: number;
  readonly calm: number;
  /** Seconds since something was given back, while that may yet fail; null otherwise. */
  readonly trying: number | null;
  /** Seconds of ease until the next try. */
  readonly patience: number;
  /** Faces a second at which the last try failed; infinite before one has. */
  readonly failedLoad: number;
}

export const NOT_REDUCED: Reduction = {
  level: 0,
  strained: 0,
  calm: 0,
  trying: null,
  patience: LOWER_AFTER,
  failedLoad: Number.POSITIVE_INFINITY,
};

/** How one second went: frames were lost or late, or all came with time to spare, or neither. */
export type Ease = 'strained' | 'calm' | 'between';

/**
 * One second more. Trouble raises the level by one in two seconds; ease lowers it by one after ten, and after each try
 * that failed waits twice as long, so that under an even load it settles. Depends on nothing else.
 *
 * @param load - faces a second that arrived at all cameras
 */
export function stepReduction(state: Reduction, second: { readonly ease: Ease; readonly load: number }): Reduction {
  const { ease, load } = second;
  const trying = state.trying === null || state.trying + 1 > TRIAL ? null : state.trying + 1;
  const lasted = state.trying !== null && trying === null;
  const next: Reduction = {
    ...state,
    strained: ease === 'strained' ? state.strained + 1 : 0,
    calm: ease === 'calm' ? state.calm + 1 : 0,
    trying,
    patience: lasted ? LOWER_AFTER : state.patience,
  };
  if (next.strained >= RAISE_AFTER && state.level < LAST) return raised(next, load);
  const patience = load <= LESS_LOAD * next.failedLoad ? LOWER_AFTER : next.patience;
  if (state.level > 0 && next.calm >= patience) return { ...next, level: state.level - 1, calm: 0, trying: 0 };
  return next;
}

function raised(state: Reduction, load: number): Reduction {
  const next = { ...state, level: state.level + 1, strained: 0, trying: null };
  if (state.trying === null) return next;
  return { ...next, patience: Math.min(LONGEST_PATIENCE, 2 * state.patience), failedLoad: load };
}
