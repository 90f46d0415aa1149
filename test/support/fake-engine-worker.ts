import { EventEmitter } from 'node:events';
import type { FromWorker, ToWorker } from '../../src/mllm/transformers/protocol.js';
import type { EngineWorker } from '../../src/mllm/transformers-engine.js';

/** The protocol of the in-process engine's worker without a model: answers a question with its last word. */
export class FakeEngineWorker extends EventEmitter implements EngineWorker {
  readonly received: ToWorker[] = [];

  constructor(readonly kind: 'echo' | 'slow' | 'dead' | 'no-package' | 'no-model') {
    super();
    queueMicrotask(() => {
      if (kind === 'dead') this.emit('exit', 1);
      else if (kind === 'no-package') this.#send({ type: 'failed-start', why: 'package' });
      else if (kind === 'no-model') this.#send({ type: 'failed-start', why: 'model' });
      else this.#send({ type: 'ready' });
    });
  }

  postMessage(message: ToWorker): void {
    this.received.push(message);
    if (message.type === 'cancel') this.#send({ type: 'cancelled', job: message.job });
    if (message.type !== 'run' || this.kind !== 'echo') return;
    const answers = message.questions.map(({ user, maxTokens }) => ({
      text: user.split(' ').at(-1)!,
      promptTokens: 10,
      completionTokens: 1,
      truncated: maxTokens === 1,
    }));
    queueMicrotask(() => this.#send({ type: 'answers', job: message.job, answers }));
  }

  #send(message: FromWorker): void {
    this.emit('message', message);
  }
}
