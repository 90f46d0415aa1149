import type { CameraState, LiveEvent } from '../../domain/live.js';
import type { FaceRecord } from '../../domain/records.js';
import type { MqttCameraState, MqttExpression, MqttFaces } from '../../protocol/mqtt-messages.js';
import { rounded } from '../../record/number-text.js';
import { recordJson } from '../../record/record-json.js';

type FacesEvent = Extract<LiveEvent, { type: 'faces' }>;

/** How much larger another face must be than the one that is told, to be told instead. */
const LARGER = 1.5;

const areaOf = ({ box }: FaceRecord): number => (box ? (box.right - box.left) * (box.bottom - box.top) : 0);
const seen = (records: readonly FaceRecord[]): readonly FaceRecord[] => records.filter(({ track }) => track !== null);
const timesOf = ({ source, wallTimeMs, ptsUs }: FacesEvent) => ({
  v: 1 as const,
  source,
  at: new Date(wallTimeMs).toISOString(),
  ptsUs,
});
/** To two decimals: finer changes are noise, and each would be a message. */
const coarse = <T extends number | null>(value: T): T => (value === null ? value : rounded(value, 2)) as T;

/** The faces of one frame: how many, and of each what rules can ask for. */
export function facesPayload(event: FacesEvent): MqttFaces {
  const faces = seen(event.records).map((record) => {
    const { track, validity, label, confidence, valenceArousal, box, zones = [] } = recordJson(record);
    const { valence = null, arousal = null } = valenceArousal?.smoothed ?? {};
    return {
      track: track as number,
      validity,
      expression: label,
      confidence: coarse(confidence),
      valence: coarse(valence),
      arousal: coarse(arousal),
      box: box && {
        space: box.space,
        left: Math.round(box.left),
        top: Math.round(box.top),
        right: Math.round(box.right),
        bottom: Math.round(box.bottom),
      },
      zones: [...zones],
    };
  });
  return { ...timesOf(event), count: faces.length, widthPx: event.widthPx, heightPx: event.heightPx, faces };
}

/**
 * The reading of one face of a frame: the largest that has one, but the face told before unless another is much larger,
 * so that two people side by side do not take turns.
 *
 * @param before - track of the face that was told before
 */
export function expressionPayload(event: FacesEvent, before: number | null): MqttExpression {
  const read = seen(event.records).filter(({ label }) => label !== null);
  const largest = read.reduce<FaceRecord | undefined>((a, b) => (a && areaOf(a) >= areaOf(b) ? a : b), undefined);
  const same = read.find(({ track }) => track === before);
  const face = same && largest && areaOf(largest) < LARGER * areaOf(same) ? same : largest;
  const record = face && recordJson(face);
  return {
    ...timesOf(event),
    track: record?.track ?? null,
    expression: record?.label ?? null,
    confidence: coarse(record?.confidence ?? null),
    valence: coarse(record?.valenceArousal?.smoothed.valence ?? null),
    arousal: coarse(record?.valenceArousal?.smoothed.arousal ?? null),
  };
}

const UNKNOWN = { expression: null, confidence: null, valence: null, arousal: null } as const;

/** No frames come: nothing is known. */
export const silentFaces = (source: string, wallTimeMs: number): MqttFaces => ({
  v: 1,
  source,
  at: new Date(wallTimeMs).toISOString(),
  ptsUs: null,
  count: null,
  widthPx: null,
  heightPx: null,
  faces: [],
});
export const silentExpression = (source: string, wallTimeMs: number): MqttExpression => ({
  v: 1,
  source,
  at: new Date(wallTimeMs).toISOString(),
  ptsUs: null,
  track: null,
  ...UNKNOWN,
});

/** The state of a camera as clients see it, without its address in the local network. */
export function statePayload({ address: _, lastEnd, reduced, ...state }: CameraState): MqttCameraState {
  const less = reduced && { ...reduced, looks: [...reduced.looks] };
  return { v: 1, ...state, reduced: less, lastEndReason: lastEnd?.reason ?? null };
}
