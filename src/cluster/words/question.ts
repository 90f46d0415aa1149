import { z } from 'zod';
import type { MeshPoints } from '../../domain/face.js';
import { type EngineRequest, INSIGHT_TASKS } from '../../domain/insight.js';
import { packMessage, splitParts, unpackMessage } from '../envelope.js';
import { BUS_NAME } from './subjects.js';

/** Raised with every change of what stands in a question that an older node cannot read. */
export const QUESTION_VERSION = 1;
const FLOAT_BYTES = 4;

/** A question on the bus: what is asked, and where its answer goes. */
export interface BusQuestion {
  readonly id: string;
  /** Where the engine that asks listens (`WordsSubjects.reply`). */
  readonly inbox: string;
  /** Id of the engine that is meant to answer. */
  readonly engine: string;
  /** How long an answer is of use, from when it was asked. */
  readonly lifeMs: number;
  /** Whether anybody looks on while it is answered. */
  readonly tells: boolean;
  readonly request: EngineRequest;
}

/** What arrived: a question; one that asks for a refusal, since it is of another release; or nothing of ours. */
export type ArrivedQuestion =
  | { readonly kind: 'question'; readonly question: BusQuestion }
  | { readonly kind: 'foreign'; readonly id: string; readonly inbox: string; readonly version: number }
  | { readonly kind: 'unreadable' };

const name = z.string().regex(BUS_NAME);
const bytes = z.int().min(0);
const text = z.string();
const finite = z.number();

const form = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('words') }),
  z.object({ kind: z.literal('choice'), choices: z.array(text) }),
  z.object({ kind: z.literal('json'), schema: z.record(text, z.unknown()) }),
  z.object({ kind: z.literal('regex'), pattern: text }),
]);
const pose = z.object({
  yaw: finite,
  pitch: finite,
  roll: finite,
  translationMm: z.object({ x: finite, y: finite, z: finite }),
});
const evidence = z.object({
  actionUnits: z.record(text, z.object({ presence: finite, intensity: finite })).nullable(),
  pose: pose.nullable(),
  sharpness: finite.nullable(),
  aspect: finite.optional(),
});
const request = z.object({
  task: z.enum(INSIGHT_TASKS),
  promptId: text,
  system: text.nullable(),
  user: text,
  examples: z.array(z.object({ user: text, assistant: text })),
  form,
  labels: z.array(text).nullable(),
  prefill: text.nullable(),
  maxTokens: z.int().min(1),
  evidence: evidence.nullable(),
  question: text.optional(),
  model: text.optional(),
  labelMember: z.object({ name: text, labels: z.array(text) }).optional(),
});
/** Who asks stands in every version, so that what cannot be read can be refused. */
const asker = z.object({ v: z.int(), id: name, inbox: name });
const header = asker.extend({
  v: z.literal(QUESTION_VERSION),
  engine: text,
  lifeMs: z.number().positive(),
  tells: z.boolean(),
  request,
  images: z.array(bytes).max(16),
  /** Bytes of the mesh, float32 little-endian; null: there is none. */
  mesh: bytes.nullable(),
});

/** A question as bytes. All of a request but `readings`: engines that answer from those are never asked over the bus. */
export function encodeQuestion({ request: asked, ...about }: BusQuestion): Uint8Array<ArrayBuffer> {
  const { images, evidence: numbers, readings: _, ...words } = asked;
  const { mesh = null, ...measured } = numbers ?? {};
  const points = mesh === null ? null : encodeMesh(mesh);
  const told = {
    v: QUESTION_VERSION,
    ...about,
    request: { ...words, evidence: numbers === null ? null : measured },
    images: images.map(({ length }) => length),
    mesh: points?.length ?? null,
  };
  return packMessage(told, points === null ? images : [...images, points]);
}

/** Reads a question. Its pictures are views of the message. */
export function decodeQuestion(message: Uint8Array): ArrivedQuestion {
  const unpacked = unpackMessage(message);
  const from = asker.safeParse(unpacked?.header);
  if (unpacked === null || !from.success) return { kind: 'unreadable' };
  const { id, inbox, v } = from.data;
  const read = header.safeParse(unpacked.header);
  const parts = read.success && splitParts(unpacked.rest, [...read.data.images, read.data.mesh ?? 0]);
  if (!read.success || !parts) return { kind: 'foreign', id, inbox, version: v };
  const { engine, lifeMs, tells, mesh: meshBytes, request: words } = read.data;
  const mesh = meshBytes === null ? null : decodeMesh(parts.at(-1)!);
  const { evidence: measured, question, model, labelMember, ...rest } = words;
  // The pose is a HeadPose by its shape: angles are branded numbers.
  const numbers = measured as Omit<NonNullable<EngineRequest['evidence']>, 'mesh'> | null;
  const asked: EngineRequest = {
    ...rest,
    ...(question === undefined ? {} : { question }),
    ...(model === undefined ? {} : { model }),
    ...(labelMember === undefined ? {} : { labelMember }),
    images: parts.slice(0, -1),
    evidence: numbers === null ? null : { ...numbers, mesh },
  };
  return { kind: 'question', question: { id, inbox, engine, lifeMs, tells, request: asked } };
}

function encodeMesh(mesh: MeshPoints): Uint8Array {
  const view = new DataView(new ArrayBuffer(mesh.length * FLOAT_BYTES));
  for (const [index, value] of mesh.entries()) view.setFloat32(index * FLOAT_BYTES, value, true);
  return new Uint8Array(view.buffer);
}

function decodeMesh(from: Uint8Array): MeshPoints {
  const view = new DataView(from.buffer, from.byteOffset, from.byteLength);
  return Float32Array.from({ length: Math.floor(from.length / FLOAT_BYTES) }, (_, index) =>
    view.getFloat32(index * FLOAT_BYTES, true),
  );
}
