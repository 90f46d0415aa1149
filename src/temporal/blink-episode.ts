import { type BlinkState, createBlink, type EyeSample, forgetClosure, readEyes } from './blink.js';
import { addSample, beginEpisode, type EndReason, episodeRecord, type OpenEpisode, queueEnd } from './episodes.js';
import type { BlinkOptions } from './options.js';
import type { EpisodeOutlet } from './signal-episode.js';

/** Eyes of one track and the closure in progress; plain data. */
export interface BlinkTrack {
  readonly eyes: BlinkState;
  /** Labelled 'blink' until it lasts longer than a blink. */
  closure: OpenEpisode | null;
  blinks: number;
  closures: number;
}

export function createBlinkTrack(): BlinkTrack {
  return { eyes: createBlink(), closure: null, blinks: 0, closures: 0 };
}

/**
 * Advances a track's blinks by one sample. Returns whether a blink is in progress: eyes closed for no longer than
 * a blink lasts; false for longer closures; null without a reading. A closure becomes an episode 'eyes-closed' as
 * soon as it outlasts a blink; a 'blink' is announced and ended together when the eyes open.
 */
export function stepBlinks(
  track: BlinkTrack,
  options: BlinkOptions,
  step: { readonly sample: EyeSample; readonly outlet: EpisodeOutlet; readonly updateSeconds: number },
): boolean | null {
  const { sample, outlet } = step;
  checkBlinkGap(track, options, { nowUs: sample.ptsUs, outlet });
  const lastUs = track.eyes.lastUs;
  const reading = readEyes(track.eyes, options, sample);
  if (reading === null) return null;
  const { ptsUs } = sample;
  if (!reading.closed) {
    if (track.closure) endClosure(track, options, { offsetUs: reading.crossedUs ?? ptsUs, reason: 'released', outlet });
    return false;
  }
  track.closure ??= beginEpisode({ kind: 'blink', label: 'blink', ordinal: 0, onsetUs: reading.crossedUs ?? ptsUs });
  const { closure } = track;
  const sinceUs = Math.max(closure.onsetUs, lastUs ?? closure.onsetUs);
  addSample(closure, {
    ptsUs,
    seconds: (ptsUs - sinceUs) / 1e6,
    value: Math.min(1, Math.max(0, 1 - reading.opening)),
    confidence: reading.agreement,
  });
  if (closure.label === 'blink') {
    if (ptsUs - closure.onsetUs <= options.maxBlinkSeconds * 1e6) return true;
    becomeEyesClosed(track, closure);
  }
  if (!closure.announced || ptsUs - closure.emittedUs >= step.updateSeconds * 1e6) {
    outlet.out.push(episodeRecord(closure, outlet, { phase: closure.announced ? 'update' : 'new' }));
    closure.announced = true;
    closure.emittedUs = ptsUs;
  }
  return false;
}

function becomeEyesClosed(track: BlinkTrack, closure: OpenEpisode): void {
  track.closures += 1;
  closure.label = 'eyes-closed';
  closure.ordinal = track.closures;
}

/** Ends a closure that has had no reading for too long. */
export function checkBlinkGap(
  track: BlinkTrack,
  options: BlinkOptions,
  now: { readonly nowUs: number; readonly outlet: EpisodeOutlet },
): void {
  const { lastUs } = track.eyes;
  if (lastUs === null || now.nowUs - lastUs <= options.maxGapSeconds * 1e6) return;
  endBlinks(track, options, { reason: 'face-lost', outlet: now.outlet });
  forgetClosure(track.eyes);
}

/** Ends the closure in progress, if any, where the eyes were last read. */
export function endBlinks(
  track: BlinkTrack,
  options: BlinkOptions,
  end: { readonly reason: EndReason; readonly outlet: EpisodeOutlet },
): void {
  if (track.closure) endClosure(track, options, { ...end, offsetUs: track.closure.lastUs });
}

function endClosure(
  track: BlinkTrack,
  options: BlinkOptions,
  end: { readonly offsetUs: number; readonly reason: EndReason; readonly outlet: EpisodeOutlet },
): void {
  const closure = track.closure!;
  const { offsetUs, reason, outlet } = end;
  const lastedUs = offsetUs - closure.onsetUs;
  track.closure = null;
  if (!closure.announced) {
    if (lastedUs < options.minBlinkSeconds * 1e6) {
      outlet.counters.droppedShortEpisodes += 1;
      return;
    }
    if (lastedUs > options.maxBlinkSeconds * 1e6) becomeEyesClosed(track, closure);
    else {
      track.blinks += 1;
      closure.ordinal = track.blinks;
    }
    outlet.out.push(episodeRecord(closure, outlet, { phase: 'new' }));
  }
  queueEnd(outlet.queue, episodeRecord(closure, outlet, { phase: 'end', offsetUs, reason }));
}
