import { EMOTIONS, type Emotion } from '../../../../src/domain/affect.js';
import { RECORD_FIELDS } from '../../../../src/domain/record-fields.js';
import { placeOf, unitPlaceOf } from '../../../../src/record/packing.js';
import { boxOf, type CameraHistory, type Frame, type History } from './history.js';
import type { PackedFace } from './packed-face.js';

/** A followed face as the page names it: `camera/track`. */
export interface Person {
  readonly key: string;
  readonly source: string;
  readonly track: number;
  readonly face: PackedFace;
  readonly frame: Frame;
  /** Milliseconds since it was last seen, at the moment shown. */
  readonly unseenMs: number;
}

/** Faces stay listed this long after they were last seen, so that the list does not jump. */
const LINGER_MS = 2500;

export const personKey = (source: string, track: number): string => `${source}/${track}`;

/** Frame that a camera shows at a moment, or now when `atMs` is null. */
const frameAt = (camera: CameraHistory, atMs: number | null): Frame | undefined =>
  atMs === null ? camera.frames.newest : camera.frames.at(atMs);

/** All faces at a moment (null: now, which is `nowMs` of the server's clock), by camera, then by number. */
export function peopleAt(
  history: History,
  moment: {
    readonly atMs: number | null;
    readonly nowMs: number;
    readonly order: readonly string[];
    /** Cameras whose analysis is behind, by how many milliseconds: their faces are that much older. */
    readonly behindMs?: ReadonlyMap<string, number>;
  },
): readonly Person[] {
  const people: Person[] = [];
  for (const source of moment.order) {
    const camera = history.cameras.get(source);
    const current = camera && frameAt(camera, moment.atMs);
    if (!camera || !current) continue;
    // While live, a camera that fell silent has its faces age by the clock, not by its own last frame.
    const reference = moment.atMs ?? Math.max(current.atMs, moment.nowMs);
    for (const [track, series] of camera.tracks) {
      const point = series.at(reference);
      if (!point || boxOf(point.face) === null) continue;
      const unseenMs = Math.max(0, Math.min(reference, current.atMs) - point.atMs);
      const silentMs = reference - current.atMs;
      const late = moment.atMs === null ? (moment.behindMs?.get(source) ?? 0) : 0;
      if (unseenMs > LINGER_MS || silentMs > LINGER_MS + late) continue;
      people.push({ key: personKey(source, track), source, track, face: point.face, frame: current, unseenMs });
    }
  }
  const place = new Map(moment.order.map((source, index) => [source, index]));
  return people.sort((a, b) => place.get(a.source)! - place.get(b.source)! || a.track - b.track);
}

const SHARES = placeOf('emotions.smoothed');
const AFFECT = placeOf('valenceArousal.smoothed');
const CONFIDENCE = placeOf('confidence');

/** Smoothed probabilities in the order of EMOTIONS; null without a reading. */
export function emotionsOf({ values }: PackedFace): Float32Array | null {
  return Number.isNaN(values[SHARES]) ? null : values.subarray(SHARES, SHARES + EMOTIONS.length);
}

/** Smoothed valence and arousal; null without a reading. */
export function affectOf({ values }: PackedFace): { readonly valence: number; readonly arousal: number } | null {
  const valence = values[AFFECT]!;
  return Number.isNaN(valence) ? null : { valence, arousal: values[AFFECT + 1]! };
}

export interface UnitValue {
  /** Smoothed, 0..5; NaN when the model gives none. */
  readonly intensity: number;
  /** Smoothed probability; NaN when the model gives none. */
  readonly presence: number;
  readonly active: boolean;
}

/** A unit's reading by its place in the server's list; null when there is none. */
export function unitOf({ values }: PackedFace, place: number): UnitValue | null {
  const value = (path: string): number => values[unitPlaceOf(place, path)] ?? Number.NaN;
  const [intensity, presence] = [value('intensity.smoothed'), value('presence.smoothed')];
  if (place < 0 || (Number.isNaN(intensity) && Number.isNaN(presence))) return null;
  return { intensity, presence, active: value('active') === 1 };
}

/** Keys of active units, strongest first; one side only where no unit stands for both together. */
export function activeKeys(face: PackedFace, keys: readonly string[]): readonly string[] {
  return keys
    .map((key, place) => ({ key, unit: unitOf(face, place) }))
    .filter(({ key, unit }) => unit?.active === true && !(/[LR]$/.test(key) && keys.includes(key.slice(0, -1))))
    .sort((a, b) => (b.unit!.intensity || 0) - (a.unit!.intensity || 0))
    .map(({ key }) => key);
}

const BASELINE = placeOf('baseline.status');
const { words: BASELINE_WORDS } = RECORD_FIELDS.baseline.of.fields.status;

/** Whether the resting face is still being learned. */
export const isWarming = ({ values }: PackedFace): boolean => BASELINE_WORDS[values[BASELINE]!] === 'warming';

/** The label in force. */
export interface HeldLabel {
  readonly label: Emotion;
  /** Smoothed probability of the label now, 0..1. */
  readonly confidence: number;
  /** False while another expression is the likelier one: a label goes on until the change is certain. */
  readonly leads: boolean;
}

/** The label in force and how sure it is; null without one. */
export function labelOf(face: PackedFace): HeldLabel | null {
  const confidence = face.values[CONFIDENCE]!;
  const { label } = face.kept;
  if (label === null || Number.isNaN(confidence)) return null;
  const shares = emotionsOf(face);
  const leads = shares === null || shares[EMOTIONS.indexOf(label)]! >= Math.max(...shares);
  return { label, confidence, leads };
}
