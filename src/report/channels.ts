import type { EmotionDistribution, ValenceArousal } from '../domain/affect.js';
import { EMOTIONS } from '../domain/affect.js';
import type { FaceRecord } from '../domain/records.js';
import type { Radians } from '../domain/units.js';

/** One group of plotted channels: what it holds, the range it is stored in, and whether its spread is kept. */
export interface ChannelGroup {
  readonly name: 'raw' | 'baselined' | 'smoothed' | 'pose' | 'eyes' | 'blink' | 'unitIntensity' | 'unitPresence';
  readonly channels: number;
  /** Stored range per channel; values outside are clamped to it. */
  readonly ranges: readonly (readonly [low: number, high: number])[];
  readonly spread: boolean;
  /** Bits of a stored mean. */
  readonly bits: 8 | 16;
}

const probabilities = EMOTIONS.map(() => [0, 1] as const);
const signed = [-1, 1] as const;
const degrees = [-180, 180] as const;
const opening = [0, 1.5] as const;
/** Emotions in the order of EMOTIONS, then valence, then arousal. */
const affectRanges = [...probabilities, signed, signed];

/** Groups in the order in which `channelValues` fills them. */
export const CHANNEL_GROUPS: readonly ChannelGroup[] = [
  { name: 'raw', channels: affectRanges.length, ranges: affectRanges, spread: true, bits: 16 },
  { name: 'baselined', channels: affectRanges.length, ranges: affectRanges, spread: false, bits: 16 },
  { name: 'smoothed', channels: affectRanges.length, ranges: affectRanges, spread: true, bits: 16 },
  { name: 'pose', channels: 3, ranges: [degrees, degrees, degrees], spread: true, bits: 16 },
  { name: 'eyes', channels: 2, ranges: [opening, opening], spread: true, bits: 16 },
  { name: 'blink', channels: 1, ranges: [[0, 1]], spread: false, bits: 16 },
];

/**
 * Groups of a run whose model reads the action units `keys`: CHANNEL_GROUPS, then smoothed intensities (0..5) and
 * presences in the order of the keys, coarse (1/254 of their range) because there are many.
 */
export function channelGroups(keys: readonly string[]): readonly ChannelGroup[] {
  if (keys.length === 0) return CHANNEL_GROUPS;
  const units = { channels: keys.length, spread: false, bits: 8 } as const;
  return [
    ...CHANNEL_GROUPS,
    { name: 'unitIntensity', ranges: keys.map(() => [0, 5] as const), ...units },
    { name: 'unitPresence', ranges: keys.map(() => [0, 1] as const), ...units },
  ];
}

function affect(
  emotions: EmotionDistribution | null | undefined,
  valenceArousal: ValenceArousal | null | undefined,
): number[] | null {
  if (!emotions || !valenceArousal) return null;
  return [...emotions, valenceArousal.valence, valenceArousal.arousal];
}

const inDegrees = (angle: Radians): number => (angle * 180) / Math.PI;

function unitValues(record: FaceRecord, keys: readonly string[]): (readonly number[] | null)[] {
  const { actionUnits } = record;
  if (keys.length === 0) return [];
  if (actionUnits === null) return [null, null];
  return (['intensity', 'presence'] as const).map((quantity) =>
    keys.map((key) => actionUnits[key]?.[quantity]?.smoothed ?? Number.NaN),
  );
}

/**
 * What one record adds to each group of channelGroups(keys): emotions 0..1, valence and arousal -1..1, angles in
 * degrees, intensities 0..5.
 */
export function channelValues(record: FaceRecord, keys: readonly string[]): (readonly number[] | null)[] {
  const { emotions, valenceArousal, pose, eyes, blink } = record;
  return [
    affect(emotions?.raw, valenceArousal?.raw),
    affect(emotions?.baselined, valenceArousal?.baselined),
    affect(emotions?.smoothed, valenceArousal?.smoothed),
    pose && [inDegrees(pose.yaw), inDegrees(pose.pitch), inDegrees(pose.roll)],
    eyes && [eyes.left, eyes.right],
    blink === null ? null : [blink ? 1 : 0],
    ...unitValues(record, keys),
  ];
}
