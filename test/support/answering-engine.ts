import type {
  EngineCall,
  EngineCapabilities,
  EngineOutcome,
  EngineRequest,
  MllmEngine,
} from '../../src/domain/insight.js';
import { CAN_ALL, failure } from './mllm-builders.js';

export type Answering = (request: EngineRequest, asked: number) => EngineOutcome;

/** An engine that answers at once by a function, and remembers what it was asked. An aborted request is cancelled. */
export class AnsweringEngine implements MllmEngine {
  readonly id = 'answering';
  readonly asked: EngineRequest[] = [];
  readonly batchSizes: number[] = [];
  underWay = 0;
  mostUnderWay = 0;

  #waiting: (() => void)[] = [];

  /**
   * @param together - calls that must be under way before any is answered
   */
  constructor(
    private readonly answering: Answering,
    readonly model = 'test-model',
    private readonly together = 1,
  ) {}

  async probe(): Promise<EngineCapabilities> {
    return { ...CAN_ALL, logProbabilities: false };
  }

  infer(calls: readonly EngineCall[]): readonly Promise<EngineOutcome>[] {
    this.batchSizes.push(calls.length);
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    const ready = new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length >= this.together) for (const go of this.#waiting.splice(0)) setImmediate(go);
    }).then(() => {
      this.underWay -= 1;
    });
    return calls.map(async ({ request, signal }) => {
      await ready;
      if (signal.aborted) return failure('cancelled');
      this.asked.push(request);
      return this.answering(request, this.asked.length);
    });
  }

  async close(): Promise<void> {}
}
