import { describe, expect, it } from 'vitest';
import { packMessage } from '../../../../src/cluster/envelope.js';
import { decodeReply, encodeReply } from '../../../../src/cluster/words/reply.js';
import { failure, said } from '../../../support/mllm-builders.js';

describe('a reply on the bus', () => {
  it.each([
    { kind: 'begun', delivery: 1 },
    { kind: 'handed-back', delivery: 2 },
    { kind: 'text', delivery: 1, text: 'Ein Lä' },
    { kind: 'outcome', delivery: 3, outcome: failure('circuit-open') },
    { kind: 'outcome', delivery: 1, outcome: said('A smile.') },
  ] as const)('comes out as it went in: %j', (told) => {
    expect(decodeReply(encodeReply(told))).toEqual({ v: 1, ...told });
  });

  it.each([
    ['of another release', packMessage({ v: 2, kind: 'begun', delivery: 1 })],
    ['of a kind that nobody knows', packMessage({ v: 1, kind: 'dreamt', delivery: 1 })],
    [
      'that fails in a way that nobody knows',
      packMessage({
        v: 1,
        kind: 'outcome',
        delivery: 1,
        outcome: { kind: 'failed', reason: 'tired', message: '', retryable: true },
      }),
    ],
    ['without a form', new TextEncoder().encode('hello there')],
  ])('%s is none', (_, message) => {
    expect(decodeReply(message)).toBeNull();
  });
});
