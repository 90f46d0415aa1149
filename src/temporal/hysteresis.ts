import { topIndex } from './distribution.js';
import type { HysteresisOptions } from './options.js';

/** Label machine of one track; plain data. Indices are positions in the distribution, -1 is "no label". */
export interface HysteresisState {
  label: number;
  candidate: number;
  /** Share of its hold that the candidate has served, 0..1. */
  held: number;
  /** Seconds that the label has been under its release threshold. */
  lowSeconds: number;
  /** Recent changes, each fading with `restlessSeconds`. */
  restless: number;
}

export function createHysteresis(): HysteresisState {
  return { label: -1, candidate: -1, held: 0, lowSeconds: 0, restless: 0 };
}

/** Forgets label and candidate after a gap; recent restlessness stays. */
export function resetHysteresis(state: HysteresisState): void {
  change(state, -1);
}

function change(state: HysteresisState, label: number): void {
  if (state.label !== label) state.restless += 1;
  state.label = label;
  state.candidate = -1;
  state.held = 0;
  state.lowSeconds = 0;
}

/**
 * How clearly one class leads another: the share of its own probability by which it is ahead, 0 (as likely) to 1. A
 * ratio, and no difference: a network that spreads its probabilities more widely leads by less, and no less clearly.
 */
function leadOver(probability: number, rival: number): number {
  return 1 - rival / probability;
}

/**
 * Seconds a class must hold to enter with this lead: geometric between the slow hold of a tie, which recent changes
 * lengthen, and the fast one of a clear winner, which nothing lengthens: a clear change is followed at once.
 */
export function requiredHoldSeconds(options: HysteresisOptions, lead: number, restless: number): number {
  const clear = Math.min(1, Math.max(0, (lead - options.tieLead) / (options.fastLead - options.tieLead)));
  const slow = options.slowHoldSeconds * (1 + options.restlessness * restless);
  return slow * (options.fastHoldSeconds / slow) ** clear;
}

/**
 * Advances the label by `dtSeconds` of smoothed probabilities; returns its index or -1.
 * Enter: the top class, at least `enter`, serves a hold that depends on its lead over the label (over the
 * runner-up when there is none, and then never more than `freeHoldSeconds`); time in which it is not the top is taken
 * off again. Release: under `leave` and not the top, or under `abstain`, for `releaseHoldSeconds`. Floor: a label under
 * `floor` is over in that sample, and the top class takes its place if it may enter by its probability: no hold keeps a
 * label that is unlikely.
 */
export function stepHysteresis(
  state: HysteresisState,
  options: HysteresisOptions,
  sample: { readonly dtSeconds: number; readonly probabilities: ArrayLike<number> },
): number {
  const { dtSeconds, probabilities } = sample;
  state.restless *= Math.exp(-dtSeconds / options.restlessSeconds);
  const top = topIndex(probabilities);
  const rival = state.label >= 0 && state.label !== top ? probabilities[state.label]! : runnerUp(probabilities, top);
  const lead = leadOver(probabilities[top]!, rival);
  const contested = requiredHoldSeconds(options, lead, state.restless);
  const hold = state.label < 0 ? Math.min(contested, options.freeHoldSeconds) : contested;
  const share = hold > 0 ? dtSeconds / hold : 1;

  if (state.label >= 0 && probabilities[state.label]! < options.floor) {
    change(state, probabilities[top]! >= options.enter ? top : -1);
    return state.label;
  }

  if (top !== state.label && probabilities[top]! >= options.enter) {
    if (state.candidate !== top) {
      state.candidate = top;
      state.held = 0;
    }
    state.held += share;
    // A hold of exactly n frames must not fail by the last bit of a sum.
    if (state.held >= 1 - 1e-9) {
      change(state, top);
      return state.label;
    }
  } else {
    state.held = Math.max(0, state.held - share);
  }

  if (state.label >= 0) {
    const current = probabilities[state.label]!;
    const low = current < options.abstain || (current < options.leave && top !== state.label);
    state.lowSeconds = low ? state.lowSeconds + dtSeconds : 0;
    if (low && state.lowSeconds >= options.releaseHoldSeconds) change(state, -1);
  }
  return state.label;
}

function runnerUp(probabilities: ArrayLike<number>, top: number): number {
  let best = 0;
  for (let k = 0; k < probabilities.length; k += 1) if (k !== top) best = Math.max(best, probabilities[k]!);
  return best;
}
