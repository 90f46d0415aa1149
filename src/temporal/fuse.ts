import type { AffectEvidence } from '../domain/affect.js';
import { EMOTIONS } from '../domain/affect.js';
import { type LateRefusal, lateLogOdds } from '../domain/late-evidence.js';
import { softmax } from './distribution.js';
import type { LateOptions } from './options.js';
import { createRing, pushRing, type Ring, ringSlot } from './ring.js';

/** Distance at which late evidence stops counting, in tau. */
const REACH_TAUS = 3;
const FLOOR = Math.exp(-REACH_TAUS);

/** One admitted late reading: what it adds to the log-odds at its own media time. */
export interface LateReading {
  readonly ptsUs: number;
  readonly logOdds: readonly number[];
  /** 0..1: the weight that `logOdds` were made with. */
  readonly weight: number;
}

/** Late evidence of one track, and the recent filtered logits it can still change. Plain data. */
export interface LateMemory {
  /** In order of media time, then value: a sum over it does not depend on the order of arrival. */
  pending: LateReading[];
  /** Per frame with a reading: filtered logits without late evidence, then the seconds the frame stood for. */
  readonly history: Ring;
}

export function createLateMemory(options: LateOptions): LateMemory {
  return { pending: [], history: createRing({ capacity: options.historyFrames, width: EMOTIONS.length + 1 }) };
}

/** Remembers a frame, and forgets late readings that can no longer change anything. */
export function rememberFrame(
  memory: LateMemory,
  options: LateOptions,
  frame: { readonly ptsUs: number; readonly logits: ArrayLike<number>; readonly seconds: number },
): void {
  pushRing(memory.history, frame.ptsUs, [...Array.from(frame.logits), frame.seconds]);
  const oldest = frame.ptsUs - (options.windowSeconds + REACH_TAUS * options.tauSeconds) * 1e6;
  if (memory.pending.length > 0 && memory.pending[0]!.ptsUs < oldest) {
    memory.pending = memory.pending.filter((reading) => reading.ptsUs >= oldest);
  }
}

/** Weight of evidence at a distance in media time: exponential with `tauSeconds`, tapered to 0 at three of them. */
export function lateWeight(options: LateOptions, distanceUs: number): number {
  return Math.max(0, Math.exp(-Math.abs(distanceUs) / (options.tauSeconds * 1e6)) - FLOOR) / (1 - FLOOR);
}

/** How much late evidence counts at media time `ptsUs`: weight times decay, summed over it; 0 without any. */
export function lateShare(memory: LateMemory, options: LateOptions, ptsUs: number): number {
  return memory.pending.reduce((sum, { ptsUs: at, weight }) => sum + weight * lateWeight(options, ptsUs - at), 0);
}

/** `logits` plus what all admitted late evidence says about media time `ptsUs`. */
export function withLateEvidence(
  memory: LateMemory,
  options: LateOptions,
  at: { readonly ptsUs: number; readonly logits: ArrayLike<number> },
): number[] {
  const sum = Array.from(at.logits);
  for (const reading of memory.pending) {
    const weight = lateWeight(options, at.ptsUs - reading.ptsUs);
    if (weight > 0) for (let k = 0; k < sum.length; k += 1) sum[k]! += weight * reading.logOdds[k]!;
  }
  return sum;
}

/** Admits late evidence of a track, `nowUs` being the newest frame's media time, or says why not. */
export function admitLate(
  memory: LateMemory,
  options: LateOptions,
  late: { readonly nowUs: number; readonly evidence: AffectEvidence },
): LateReading | LateRefusal {
  const { evidence, nowUs } = late;
  const { emotionLogits: logits, ptsUs } = evidence;
  if (logits.length !== EMOTIONS.length || !logits.every(Number.isFinite) || !Number.isFinite(ptsUs)) return 'invalid';
  if (ptsUs > nowUs) return 'not-yet-seen';
  const { history } = memory;
  const full = history.count === history.capacity;
  if (history.count === 0) return 'too-late';
  const oldestUs = history.ptsUs[ringSlot(history, history.count - 1)]!;
  const neededUs = full ? ptsUs - REACH_TAUS * options.tauSeconds * 1e6 : ptsUs;
  if (nowUs - ptsUs > options.windowSeconds * 1e6 || neededUs < oldestUs) return 'too-late';
  const reading: LateReading = { ptsUs, logOdds: lateLogOdds(evidence, options), weight: evidence.weight };
  const place = memory.pending.findIndex((other) => compare(other, reading) >= 0);
  if (place >= 0 && compare(memory.pending[place]!, reading) === 0) return 'duplicate';
  if (memory.pending.length >= options.maxPending) return 'over-capacity';
  memory.pending.splice(place < 0 ? memory.pending.length : place, 0, reading);
  return reading;
}

function compare(a: LateReading, b: LateReading): number {
  if (a.ptsUs !== b.ptsUs) return a.ptsUs - b.ptsUs;
  const k = a.logOdds.findIndex((value, i) => value !== b.logOdds[i]);
  return k < 0 ? 0 : a.logOdds[k]! - b.logOdds[k]!;
}

/** A remembered frame with the probability of one class, all late evidence included. */
export interface PastValue {
  readonly ptsUs: number;
  readonly seconds: number;
  readonly value: number;
}

/** Probability of class k over the remembered frames from `fromUs` on, oldest first. */
export function pastProbabilities(
  memory: LateMemory,
  options: LateOptions,
  query: { readonly fromUs: number; readonly k: number },
): PastValue[] {
  const { history } = memory;
  const past: PastValue[] = [];
  for (let age = 0; age < history.count; age += 1) {
    const slot = ringSlot(history, age);
    const ptsUs = history.ptsUs[slot]!;
    if (ptsUs < query.fromUs) break;
    const row = slot * history.width;
    const logits = history.values.subarray(row, row + EMOTIONS.length);
    const value = softmax(withLateEvidence(memory, options, { ptsUs, logits }))[query.k]!;
    past.push({ ptsUs, seconds: history.values[row + EMOTIONS.length]!, value });
  }
  return past.reverse();
}

/** By how much one admitted reading moved the summed probability x seconds of class k since `fromUs`. */
export function lateConfidenceChange(
  memory: LateMemory,
  options: LateOptions,
  query: { readonly reading: LateReading; readonly fromUs: number; readonly toUs: number; readonly k: number },
): number {
  const without: LateMemory = { ...memory, pending: memory.pending.filter((other) => other !== query.reading) };
  const reachUs = REACH_TAUS * options.tauSeconds * 1e6;
  const from = { fromUs: Math.max(query.fromUs, query.reading.ptsUs - reachUs), k: query.k };
  const before = pastProbabilities(without, options, from);
  return pastProbabilities(memory, options, from).reduce(
    (sum, after, i) => (after.ptsUs > query.toUs ? sum : sum + after.seconds * (after.value - before[i]!.value)),
    0,
  );
}
