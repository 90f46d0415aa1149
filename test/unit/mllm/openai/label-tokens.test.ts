import { afterEach, describe, expect, it } from 'vitest';
import type { OpenAiEngineOptions } from '../../../../src/mllm/openai/engine-options.js';
import { type AnswerToken, memberProbabilities } from '../../../../src/mllm/openai/label-tokens.js';
import { OpenAiEngine } from '../../../../src/mllm/openai-engine.js';
import { parseAnswer } from '../../../../src/mllm/parse/parse-answer.js';
import { buildRequest } from '../../../../src/mllm/prompts/build-request.js';
import { FEALLM_DESCRIBE, FEALLM_SCHEMA } from '../../../../src/mllm/prompts/feallm.js';
import { labelMember } from '../../../../src/mllm/prompts/label-member.js';
import { inferAll } from '../../../support/engine-contract.js';
import { fastClock } from '../../../support/fast-clock.js';
import { CAN_ALL } from '../../../support/mllm-builders.js';
import {
  completion,
  refuses,
  type Script,
  ScriptedChatServer,
  sendJson,
} from '../../../support/scripted-chat-server.js';

/** Tokens of a text, split where a bar stands; what is likely beside the token at `place`. */
function tokensOf(text: string, place: string, likely: Readonly<Record<string, number>>): AnswerToken[] {
  return text.split('|').map((token) => ({
    text: token,
    likely:
      token === place
        ? Object.entries(likely).map(([one, share]) => ({ token: one, logprob: Math.log(share) }))
        : [{ token, logprob: 0 }],
  }));
}

const EMOTION = { name: 'emotion', labels: ['happiness', 'sadness', 'surprise'] };

describe('the probabilities of the label that a JSON answer names', () => {
  it('are those of the tokens where its name begins', () => {
    const tokens = tokensOf('{"|emotion|": "|happ|iness|", "|x', 'happ', { happ: 0.6, sad: 0.3, the: 0.1 });
    const found = memberProbabilities(tokens, EMOTION)!;
    expect(found.happiness).toBeCloseTo(2 / 3);
    expect(found.sadness).toBeCloseTo(1 / 3);
    expect(found.surprise).toBe(0);
  });

  it('also where the name begins within a token, after the mark that opens it', () => {
    const tokens = tokensOf('{"emotion"|:"sad|ness"}', ':"sad', { ':"sad': 0.5, ':"sur': 0.25, ':"': 0.25 });
    expect(memberProbabilities(tokens, EMOTION)!.surprise).toBeCloseTo(1 / 3);
  });

  it.each([
    ['names that begin alike cannot be told apart', '{"emotion":"|s|adness"}', 's', { s: 0.5, h: 0.5 }],
    ['the member is not there', '{"feeling":"|sad', 'sad', { sad: 1 }],
    ['it holds no text', '{"emotion":|3}', '3', { 3: 1 }],
    ['the answer ends before it', '{"emotion":"', 'x', {}],
  ])('none: %s', (_, text, place, likely) => {
    expect(memberProbabilities(tokensOf(text, place, likely), EMOTION)).toBeNull();
  });
});

describe('the member that leads a form', () => {
  it('is the first that chooses among classes', () => {
    expect(labelMember(FEALLM_SCHEMA)).toEqual({ name: 'emotion', labels: FEALLM_SCHEMA.properties.emotion.enum });
    const compound = ['happily surprised', 'sadly angry', 'none'];
    const properties = { degree: { enum: ['slight', 'strong'] }, mix: { enum: compound }, emotion: { enum: ['joy'] } };
    expect(labelMember({ properties })).toEqual({ name: 'mix', labels: compound });
  });

  it.each([
    [{}],
    [{ properties: null }],
    [{ properties: { a: null, b: { enum: [1, 2] }, c: { enum: ['yes', 'no'] } } }],
  ])('none in %j', (schema) => {
    expect(labelMember(schema)).toBeNull();
  });
});

const servers: ScriptedChatServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

/** What a server says, and the probabilities of its tokens as vLLM sends them. */
const SAID =
  '{"emotion": "|sadness|", "second_emotion": "none", "degree": "slight", "action_units": [1,4], "summary": "Sad.|"}';
const logprobs = {
  content: tokensOf(SAID, 'sadness', { sadness: 0.7, anger: 0.3 }).map(({ text, likely }) => ({
    token: text,
    logprob: 0,
    top_logprobs: likely,
  })),
};
const text = SAID.replaceAll('|', '');

const whole: Script = ({ response }) => sendJson(response, 200, completion(text, { logprobs }));
const streamed: Script = ({ response }) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const [at, delta] of SAID.split('|').entries()) {
    const choice = { index: 0, delta: { content: delta }, logprobs: { content: [logprobs.content[at]] } };
    response.write(`data: ${JSON.stringify({ choices: [choice] })}\n\n`);
  }
  response.end('data: [DONE]\n\n');
};

async function engineAt(script: Script, more: Partial<OpenAiEngineOptions> = {}) {
  const server = await new ScriptedChatServer(script).start();
  servers.push(server);
  const engine = new OpenAiEngine({ id: 'a', model: 'tiny', urls: [server.url], clock: fastClock(50), ...more });
  return { server, engine };
}
const described = buildRequest({
  template: FEALLM_DESCRIBE,
  images: [Uint8Array.of(1)],
  priors: null,
  capabilities: CAN_ALL,
});

describe('label path and caption in one pass', () => {
  it('a described face comes with the probability of its emotion, from the same answer', async () => {
    const { server, engine } = await engineAt(whole);
    const [outcome] = await inferAll(engine, [described]);
    expect(server.bodies).toHaveLength(1);
    expect(server.bodies[0]).toMatchObject({
      logprobs: true,
      top_logprobs: 10,
      response_format: { type: 'json_schema' },
    });
    const answer = outcome!.kind === 'ok' ? outcome!.answer : null;
    expect(answer!.labelProbabilities).toMatchObject({ sadness: expect.closeTo(0.7), anger: expect.closeTo(0.3) });
    const read = parseAnswer({
      task: 'describe',
      answer: answer!,
      candidates: FEALLM_DESCRIBE.candidates,
      prefill: null,
    });
    expect(read).toMatchObject({
      parsed: 'json',
      emotion: 'sadness',
      description: 'Sad.',
      claimedActionUnits: ['1', '4'],
    });
    expect(read.confidence).toBeCloseTo(0.7);
  });

  it('while it is written, too', async () => {
    const { engine } = await engineAt(streamed);
    const heard: string[] = [];
    const call = {
      request: described,
      signal: new AbortController().signal,
      onText: (soFar: string) => heard.push(soFar),
    };
    expect(await engine.infer([call])[0]).toMatchObject({
      answer: { labelProbabilities: { sadness: expect.closeTo(0.7) } },
    });
    expect(heard.at(-1)).toBe(text);
  });

  it.each<[string, Partial<typeof CAN_ALL>]>([
    ['without log-probabilities', { logProbabilities: false }],
    ['without a form that is kept', { jsonSchema: false }],
  ])('%s the caption comes alone', async (_, can) => {
    const { server, engine } = await engineAt(whole);
    const capabilities = { ...CAN_ALL, ...can };
    await inferAll(engine, [
      buildRequest({ template: FEALLM_DESCRIBE, images: [Uint8Array.of(1)], priors: null, capabilities }),
    ]);
    expect(server.bodies[0]).not.toHaveProperty('logprobs');
  });

  it('a server that refuses probabilities here gives the caption alone, and is not asked for them again', async () => {
    const { server, engine } = await engineAt((exchange) =>
      ('logprobs' in exchange.body ? refuses(400, 'logprobs are not supported') : whole)(exchange),
    );
    for (let n = 0; n < 2; n++) expect(await inferAll(engine, [described])).toMatchObject([{ kind: 'ok' }]);
    expect(server.bodies.map((body) => 'logprobs' in body)).toEqual([true, false, false]);
  });

  it('an answer whose probabilities would be larger than what is read is asked for without them', async () => {
    const { server, engine } = await engineAt(whole, { maxAnswerBytes: 100_000 });
    expect(await inferAll(engine, [described])).toMatchObject([{ answer: { labelProbabilities: null } }]);
    expect(server.bodies[0]).not.toHaveProperty('logprobs');
  });
});
