import type { FaceInput } from './face-input.js';
import type { ReleaseConfig } from './release.js';

/** The two graphs as they are run; numbers lie in rows, the last axis first (models/training/vlm/FORMAT.md). */
export interface Graphs {
  /** Prefixes [faces, prefix, width]. */
  encode(faces: readonly FaceInput[]): Promise<Float32Array>;
  step(inputs: StepInputs): Promise<StepOutputs>;
}

export interface StepInputs {
  readonly rows: number;
  /** [rows, q, width]; empty after the first step. */
  readonly prefix: Float32Array;
  /** [rows, t] */
  readonly tokens: BigInt64Array;
  /** [rows, q + t] */
  readonly positions: BigInt64Array;
  /** [rows, all so far]: 0 at pads. */
  readonly real: Float32Array;
  /** `present` of the last step. */
  readonly past: Float32Array;
}

export interface StepOutputs {
  /** [rows, t, vocabulary] */
  readonly logits: Float32Array;
  /** [layers, 2, rows, kvHeads, all so far, headSize] */
  readonly present: Float32Array;
}

/** One question of a batch. */
export interface Row {
  readonly face: FaceInput;
  /** `<ask>` question `<say>`, and what the answer is begun with. */
  readonly prompt: readonly number[];
  /** Answered by the probabilities of these tokens as the next, over them alone; null: in words. */
  readonly labels: readonly number[] | null;
  /** Most tokens of its answer. */
  readonly longest: number;
  /** Whether its answer is still waited for. */
  wanted(): boolean;
  /** Takes the answer so far, after each token. */
  onTokens(ids: readonly number[]): void;
  onEnd(end: RowEnd): void;
}

/** How a row ended: its tokens without `<end>`, or probabilities in the order of its labels. */
export type RowEnd =
  | { readonly kind: 'words'; readonly ids: readonly number[]; readonly truncated: boolean }
  | { readonly kind: 'labels'; readonly probabilities: readonly number[] };

type Shape = Pick<ReleaseConfig, 'prefix' | 'layers' | 'kvHeads' | 'headSize' | 'vocabulary'>;

/** A row under way. */
interface Open {
  readonly row: Row;
  /** Pads before its prompt. */
  readonly pads: number;
  readonly said: number[];
}

/** What a batch needs to know of a model. */
export interface Speaker {
  readonly graphs: Graphs;
  readonly shape: Shape;
  readonly pad: number;
  readonly end: number;
}

/**
 * Answers questions together, each with the likeliest token at a time. Rows end apart: one that has ended, or is not
 * wanted any more (it gets no `onEnd`), is taken out, and the others go on. Rejects with what the graphs throw.
 */
export async function answerBatch({ graphs, shape, pad, end }: Speaker, rows: readonly Row[]): Promise<void> {
  const size = Math.max(...rows.map(({ prompt }) => prompt.length));
  let open: Open[] = rows.map((row) => ({ row, pads: size - row.prompt.length, said: [] }));
  const prefix = await graphs.encode(rows.map(({ face }) => face));
  let { logits, present } = await graphs.step({ ...firstInputs(open, { prefix, size, shape, pad }) });
  for (let made = 1, wide = size; ; made++, wide = 1) {
    const going = open.filter((each, at) => goesOn(each, lastOf(logits, { at, wide, shape }), end));
    if (going.length === 0) return;
    const past = keptRows(present, { shape, from: open, to: going });
    open = going;
    ({ logits, present } = await graphs.step(nextInputs(open, { past, size, made, shape })));
  }
}

/** Logits of a row's next token. */
function lastOf(logits: Float32Array, place: { at: number; wide: number; shape: Shape }): Float32Array {
  const { at, wide, shape } = place;
  const end = (at + 1) * wide * shape.vocabulary;
  return logits.subarray(end - shape.vocabulary, end);
}

/** Takes a row's next token; false when the row has ended. */
function goesOn({ row, said }: Open, logits: Float32Array, end: number): boolean {
  if (!row.wanted()) return false;
  if (row.labels !== null) {
    row.onEnd({ kind: 'labels', probabilities: softmax(row.labels.map((label) => logits[label]!)) });
    return false;
  }
  let best = 0;
  for (let token = 1; token < logits.length; token++) if (logits[token]! > logits[best]!) best = token;
  if (best !== end) {
    said.push(best);
    row.onTokens(said);
    if (said.length < row.longest) return true;
  }
  row.onEnd({ kind: 'words', ids: said, truncated: best !== end });
  return false;
}

function softmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const weights = logits.map((value) => Math.exp(value - largest));
  const sum = weights.reduce((total, value) => total + value, 0);
  return weights.map((weight) => weight / sum);
}

/** All ones, but 0 at the pads, which lie between the prefix and the prompt. */
function realOf(open: readonly Open[], width: number, { prefix }: Shape): Float32Array {
  const real = new Float32Array(open.length * width).fill(1);
  for (const [at, { pads }] of open.entries()) real.fill(0, at * width + prefix, at * width + prefix + pads);
  return real;
}

function firstInputs(
  open: readonly Open[],
  { prefix, size, shape, pad }: { prefix: Float32Array; size: number; shape: Shape; pad: number },
): StepInputs {
  const width = shape.prefix + size;
  const tokens = new BigInt64Array(open.length * size).fill(BigInt(pad));
  const positions = new BigInt64Array(open.length * width);
  for (const [at, { row, pads }] of open.entries()) {
    for (const [index, token] of row.prompt.entries()) tokens[at * size + pads + index] = BigInt(token);
    for (let place = 0; place < width; place++)
      positions[at * width + place] = BigInt(place < shape.prefix ? place : Math.max(0, place - pads));
  }
  const real = realOf(open, width, shape);
  return { rows: open.length, prefix, tokens, positions, real, past: new Float32Array(0) };
}

function nextInputs(
  open: readonly Open[],
  { past, size, made, shape }: { past: Float32Array; size: number; made: number; shape: Shape },
): StepInputs {
  const width = shape.prefix + size + made;
  return {
    rows: open.length,
    prefix: new Float32Array(0),
    tokens: BigInt64Array.from(open, ({ said }) => BigInt(said.at(-1)!)),
    positions: BigInt64Array.from(open, ({ pads }) => BigInt(width - 1 - pads)),
    real: realOf(open, width, shape),
    past,
  };
}

/** What the decoder remembers, without the rows that have ended. */
function keptRows(
  past: Float32Array,
  { shape, from, to }: { shape: Shape; from: readonly Open[]; to: readonly Open[] },
): Float32Array {
  if (to.length === from.length) return past;
  const blocks = shape.layers * 2;
  const each = past.length / blocks / from.length;
  const kept = new Float32Array(blocks * to.length * each);
  for (let block = 0; block < blocks; block++) {
    for (const [at, one] of to.entries()) {
      const start = (block * from.length + from.indexOf(one)) * each;
      kept.set(past.subarray(start, start + each), (block * to.length + at) * each);
    }
  }
  return kept;
}
