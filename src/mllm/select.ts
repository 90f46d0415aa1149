import type { FaceQuality, HeadPose, Validity } from '../domain/face.js';
import type { Keyframe, KeyframeReason, MeasuredPriors, SkipReason } from '../domain/insight.js';
import type { Micros } from '../domain/units.js';
import { noveltyBetween } from './novelty.js';
import type { SelectOptions } from './select-options.js';

/** An episode in progress on a track, as the temporal stage last told of it. */
export interface OpenEpisode {
  readonly episode: NonNullable<Keyframe['episode']>;
  readonly apexUs: Micros;
  /** 0..1 */
  readonly peak: number;
}

/** One face in one frame, as far as the choice depends on it. */
export interface Candidate {
  readonly ptsUs: Micros;
  readonly validity: Validity;
  readonly pose: HeadPose | null;
  readonly quality: FaceQuality | null;
  readonly priors: MeasuredPriors;
  /** Episodes in progress on its track, oldest first. */
  readonly episodes: readonly OpenEpisode[];
}

/** What is remembered of a track; plain data. */
export interface TrackMemory {
  /** The last keyframe; null before the first. */
  readonly last: { readonly ptsUs: Micros; readonly priors: MeasuredPriors } | null;
  /** Episodes in progress that have a keyframe: their peak at that time, and whether their apex has one. */
  readonly shown: Readonly<Record<string, { readonly peak: number; readonly apex: boolean }>>;
  /** Keyframes so far. */
  readonly taken: number;
}

export const NEW_TRACK: TrackMemory = { last: null, shown: {}, taken: 0 };

export type TrackDecision =
  | { readonly kind: 'take'; readonly reason: KeyframeReason; readonly episode: Keyframe['episode'] }
  | { readonly kind: 'skip'; readonly reason: SkipReason };

const skip = (reason: SkipReason): TrackDecision => ({ kind: 'skip', reason });

/**
 * Whether a face is worth a question, and why or why not, budgets aside. The first reason that holds is given: validity,
 * minimum interval, frontality, quality; then first face of the track, new episode, apex of an episode, novelty,
 * maximum interval. Anything but the first face must differ from the last keyframe.
 */
export function judgeFace(track: TrackMemory, candidate: Candidate, options: SelectOptions): TrackDecision {
  const { last } = track;
  if (candidate.validity !== 'ok') return skip('invalid');
  const sinceSeconds = last === null ? Number.POSITIVE_INFINITY : (candidate.ptsUs - last.ptsUs) / 1e6;
  if (sinceSeconds < options.minIntervalSeconds) return skip('too-soon');
  if (!isFrontal(candidate.pose, options)) return skip('not-frontal');
  if (!isGood(candidate.quality, options)) return skip('poor-quality');
  const longest = candidate.episodes.findLast(({ episode }) => options.episodeKinds.includes(episode.kind)) ?? null;
  if (last === null) return { kind: 'take', reason: 'first', episode: longest?.episode ?? null };
  const novelty = noveltyBetween(last.priors, candidate.priors);
  const trigger = episodeTrigger(track, candidate, options);
  if (novelty < options.duplicateBelow) {
    return skip(trigger !== null || sinceSeconds >= options.maxIntervalSeconds ? 'near-duplicate' : 'nothing-new');
  }
  if (trigger !== null) return trigger;
  const episode = longest?.episode ?? null;
  if (novelty >= options.novelFrom) return { kind: 'take', reason: 'novelty', episode };
  if (sinceSeconds >= options.maxIntervalSeconds) return { kind: 'take', reason: 'interval', episode };
  return skip('nothing-new');
}

/** An episode without a keyframe, or past an apex without one; new episodes first. */
function episodeTrigger(track: TrackMemory, candidate: Candidate, options: SelectOptions): TrackDecision | null {
  const wanted = candidate.episodes.filter(({ episode }) => options.episodeKinds.includes(episode.kind));
  const fresh = wanted.find(({ episode }) => !Object.hasOwn(track.shown, episode.id));
  if (fresh) return { kind: 'take', reason: 'episode', episode: fresh.episode };
  const past = wanted.find(({ episode, peak, apexUs }) => {
    const shown = track.shown[episode.id]!;
    const settled = candidate.ptsUs - apexUs >= options.apexSettleSeconds * 1e6;
    return settled && (shown.apex ? peak >= shown.peak + options.apexRise : peak > shown.peak);
  });
  return past ? { kind: 'take', reason: 'apex', episode: past.episode } : null;
}

/** The track after a keyframe was taken: episodes that are over are forgotten. */
export function afterKeyframe(track: TrackMemory, candidate: Candidate, reason: KeyframeReason): TrackMemory {
  const shown: Record<string, { peak: number; apex: boolean }> = {};
  for (const { episode, peak, apexUs } of candidate.episodes) {
    const before = Object.hasOwn(track.shown, episode.id) ? track.shown[episode.id]! : null;
    const apex = reason === 'apex' || before?.apex === true || apexUs < candidate.ptsUs;
    shown[episode.id] = { peak, apex };
  }
  return { last: { ptsUs: candidate.ptsUs, priors: candidate.priors }, shown, taken: track.taken + 1 };
}

function isFrontal(pose: HeadPose | null, { maxYawDegrees, maxPitchDegrees }: SelectOptions): boolean {
  const degrees = (angle: number): number => (Math.abs(angle) * 180) / Math.PI;
  return pose === null || (degrees(pose.yaw) <= maxYawDegrees && degrees(pose.pitch) <= maxPitchDegrees);
}

function isGood(quality: FaceQuality | null, { minInterocularPx, minSharpness }: SelectOptions): boolean {
  if (quality === null) return false;
  return quality.interocularPx >= minInterocularPx && (quality.sharpness === null || quality.sharpness >= minSharpness);
}
