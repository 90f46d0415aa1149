import { EMOTIONS } from '../../domain/affect.js';
import type { FaceRecordJson } from '../../domain/record-fields.js';
import { actionUnitStem, filledIn, leavesOf } from '../../record/leaves.js';
import { rounded } from '../../record/number-text.js';

/** What changes from frame to frame of a person, and measures are made of. */
export interface Signal {
  readonly name: string;
  /** Fields of records.jsonl that it is read from. */
  readonly source: string;
  /** What it says, and in which unit. */
  readonly about: string;
  /** Decimals that it has there. */
  readonly digits: number;
  /** The number in a record; NaN where it is missing. */
  readonly read: (record: FaceRecordJson) => number;
}

/** Name of the signal that says which label is in force: its place in `EMOTIONS`, -1 for none. */
export const LABEL = 'label';
/** Name of the signal that is made of three others: how fast the head turns, degrees a second. */
export const HEAD_SPEED = 'head_speed';
/** What `head_speed` says. */
export const HEAD_SPEED_ABOUT = 'how fast the head turns, degrees a second';
/** Decimals of `head_speed`. */
export const HEAD_SPEED_DIGITS = 3;
/** Name of the signal with the probability that a person speaks. */
export const SPEAKING = 'speaking';

/** Whole units: what is said of one side of the face (`12L`) stays in the records. */
export const wholeUnits = (keys: readonly string[]): readonly string[] => keys.filter((key) => /\d$/.test(key));

function numberAt(path: string): Signal['read'] {
  const keys = path.split('.');
  return (record) => {
    let value: unknown = record;
    for (const key of keys) {
      value = (value as Readonly<Record<string, unknown>>)[key];
      if (value === null || value === undefined) return Number.NaN;
    }
    return Number(value);
  };
}

/**
 * The signals that records hold, in the order of tables.
 *
 * @param units - keys of the action units that the model reads
 */
export function signalsOf(units: readonly string[]): readonly Signal[] {
  const leaves = new Map(leavesOf(units).map((leaf) => [leaf.path, leaf] as const));
  const signal = (name: string, source: string): Signal => {
    const leaf = leaves.get(source)!;
    const digits = leaf.shape.kind === 'number' ? leaf.shape.digits : 0;
    return { name, source, about: filledIn(leaf.shape.about, leaf), digits, read: numberAt(source) };
  };
  const label: Signal = {
    name: LABEL,
    source: 'label',
    about: filledIn(leaves.get('label')!.shape.about, leaves.get('label')!),
    digits: 0,
    read: ({ emotions, label: word }) => (emotions === null ? Number.NaN : word === null ? -1 : EMOTIONS.indexOf(word)),
  };
  return [
    ...EMOTIONS.map((emotion) => signal(emotion, `emotions.smoothed.${emotion}`)),
    label,
    signal('valence', 'valenceArousal.smoothed.valence'),
    signal('arousal', 'valenceArousal.smoothed.arousal'),
    ...wholeUnits(units).flatMap((key) => {
      const stem = actionUnitStem(key);
      return [
        signal(`${stem}_intensity`, `actionUnits.${key}.intensity.smoothed`),
        signal(`${stem}_presence`, `actionUnits.${key}.presence.smoothed`),
        signal(`${stem}_active`, `actionUnits.${key}.active`),
      ];
    }),
    signal('blink', 'blink'),
    signal('head_pitch', 'pose.pitch'),
    signal('head_yaw', 'pose.yaw'),
    signal('head_roll', 'pose.roll'),
    signal('gaze_contact', 'gaze.contact'),
    signal(SPEAKING, 'speaking'),
  ];
}

/** A number of a person over time, one value a frame. */
export interface SignalValues {
  /** As read: 32 bits hold the decimals of a record. NaN where missing. */
  readonly floats: Float32Array;
  readonly digits: number;
}

/** The value of a frame as its record has it; NaN where it is missing. */
export const valueAt = ({ floats, digits }: SignalValues, frame: number): number => {
  const value = floats[frame]!;
  return Number.isNaN(value) ? value : rounded(value, digits);
};
