import sharp from 'sharp';
import { AffectError } from '../../domain/errors.js';
import type { EngineCapabilities, EngineRequest } from '../../domain/insight.js';
import type { AnswerForm } from '../../domain/prompt-template.js';
import type { ResolvedEngineOptions } from './engine-options.js';
import { exchange } from './exchange.js';
import { faceNumbers, unmakable } from './face-numbers.js';
import { failureOf } from './outcome.js';
import { post } from './post.js';
import type { Replica } from './replica.js';
import { learnModels } from './served-models.js';
import { chatCall, readCompletion, type ServedModel } from './wire.js';

interface Probing {
  readonly options: ResolvedEngineOptions;
  readonly signal: AbortSignal;
}

const NOTHING = {
  task: 'question',
  promptId: 'probe@1',
  system: null,
  evidence: null,
  examples: [],
  form: { kind: 'words' },
  labels: null,
  prefill: null,
} as const;
interface FormProbe {
  readonly form: AnswerForm;
  readonly keeps: (answer: string) => boolean;
}

const CHOICES = ['amber otter', 'violet heron'];
const SCHEMA = {
  type: 'object',
  properties: { ok: { type: 'boolean' } },
  required: ['ok'],
  additionalProperties: false,
} as const;

/** Forms that no model would answer a question about a colour in by itself. */
const FORMS: Readonly<Record<'jsonSchema' | 'choice' | 'regex', FormProbe>> = {
  jsonSchema: { form: { kind: 'json', schema: SCHEMA }, keeps: isOk },
  choice: { form: { kind: 'choice', choices: CHOICES }, keeps: (answer) => CHOICES.includes(answer.trim()) },
  regex: { form: { kind: 'regex', pattern: 'zq[0-9]{4}' }, keeps: (answer) => /^zq[0-9]{4}$/.test(answer.trim()) },
};

function isOk(answer: string): boolean {
  try {
    return typeof (JSON.parse(answer) as { ok?: unknown } | null)?.ok === 'boolean';
  } catch {
    return false; // words instead of JSON: the schema was ignored
  }
}

const LETTERS = ['A', 'B'] as const;

/**
 * Finds out what replicas can do, by small requests about a plain picture; what one of them cannot do, none is asked.
 * One that cannot be reached is left to its circuit. Throws SERVER_UNREACHABLE when none can be reached, CONFIG_INVALID
 * when one refuses the key, the model or pictures.
 */
export async function probeReplicas(
  probing: Probing & { readonly replicas: readonly Replica[] },
): Promise<EngineCapabilities> {
  const { options } = probing;
  const picture = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#b08060' } })
    .jpeg()
    .toBuffer();
  const results = await Promise.all(probing.replicas.map((replica) => probeReplica(replica, picture, probing)));
  const found = results.filter((result) => result !== null);
  if (found.length === 0) {
    const where = probing.replicas.map(({ baseUrl }) => baseUrl).join(', ');
    throw new AffectError(
      'SERVER_UNREACHABLE',
      `mllm engine "${options.id}": nothing answers at ${where}; start the server or correct its address`,
    );
  }
  const all = (name: keyof EngineCapabilities): boolean => found.every((capabilities) => capabilities[name] !== false);
  return {
    logProbabilities: all('logProbabilities'),
    jsonSchema: all('jsonSchema'),
    choice: all('choice'),
    regex: all('regex'),
    loraByModel: all('loraByModel'),
    prefill: all('prefill'),
    severalImages: all('severalImages'),
    numericPriors: all('numericPriors') && (found.every(({ numericPriors }) => numericPriors === true) || 'mesh'),
    ownBatches: true,
  };
}

/** Null when it cannot be reached. */
async function probeReplica(
  replica: Replica,
  picture: Uint8Array,
  probing: Probing,
): Promise<EngineCapabilities | null> {
  const models = await learnModels(replica, probing);
  requireAdapters(models, probing.options);
  const numbers = numbersTaken(replica, probing.options);
  const ask = (more: Partial<EngineRequest>): EngineRequest => ({
    ...NOTHING,
    user: 'What colour is this picture? Answer in one word.',
    images: [picture],
    maxTokens: 8,
    ...more,
  });
  const plain = await exchange(replica, ask({}), probing);
  if (plain.kind === 'problem' && ['unreachable', 'timeout', 'broken'].includes(plain.http.kind)) return null;
  if (plain.kind !== 'ok') throw refusal(plain, models, probing.options);
  for (const model of adaptersOf(probing.options)) {
    const answered = await exchange(replica, ask({ model }), probing);
    if (answered.kind === 'ok') continue;
    const { code, message } = refusal(answered, models, { ...probing.options, model });
    throw new AffectError(code, `${message} (asked of "${model}", which mllm.engine.adapters names)`);
  }
  const works = async (more: Partial<EngineRequest>): Promise<boolean> =>
    (await exchange(replica, ask(more), probing)).kind === 'ok';
  const forms = { jsonSchema: false, choice: false, regex: false };
  for (const [feature, { form, keeps }] of Object.entries(FORMS) as [keyof typeof forms, FormProbe][])
    forms[feature] = await answersInForm(replica, { request: ask({ form, maxTokens: 24 }), keeps }, probing);
  replica.features = { ...replica.features, ...forms };
  await works({ labels: LETTERS, maxTokens: 1, user: 'Answer A or B.' });
  await works({ prefill: '<answer>' });
  const { logProbabilities, prefill } = replica.features;
  const loraByModel = models?.some(({ parent }) => parent !== null) ?? false;
  return {
    logProbabilities,
    ...forms,
    loraByModel,
    prefill,
    severalImages: await works({ images: [picture, picture] }),
    numericPriors: numbers,
    ownBatches: true,
  };
}

/** Whether the server not only takes a form but keeps it: a model that rambles still answers in form. */
async function answersInForm(
  replica: Replica,
  { request, keeps }: { readonly request: EngineRequest; readonly keeps: (answer: string) => boolean },
  probing: Probing,
): Promise<boolean> {
  const { options, signal } = probing;
  const { features } = replica;
  const numbers = faceNumbers(request, replica.numbersOf(options.model), options.landmarks);
  const { model, maxAnswerBytes } = options;
  const { body } = chatCall(request, { model, features, letters: false, stream: false, numbers, maxAnswerBytes });
  const http = await post(replica, { path: '/chat/completions', body, options, signal });
  return http.kind === 'answered' && keeps(readCompletion(http.json)?.text ?? '');
}

/** Models that single tasks are put to, each once. */
const adaptersOf = ({ adapters }: ResolvedEngineOptions): readonly string[] => [...new Set(Object.values(adapters))];

/** Throws CONFIG_INVALID for an adapter that the server does not list. */
function requireAdapters(models: readonly ServedModel[] | null, { id, adapters }: ResolvedEngineOptions): void {
  if (models === null) return; // it keeps no list: asking shows it
  const missing = Object.entries(adapters).filter(([, name]) => !models.some((model) => model.id === name));
  if (missing.length === 0) return;
  const named = missing.map(([task, name]) => `"${name}" for ${task}`).join(', ');
  throw new AffectError(
    'CONFIG_INVALID',
    `mllm engine "${id}": no model ${named} is served; there are: ${namesOf(models)}`,
  );
}

/** Which numbers its models take. Throws CONFIG_INVALID where one wants some that cannot be made. */
function numbersTaken(replica: Replica, options: ResolvedEngineOptions): boolean | 'mesh' {
  const models = [options.model, ...adaptersOf(options)];
  for (const model of models) {
    const why = unmakable(replica.numbersOf(model), options.landmarks);
    if (why !== null) throw new AffectError('CONFIG_INVALID', `mllm engine "${options.id}": model "${model}": ${why}`);
  }
  const taken = models.map((model) => replica.numbersOf(model));
  if (taken.every((numbers) => numbers === null)) return false;
  return taken.every((numbers) => numbers?.priors === true) || 'mesh';
}

function refusal(
  plain: Exclude<Awaited<ReturnType<typeof exchange>>, { kind: 'ok' }>,
  models: readonly ServedModel[] | null,
  options: ResolvedEngineOptions,
): AffectError {
  const who = `mllm engine "${options.id}"`;
  if (plain.kind === 'no-completion')
    return new AffectError(
      'CONFIG_INVALID',
      `${who}: its server sent no chat completion; give the address of a chat API`,
    );
  const { reason, message } = failureOf(plain.http, who, options.keyVariable);
  if (reason !== 'refused' && reason !== 'malformed')
    return new AffectError('SERVER_UNREACHABLE', `${message}; try again later`);
  const known = models?.some(({ id }) => id === options.model) ?? true;
  if (!known)
    return new AffectError(
      'CONFIG_INVALID',
      `${who}: no model "${options.model}" is served; there are: ${namesOf(models ?? [])}`,
    );
  return new AffectError('CONFIG_INVALID', `${message}; the model must take pictures`);
}

/** The first of a server's models. */
const namesOf = (models: readonly ServedModel[]): string =>
  models
    .slice(0, 5)
    .map(({ id }) => printable(id))
    .join(', ');

/** A name of the server's as one short line. */
const printable = (name: string): string => name.replace(/[^\x20-\x7e]/g, '?').slice(0, 80);
