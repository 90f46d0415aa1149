import type { Emotion } from './affect.js';
import type { Micros } from './units.js';

/** Trouble at a camera. away: no frames arrive. damaged: pictures are not whole. behind: analysis does not keep up. */
export const CAMERA_TROUBLES = ['away', 'damaged', 'behind'] as const;
export type CameraTrouble = (typeof CAMERA_TROUBLES)[number];

/** What a rule waits for. Null bounds do not count. */
export type RuleCondition =
  /** `sure`: least smoothed probability of the emotion in force, 0..1. */
  | { readonly type: 'expression'; readonly is: readonly Emotion[]; readonly sure: number }
  /** `unit`: a key of FaceRecord.actionUnits. Least smoothed intensity, 0..5, and presence, 0..1. */
  | { readonly type: 'action-unit'; readonly unit: string; readonly intensity: number; readonly sure: number }
  /** Smoothed valence, -1..1. */
  | { readonly type: 'valence'; readonly above: number | null; readonly below: number | null }
  /** Number of faces in view. */
  | { readonly type: 'faces'; readonly least: number | null; readonly most: number | null }
  | { readonly type: 'camera'; readonly is: readonly CameraTrouble[] };

/** Hours of the day in which a rule counts, local time of the machine. */
export interface RuleHours {
  /** Minutes since midnight. `to` is past the last; one before `from` is on the next day. */
  readonly fromMinute: number;
  readonly toMinute: number;
  /** Days on which it begins, 0 Sunday .. 6 Saturday. */
  readonly days: readonly number[];
}

/** What is done when a rule fires; `to` is the id of a target that is declared once. */
export type RuleAction =
  | { readonly type: 'log' }
  | { readonly type: 'webhook'; readonly to: string }
  /** `topic` left out: `<prefix>/rules`. */
  | { readonly type: 'mqtt'; readonly topic?: string | undefined }
  /** Keeps a picture of the moment. */
  | { readonly type: 'snapshot' }
  /** Keeps a short clip around the moment. */
  | { readonly type: 'record' };
export type RuleActionType = RuleAction['type'];

/** One rule: when something is so for some time, then do this. */
export interface Rule {
  readonly id: string;
  /** Null: every camera. */
  readonly cameras: readonly string[] | null;
  readonly purpose: string;
  readonly when: RuleCondition;
  /** Null: anywhere in the picture. */
  readonly zone: string | null;
  /** Null: always. */
  readonly hours: RuleHours | null;
  /** How long the condition must hold without a break. */
  readonly forMs: number;
  /** How long nobody must meet it before the firing ends. */
  readonly endAfterMs: number;
  /** How long the rule is quiet at a camera after a firing ended. */
  readonly holdOffMs: number;
  /** Whether actions are told of the end, too. */
  readonly tellEnd: boolean;
  readonly actions: readonly RuleAction[];
}

/** A rule that began or ended at a camera. Media times are null where trouble at the camera is what it waits for. */
export interface RuleFiring {
  readonly v: 1;
  /** Unique while the camera is not replaced: `<source>/<rule>/<ordinal>`; the same at its start and end. */
  readonly id: string;
  readonly phase: 'start' | 'end';
  readonly rule: string;
  readonly source: string;
  readonly purpose: string;
  /** Kind of its condition. */
  readonly condition: RuleCondition['type'];
  /** The face that met the condition for long enough; null where the condition is about no single one. */
  readonly track: number | null;
  readonly zone: string | null;
  /** When it fired: probability, intensity, valence or number of faces; null for a camera. */
  readonly value: number | null;
  /** Since when the condition held, when that was long enough, and when it was last met; null while it goes on. */
  readonly onsetUs: Micros | null;
  readonly firedUs: Micros | null;
  readonly endedUs: Micros | null;
  /** RFC 3339: wall time of firedUs at the start, of endedUs at the end; null in recordings that have none. */
  readonly at: string | null;
  /** released: it was no longer met. silent: no frames came, or the camera was removed. Null while it goes on. */
  readonly endReason: 'released' | 'silent' | null;
}

/** Without frames for this long, what goes on has ended: nothing is known to hold at a camera that is away. */
export const SILENCE_MS = 2_000;
