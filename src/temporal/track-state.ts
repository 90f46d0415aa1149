import { EMOTIONS } from '../domain/affect.js';
import { type BaselineMemory, createBaseline } from './baseline.js';
import { type BlinkTrack, createBlinkTrack } from './blink-episode.js';
import { type CoverMemory, createCover } from './cover.js';
import { earliestEndUs } from './episodes.js';
import { createLateMemory, type LateMemory } from './fuse.js';
import { createHysteresis, type HysteresisState } from './hysteresis.js';
import { createOneEuro, type OneEuroState } from './one-euro.js';
import type { TemporalOptions } from './options.js';
import { createSignal, type SignalState } from './signal-episode.js';
import { type ActionUnitTrack, createActionUnits } from './track-action-units.js';
import { createGazeTrack, type GazeTrack } from './track-gaze.js';
import { createSpeechTrack, type SpeechTrack } from './track-speech.js';

/** Everything the temporal stage knows of one track; plain data, dropped with the track. */
export interface TrackState {
  readonly trackId: number;
  /** Media time of the newest valid reading. */
  lastUs: number | null;
  /** Media time of the first reading since the filters last restarted. */
  startedUs: number;
  readonly filter: OneEuroState;
  readonly baseline: BaselineMemory;
  readonly hysteresis: HysteresisState;
  readonly late: LateMemory;
  /** One signal per emotion other than neutral, in the order of EMOTIONS. */
  readonly emotions: readonly SignalState[];
  readonly blinks: BlinkTrack;
  readonly actionUnits: ActionUnitTrack;
  readonly gaze: GazeTrack;
  readonly cover: CoverMemory;
  readonly speech: SpeechTrack;
}

export function createTrack(trackId: number, options: TemporalOptions): TrackState {
  return {
    trackId,
    lastUs: null,
    startedUs: 0,
    filter: createOneEuro(EMOTIONS.length),
    baseline: createBaseline(),
    hysteresis: createHysteresis(),
    late: createLateMemory(options.late),
    emotions: EMOTIONS.slice(1).map((emotion) => createSignal('emotion', emotion)),
    blinks: createBlinkTrack(),
    actionUnits: createActionUnits(options),
    gaze: createGazeTrack(),
    cover: createCover(),
    speech: createSpeechTrack(),
  };
}

/** No episode of this track can still end before this media time. */
export function trackWatermarkUs(track: TrackState, nowUs: number): number {
  let watermarkUs = nowUs;
  for (const { open } of track.emotions) if (open) watermarkUs = Math.min(watermarkUs, earliestEndUs(open));
  for (const signal of track.actionUnits.signals) {
    if (signal?.open) watermarkUs = Math.min(watermarkUs, earliestEndUs(signal.open));
  }
  const { open } = track.speech.signal;
  if (open) watermarkUs = Math.min(watermarkUs, earliestEndUs(open));
  const { closure } = track.blinks;
  return closure ? Math.min(watermarkUs, closure.lastUs) : watermarkUs;
}
