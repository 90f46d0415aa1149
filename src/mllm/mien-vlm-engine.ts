import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { AffectError } from '../domain/errors.js';
import type { EngineCall, EngineCapabilities, EngineOutcome, MllmEngine } from '../domain/insight.js';
import { untilAborted } from '../rx/until-aborted.js';
import { MIEN_VLM_PROMPTS } from './mien-vlm/prompts.js';
import type { FromVlmWorker, ToVlmWorker, VlmWorkerSettings } from './mien-vlm/protocol.js';
import { readConfig, SHIPPED } from './mien-vlm/release.js';

/** The part of a worker thread that is used. */
export interface VlmWorker {
  postMessage(message: ToVlmWorker): void;
  on(event: 'message', listener: (message: FromVlmWorker) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
}

export interface MienVlmEngineOptions {
  /** Folder of a release (models/training/vlm). @default the one that comes with mien */
  readonly folder?: string;
  /** Threads of the model. @default 1 */
  readonly threads?: number;
  /** Starts the worker; for tests. */
  readonly startWorker?: (settings: VlmWorkerSettings) => VlmWorker;
}

/** The compiled worker entry; under a test runner that loads sources, the build's. */
function workerPath(): string {
  const url = import.meta.url.replace(/\/src\/mllm\//, '/dist/mllm/');
  return fileURLToPath(new URL('./mien-vlm/vlm-worker.js', url));
}

const CAPABILITIES: EngineCapabilities = {
  logProbabilities: true,
  jsonSchema: false,
  choice: false,
  regex: false,
  loraByModel: false,
  prefill: true,
  severalImages: false,
  numericPriors: 'mesh',
  ownBatches: true,
};

type Reason = Extract<EngineOutcome, { kind: 'failed' }>['reason'];

/** A thread, and the questions it has. */
interface Running {
  readonly worker: VlmWorker;
  /** Resolves when the model is loaded, to null; or to why it is not. */
  readonly started: Promise<string | null>;
  readonly pending: Map<number, Pending>;
}

interface Pending {
  readonly settle: (outcome: EngineOutcome) => void;
  readonly onText: ((soFar: string) => void) | undefined;
}

/**
 * mien-vlm, the small multimodal LLM of mien's own, inside this process on a thread of its own. Questions that are there
 * together are answered together, of whatever camera and face. It sees the face's gray crop and mesh, one picture a
 * question; system text and examples are left out, since it was taught none. A thread that died is started again with
 * the next question.
 */
export class MienVlmEngine implements MllmEngine {
  readonly id = 'mien-vlm';
  readonly model: string;
  readonly prompts = MIEN_VLM_PROMPTS;
  readonly #settings: VlmWorkerSettings;
  readonly #startWorker: (settings: VlmWorkerSettings) => VlmWorker;
  #running: Running | null = null;
  #nextJob = 1;
  #closed = false;

  /** Throws MODEL_INVALID where the release is not there. */
  constructor({ folder = SHIPPED, threads = 1, startWorker }: MienVlmEngineOptions = {}) {
    this.model = `mien-vlm ${readConfig(folder).version}`;
    this.#settings = { folder, intraOpThreads: threads };
    this.#startWorker =
      startWorker ?? ((settings) => new Worker(workerPath(), { workerData: settings, name: 'mien-vlm', execArgv: [] }));
  }

  /** Loads the model. Throws MODEL_INVALID when a file of it is missing or damaged. */
  async probe(signal: AbortSignal): Promise<EngineCapabilities> {
    if (signal.aborted) throw stopped();
    const problem = await untilAborted(this.#run().started, signal, stopped);
    if (problem !== null) throw new AffectError('MODEL_INVALID', `mllm engine "${this.id}": ${problem}`);
    return CAPABILITIES;
  }

  infer(calls: readonly EngineCall[]): readonly Promise<EngineOutcome>[] {
    return calls.map((call) => this.#one(call));
  }

  async #one({ request, signal, onText }: EngineCall): Promise<EngineOutcome> {
    const { images, evidence, prefill, labels, maxTokens } = request;
    const job = this.#nextJob++;
    if (signal.aborted || this.#closed) return this.#failed('cancelled');
    const { worker, started, pending } = this.#run();
    return new Promise((resolve) => {
      const onAbort = (): void => {
        worker.postMessage({ type: 'cancel', job });
        settle(this.#failed('cancelled'));
      };
      const settle = (outcome: EngineOutcome): void => {
        pending.delete(job);
        signal.removeEventListener('abort', onAbort);
        resolve(outcome);
      };
      pending.set(job, { settle, onText });
      signal.addEventListener('abort', onAbort);
      const question = {
        user: request.question ?? request.user, // a person's words alone: it was taught no rules around them
        jpeg: images.at(-1) ?? null,
        mesh: evidence?.mesh ?? null,
        begun: prefill ?? '',
        labels,
        maxTokens,
        tells: onText !== undefined,
      };
      void started.then((problem) => {
        if (!pending.has(job)) return;
        if (problem === null) worker.postMessage({ type: 'ask', job, question });
        else settle(this.#failed('unreachable', problem));
      });
    });
  }

  /** Ends the thread and what is under way; idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    const running = this.#running;
    this.#running = null;
    for (const { settle } of [...(running?.pending.values() ?? [])]) settle(this.#failed('cancelled'));
    running?.worker.postMessage({ type: 'close' });
  }

  #failed(reason: Reason, why = `the question ended as ${reason}`): EngineOutcome {
    return { kind: 'failed', reason, message: `${this.id}: ${why}`, retryable: reason === 'unreachable' };
  }

  /** The thread, started when there is none. */
  #run(): Running {
    if (this.#running !== null) return this.#running;
    const worker = this.#startWorker(this.#settings);
    const pending: Running['pending'] = new Map();
    const started = new Promise<string | null>((resolve) => {
      worker.on('message', (message) => {
        if (message.type === 'ready') resolve(null);
        else if (message.type === 'failed-start') resolve(message.message);
        else this.#receive(message, pending.get(message.job));
      });
      worker.on('error', () => undefined); // 'exit' follows and settles what is under way
      worker.on('exit', () => {
        if (this.#running === running) this.#running = null;
        resolve('its thread ended while the model was loaded');
        for (const { settle } of [...pending.values()]) settle(this.#failed('unreachable', 'its thread ended'));
      });
    });
    const running = { worker, started, pending };
    this.#running = running;
    return running;
  }

  #receive(message: Exclude<FromVlmWorker, { type: 'ready' | 'failed-start' }>, pending: Pending | undefined): void {
    if (message.type === 'text') pending?.onText?.(message.soFar);
    else if (message.type === 'answer') pending?.settle({ kind: 'ok', answer: message.answer });
    else if (message.type === 'refused') pending?.settle(this.#failed('refused', message.message));
    else pending?.settle(this.#failed('malformed'));
  }
}

const stopped = (): Error => new Error('the engine was told to stop');
