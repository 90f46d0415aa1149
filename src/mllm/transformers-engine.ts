import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { AffectError } from '../domain/errors.js';
import type { EngineCapabilities, EngineOutcome, EngineRequest, MllmEngine } from '../domain/insight.js';
import { untilAborted } from '../rx/until-aborted.js';
import type { FromWorker, ToWorker, WorkerSettings } from './transformers/protocol.js';

export interface TransformersEngineOptions {
  readonly id: string;
  /** Folder of a model in the layout of @huggingface/transformers (ONNX), or its name on the hub. */
  readonly model: string;
  /** Let the package download a model that is not on this machine. Default false. */
  readonly allowDownload?: boolean;
  /** Weights to load: "fp32", "fp16", "q8", "q4" ... Default "fp32". */
  readonly dtype?: string;
  /** "cpu", or "cuda" on linux x64 with CUDA 12. Default "cpu". */
  readonly device?: string;
  /** Name or file address of the package. Default "@huggingface/transformers". */
  readonly packageName?: string;
  /** Starts the worker; for tests. */
  readonly startWorker?: (settings: WorkerSettings) => EngineWorker;
}

/** The part of a worker thread that is used. */
export interface EngineWorker {
  postMessage(message: ToWorker): void;
  on(event: 'message', listener: (message: FromWorker) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
}

/** The compiled worker entry; under a test runner that loads sources, the build's. */
function workerPath(): string {
  const url = import.meta.url.replace(/\/src\/mllm\//, '/dist/mllm/');
  return fileURLToPath(new URL('./transformers/transformers-worker.js', url));
}

type Settle = (outcomes: readonly EngineOutcome[] | null, why: 'cancelled' | 'malformed' | 'unreachable') => void;

/**
 * A vision language model inside this process, on a thread of its own: LLaVA-family, SmolVLM and others that
 * @huggingface/transformers (optional; install it beside mien) loads from ONNX. A batch is a true batch. One picture per
 * question; no log-probabilities, no schema; answers can be begun.
 */
export class TransformersEngine implements MllmEngine {
  readonly id: string;
  readonly model: string;
  readonly #settings: WorkerSettings;
  readonly #startWorker: (settings: WorkerSettings) => EngineWorker;
  readonly #pending = new Map<number, Settle>();
  #worker: EngineWorker | null = null;
  #started: Promise<'ready' | 'package' | 'model' | 'died'> | null = null;
  #nextJob = 1;
  #closed = false;

  constructor(options: TransformersEngineOptions) {
    this.id = options.id;
    this.model = options.model;
    this.#settings = {
      packageName: options.packageName ?? '@huggingface/transformers',
      model: options.model,
      allowDownload: options.allowDownload ?? false,
      dtype: options.dtype ?? 'fp32',
      device: options.device ?? 'cpu',
    };
    this.#startWorker =
      options.startWorker ??
      ((settings) => new Worker(workerPath(), { workerData: settings, name: 'mien-mllm', execArgv: [] }));
  }

  /** Loads the model. Throws CONFIG_INVALID when the package or the model is missing. */
  async probe(signal: AbortSignal): Promise<EngineCapabilities> {
    if (signal.aborted) throw stopped();
    const started = await untilAborted(this.#start(), signal, stopped);
    const say = (message: string): AffectError =>
      new AffectError('CONFIG_INVALID', `mllm engine "${this.id}": ${message}`);
    if (started === 'package')
      throw say(
        `the package ${this.#settings.packageName} is not installed; run \`npm install @huggingface/transformers@4\``,
      );
    if (started !== 'ready')
      throw say(`the model "${this.model}" does not load as ${this.#settings.dtype} on ${this.#settings.device}`);
    return { logProbabilities: false, jsonSchema: false, loraByModel: false, prefill: true, severalImages: false };
  }

  async infer(requests: readonly EngineRequest[], signal: AbortSignal): Promise<readonly EngineOutcome[]> {
    const every = (reason: 'cancelled' | 'malformed' | 'unreachable', message: string): readonly EngineOutcome[] =>
      requests.map(() => ({ kind: 'failed', reason, message, retryable: reason === 'unreachable' }));
    if (requests.length === 0) return [];
    if (signal.aborted || this.#closed) return every('cancelled', `${this.id} was told to stop`);
    if ((await this.#start()) !== 'ready') return every('unreachable', `${this.id} did not start`);
    return new Promise((resolve) => {
      const job = this.#nextJob++;
      const onAbort = (): void => {
        this.#worker?.postMessage({ type: 'cancel', job });
        settle(null, 'cancelled');
      };
      const settle: Settle = (outcomes, why) => {
        this.#pending.delete(job);
        signal.removeEventListener('abort', onAbort);
        resolve(outcomes ?? every(why, `${this.id}: the batch ended as ${why}`));
      };
      if (signal.aborted || this.#closed) return settle(null, 'cancelled');
      if (this.#worker === null) return settle(null, 'unreachable');
      this.#pending.set(job, settle);
      signal.addEventListener('abort', onAbort);
      const questions = requests.map(({ system, user, images, prefill, maxTokens }) => ({
        system,
        user,
        jpeg: images[0] ?? null,
        prefill: prefill ?? '',
        maxTokens,
      }));
      this.#worker.postMessage({ type: 'run', job, questions });
    });
  }

  /** Ends the thread and what is under way; idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const settle of [...this.#pending.values()]) settle(null, 'cancelled');
    this.#worker?.postMessage({ type: 'close' });
  }

  /** Starts the thread once: a runtime that died is not loaded again into this process. */
  #start(): Promise<'ready' | 'package' | 'model' | 'died'> {
    this.#started ??= new Promise((resolve) => {
      const worker = this.#startWorker(this.#settings);
      this.#worker = worker;
      let ready = false;
      worker.on('message', (message) => {
        if (message.type === 'ready') {
          ready = true;
          resolve('ready');
        }
        if (message.type === 'failed-start') resolve(message.why);
        if (message.type !== 'ready' && message.type !== 'failed-start') this.#receive(message);
      });
      worker.on('error', () => resolve('died')); // 'exit' follows and settles what is under way
      worker.on('exit', () => {
        this.#worker = null;
        if (ready) this.#started = Promise.resolve('died');
        resolve('died');
        for (const settle of [...this.#pending.values()]) settle(null, 'unreachable');
      });
    });
    return this.#started;
  }

  #receive(message: Exclude<FromWorker, { type: 'ready' | 'failed-start' }>): void {
    const settle = this.#pending.get(message.job);
    if (message.type === 'answers')
      settle?.(
        message.answers.map((answer) => ({ kind: 'ok', answer: { ...answer, labelProbabilities: null } })),
        'malformed',
      );
    else settle?.(null, message.type === 'cancelled' ? 'cancelled' : 'malformed');
  }
}

const stopped = (): Error => new Error('the engine was told to stop');
