import { z } from 'zod';
import { ENGINE_FAILURES } from '../../domain/insight.js';
import { packMessage, unpackMessage } from '../envelope.js';

/** Raised with every change of what stands in a reply that an older node cannot read. */
export const REPLY_VERSION = 1;

const count = z.int().min(0).nullable();
const answer = z.object({
  text: z.string(),
  labelProbabilities: z.record(z.string(), z.number()).nullable(),
  promptTokens: count,
  completionTokens: count,
  truncated: z.boolean(),
});
const outcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ok'), answer }),
  z.object({
    kind: z.literal('failed'),
    reason: z.enum(ENGINE_FAILURES),
    message: z.string(),
    retryable: z.boolean(),
  }),
]);
const common = {
  v: z.literal(REPLY_VERSION),
  /** How often the question was given to a node, this time included: of two that have it, the later one counts. */
  delivery: z.int().min(1),
};
const reply = z.discriminatedUnion('kind', [
  /** A node has taken it: nothing newer takes its place any more. */
  z.object({ ...common, kind: z.literal('begun') }),
  /** The node gave it back, for another to take. */
  z.object({ ...common, kind: z.literal('handed-back') }),
  z.object({ ...common, kind: z.literal('text'), text: z.string() }),
  z.object({ ...common, kind: z.literal('outcome'), outcome }),
]);

/** What a words node says about a question, to the engine that asked. */
export type WordsReply = z.infer<typeof reply>;
type Told<R> = R extends WordsReply ? Omit<R, 'v'> : never;

/** A reply as bytes. */
export function encodeReply(told: Told<WordsReply>): Uint8Array<ArrayBuffer> {
  return packMessage({ v: REPLY_VERSION, ...told });
}

/** Null where it is none, or is of another release. */
export function decodeReply(message: Uint8Array): WordsReply | null {
  const read = reply.safeParse(unpackMessage(message)?.header);
  return read.success ? read.data : null;
}
