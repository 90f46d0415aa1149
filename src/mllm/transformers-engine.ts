import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { AffectError } from '../domain/errors.js';
import type { EngineCall, EngineCapabilities, EngineOutcome, MllmEngine } from '../domain/insight.js';
import { untilAborted } from '../rx/until-aborted.js';
import type { FromWorker, ToWorker, WorkerAnswer, WorkerSettings } from './transformers/protocol.js';

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

/** How a batch ended without answers. */
type BatchEnd = 'cancelled' | 'malformed' | 'unreachable';
/** Takes what came of a batch: an answer per question, or why there is none. */
type Settle = (came: readonly WorkerAnswer[] | BatchEnd) => void;

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
    return {
      logProbabilities: false,
      jsonSchema: false,
      choice: false,
      regex: false,
      loraByModel: false,
      prefill: true,
      severalImages: false,
      numericPriors: false,
      ownBatches: false,
    };
  }

  infer(calls: readonly EngineCall[]): readonly Promise<EngineOutcome>[] {
    const batch = this.#run(calls);
    return calls.map(async ({ signal }, index): Promise<EngineOutcome> => {
      const came = await untilAborted(batch, signal, stopped).catch((): BatchEnd => 'cancelled');
      if (typeof came === 'string') return this.#failed(signal.aborted || this.#closed ? 'cancelled' : came);
      const answer = came[index];
      return answer === undefined
        ? this.#failed('malformed')
        : { kind: 'ok', answer: { ...answer, labelProbabilities: null } };
    });
  }

  /** One batch through the worker; it is stopped when none of its questions is waited for any more. */
  async #run(calls: readonly EngineCall[]): Promise<readonly WorkerAnswer[] | BatchEnd> {
    const given = (): boolean => this.#closed || calls.every(({ signal }) => signal.aborted);
    if (given()) return 'cancelled';
    if ((await this.#start()) !== 'ready') return 'unreachable';
    if (given()) return 'cancelled';
    const worker = this.#worker;
    if (worker === null) return 'unreachable';
    const job = this.#nextJob++;
    const questions = calls.map(({ request: { system, user, images, prefill, maxTokens } }) => ({
      system,
      user,
      jpeg: images[0] ?? null,
      prefill: prefill ?? '',
      maxTokens,
    }));
    return new Promise((resolve) => {
      const onAbort = (): void => {
        if (!given()) return;
        worker.postMessage({ type: 'cancel', job });
        settle('cancelled');
      };
      const settle: Settle = (came) => {
        this.#pending.delete(job);
        for (const { signal } of calls) signal.removeEventListener('abort', onAbort);
        resolve(came);
      };
      this.#pending.set(job, settle);
      for (const { signal } of calls) signal.addEventListener('abort', onAbort);
      worker.postMessage({ type: 'run', job, questions });
    });
  }

  #failed(reason: BatchEnd): EngineOutcome {
    const retryable = reason === 'unreachable';
    return { kind: 'failed', reason, message: `${this.id}: the batch ended as ${reason}`, retryable };
  }

  /** Ends the thread and what is under way; idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const settle of [...this.#pending.values()]) settle('cancelled');
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
        for (const settle of [...this.#pending.values()]) settle('unreachable');
      });
    });
    return this.#started;
  }

  #receive(message: Exclude<FromWorker, { type: 'ready' | 'failed-start' }>): void {
    const end = message.type === 'cancelled' ? 'cancelled' : 'malformed';
    this.#pending.get(message.job)?.(message.type === 'answers' ? message.answers : end);
  }
}

const stopped = (): Error => new Error('the engine was told to stop');
