import { describe, expect, it } from 'vitest';
import { StreamedCompletion } from '../../../src/mllm/openai/event-stream.js';

const event = (json: unknown): string => `data: ${JSON.stringify(json)}\n\n`;
const delta = (content: string, more: object = {}): string =>
  event({ choices: [{ index: 0, delta: { content }, ...more }] });

function streamed(...chunks: readonly string[]) {
  const told: string[] = [];
  const stream = new StreamedCompletion((soFar) => told.push(soFar));
  for (const chunk of chunks) stream.add(chunk);
  return { told, whole: stream.whole() };
}

describe('StreamedCompletion', () => {
  it('tells the answer as it grows, and gives it whole, however it is cut into chunks', () => {
    const text = `${event({ choices: [{ delta: { role: 'assistant' } }] })}: comment\n${delta('A ')}${delta('smile.', { finish_reason: 'length' })}${event({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 2 } })}data: [DONE]\n\n`;
    const whole = {
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'A smile.', reasoning_content: '' },
          finish_reason: 'length',
          logprobs: null,
        },
      ],
      usage: { prompt_tokens: 9, completion_tokens: 2 },
    };
    expect(streamed(text)).toEqual({ told: ['A smile.'], whole });
    expect(streamed(...text)).toEqual({ told: ['A ', 'A smile.'], whole });
  });

  it('keeps reasoning apart', () => {
    const { whole, told } = streamed(event({ choices: [{ delta: { reasoning_content: 'Hm.' } }] }), delta('joy'));
    expect(told).toEqual(['joy']);
    expect(whole).toMatchObject({ choices: [{ message: { content: 'joy', reasoning_content: 'Hm.' } }] });
  });

  it.each([
    ['nothing', ''],
    ['an error', event({ error: { message: 'no' } })],
    ['no JSON', 'data: {"choices":\ndata: 42\ndata: null\nfoo\n'],
    ['strange types', event({ choices: [null] })],
  ])('%s is no completion', (_, text) => {
    expect(streamed(text)).toEqual({ told: [], whole: null });
  });
});
