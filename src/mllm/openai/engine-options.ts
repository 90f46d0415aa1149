import { AffectError } from '../../domain/errors.js';
import type { Adapters } from '../../domain/insight.js';
import type { LandmarkMaker } from '../../domain/landmark-maker.js';
import { MLLM_DEFAULTS } from '../../domain/mllm-defaults.js';
import { type Clock, SYSTEM_CLOCK } from '../../rx/clock.js';
import { CIRCUIT_DEFAULTS, type CircuitOptions } from './circuit.js';
import type { Fetch } from './http.js';

export interface OpenAiEngineOptions {
  readonly id: string;
  /** Model as the server names it; an adapter's name where the server loads LoRA adapters. */
  readonly model: string;
  /** Models of the same servers that answer single tasks in its place. Default: none. */
  readonly adapters?: Adapters;
  /** Addresses of servers that hold the same model: "http://host:8000/v1" ("/v1" is added to an address without a path). */
  readonly urls: readonly string[];
  /** Name of the environment variable with the key; null: no key. The key itself is never configured, logged or told. */
  readonly keyVariable?: string | null;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Whole request, answer included. Default MLLM_DEFAULTS. */
  readonly timeoutMs?: number;
  /** Further tries of a request that certainly was not answered. Default 2. */
  readonly retries?: number;
  /** Longest pause before another try; a server that asks for a longer one is left alone, and the request fails. Default 5,000. */
  readonly maxPauseMs?: number;
  /** Largest answer read, bytes. Default 1 MiB. */
  readonly maxAnswerBytes?: number;
  /** Makes the numbers that models with a facial prior take. Default: none can be made. */
  readonly landmarks?: LandmarkMaker;
  readonly circuit?: Partial<CircuitOptions>;
  readonly fetch?: Fetch;
  readonly clock?: Clock;
  readonly random?: () => number;
}

export interface ResolvedEngineOptions extends Required<Omit<OpenAiEngineOptions, 'circuit' | 'environment' | 'urls'>> {
  readonly urls: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly circuit: CircuitOptions;
}

const NO_LANDMARKS: LandmarkMaker = { sizes: [], of: () => [] };

/** Fills the defaults. Throws CONFIG_INVALID that names the option; never with a key. */
export function resolveEngineOptions(options: OpenAiEngineOptions): ResolvedEngineOptions {
  const refuse = (message: string): never => {
    throw new AffectError('CONFIG_INVALID', `mllm engine "${options.id}": ${message}`);
  };
  if (options.model === '') refuse('model is empty; name one that the server lists');
  if (options.urls.length === 0) refuse('urls is empty; give the address of a server, like http://127.0.0.1:8000/v1');
  for (const name of ['timeoutMs', 'maxAnswerBytes'] as const)
    if (options[name] !== undefined && !(options[name] > 0)) refuse(`${name} must be above 0, got ${options[name]}`);
  const keyVariable = options.keyVariable ?? null;
  const key = keyVariable === null ? null : ((options.environment ?? process.env)[keyVariable] ?? '');
  if (key === '') refuse(`the environment variable ${keyVariable} for its key is not set`);
  if (key !== null && !/^[\x21-\x7e]+$/.test(key))
    refuse(`the key in ${keyVariable} has characters that no header can carry; check for spaces or line breaks`);
  return {
    id: options.id,
    model: options.model,
    adapters: options.adapters ?? {},
    urls: options.urls.map((url) => baseUrl(url, refuse)),
    keyVariable,
    headers: key === null ? {} : { authorization: `Bearer ${key}` },
    timeoutMs: options.timeoutMs ?? MLLM_DEFAULTS.timeoutMs,
    retries: options.retries ?? 2,
    maxPauseMs: options.maxPauseMs ?? 5000,
    maxAnswerBytes: options.maxAnswerBytes ?? 1024 * 1024,
    landmarks: options.landmarks ?? NO_LANDMARKS,
    circuit: { ...CIRCUIT_DEFAULTS, ...options.circuit },
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    clock: options.clock ?? SYSTEM_CLOCK,
    random: options.random ?? Math.random,
  };
}

/** An address as it is used: http or https, no credentials, query or fragment, no slash at the end. */
function baseUrl(text: string, refuse: (message: string) => never): string {
  const url = URL.canParse(text) ? new URL(text) : refuse('an address in urls is not a URL; write http://host:8000/v1');
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    refuse(`${url.protocol} is not supported; write http:// or https://`);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    refuse('an address in urls holds credentials, a query or a fragment; put the key in an environment variable');
  const path = url.pathname.replace(/\/+$/, '');
  return `${url.origin}${path === '' ? '/v1' : path}`;
}
