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
  /** Media time of the first reading since the filters last restarted. */
  startedUs: number;
  /** Presence logits of all units, then their intensities. */
  readonly filter: OneEuroState;
  readonly resting: RestingMemory;
  readonly activity: readonly Activity[];
  /** Recent smoothed presence and intensity of all units, then the seconds the frame stood for: onsets look back. */
  readonly history: Ring;
  /** One per unit; null for the left or right half of one, which has no episodes of its own. */
  readonly signals: readonly (SignalState | null)[];
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
    startedUs: 0,
    filter: createOneEuro(2 * keys.length),
    resting: createResting(keys.length),
    activity: keys.map(createActivity),
    history: createRing({ capacity: options.actionUnits.historyFrames, width: 2 * keys.length + 1 }),
    signals: keys.map((key) => (/[LR]$/.test(key) ? null : createSignal('action-unit', `AU${key}`))),
  };
}

const logistic = (logit: number): number => 1 / (1 + Math.exp(-logit));

/**
 * One valid reading through the track's stages: presence logits and intensities minus the resting face, logits held to
 * `maxLogit`, both through One Euro; then activity and episodes.
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
    readonly outlet: EpisodeOutlet;
  },
): ActionUnitsState {
  const { ptsUs, evidence, weight, rest } = step;
  const { presenceLogits, intensities } = evidence;
  const { actionUnitKeys: keys, actionUnits: own, baseline } = options;
  const units = keys.length;
  const elapsed = track.lastUs === null ? 0 : (ptsUs - track.lastUs) / 1e6;
  const seconds = elapsed > options.maxGapSeconds ? 0 : Math.min(elapsed, options.maxStepSeconds);
  track.lastUs = ptsUs;

  observeResting(track.resting, options, { evidence, seconds: seconds * weight * rest });
  const baselined = relativeToRest(track.resting, options, evidence);
  const used = baselined ?? evidence;
  const { minCutoffHz, beta, derivativeCutoffHz, maxLogit } = own;
  const restarted = stepOneEuro(
    track.filter,
    { minCutoffHz, beta, derivativeCutoffHz, maxGapSeconds: options.maxGapSeconds },
    {
      ptsUs,
      values: [
        ...used.presenceLogits.map((logit) => Math.min(maxLogit, Math.max(-maxLogit, logit))),
        ...used.intensities,
      ],
      weight,
    },
  );
  if (restarted) {
    track.startedUs = ptsUs;
    for (const activity of track.activity) Object.assign(activity, createActivity());
  }
  const presence = Array.from(track.filter.value.subarray(0, units), logistic);
  const intensity = track.filter.value.subarray(units);
  pushRing(track.history, ptsUs, [...presence, ...intensity, seconds]);

  const readings: Record<string, ActionUnitReading> = {};
  keys.forEach((key, unit) => {
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
    const fromUs = Math.max(ptsUs - onsetLookbackSeconds * 1e6, track.startedUs, signal.endedUs + 1);
    return riseOf(recent(track, unit, fromUs), { onsetFraction, fromZero: fromUs === track.startedUs });
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
