import { MESH_POINTS, type MeshPoints } from '../domain/face.js';
import type { LiveEvent, LiveWriting } from '../domain/live.js';
import type { FaceRecordJson } from '../domain/record-fields.js';
import type { FaceRecord } from '../domain/records.js';
import { millis } from '../domain/units.js';
import { recordFromJson } from '../record/record-from-json.js';
import { recordJson } from '../record/record-json.js';
import { packMessage, unpackMessage } from './envelope.js';

/** Version of what goes over the bus; nodes of another one do not understand each other. */
const VERSION = 1;
const MESH_BYTES = MESH_POINTS * 3 * Float32Array.BYTES_PER_ELEMENT;

type Faces = Extract<LiveEvent, { type: 'faces' }>;
/** What is numbered and kept by the bus. */
export type Told = Extract<LiveEvent, { type: 'episode' | 'insight' | 'rule' | 'state' | 'removed' }>;

/** A message of this version: a header, and bytes. */
export function pack(header: object, body: Uint8Array = new Uint8Array()): Uint8Array {
  return packMessage({ v: VERSION, ...header }, [body]);
}

/** Header and bytes of a message; null when it is none of this version. The bytes are a view of it. */
export function unpack<H>(message: Uint8Array): { readonly header: H; readonly body: Uint8Array } | null {
  const read = unpackMessage(message);
  const header = read?.header;
  if (typeof header !== 'object' || header === null || (header as { v?: unknown }).v !== VERSION) return null;
  return { header: header as H, body: read!.rest };
}

interface RecordsHeader {
  readonly faces: readonly FaceRecordJson[];
  /** Places in `faces` of those whose mesh follows. */
  readonly meshes: readonly number[];
}

/** Records, with their meshes or without, beside what is said about them. */
export function packRecords(about: object, records: readonly FaceRecord[], withMesh: boolean): Uint8Array {
  const meshed = withMesh ? records.flatMap(({ mesh }, at) => (mesh ? [{ mesh, at }] : [])) : [];
  const body = Buffer.concat(meshed.map(({ mesh }) => new Uint8Array(mesh.buffer, mesh.byteOffset, mesh.byteLength)));
  return pack({ ...about, faces: records.map(recordJson), meshes: meshed.map(({ at }) => at) }, body);
}

/** What `packRecords` packed; null when the message is none. */
export function unpackRecords<A>(message: Uint8Array): { readonly about: A; readonly records: FaceRecord[] } | null {
  const read = unpack<RecordsHeader & A & { v: number }>(message);
  if (!read || !Array.isArray(read.header.faces)) return null;
  const { faces, meshes, v: _, ...about } = read.header;
  const records = faces.map((face, at) => recordFromJson(face, meshAt(read.body, meshes.indexOf(at))));
  return { about: about as unknown as A, records };
}

/** An analysed frame, with the meshes of its faces or without. */
export function packFaces({ type: _, records, arrivedAt: __, ...about }: Faces, withMesh: boolean): Uint8Array {
  return packRecords(about, records, withMesh);
}

/** The frame again, its arrival on this machine's clock; null when the message is no such frame. */
export function unpackFaces(message: Uint8Array): Faces | null {
  const read = unpackRecords<Omit<Faces, 'type' | 'records' | 'arrivedAt'>>(message);
  if (!read) return null;
  const { about, records } = read;
  const arrivedAt = millis(performance.now() - (Date.now() - about.wallTimeMs));
  return { type: 'faces', ...about, arrivedAt, records };
}

function meshAt(body: Uint8Array, place: number): MeshPoints | null {
  if (place < 0 || body.length < (place + 1) * MESH_BYTES) return null;
  // Copied: bytes of a message begin anywhere, and numbers do not.
  return new Float32Array(Uint8Array.from(body.subarray(place * MESH_BYTES, (place + 1) * MESH_BYTES)).buffer);
}

/** An event that is numbered; the picture of an insight follows its header. */
export function packTold(event: Told): Uint8Array {
  if (event.type !== 'insight') return pack(event);
  const { evidenceJpeg, ...about } = event;
  return pack({ ...about, pictured: evidenceJpeg !== null }, evidenceJpeg ?? undefined);
}

/** Null when the message is no event of this version. */
export function unpackTold(message: Uint8Array): Told | null {
  const read = unpack<Told & { v: number; pictured?: boolean }>(message);
  if (!read) return null;
  const { v: _, pictured, ...event } = read.header;
  switch (event.type) {
    case 'insight':
      return { ...event, evidenceJpeg: pictured ? read.body : null } as Told;
    case 'episode':
    case 'rule':
    case 'state':
    case 'removed':
      return event as Told;
    default:
      return null;
  }
}

/** Camera that an event is about. */
export const cameraOf = (event: Told): string => (event.type === 'state' ? event.state.id : event.source);

export const packWriting = (writing: LiveWriting): Uint8Array => pack(writing);

export function unpackWriting(message: Uint8Array): LiveWriting | null {
  const read = unpack<LiveWriting & { v: number }>(message);
  if (!read) return null;
  const { v: _, ...writing } = read.header;
  return writing;
}
