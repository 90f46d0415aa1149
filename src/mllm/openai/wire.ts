import type { EngineRequest } from '../../domain/insight.js';
import type { AnswerForm } from '../../domain/prompt-template.js';
import { READ_TOKENS } from './event-stream.js';
import type { FaceNumbers, TakenNumbers } from './face-numbers.js';
import type { Feature, Features } from './features.js';
import { type AnswerToken, asLetters, type TokenProbability } from './label-tokens.js';

/** Most probable first tokens that are asked for: what servers allow at most by default. */
const TOP_TOKENS = 20;
/** Bytes that a server writes of one probable token, about. */
const TOKEN_BYTES = 100;
/** Room for a label when no probabilities can be had. */
const LABEL_TOKENS = 24;

const WORDS: AnswerForm = { kind: 'words' };
const choiceOf = (choices: readonly string[]): AnswerForm => ({ kind: 'choice', choices });

export interface ChatCall {
  readonly body: Readonly<Record<string, unknown>>;
  /** Features the body makes use of. */
  readonly used: readonly Feature[];
  /** Labels are asked for as letters. */
  readonly letters: boolean;
}

/**
 * A request as the body of `POST /chat/completions`: pictures as data URLs before the question, greedy;
 * examples as turns before it; forms, log-probabilities and prefill only where `features` says so.
 */
export function chatCall(
  request: EngineRequest,
  options: {
    readonly model: string;
    readonly features: Features;
    readonly letters: boolean;
    /** Whether somebody looks on while the answer is written. */
    readonly stream: boolean;
    /** Numbers of the faces in the pictures, for a model that takes them. */
    readonly numbers: FaceNumbers | null;
    /** Largest answer that is read. */
    readonly maxAnswerBytes: number;
  },
): ChatCall {
  const { features } = options;
  const used: Feature[] = [];
  const use = (feature: Feature, wanted: boolean): boolean => {
    if (wanted && features[feature]) used.push(feature);
    return wanted && features[feature];
  };
  const byLabel = use('logProbabilities', request.labels !== null);
  const letters = byLabel && options.letters ? asLetters(request.labels!) : null;
  const prefilled = use('prefill', request.prefill !== null && letters === null);
  const text = letters === null ? request.user : `${request.user}\n${letters.line}`;
  const images = request.images.map((image) => ({
    type: 'image_url',
    image_url: { url: `data:image/jpeg;base64,${Buffer.from(image).toString('base64')}` },
  }));
  const streams = use('stream', options.stream && request.labels === null);
  const body: Record<string, unknown> = {
    model: options.model,
    messages: [
      ...(request.system === null ? [] : [{ role: 'system', content: request.system }]),
      ...request.examples.flatMap(({ user, assistant }) => [
        { role: 'user', content: user },
        { role: 'assistant', content: assistant },
      ]),
      { role: 'user', content: [...images, { type: 'text', text }] },
      ...(prefilled ? [{ role: 'assistant', content: request.prefill }] : []),
    ],
    temperature: 0,
    max_tokens: request.labels === null ? request.maxTokens : byLabel ? 1 : Math.max(LABEL_TOKENS, request.maxTokens),
    stream: streams,
  };
  if (options.numbers !== null) body.mien = options.numbers;
  if (streams) body.stream_options = { include_usage: true };
  if (prefilled) Object.assign(body, { continue_final_message: true, add_generation_prompt: false });
  if (byLabel) Object.assign(body, { logprobs: true, top_logprobs: TOP_TOKENS });
  const held = byLabel ? choiceOf(letters?.letters ?? request.labels!) : request.labels === null ? request.form : WORDS;
  if (held.kind === 'choice' && use('choice', true)) body.structured_outputs = { choice: held.choices };
  if (held.kind === 'regex' && use('regex', true)) body.structured_outputs = { regex: held.pattern };
  const schema = held.kind === 'json' && use('jsonSchema', true) ? held.schema : null;
  const likely = schema === null || request.labelMember === undefined ? 0 : request.labelMember.labels.length + 1;
  const fits = request.maxTokens * (likely + 1) * TOKEN_BYTES <= options.maxAnswerBytes;
  if (likely > 0 && fits && use('logProbabilities', true))
    Object.assign(body, { logprobs: true, top_logprobs: Math.min(TOP_TOKENS, likely) });
  if (schema !== null)
    body.response_format = {
      type: 'json_schema',
      json_schema: { name: 'answer', schema, strict: true },
    };
  return { body, used, letters: letters !== null };
}

/** A chat completion, as far as it is read. */
export interface Completion {
  readonly text: string;
  /** Its first tokens, as many as are read; empty when the server gave none. */
  readonly tokens: readonly AnswerToken[];
  /** Most probable first tokens; null when the server gave none. */
  readonly firstTokens: readonly TokenProbability[] | null;
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  readonly truncated: boolean;
}

/** Reads a chat completion; null when it has no message. Reasoning that a server keeps apart comes back in `<think>`. */
export function readCompletion(json: unknown): Completion | null {
  const choice = item(member(json, 'choices'), 0);
  const message = member(choice, 'message');
  const content = textOf(member(message, 'content'));
  const thought = textOf(member(message, 'reasoning_content')) ?? textOf(member(message, 'reasoning'));
  if (content === null && thought === null) return null;
  const usage = member(json, 'usage');
  const tokens = readTokens(member(member(choice, 'logprobs'), 'content'));
  const first = tokens[0]?.likely ?? [];
  return {
    text: thought === null || thought === '' ? (content ?? '') : `<think>${thought}</think>${content ?? ''}`,
    tokens,
    firstTokens: first.length === 0 ? null : first,
    promptTokens: countOf(member(usage, 'prompt_tokens')),
    completionTokens: countOf(member(usage, 'completion_tokens')),
    truncated: member(choice, 'finish_reason') === 'length',
  };
}

/** One entry of `GET /models`. */
export interface ServedModel {
  readonly id: string;
  /** An adapter's base model, as vLLM tells it. */
  readonly parent: string | null;
  /** What it takes beside words and pictures; null: nothing. */
  readonly numbers: TakenNumbers | null;
}

/** Models of `GET /models`; null when the answer is no such list. */
export function readModels(json: unknown): readonly ServedModel[] | null {
  const data = member(json, 'data');
  if (!Array.isArray(data)) return null;
  return data.slice(0, 1000).flatMap((entry) => {
    const id = textOf(member(entry, 'id'));
    return id === null ? [] : [{ id, parent: textOf(member(entry, 'parent')), numbers: takenNumbers(entry) }];
  });
}

/** `mien: {landmarks: 212, priors: true}` of an entry. What is no number there is NaN, which nobody can make. */
function takenNumbers(entry: unknown): TakenNumbers | null {
  const mien = member(entry, 'mien');
  const landmarks = member(mien, 'landmarks') ?? 0;
  if (landmarks === 0) return null;
  return {
    landmarks: typeof landmarks === 'number' ? landmarks : Number.NaN,
    priors: member(mien, 'priors') === true,
  };
}

function readTokens(list: unknown): readonly AnswerToken[] {
  if (!Array.isArray(list)) return [];
  return list.slice(0, READ_TOKENS).map((entry) => ({
    text: textOf(member(entry, 'token')) ?? '',
    likely: readLikely(member(entry, 'top_logprobs')),
  }));
}

function readLikely(list: unknown): readonly TokenProbability[] {
  if (!Array.isArray(list)) return [];
  return list.slice(0, 100).flatMap((entry) => {
    const token = member(entry, 'token');
    const logprob = member(entry, 'logprob');
    return typeof token === 'string' && typeof logprob === 'number' ? [{ token, logprob }] : [];
  });
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

const item = (value: unknown, index: number): unknown => (Array.isArray(value) ? value[index] : undefined);

/** A text, or the texts of a list of parts. */
function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return null;
  return value
    .slice(0, 100)
    .map((part) => textOf(member(part, 'text')) ?? '')
    .join('');
}

const countOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null;
