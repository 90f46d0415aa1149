import type { ActionUnitEvidence, ActionUnitReading, BaselineState } from '../domain/affect.js';
import { createResting, observeResting, type RestingMemory, relativeToRest } from './action-unit-baseline.js';
import { type Activity, createActivity, stepActivity } from './activity.js';
import { baselineState } from './baseline.js';
import type { EndReason, EpisodeSample } from './episodes.js';
import { createOneEuro, type OneEuroState, stepOneEuro } from './one-euro.js';
import type { EpisodeOptions, TemporalOptions } from './options.js';
import { createRing, pushRing, type Ring, ringSlot } from './ring.js';
import { createSignal, type EpisodeOutlet, endSignal, riseOf, type SignalState, stepSignal } from './signal-episode.js';

/** Highest intensity (FACS degree E): episodes give intensities as shares of it. */
const MAX_INTENSITY = 5;

/** Everything the stage knows of one track's action units, in the order of the option `actionUnitKeys`; plain data. */
export interface ActionUnitTrack {
  /** Media time of the newest valid reading. */
  lastUs: number | null;
  /** Media time of each unit's first reading since its filter last restarted. */
  readonly startedUs: number[];
  /** Presence logits of all units, then their intensities. */
  readonly filter: OneEuroState;
  readonly resting: RestingMemory;
  readonly activity: readonly Activity[];
  /** Recent smoothed presence and intensity of all units, then the seconds the frame stood for: onsets look back. */
  readonly history: Ring;
  /** One per unit; null for the left or right half of one, which has no episodes of its own. */
  readonly signals: readonly (SignalState | null)[];
  /** Media time since which something covers what each unit needs; null while all of it is seen. */
  readonly coveredSinceUs: (number | null)[];
}

/** Action units of one track in one frame. */
export interface ActionUnitsState {
  readonly readings: Readonly<Record<string, ActionUnitReading>>;
  readonly baseline: BaselineState;
}

export function createActionUnits(options: TemporalOptions): ActionUnitTrack {
  const { actionUnitKeys: keys } = options;
  return {
    lastUs: null,
    startedUs: keys.map(() => 0),
    filter: createOneEuro(2 * keys.length),
    resting: createResting(keys.length),
    activity: keys.map(createActivity),
    history: createRing({ capacity: options.actionUnits.historyFrames, width: 2 * keys.length + 1 }),
    signals: keys.map((key) => (/[LR]$/.test(key) ? null : createSignal('action-unit', `AU${key}`))),
    coveredSinceUs: keys.map(() => null),
  };
}

const logistic = (logit: number): number => 1 / (1 + Math.exp(-logit));

/**
 * One valid reading through the track's stages: presence logits and intensities minus the resting face, logits held to
 * `maxLogit`, both through One Euro; then activity and episodes. A covered unit waits as it was, and is null.
 */
export function stepActionUnits(
  track: ActionUnitTrack,
  options: TemporalOptions,
  step: {
    readonly ptsUs: number;
    readonly evidence: ActionUnitEvidence;
    /** 0..1: how much the reading counts. */
    readonly weight: number;
    /** 0..1: how much the frame counts as the person's rest. */
    readonly rest: number;
    /** By unit: whether something covers what it shows in. */
    readonly covered: readonly boolean[];
    readonly outlet: EpisodeOutlet;
  },
): ActionUnitsState {
  const { ptsUs, evidence, weight, rest, covered } = step;
  const { presenceLogits, intensities } = evidence;
  const { actionUnitKeys: keys, actionUnits: own, baseline } = options;
  const units = keys.length;
  const elapsed = track.lastUs === null ? 0 : (ptsUs - track.lastUs) / 1e6;
  const seconds = elapsed > options.maxGapSeconds ? 0 : Math.min(elapsed, options.maxStepSeconds);
  track.lastUs = ptsUs;

  observeResting(track.resting, options, { evidence, covered, seconds: seconds * weight * rest });
  const baselined = relativeToRest(track.resting, options, evidence);
  const used = baselined ?? evidence;
  const { minCutoffHz, beta, derivativeCutoffHz, maxLogit } = own;
  const { value } = track.filter;
  const fresh = freshValues(track, { ptsUs, covered, values: filterInput(used, maxLogit) });
  const restarted = stepOneEuro(
    track.filter,
    { minCutoffHz, beta, derivativeCutoffHz, maxGapSeconds: options.maxGapSeconds },
    { ptsUs, values: fresh, weight },
  );
  if (restarted) {
    track.startedUs.fill(ptsUs);
    for (const activity of track.activity) Object.assign(activity, createActivity());
  }
  const presence = Array.from(value.subarray(0, units), logistic);
  const intensity = value.subarray(units);
  pushRing(track.history, ptsUs, [...presence, ...intensity, seconds]);

  const readings: Record<string, ActionUnitReading> = {};
  keys.forEach((key, unit) => {
    if (covered[unit]) {
      endLongCovered(track, options, { unit, ptsUs, outlet: step.outlet });
      readings[key] = COVERED;
      return;
    }
    const smoothed = { presence: presence[unit]!, intensity: intensity[unit]! };
    const active = stepActivity(track.activity[unit]!, own, { dtSeconds: seconds, ...smoothed });
    stepEpisode(track, options, { unit, ptsUs, seconds, ...smoothed, active, outlet: step.outlet });
    readings[key] = {
      presence: {
        raw: logistic(presenceLogits[unit]!),
        baselined: baselined && logistic(baselined.presenceLogits[unit]!),
        smoothed: smoothed.presence,
      },
      intensity: {
        raw: intensities[unit]!,
        baselined: baselined && baselined.intensities[unit]!,
        smoothed: smoothed.intensity,
      },
      active,
    };
  });
  return { readings, baseline: baselineState(track.resting, baseline) };
}

const COVERED: ActionUnitReading = { presence: null, intensity: null, active: null };

/** Presence logits held to `maxLogit`, then intensities. */
const filterInput = (evidence: ActionUnitEvidence, maxLogit: number): number[] => [
  ...evidence.presenceLogits.map((logit) => Math.min(maxLogit, Math.max(-maxLogit, logit))),
  ...evidence.intensities,
];

/**
 * What the filter is given: of a covered unit what it holds, so that it waits; of one that is seen again the reading, at
 * once, because what it holds is of another time.
 */
function freshValues(
  track: ActionUnitTrack,
  now: { readonly ptsUs: number; readonly covered: readonly boolean[]; readonly values: number[] },
): number[] {
  const { filter, coveredSinceUs, startedUs } = track;
  const units = coveredSinceUs.length;
  const { ptsUs, covered, values } = now;
  for (let unit = 0; unit < units; unit += 1) {
    for (const row of [unit, units + unit]) {
      if (covered[unit]) values[row] = filter.value[row]!;
      else if (coveredSinceUs[unit] !== null) {
        filter.value[row] = values[row]!;
        filter.speed[row] = 0;
        startedUs[unit] = ptsUs;
      }
    }
    coveredSinceUs[unit] = covered[unit] ? (coveredSinceUs[unit] ?? ptsUs) : null;
  }
  return values;
}

/** A short cover is waited out; after the allowed gap the unit is no longer active, and its episode ends where it was last seen. */
function endLongCovered(
  track: ActionUnitTrack,
  options: TemporalOptions,
  now: { readonly unit: number; readonly ptsUs: number; readonly outlet: EpisodeOutlet },
): void {
  const { unit, ptsUs, outlet } = now;
  if (ptsUs - track.coveredSinceUs[unit]! <= options.maxGapSeconds * 1e6) return;
  Object.assign(track.activity[unit]!, createActivity());
  const signal = track.signals[unit];
  if (signal) endSignal(signal, episodeOptions(options), { reason: 'covered', outlet });
}

function stepEpisode(
  track: ActionUnitTrack,
  options: TemporalOptions,
  now: {
    readonly unit: number;
    readonly ptsUs: number;
    readonly seconds: number;
    readonly presence: number;
    readonly intensity: number;
    readonly active: boolean;
    readonly outlet: EpisodeOutlet;
  },
): void {
  const { unit, ptsUs, seconds, active, outlet } = now;
  const signal = track.signals[unit];
  if (!signal) return;
  const { onsetLookbackSeconds, onsetFraction } = options.episodes;
  const rise = () => {
    const fromUs = Math.max(ptsUs - onsetLookbackSeconds * 1e6, track.startedUs[unit]!, signal.endedUs + 1);
    return riseOf(recent(track, unit, fromUs), { onsetFraction, fromZero: fromUs === track.startedUs[unit] });
  };
  const sample = {
    ptsUs,
    seconds,
    value: now.intensity / MAX_INTENSITY,
    confidence: now.presence,
    active,
    fallBelow: options.actionUnits.leaveIntensity / MAX_INTENSITY,
    maxBackdateSeconds: options.maxGapSeconds,
    rise,
  };
  stepSignal(signal, episodeOptions(options), { sample, outlet });
}

const episodeOptions = ({ episodes, actionUnits }: TemporalOptions): EpisodeOptions => ({
  ...episodes,
  minSeconds: actionUnits.minEpisodeSeconds,
});

/** Remembered frames of one unit from `fromUs` on, oldest first. */
function recent(track: ActionUnitTrack, unit: number, fromUs: number): EpisodeSample[] {
  const { history } = track;
  const units = track.signals.length;
  const samples: EpisodeSample[] = [];
  for (let age = 0; age < history.count; age += 1) {
    const slot = ringSlot(history, age);
    const ptsUs = history.ptsUs[slot]!;
    if (ptsUs < fromUs) break;
    const row = history.values.subarray(slot * history.width, (slot + 1) * history.width);
    const value = row[units + unit]! / MAX_INTENSITY;
    samples.push({ ptsUs, seconds: row[2 * units]!, value, confidence: row[unit]! });
  }
  return samples.reverse();
}

/** Ends the track's episodes when its action units have not been read for longer than the allowed gap. */
export function checkActionUnitGap(
  track: ActionUnitTrack,
  options: TemporalOptions,
  now: { readonly nowUs: number; readonly outlet: EpisodeOutlet },
): void {
  if (track.lastUs === null || now.nowUs - track.lastUs <= options.maxGapSeconds * 1e6) return;
  endActionUnits(track, options, { reason: 'face-lost', outlet: now.outlet });
}

export function endActionUnits(
  track: ActionUnitTrack,
  options: TemporalOptions,
  end: { readonly reason: EndReason; readonly outlet: EpisodeOutlet },
): void {
  for (const signal of track.signals) if (signal) endSignal(signal, episodeOptions(options), end);
}
