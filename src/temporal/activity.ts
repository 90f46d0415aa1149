import type { ActionUnitOptions } from './options.js';

/** Thresholds and holds of an activity. */
export type ActivityOptions = Pick<
  ActionUnitOptions,
  'enterPresence' | 'leavePresence' | 'enterIntensity' | 'leaveIntensity' | 'enterHoldSeconds' | 'leaveHoldSeconds'
>;

/** Whether one action unit is active, with what speaks for a change; plain data. */
export interface Activity {
  active: boolean;
  /** Seconds that the thresholds of a change have been met without a break. */
  changingSeconds: number;
}

export function createActivity(): Activity {
  return { active: false, changingSeconds: 0 };
}

/**
 * Advances by one sample of smoothed presence (0..1) and intensity (0..5). Active once both have reached their enter
 * thresholds for `enterHoldSeconds`; over once either is under its leave threshold for `leaveHoldSeconds`.
 */
export function stepActivity(
  state: Activity,
  options: ActivityOptions,
  sample: { readonly dtSeconds: number; readonly presence: number; readonly intensity: number },
): boolean {
  const { presence, intensity, dtSeconds } = sample;
  const changing = state.active
    ? presence < options.leavePresence || intensity < options.leaveIntensity
    : presence >= options.enterPresence && intensity >= options.enterIntensity;
  state.changingSeconds = changing ? state.changingSeconds + dtSeconds : 0;
  const hold = state.active ? options.leaveHoldSeconds : options.enterHoldSeconds;
  // A hold of exactly n frames must not fail by the last bit of a sum.
  if (changing && state.changingSeconds >= hold - 1e-9) {
    state.active = !state.active;
    state.changingSeconds = 0;
  }
  return state.active;
}
