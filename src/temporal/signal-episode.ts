import type { Episode, EpisodeKind } from '../domain/records.js';
import {
  addSample,
  beginEpisode,
  type EndQueue,
  type EndReason,
  type EpisodeSample,
  earliestEndUs,
  episodeRecord,
  markFall,
  type OpenEpisode,
  queueEnd,
} from './episodes.js';
import type { EpisodeOptions } from './options.js';

/** One signal of one track that is on or off at each sample: an emotion in force, an active action unit. Plain data. */
export interface SignalState {
  readonly kind: EpisodeKind;
  readonly label: string;
  /** Episodes begun so far. */
  ordinal: number;
  open: OpenEpisode | null;
  /** Where its last episode ended; the next cannot begin before. */
  endedUs: number;
  /** True between the release of the open episode and its end, while it may still be resumed. */
  releasing: boolean;
}

/** Where episodes of a track go: announcements at once, ends through the queue that orders them. */
export interface EpisodeOutlet {
  readonly source: string;
  readonly trackId: number;
  readonly out: Episode[];
  readonly queue: EndQueue;
  readonly counters: { droppedShortEpisodes: number };
}

export function createSignal(kind: EpisodeKind, label: string): SignalState {
  return { kind, label, ordinal: 0, open: null, endedUs: Number.NEGATIVE_INFINITY, releasing: false };
}

export interface SignalSample extends EpisodeSample {
  readonly active: boolean;
  /** Value under which the signal is on its way out: an end is dated back to where it fell below. */
  readonly fallBelow: number;
  /** Furthest that an end may be dated back. */
  readonly maxBackdateSeconds: number;
  /** Samples since the rise began, oldest first, this one last; asked for when an episode begins. */
  readonly rise: () => readonly EpisodeSample[];
}

/** Begins, continues, releases or resumes the signal's episode. */
export function stepSignal(
  state: SignalState,
  options: EpisodeOptions,
  step: { readonly sample: SignalSample; readonly outlet: EpisodeOutlet },
): void {
  const { sample, outlet } = step;
  const { ptsUs } = sample;
  if (state.open && state.releasing && ptsUs - state.open.fall!.ptsUs >= options.mergeGapSeconds * 1e6) {
    endSignal(state, options, { reason: 'released', outlet });
  }
  if (state.open === null) {
    if (!sample.active) return;
    const rise = sample.rise();
    state.ordinal += 1;
    const { kind, label, ordinal } = state;
    state.open = beginEpisode({ kind, label, ordinal, onsetUs: rise[0]?.ptsUs ?? ptsUs });
    // The time before the onset belongs to no episode.
    rise.forEach((past, i) => {
      addSample(state.open!, i === 0 ? { ...past, seconds: 0 } : past);
    });
  } else {
    addSample(state.open, sample);
    if (sample.active && state.releasing) {
      state.releasing = false;
      state.open.fall = null;
    }
  }
  const { open } = state;
  if (!state.releasing) {
    if (sample.value >= sample.fallBelow) open.fall = null;
    else if (open.fall === null || ptsUs - open.fall.ptsUs > sample.maxBackdateSeconds * 1e6) markFall(open);
    if (!sample.active) {
      if (open.fall === null) markFall(open);
      state.releasing = true;
      if (ptsUs - open.fall!.ptsUs >= options.mergeGapSeconds * 1e6) {
        endSignal(state, options, { reason: 'released', outlet });
      }
      return;
    }
  }
  if (!state.releasing) announce(open, options, outlet);
}

function announce(open: OpenEpisode, options: EpisodeOptions, outlet: EpisodeOutlet): void {
  if (!open.announced) {
    if (earliestEndUs(open) - open.onsetUs < options.minSeconds * 1e6) return;
    open.announced = true;
    open.emittedUs = open.lastUs;
    outlet.out.push(episodeRecord(open, outlet, { phase: 'new' }));
  } else if (open.lastUs - open.emittedUs >= options.updateSeconds * 1e6) {
    open.emittedUs = open.lastUs;
    outlet.out.push(episodeRecord(open, outlet, { phase: 'update' }));
  }
}

/** Ends the open episode, if any, where the signal fell or was last seen. Too short and never announced: dropped. */
export function endSignal(
  state: SignalState,
  options: EpisodeOptions,
  end: { readonly reason: EndReason; readonly outlet: EpisodeOutlet },
): void {
  const { open } = state;
  if (open === null) return;
  const offsetUs = open.fall?.ptsUs ?? open.lastUs;
  // A signal that was being released ended for that reason, whatever happened next.
  const reason = state.releasing ? 'released' : end.reason;
  state.open = null;
  state.endedUs = offsetUs;
  state.releasing = false;
  if (!open.announced) {
    if (offsetUs - open.onsetUs < options.minSeconds * 1e6) {
      end.outlet.counters.droppedShortEpisodes += 1;
      return;
    }
    end.outlet.out.push(episodeRecord(open, end.outlet, { phase: 'new' }));
  }
  queueEnd(end.outlet.queue, episodeRecord(open, end.outlet, { phase: 'end', offsetUs, reason }));
}

/**
 * The part of recent samples (oldest first, the last is where the signal came into force) from where its rise
 * began: after the last sample at most `onsetFraction` of the way up from the lowest one. `fromZero` when nothing
 * was seen before the first sample: a signal that is high from the start begins there.
 */
export function riseOf<T extends { readonly value: number }>(
  recent: readonly T[],
  options: { readonly onsetFraction: number; readonly fromZero: boolean },
): readonly T[] {
  const end = recent[recent.length - 1];
  if (end === undefined) return [];
  const lowest = options.fromZero ? 0 : Math.min(...recent.map((sample) => sample.value));
  const level = lowest + options.onsetFraction * (end.value - lowest);
  const before = recent.findLastIndex((sample) => sample.value <= level);
  return recent.slice(Math.min(before + 1, recent.length - 1));
}
