import type { Episode, EpisodeKind } from '../domain/records.js';
import { SCHEMA_VERSION } from '../domain/records.js';
import { micros } from '../domain/units.js';

export type EndReason = NonNullable<Episode['endReason']>;

interface Sums {
  valueSum: number;
  confidenceSum: number;
  seconds: number;
}

/** An episode in progress; plain data. */
export interface OpenEpisode extends Sums {
  readonly kind: EpisodeKind;
  label: string;
  ordinal: number;
  readonly onsetUs: number;
  apexUs: number;
  peak: number;
  /** Confidence of the newest sample: stands in for the mean while no time has passed. */
  lastConfidence: number;
  /** Media time of the newest sample. */
  lastUs: number;
  /** Where the signal last fell under its release level, with the sums up to there; null while it is above. */
  fall: (Sums & { readonly ptsUs: number }) | null;
  /** Whether 'new' has been sent. */
  announced: boolean;
  emittedUs: number;
  /** Whether evidence of a multimodal LLM is in any of its values. */
  mllm: boolean;
}

export interface EpisodeSample {
  readonly ptsUs: number;
  /** Media time since the sample before, in which this value is taken to have held. */
  readonly seconds: number;
  /** 0..1 */
  readonly value: number;
  /** Probability that the label is right, 0..1. */
  readonly confidence: number;
  /** Whether evidence of a multimodal LLM is in these values. @default false */
  readonly mllm?: boolean;
}

export function beginEpisode(start: {
  readonly kind: EpisodeKind;
  readonly label: string;
  readonly ordinal: number;
  readonly onsetUs: number;
}): OpenEpisode {
  return {
    ...start,
    apexUs: start.onsetUs,
    peak: 0,
    valueSum: 0,
    confidenceSum: 0,
    seconds: 0,
    lastConfidence: 0,
    lastUs: start.onsetUs,
    fall: null,
    announced: false,
    emittedUs: start.onsetUs,
    mllm: false,
  };
}

export function addSample(episode: OpenEpisode, sample: EpisodeSample): void {
  episode.lastUs = sample.ptsUs;
  episode.lastConfidence = sample.confidence;
  episode.valueSum += sample.seconds * sample.value;
  episode.confidenceSum += sample.seconds * sample.confidence;
  episode.seconds += sample.seconds;
  if (sample.mllm) episode.mllm = true;
  if (sample.value > episode.peak) {
    episode.peak = sample.value;
    episode.apexUs = sample.ptsUs;
  }
}

/** Marks the newest sample as the one where the signal fell; the episode ends there if it does not rise again. */
export function markFall(episode: OpenEpisode): void {
  const { lastUs: ptsUs, valueSum, confidenceSum, seconds } = episode;
  episode.fall = { ptsUs, valueSum, confidenceSum, seconds };
}

/** No end of this episode can lie before this media time. */
export function earliestEndUs(episode: OpenEpisode): number {
  return episode.fall?.ptsUs ?? episode.lastUs;
}

const unitInterval = (value: number): number => Math.min(1, Math.max(0, value));

/** The record of an episode; `end` null while it goes on. */
export function episodeRecord(
  episode: OpenEpisode,
  owner: { readonly source: string; readonly trackId: number },
  stage:
    | { readonly phase: 'new' | 'update' }
    | { readonly phase: 'end'; readonly offsetUs: number; readonly reason: EndReason },
): Episode {
  const ended = stage.phase === 'end';
  const sums: Sums = ended && episode.fall ? episode.fall : episode;
  const timed = sums.seconds > 0;
  return {
    v: SCHEMA_VERSION,
    id: `${owner.source}/${owner.trackId}/${episode.kind}/${episode.label}/${episode.ordinal}`,
    phase: stage.phase,
    source: owner.source,
    track: owner.trackId,
    kind: episode.kind,
    label: episode.label,
    onsetUs: micros(episode.onsetUs),
    apexUs: micros(ended ? Math.min(episode.apexUs, stage.offsetUs) : episode.apexUs),
    offsetUs: ended ? micros(stage.offsetUs) : null,
    peak: unitInterval(episode.peak),
    mean: unitInterval(timed ? sums.valueSum / sums.seconds : episode.peak),
    confidence: unitInterval(timed ? sums.confidenceSum / sums.seconds : episode.lastConfidence),
    endReason: ended ? stage.reason : null,
    ...(episode.mllm ? { mllm: true as const } : {}),
  };
}

/**
 * Keeps ended episodes until nothing that is still open could end before them, so that ends leave in order of
 * `offsetUs` (then id). Bounded by the longest backdating of an end: about the maximum gap, for all open signals.
 */
export interface EndQueue {
  waiting: Episode[];
}

export function queueEnd(queue: EndQueue, episode: Episode): void {
  queue.waiting.push(episode);
}

/** Removes and returns the waiting ends up to `watermarkUs`, in order. */
export function releaseEnds(queue: EndQueue, watermarkUs: number): Episode[] {
  if (queue.waiting.length === 0) return [];
  const ready = queue.waiting.filter((episode) => episode.offsetUs! <= watermarkUs);
  if (ready.length === 0) return ready;
  queue.waiting = queue.waiting.filter((episode) => episode.offsetUs! > watermarkUs);
  return ready.sort((a, b) => a.offsetUs! - b.offsetUs! || (a.id < b.id ? -1 : 1));
}
