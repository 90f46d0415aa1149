import { type ActiveUnit, activeUnits } from '../domain/action-units.js';
import type { Emotion } from '../domain/affect.js';
import type { FaceRecord } from '../domain/records.js';
import { elapsedSeconds, type Micros } from '../domain/units.js';

export interface PeakSelectorOptions {
  /** Most peaks kept per track. Default 24. */
  readonly perTrack?: number;
  /** Least time between two kept peaks of one track. Default 1. */
  readonly spacingSeconds?: number;
  /** How much a later frame must be better by to replace the best of its episode. Lower: more encodes. Default 0.03. */
  readonly margin?: number;
  /** Most frames chosen per second of video, over all tracks. Default 6. */
  readonly perSecond?: number;
}

/** A frame worth a picture: it opens slot `slot`, or replaces what the slot held. */
export interface Peak {
  /** Unique within a run; later peaks of the same episode come with the same slot. */
  readonly slot: number;
  readonly track: number;
  readonly label: Emotion;
  readonly ptsUs: Micros;
  /** Smoothed probability of the label, 0..1. */
  readonly value: number;
  /** The strongest action units active in the frame. */
  readonly units: readonly ActiveUnit[];
  /** A slot of the same track that was given up to make room. */
  readonly evicted: number | null;
}

/** Action units named with a picture. */
const PEAK_UNITS = 3;
const unitsOf = (record: FaceRecord): ActiveUnit[] => activeUnits(record.actionUnits).slice(0, PEAK_UNITS);

export interface PeakSelector {
  /** Decides on one record as it passes; null (the usual answer) when its frame needs no picture. */
  consider(record: FaceRecord): Peak | null;
  /** Forgets a track; returns the slots it held. */
  forget(track: number): number[];
}

interface Slot {
  readonly id: number;
  readonly label: Emotion;
  ptsUs: Micros;
  value: number;
}

interface TrackState {
  slots: Slot[];
  label: Emotion | null;
  /** The slot of the episode now in force, once it has one. */
  open: Slot | null;
}

/**
 * Chooses, while frames pass, the frame at which each emotion of each track is at its clearest: per stretch of one
 * label in force, the highest smoothed probability. A blink is never chosen. The most neutral moment of a track is kept once, for
 * comparison.
 * Memory is bounded by perTrack times the tracks not forgotten; decisions depend on the records alone.
 */
export function createPeakSelector(options: PeakSelectorOptions = {}): PeakSelector {
  const { perTrack = 24, spacingSeconds = 1, margin = 0.03, perSecond = 6 } = options;
  const tracks = new Map<number, TrackState>();
  let chosenAt: Micros[] = [];
  let nextSlot = 1;

  const overRate = (now: Micros): boolean => {
    chosenAt = chosenAt.filter((at) => elapsedSeconds(at, now) < 1 && at <= now);
    return chosenAt.length >= perSecond;
  };

  /** The most frequent label's weakest peak, so that rare expressions keep theirs. */
  const weakest = (slots: readonly Slot[]): Slot => {
    const uses = (label: Emotion): number => slots.filter((slot) => slot.label === label).length;
    return [...slots].sort((a, b) => uses(b.label) - uses(a.label) || a.value - b.value)[0]!;
  };

  const open = (state: TrackState, record: FaceRecord & { track: number }, label: Emotion, value: number) => {
    if (label === 'neutral') {
      const known = state.slots.find((slot) => slot.label === 'neutral');
      if (known) {
        state.open = known;
        return null;
      }
    }
    const tooClose = state.slots.some((slot) => Math.abs(elapsedSeconds(slot.ptsUs, record.ptsUs)) < spacingSeconds);
    if (tooClose) return null;
    let evicted: number | null = null;
    if (state.slots.length >= perTrack) {
      const worst = weakest(state.slots);
      if (value < worst.value + margin) return null;
      state.slots = state.slots.filter((slot) => slot !== worst);
      evicted = worst.id;
    }
    const slot: Slot = { id: nextSlot++, label, ptsUs: record.ptsUs, value };
    state.slots.push(slot);
    state.open = slot;
    return { slot: slot.id, track: record.track, label, ptsUs: record.ptsUs, value, units: unitsOf(record), evicted };
  };

  return {
    consider(record) {
      const { track, label, confidence: value } = record;
      if (track === null || label === null || value === null || record.box === null || record.validity !== 'ok') {
        return null;
      }
      if (record.blink === true) return null;
      const state = tracks.get(track) ?? { slots: [], label: null, open: null };
      tracks.set(track, state);
      if (state.label !== label) {
        state.label = label;
        state.open = null;
      }
      if (overRate(record.ptsUs)) return null;
      let peak: Peak | null;
      if (state.open === null) {
        peak = open(state, { ...record, track }, label, value);
      } else if (value >= state.open.value + margin) {
        const slot = state.open;
        slot.value = value;
        slot.ptsUs = record.ptsUs;
        peak = { slot: slot.id, track, label, ptsUs: record.ptsUs, value, units: unitsOf(record), evicted: null };
      } else {
        peak = null;
      }
      if (peak) chosenAt.push(record.ptsUs);
      return peak;
    },
    forget(track) {
      const slots = tracks.get(track)?.slots.map((slot) => slot.id) ?? [];
      tracks.delete(track);
      return slots;
    },
  };
}
