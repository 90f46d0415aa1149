import type { MeshPoints } from '../domain/face.js';
import type { Shape } from '../domain/field-shapes.js';
import { type FaceRecordJson, RECORD_FIELDS } from '../domain/record-fields.js';
import type { FaceRecord } from '../domain/records.js';
import { STAGES } from './leaves.js';

type Decode = (value: unknown) => unknown;
type Entries = Readonly<Record<string, unknown>>;

const same: Decode = (value) => value;

function decodeFields(fields: Readonly<Record<string, Shape>>): Decode {
  const decoders = Object.entries(fields).map(([key, shape]) => [key, decoderOf(shape)] as const);
  return (value) => Object.fromEntries(decoders.map(([key, decode]) => [key, decode((value as Entries)[key])]));
}

/** The inverse of what turns a value of this shape into its JSON, but for the digits that were left out. */
function decoderOf(shape: Shape): Decode {
  switch (shape.kind) {
    case 'nullable': {
      const decode = decoderOf(shape.of);
      return (value) => (value === null ? null : decode(value));
    }
    case 'optional': {
      const decode = decoderOf(shape.of);
      return (value) => (value === undefined ? undefined : decode(value));
    }
    case 'group':
      return decodeFields(shape.fields);
    case 'staged': {
      const decode = decoderOf(shape.of);
      return (value) =>
        Object.fromEntries(
          STAGES.map((stage) => {
            const said = (value as Entries)[stage];
            return [stage, said === null ? null : decode(said)];
          }),
        );
    }
    case 'shares':
      return (value) => shape.names.map((name) => (value as Entries)[name]);
    case 'units': {
      const decode = decoderOf(shape.of);
      return (value) => Object.fromEntries(Object.entries(value as Entries).map(([key, said]) => [key, decode(said)]));
    }
    default:
      return same;
  }
}

const { mesh: _, ...JSON_FIELDS } = RECORD_FIELDS;
const decodeRecord = decodeFields(JSON_FIELDS);

/**
 * A record from its JSON (`recordJson`), which has no mesh; its own JSON is then the same again.
 * The JSON must be of this version's records.
 */
export function recordFromJson(json: FaceRecordJson, mesh: MeshPoints | null): FaceRecord {
  return { ...(decodeRecord(json) as Omit<FaceRecord, 'mesh'>), mesh } as FaceRecord;
}
