import { Worker } from 'node:worker_threads';
import { AffectError } from '../domain/errors.js';
import type { Tensor, Tensors } from '../domain/tensor.js';
import '../models/no-telemetry.js';
import { builtFile } from './built-file.js';
import type { FromLane, LaneSettings, ToLane } from './lane-protocol.js';

export interface LaneResult {
  readonly outputs: Record<string, Tensor>;
  /** Milliseconds the lane's thread was busy with the job. */
  readonly busyMs: number;
}

interface Pending {
  resolve(result: LaneResult): void;
  reject(error: Error): void;
}

/** What runs are told once nobody will work on them any more. */
export const lanesClosed = (): AffectError => new AffectError('LANES_CLOSED', 'the inference lanes are closed');

/** Thrown for jobs in flight when their lane's thread died; the pool runs them again on another lane. */
export class LaneDeath extends Error {}

/** Parent side of one worker thread. Ready when the factory resolves; `died` and closed are different facts. */
export class Lane {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #nextJob = 1;
  #closing = false;
  #endedBecause: string | undefined;
  /** Resolves with the reason when the thread ends, and with undefined after close(). */
  readonly ended: Promise<string | undefined>;

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (message: FromLane) => this.#receive(message));
    this.ended = new Promise((resolve) => {
      let reason = 'exited';
      worker.on('error', (error) => {
        reason = error.message;
      });
      worker.on('exit', (code) => {
        const why = `${reason} (exit code ${code})`;
        this.#endedBecause = why;
        for (const pending of this.#pending.values()) pending.reject(new LaneDeath(why));
        this.#pending.clear();
        resolve(this.#closing ? undefined : why);
      });
    });
  }

  /**
   * Starts a thread and loads its models. Rejects with MODEL_INVALID when a model does not load, and with LANES_CLOSED
   * when the signal aborts first; the thread is gone then.
   */
  static async start(settings: LaneSettings, signal?: AbortSignal): Promise<Lane> {
    if (signal?.aborted) throw lanesClosed();
    const worker = new Worker(builtFile('lane-worker.js'), {
      workerData: settings,
      name: 'mien-lane',
      execArgv: [], // Flags for the program around us, as --input-type, would be taken for flags of the worker.
    });
    const lane = new Lane(worker);
    const stop = (): void => void lane.close();
    signal?.addEventListener('abort', stop, { once: true });
    await new Promise<void>((resolve, reject) => {
      const onMessage = (message: FromLane): void => {
        if (message.type === 'ready') resolve();
        if (message.type === 'failed-start') {
          reject(
            new AffectError('MODEL_INVALID', `a model does not load: ${message.message}; run \`mien models verify\``),
          );
        }
      };
      worker.on('message', onMessage);
      lane.ended.then((why) =>
        reject(
          why === undefined
            ? lanesClosed()
            : new AffectError('LANE_DIED', `an inference lane ended while starting: ${why}`),
        ),
      );
    }).finally(() => signal?.removeEventListener('abort', stop));
    return lane;
  }

  get load(): number {
    return this.#pending.size;
  }

  /** Runs one model. Rejects with LaneDeath when the thread ends first, with LANES_CLOSED after close(). */
  run(modelId: string, inputs: Tensors): Promise<LaneResult> {
    if (this.#closing) return Promise.reject(lanesClosed());
    if (this.#endedBecause !== undefined) return Promise.reject(new LaneDeath(this.#endedBecause));
    const job = this.#nextJob++;
    return new Promise((resolve, reject) => {
      this.#pending.set(job, { resolve, reject });
      this.#worker.postMessage({ type: 'run', job, modelId, inputs } satisfies ToLane);
    });
  }

  /** Ends the thread after the jobs it was given, or after the model it loads; idempotent. */
  async close(): Promise<void> {
    if (!this.#closing) {
      this.#closing = true;
      this.#worker.postMessage({ type: 'close' } satisfies ToLane);
    }
    await this.ended;
  }

  /**
   * Ends the thread as an uncaught exception would, with its jobs undone. It waits for a native call in progress:
   * terminating a thread inside ONNX Runtime ends the whole process ("Napi::Error", 1.30).
   */
  async kill(): Promise<void> {
    this.#worker.postMessage({ type: 'crash' } satisfies ToLane);
    await this.ended;
  }

  #receive(message: FromLane): void {
    if (message.type !== 'result' && message.type !== 'error') return;
    const pending = this.#pending.get(message.job);
    if (!pending) return;
    this.#pending.delete(message.job);
    if (message.type === 'result') pending.resolve({ outputs: message.outputs, busyMs: message.busyMs });
    else pending.reject(new Error(message.message));
  }
}
