import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { clientMessage } from '../../../src/protocol/messages.js';
import { changedSource, episodesQuery, newSource } from '../../../src/protocol/rest.js';
import { parseAs } from '../../../src/server/parse-as.js';
import { Problem } from '../../../src/server/problem.js';

/** How a value is refused; throws when it is not. */
function refusal(schema: z.ZodType, sent: unknown): string {
  try {
    parseAs(schema, sent, 'body');
  } catch (error) {
    expect(error).toBeInstanceOf(Problem);
    expect(error).toMatchObject({ code: 'BAD_REQUEST' });
    return (error as Problem).message;
  }
  throw new Error('it was not refused');
}

const push = { type: 'push' };
const camera = (more: object) => ({ id: 'a', input: push, ...more });

describe('a request is refused in the words of the configuration', () => {
  it.each([
    [camera({ maxFpz: 5 }), 'maxFpz: unknown key; did you mean "maxFps"?'],
    [{ id: 'a', input: { ...push, x: 1 } }, 'input.x: unknown key; known: type'],
    [
      { id: 'a', input: { type: 'rstp' } },
      'input.type: expected one of rtsp, http, webcam, file, push, got "rstp"; did you mean "rtsp"?',
    ],
    [{ id: 'a', input: {} }, 'input.type: missing; expected one of rtsp, http, webcam, file, push'],
    [{ id: 'a' }, 'input: missing; expected a group of keys'],
    [camera({ id: 'A b' }), 'id: expected 1 to 64 of a-z, 0-9, - and _, first a letter or digit, got "A b"'],
    [camera({ maxFps: 0 }), 'maxFps: expected a number from 0.1 to 240, or null, got 0'],
    [camera({ maxSidePx: 1.5 }), 'maxSidePx: expected a whole number from 64 to 3840, got 1.5'],
    [camera({ name: '' }), 'name: expected 1 to 100 characters, got ""'],
    [{ id: 'a', input: { type: 'file', path: 'a.mp4', loop: 'yes' } }, 'input.loop: expected true or false, got "yes"'],
    [[camera({})], 'body: expected a group of keys, got a list of 1'],
  ])('%j', (sent, words) => expect(refusal(newSource, sent)).toBe(words));

  it.each([
    [{ limt: '5' }, 'limt: unknown key; did you mean "limit"?'],
    [{ limit: '1e9' }, 'limit: expected a whole number from 1 to 1000, got "1e9"'],
    [{ kind: 'blnk' }, 'kind: expected one of emotion, blink, action-unit, speech, got "blnk"; did you mean "blink"?'],
    [{ since: 'x' }, 'since: expected a number of at least 0, got "x"'],
  ])('query %j', (sent, words) => expect(refusal(episodesQuery, sent)).toBe(words));

  it.each([
    [
      { type: 'subscrib' },
      'type: expected one of hello, subscribe, unsubscribe, ping, got "subscrib"; did you mean "subscribe"?',
    ],
    [
      { kinds: ['face'] },
      'kinds[0]: expected one of faces, episodes, insights, rules, states, stats, preview, got "face"; did you mean "faces"?',
    ],
    [{ sources: 3 }, 'sources: expected *, or a list of 1 to 64, got 3'],
    [{ sources: ['A'] }, 'sources[0]: expected 1 to 64 of a-z, 0-9, - and _, first a letter or digit, got "A"'],
    [{ kinds: [] }, 'kinds: expected a list of at least 1, got a list of 0'],
  ])('message %j', (more, words) => {
    const sent = { type: 'subscribe', id: 'a', sources: '*', kinds: ['faces'], ...more };
    expect(refusal(clientMessage, sent)).toBe(words);
  });
});

it('says what a check says itself, and shows no credentials', () => {
  const input = { type: 'rtsp', url: 'http://u:zzsecret@x/' };
  expect(refusal(newSource, { id: 'a', input })).toBe('input.url: "http://***@x/" must begin with rtsp:// or rtsps://');
  const hello = refusal(clientMessage, { type: 'hello', v: 1, token: ['zzsecret'], tokn: 'zzsecret' });
  expect(hello).toMatch(/^token: expected at most 512 characters, got a value that is not shown; tokn: unknown key/);
  expect(hello).not.toContain('zzsecret');
});

it('is one short line, however much is wrong', () => {
  const many = Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`k\n${n}`.repeat(40), n]));
  const text = refusal(changedSource, { input: push, ...many });
  expect(text).toMatch(/^[^\n]{100,500}$/);
});
