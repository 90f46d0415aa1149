import { EventEmitter } from 'node:events';
import type { FromVlmWorker, ToVlmWorker } from '../../src/mllm/mien-vlm/protocol.js';
import type { VlmWorker } from '../../src/mllm/mien-vlm-engine.js';

/** The protocol of mien-vlm's worker without a model: answers a question with its last word. */
export class FakeVlmWorker extends EventEmitter implements VlmWorker {
  constructor(readonly kind: 'echo' | 'slow' | 'dead') {
    super();
    queueMicrotask(() => {
      if (kind !== 'dead') return this.#send({ type: 'ready' });
      this.#send({ type: 'failed-start', message: 'decoder.onnx is missing or damaged' });
      this.emit('exit', 1);
    });
  }

  postMessage(message: ToVlmWorker): void {
    if (message.type !== 'ask' || this.kind !== 'echo') return;
    const text = message.question.user.split(' ').at(-1)!;
    const answer = { text, labelProbabilities: null, promptTokens: 10, completionTokens: 1, truncated: false };
    queueMicrotask(() => this.#send({ type: 'answer', job: message.job, answer }));
  }

  #send(message: FromVlmWorker): void {
    this.emit('message', message);
  }
}
