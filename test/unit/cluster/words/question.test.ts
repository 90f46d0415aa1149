import { describe, expect, it } from 'vitest';
import { packMessage, unpackMessage } from '../../../../src/cluster/envelope.js';
import { type BusQuestion, decodeQuestion, encodeQuestion } from '../../../../src/cluster/words/question.js';
import { radians } from '../../../../src/domain/units.js';
import { readings, request } from '../../../support/mllm-builders.js';

const question = (more: Partial<BusQuestion> = {}): BusQuestion => ({
  id: 'q-1',
  inbox: 'inbox-1',
  engine: 'openai',
  lifeMs: 30_000,
  tells: false,
  request: request(),
  ...more,
});

const pose = {
  yaw: radians(0.1 + 0.2),
  pitch: radians(-1),
  roll: radians(0),
  translationMm: { x: 1, y: 2, z: 600.5 },
};
const everything = request({
  task: 'asked',
  system: null,
  user: 'Ist es ein Lächeln? <question>{priors}</question>\n"',
  images: [Uint8Array.of(0xff, 0xd8, 0), new Uint8Array(0), Uint8Array.of(7)],
  evidence: {
    actionUnits: { '12': { presence: 0.95, intensity: 3.2 } },
    pose,
    sharpness: 1 / 3,
    mesh: Float32Array.from([0.1, -3, 1e-9, 0]),
    aspect: 0.75,
  },
  examples: [{ user: 'a', assistant: 'b' }],
  form: { kind: 'json', schema: { type: 'object', properties: { a: { enum: [1, null] } } } },
  labels: ['happy', 'sad'],
  prefill: '{',
  question: 'Ist es ein Lächeln?',
  model: 'feallm',
  labelMember: { name: 'emotion', labels: ['happy', 'sad'] },
});

describe('a question on the bus', () => {
  it.each([
    ['everything', everything],
    ['no pictures and no numbers', request({ images: [] })],
    ['numbers without a mesh', request({ evidence: { actionUnits: null, pose: null, sharpness: null, mesh: null } })],
    ['an answer that is a choice', request({ form: { kind: 'choice', choices: ['a', 'b'] } })],
    ['an answer of a form', request({ form: { kind: 'regex', pattern: 'a|b' } })],
  ])('comes out as it went in: %s', (_, asked) => {
    const sent = question({ request: asked, tells: true });
    expect(decodeQuestion(encodeQuestion(sent))).toEqual({ kind: 'question', question: sent });
  });

  it('is read from the middle of what a socket gave', () => {
    const message = encodeQuestion(question({ request: everything }));
    const chunk = Buffer.concat([Buffer.from('MSG 1 '), message, Buffer.from('\r\n')]);
    const read = decodeQuestion(chunk.subarray(6, 6 + message.length));
    expect(read).toEqual({ kind: 'question', question: question({ request: everything }) });
  });

  it('leaves out what only engines without a model take', () => {
    const read = decodeQuestion(encodeQuestion(question({ request: request({ readings: readings() }) })));
    expect(read).toEqual({ kind: 'question', question: question() });
  });

  it('of another release names who is to be told', () => {
    const message = packMessage({ v: 2, id: 'q', inbox: 'i', whatever: 1 });
    expect(decodeQuestion(message)).toEqual({ kind: 'foreign', id: 'q', inbox: 'i', version: 2 });
  });

  it.each([
    ['pictures that are not all there', { images: [99] }],
    ['more bytes than pictures', { images: [] }],
    ['no request', { request: null }],
    ['a task that nobody knows', { request: { ...request(), task: 'x' } }],
    ['a life that is over', { lifeMs: 0 }],
  ])('with %s is refused to who asked', (_, changes) => {
    const { header, rest } = unpackMessage(encodeQuestion(question()))!;
    const message = packMessage({ ...(header as object), ...changes }, [rest]);
    expect(decodeQuestion(message)).toEqual({ kind: 'foreign', id: 'q-1', inbox: 'inbox-1', version: 1 });
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['a length without a header', Uint8Array.of(0, 0, 0, 9, 1)],
    ['a header that is no JSON', Uint8Array.of(0, 0, 0, 1, 0x7b)],
    ['a header that is no text', Uint8Array.of(0, 0, 0, 1, 0xff)],
    ['a header without end', Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x7b, 0x7d)],
    ['a reply address that is a subject', packMessage({ v: 1, id: 'a.>', inbox: 'i' })],
    ['a reply address that is everybody', packMessage({ v: 1, id: '*', inbox: 'i' })],
  ])('that is %s is none', (_, message) => {
    expect(decodeQuestion(message)).toEqual({ kind: 'unreadable' });
  });
});
