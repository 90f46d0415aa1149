import type { EngineAnswer, EngineRequest } from '../../domain/insight.js';
import type { ResolvedEngineOptions } from './engine-options.js';
import { StreamedCompletion } from './event-stream.js';
import { faceNumbers } from './face-numbers.js';
import { withoutBlamed } from './features.js';
import type { HttpResult } from './http.js';
import { asLetters, labelProbabilities, memberProbabilities, mustBeLetters } from './label-tokens.js';
import { post } from './post.js';
import type { Replica } from './replica.js';
import { learnModels } from './served-models.js';
import { type ChatCall, type Completion, chatCall, readCompletion } from './wire.js';

/** What one replica made of one request. */
export type Exchange =
  | { readonly kind: 'ok'; readonly answer: EngineAnswer }
  | { readonly kind: 'no-completion' }
  | { readonly kind: 'problem'; readonly http: Exclude<HttpResult, { kind: 'answered' }> };

type Reply =
  | Exclude<Exchange, { kind: 'ok' }>
  | { readonly kind: 'completion'; readonly completion: Completion; readonly call: ChatCall };

/** How a request is put. */
interface Context {
  readonly options: ResolvedEngineOptions;
  readonly signal: AbortSignal;
  /** Takes the answer so far, where the server sends it as it is written. */
  readonly onText?: (soFar: string) => void;
}

/** Statuses by which servers refuse a member of the body they do not know. */
const REFUSED = [400, 422, 501];

/**
 * Asks one replica. A feature it refuses is left out and the request sent again; when that is answered, the replica is
 * never asked for it again. Labels whose first tokens collide are asked again as letters.
 */
export async function exchange(replica: Replica, request: EngineRequest, context: Context): Promise<Exchange> {
  const labels = request.labels;
  if (labels !== null && mustBeLetters(labels)) replica.useLetters(labels);
  const reply = await converse(replica, request, context);
  if (reply.kind !== 'completion') return reply;
  const asked = reply.call.used.includes('logProbabilities');
  if (labels === null || !asked) {
    const led = asked && request.labelMember ? memberProbabilities(reply.completion.tokens, request.labelMember) : null;
    return { kind: 'ok', answer: answerOf(reply.completion, led) };
  }
  if (reply.completion.firstTokens === null) {
    replica.features = { ...replica.features, logProbabilities: false };
    return exchange(replica, request, context);
  }
  if (reply.call.letters) {
    const { letters } = asLetters(labels);
    const byLetter = labelProbabilities(reply.completion.firstTokens, letters).probabilities;
    const byLabel = byLetter && Object.fromEntries(labels.map((label, index) => [label, byLetter[letters[index]!]!]));
    const named = labels[letters.indexOf(reply.completion.text.trim().toUpperCase())];
    return { kind: 'ok', answer: { ...answerOf(reply.completion, byLabel), text: named ?? reply.completion.text } };
  }
  const { probabilities, collides } = labelProbabilities(reply.completion.firstTokens, labels);
  if (!collides) return { kind: 'ok', answer: answerOf(reply.completion, probabilities) };
  replica.useLetters(labels);
  return exchange(replica, request, context);
}

/** Sends a request, leaving out one refused feature after the other. */
async function converse(
  replica: Replica,
  request: EngineRequest,
  { options, signal, onText }: Context,
): Promise<Reply> {
  if (replica.models === null) await learnModels(replica, { options, signal });
  const model = request.model ?? options.model;
  const numbers = faceNumbers(request, replica.numbersOf(model), options.landmarks);
  let { features } = replica;
  for (;;) {
    const letters = request.labels !== null && replica.usesLetters(request.labels);
    const { maxAnswerBytes } = options;
    const stream = onText !== undefined;
    const call = chatCall(request, { model, features, letters, stream, numbers, maxAnswerBytes });
    const events = onText && new StreamedCompletion(onText);
    const asked = { path: '/chat/completions', body: call.body, options, signal };
    const http = await post(replica, events ? { ...asked, events } : asked);
    if (http.kind === 'answered') {
      replica.forgo(features);
      const completion = readCompletion(http.json);
      return completion === null ? { kind: 'no-completion' } : { kind: 'completion', completion, call };
    }
    const refused = http.kind === 'status' && REFUSED.includes(http.status);
    const fewer = refused ? withoutBlamed(features, call.used, http.text) : null;
    if (fewer === null) return { kind: 'problem', http };
    features = fewer;
  }
}

function answerOf(completion: Completion, probabilities: EngineAnswer['labelProbabilities']): EngineAnswer {
  const { text, promptTokens, completionTokens, truncated } = completion;
  return { text, labelProbabilities: probabilities, promptTokens, completionTokens, truncated };
}
