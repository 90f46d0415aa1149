import { describe, expect, it } from 'vitest';
import { AskedQuestion } from '../../../../src/cluster/words/asked-question.js';
import type { WordsReply } from '../../../../src/cluster/words/reply.js';
import { failure, said } from '../../../support/mllm-builders.js';

function asked() {
  const texts: string[] = [];
  const question = new AskedQuestion('served', 'door.1.describe', { id: 'q', onText: (text) => texts.push(text) });
  return { question, texts };
}
const heard = { v: 1 as const, delivery: 1 };

describe('AskedQuestion', () => {
  it('settles once, and tells so', async () => {
    const { question } = asked();
    let ends = 0;
    question.onSettled(() => {
      ends += 1;
    });
    question.hear({ ...heard, kind: 'outcome', outcome: said('A smile.') });
    question.hear({ ...heard, kind: 'outcome', outcome: said('No.') });
    void question.fail('timeout', 'late');
    expect(await question.outcome).toEqual(said('A smile.'));
    expect(ends).toBe(1);
  });

  it('is begun while a node has it', () => {
    const { question } = asked();
    const states = [question.begun];
    for (const kind of ['begun', 'handed-back', 'begun'] as const) {
      question.hear({ ...heard, kind });
      states.push(question.begun);
    }
    expect(states).toEqual([false, true, false, true]);
  });

  it('hears the node that has it now, and an answer of the one before', async () => {
    const { question, texts } = asked();
    const replies: WordsReply[] = [
      { ...heard, kind: 'text', text: 'first' },
      { ...heard, delivery: 2, kind: 'text', text: 'second' },
      { ...heard, kind: 'text', text: 'first again' },
      { ...heard, kind: 'handed-back' },
      { ...heard, kind: 'outcome', outcome: failure('malformed') },
    ];
    for (const reply of replies) question.hear(reply);
    expect([texts, question.begun]).toEqual([['first', 'second'], true]);
    question.hear({ ...heard, kind: 'outcome', outcome: said('first after all') });
    expect(await question.outcome).toEqual(said('first after all'));
  });

  it.each([
    ['unreachable', true],
    ['timeout', true],
    ['overloaded', true],
    ['refused', false],
    ['superseded', false],
    ['cancelled', false],
  ] as const)('that fails as %s may be asked again: %s', async (reason, retryable) => {
    const outcome = await asked().question.fail(reason, 'why');
    expect(outcome).toEqual({ kind: 'failed', reason, message: 'served: why', retryable });
  });
});
