import { type LandmarkChoice, MESH_POINTS, type MeshPoints } from '../domain/face.js';
import type { Shape } from '../domain/field-shapes.js';
import { type FaceRecordJson, RECORD_FIELDS } from '../domain/record-fields.js';
import type { Episode, FaceRecord } from '../domain/records.js';
import { IBUG_68 } from './landmarks-68.js';
import { STAGES } from './leaves.js';
import { compact, rounded } from './number-text.js';

type Encode = (value: unknown) => unknown;
type Entries = Readonly<Record<string, unknown>>;

const same: Encode = (value) => value;

function encodeFields(fields: readonly (readonly [key: string, encode: Encode])[]): Encode {
  return (value) => {
    const json: Record<string, unknown> = {};
    for (const [key, encode] of fields) json[key] = encode((value as Entries)[key]);
    return json;
  };
}

const encodersOf = (fields: Readonly<Record<string, Shape>>): (readonly [string, Encode])[] =>
  Object.entries(fields).map(([key, shape]) => [key, encoderOf(shape)] as const);

/** What turns a value of this shape into its JSON: numbers rounded to what they are good for, shares by name. */
function encoderOf(shape: Shape): Encode {
  switch (shape.kind) {
    case 'number': {
      const { digits } = shape;
      return digits === 0 ? same : (value) => rounded(value as number, digits);
    }
    case 'nullable': {
      const encode = encoderOf(shape.of);
      return (value) => (value === null ? null : encode(value));
    }
    case 'optional': {
      const encode = encoderOf(shape.of);
      return (value) => (value === undefined ? undefined : encode(value));
    }
    case 'group':
      return encodeFields(encodersOf(shape.fields));
    case 'staged': {
      const encode = encoderOf(shape.of);
      return encodeFields(
        STAGES.map((stage) => [
          stage,
          stage === 'baselined' ? (value) => (value === null ? null : encode(value)) : encode,
        ]),
      );
    }
    case 'shares': {
      const { names, of } = shape;
      return (value) => {
        const json: Record<string, number> = {};
        for (let at = 0; at < names.length; at++)
          json[names[at]!] = rounded((value as readonly number[])[at]!, of.digits);
        return json;
      };
    }
    case 'units': {
      const encode = encoderOf(shape.of);
      return (value) => {
        const json: Record<string, unknown> = {};
        for (const key of Object.keys(value as Entries)) json[key] = encode((value as Entries)[key]);
        return json;
      };
    }
    case 'flag':
    case 'word':
    case 'text':
    case 'names':
    case 'constant':
    case 'reasons':
    case 'mesh':
      return same;
  }
}

const { mesh: _, ...JSON_FIELDS } = RECORD_FIELDS;
const encodeRecord = encodeFields(encodersOf(JSON_FIELDS));

/** JSON array of x, y, z of each point, pixels to two decimals. */
function landmarksJson(mesh: MeshPoints, choice: '68' | '468'): string {
  let text = '';
  const add = (vertex: number): void => {
    for (let at = vertex * 3; at < vertex * 3 + 3; at++) {
      // Nothing that is not finite may break the line.
      text += `${text === '' ? '' : ','}${compact(mesh[at], 2) || 'null'}`;
    }
  };
  if (choice === '68') for (const vertex of IBUG_68) add(vertex);
  else for (let vertex = 0; vertex < MESH_POINTS; vertex++) add(vertex);
  return `[${text}]`;
}

/** A record as its JSON line says it, without landmarks: numbers are rounded as there. */
export const recordJson = (record: FaceRecord): FaceRecordJson => encodeRecord(record) as FaceRecordJson;

/** The JSON line of a record, without its line end. Landmarks come last: lines stay readable. */
export function recordLine(record: FaceRecord, landmarks: LandmarkChoice): string {
  const fields = JSON.stringify(encodeRecord(record));
  if (landmarks === 'none') return fields;
  const points = record.mesh === null ? 'null' : landmarksJson(record.mesh, landmarks);
  return `${fields.slice(0, -1)},"landmarks":${points}}`;
}

/** An episode as its JSON line says it. */
export function jsonEpisode(episode: Episode): Episode {
  const { peak, mean, confidence } = episode;
  return { ...episode, peak: rounded(peak, 6), mean: rounded(mean, 6), confidence: rounded(confidence, 6) };
}
