import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import { AffectError } from '../../domain/errors.js';
import type { EngineCapabilities } from '../../domain/insight.js';
import { untilAborted } from '../../rx/until-aborted.js';
import { packMessage, unpackMessage } from '../envelope.js';
import { QUESTION_VERSION } from './question.js';
import type { WordsSubjects } from './subjects.js';

/** Longest wait for the first words node, and for the next after one. */
const PATIENCE_MS = 2000;

const capabilities = z.object({
  logProbabilities: z.boolean(),
  jsonSchema: z.boolean(),
  choice: z.boolean(),
  regex: z.boolean(),
  loraByModel: z.boolean(),
  prefill: z.boolean(),
  severalImages: z.boolean(),
  numericPriors: z.union([z.boolean(), z.literal('mesh')]),
});
const reply = z.object({
  v: z.int(),
  node: z.string(),
  engine: z.string(),
  model: z.string(),
  capabilities,
});

/** What a words node says of itself. */
export type WordsNode = Omit<z.infer<typeof reply>, 'v'>;

/** All words nodes of a site together. */
export interface FoundWords {
  readonly model: string;
  readonly nodes: number;
  /** What every one of them can do. */
  readonly capabilities: EngineCapabilities;
}

/** What a words node answers when it is asked what it can do. */
export function encodeNode({ node, engine, model, capabilities: can }: WordsNode): Uint8Array<ArrayBuffer> {
  return packMessage({ v: QUESTION_VERSION, node, engine, model, capabilities: can });
}

/**
 * Asks the words nodes of a site what their engine can do. Throws SERVER_UNREACHABLE where none answers, and
 * CONFIG_INVALID where those that answer ask another engine or are of another release.
 */
export async function probeWords(
  connection: NatsConnection,
  subjects: WordsSubjects,
  { engine, signal }: { readonly engine: string; readonly signal: AbortSignal },
): Promise<FoundWords> {
  const stopped = (): Error => new Error('the engine was told to stop');
  if (signal.aborted) throw stopped();
  return foundIn(await untilAborted(replies(connection, subjects), signal, stopped), engine);
}

async function replies(connection: NatsConnection, { probe }: WordsSubjects): Promise<readonly Msg[]> {
  const heard: Msg[] = [];
  try {
    const options = { strategy: 'stall', maxWait: PATIENCE_MS } as const;
    for await (const message of await connection.requestMany(probe, '', options)) heard.push(message);
  } catch {
    // No node is there, or the bus is away: nobody was heard.
  }
  return heard;
}

/** What the nodes that answered can do together. Throws as `probeWords`. */
export function foundIn(answers: readonly Pick<Msg, 'data'>[], engine: string): FoundWords {
  const read = answers.map(({ data }) => reply.safeParse(unpackMessage(data)?.header));
  const understood = read.flatMap((each) => (each.success && each.data.v === QUESTION_VERSION ? [each.data] : []));
  const same = understood.filter((node) => node.engine === engine);
  const [first] = same;
  if (first) {
    const model = first.model;
    return { model, nodes: same.length, capabilities: common(same.map((node) => node.capabilities)) };
  }
  const [other] = understood;
  if (other)
    throw new AffectError(
      'CONFIG_INVALID',
      `the words nodes ask the engine ${other.engine}, and ${engine} is configured here; give all nodes the same mllm.engine`,
    );
  if (answers.length > 0)
    throw new AffectError('CONFIG_INVALID', 'the words nodes are of another release; run the same one on all nodes');
  throw new AffectError('SERVER_UNREACHABLE', 'no words node answers on the bus; start one (role words)');
}

type Can = WordsNode['capabilities'];

function common(all: readonly Can[]): EngineCapabilities {
  const every = (name: Exclude<keyof Can, 'numericPriors'>): boolean => all.every((can) => can[name]);
  const numbers = all.map((can) => can.numericPriors);
  return {
    logProbabilities: every('logProbabilities'),
    jsonSchema: every('jsonSchema'),
    choice: every('choice'),
    regex: every('regex'),
    loraByModel: every('loraByModel'),
    prefill: every('prefill'),
    severalImages: every('severalImages'),
    numericPriors: numbers.includes(false) ? false : numbers.includes('mesh') ? 'mesh' : true,
    // Each question goes as it comes: the nodes put them together, across cameras and machines.
    ownBatches: true,
  };
}
