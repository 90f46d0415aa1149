import { type AffectEvidence, type AffectState, EMOTIONS } from '../domain/affect.js';
import { micros } from '../domain/units.js';
import { baselinedLogits, baselineState, observeBaseline } from './baseline.js';
import { expectedValenceArousal, flooredLogProbabilities, softmax } from './distribution.js';
import type { EndReason } from './episodes.js';
import { lateShare, pastProbabilities, rememberFrame, withLateEvidence } from './fuse.js';
import { resetHysteresis, stepHysteresis } from './hysteresis.js';
import { stepOneEuro } from './one-euro.js';
import type { TemporalOptions } from './options.js';
import { type EpisodeOutlet, endSignal, riseOf, stepSignal } from './signal-episode.js';
import type { TrackState } from './track-state.js';

/**
 * One valid reading through the track's stages: raw logits, humbler where parts are covered, minus the resting face once the baseline is ready,
 * One Euro on log-probabilities, plus late evidence, softmax; then label and episodes.
 */
export function stepEmotions(
  track: TrackState,
  options: TemporalOptions,
  step: {
    readonly ptsUs: number;
    readonly evidence: AffectEvidence;
    /** What log-odds are divided by because parts of the face are covered; 1 with all seen. */
    readonly widening: number;
    readonly outlet: EpisodeOutlet;
  },
): AffectState {
  const { ptsUs, evidence, widening } = step;
  const raw = evidence.emotionLogits.map((logit) => logit / widening);
  const elapsed = track.lastUs === null ? 0 : (ptsUs - track.lastUs) / 1e6;
  const seconds = elapsed > options.maxGapSeconds ? 0 : Math.min(elapsed, options.maxStepSeconds);
  track.lastUs = ptsUs;

  // A face that is partly covered tells nothing of how the person rests.
  if (widening === 1) observeBaseline(track.baseline, raw, seconds * evidence.weight);
  const baselined = baselinedLogits(track.baseline, options.baseline, raw);
  const values = flooredLogProbabilities(baselined ?? raw, options.smoothing.floorLogit);
  const { minCutoffHz, beta, derivativeCutoffHz } = options.smoothing;
  const filtering = { minCutoffHz, beta, derivativeCutoffHz, maxGapSeconds: options.maxGapSeconds };
  const restarted = stepOneEuro(track.filter, filtering, { ptsUs, values, weight: evidence.weight });
  if (restarted) {
    resetHysteresis(track.hysteresis);
    track.startedUs = ptsUs;
  }
  rememberFrame(track.late, options.late, { ptsUs, logits: track.filter.value, seconds });
  const smoothed = softmax(withLateEvidence(track.late, options.late, { ptsUs, logits: track.filter.value }));

  const label = stepHysteresis(track.hysteresis, options.hysteresis, { dtSeconds: seconds, probabilities: smoothed });
  const mllmWeight = lateShare(track.late, options.late, ptsUs);
  stepEpisodes(track, options, { ptsUs, seconds, smoothed, mllmWeight, label, outlet: step.outlet });

  const staged = { raw: softmax(raw), baselined: baselined && softmax(baselined), smoothed };
  const derive = (distribution: readonly number[]) => expectedValenceArousal(distribution, options.circumplex);
  return {
    trackId: track.trackId,
    ptsUs: micros(ptsUs),
    emotions: staged,
    valenceArousal: {
      raw: derive(staged.raw),
      baselined: staged.baselined && derive(staged.baselined),
      smoothed: derive(smoothed),
    },
    label: label < 0 ? null : EMOTIONS[label]!,
    confidence: label < 0 ? null : smoothed[label]!,
    ...(mllmWeight > 0 ? { mllmWeight } : {}),
    baseline: baselineState(track.baseline, options.baseline),
  };
}

function stepEpisodes(
  track: TrackState,
  options: TemporalOptions,
  now: {
    readonly ptsUs: number;
    readonly seconds: number;
    readonly smoothed: readonly number[];
    readonly mllmWeight: number;
    readonly label: number;
    readonly outlet: EpisodeOutlet;
  },
): void {
  const { ptsUs, seconds, smoothed, mllmWeight, label, outlet } = now;
  for (let k = 1; k < EMOTIONS.length; k += 1) {
    const signal = track.emotions[k - 1]!;
    if (signal.open === null && label !== k) continue;
    const value = smoothed[k]!;
    const rise = () => {
      const lookbackUs = ptsUs - options.episodes.onsetLookbackSeconds * 1e6;
      const fromUs = Math.max(lookbackUs, track.startedUs, signal.endedUs + 1);
      const recent = pastProbabilities(track.late, options.late, { fromUs, k });
      const { onsetFraction } = options.episodes;
      const risen = riseOf(recent, { onsetFraction, fromZero: fromUs === track.startedUs });
      return risen.map((past) => ({
        ...past,
        confidence: past.value,
        mllm: lateShare(track.late, options.late, past.ptsUs) > 0,
      }));
    };
    const sample = {
      ptsUs,
      seconds,
      value,
      confidence: value,
      mllm: mllmWeight > 0,
      active: label === k,
      fallBelow: options.hysteresis.leave,
      maxBackdateSeconds: options.maxGapSeconds,
      rise,
    };
    stepSignal(signal, options.episodes, { sample, outlet });
  }
}

/** Ends the track's emotion episodes when it has had no valid reading for longer than the allowed gap. */
export function checkEmotionGap(
  track: TrackState,
  options: TemporalOptions,
  now: { readonly nowUs: number; readonly reason: EndReason; readonly outlet: EpisodeOutlet },
): void {
  if (track.lastUs === null || now.nowUs - track.lastUs <= options.maxGapSeconds * 1e6) return;
  endEmotions(track, options, now);
}

export function endEmotions(
  track: TrackState,
  options: TemporalOptions,
  end: { readonly reason: EndReason; readonly outlet: EpisodeOutlet },
): void {
  for (const signal of track.emotions) endSignal(signal, options.episodes, end);
}
