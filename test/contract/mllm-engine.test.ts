import { afterEach, describe, expect, it } from 'vitest';
import type { EngineOutcome, EngineRequest } from '../../src/domain/insight.js';
import { MienVlmEngine } from '../../src/mllm/mien-vlm-engine.js';
import type { OpenAiEngineOptions } from '../../src/mllm/openai/engine-options.js';
import { OpenAiEngine } from '../../src/mllm/openai-engine.js';
import { TransformersEngine } from '../../src/mllm/transformers-engine.js';
import { describeEngineContract, inferAll } from '../support/engine-contract.js';
import { FakeEngineWorker } from '../support/fake-engine-worker.js';
import { FakeVlmWorker } from '../support/fake-vlm-worker.js';
import { fastClock } from '../support/fast-clock.js';
import { request } from '../support/mllm-builders.js';
import {
  breaksOff,
  type ChatBody,
  completion,
  firstTokens,
  hangsUp,
  keepsSilent,
  refuses,
  type Script,
  ScriptedChatServer,
  says,
  sendJson,
} from '../support/scripted-chat-server.js';

const servers: ScriptedChatServer[] = [];
const NEVER = new AbortController().signal;
const OBJECT = { kind: 'json', schema: { type: 'object' } } as const;
const CHOICE = { kind: 'choice', choices: ['a', 'b'] } as const;
const REGEX = { kind: 'regex', pattern: 'a|b' } as const;
const LABELS = ['angry', 'happy', 'sad'];

async function serve(script: Script): Promise<ScriptedChatServer> {
  const server = await new ScriptedChatServer(script).start();
  servers.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

/** An engine whose seconds pass in 20 ms. */
function engineOf(server: ScriptedChatServer | readonly ScriptedChatServer[], more: Partial<OpenAiEngineOptions> = {}) {
  const urls = [server].flat().map(({ url }) => url);
  return new OpenAiEngine({ id: 'served', model: 'tiny', urls, clock: fastClock(50), random: () => 0, ...more });
}

async function ask(engine: OpenAiEngine, more: Partial<EngineRequest> = {}): Promise<EngineOutcome> {
  return (await inferAll(engine, [request(more)]))[0]!;
}

const questionOf = (body: ChatBody): string => {
  const parts = body.messages.find(({ role }) => role === 'user')!.content as { type: string; text?: string }[];
  return parts.find(({ type }) => type === 'text')!.text!;
};

const echo: Script = ({ body, response }) => sendJson(response, 200, completion(questionOf(body).split(' ').at(-1)!));

describeEngineContract('the openai engine', {
  open: async (kind) => {
    const server = await serve(kind === 'echo' ? echo : keepsSilent);
    if (kind === 'dead') await server.stop();
    return engineOf(server);
  },
});

describeEngineContract('the transformers engine', {
  open: async (kind) =>
    new TransformersEngine({ id: 'local', model: 'tiny', startWorker: () => new FakeEngineWorker(kind) }),
});

describeEngineContract('the engine mien-vlm', {
  open: async (kind) => new MienVlmEngine({ startWorker: () => new FakeVlmWorker(kind) }),
});

it('mien-vlm takes the words of a person alone, without the rules that other models are told', async () => {
  const engine = new MienVlmEngine({ startWorker: () => new FakeVlmWorker('echo') });
  const user = 'A person asks: <question>Is it a smile</question> Answer briefly.';
  const [outcome] = await inferAll(engine, [request({ task: 'asked', user, question: 'Is it a smile' })]);
  expect(outcome).toMatchObject({ answer: { text: 'smile' } });
  await engine.close();
});

describe('what is sent', () => {
  it('is one chat completion: pictures as data URLs, then the question; greedy', async () => {
    const server = await serve(says('happy'));
    await ask(engineOf(server), { images: [Uint8Array.of(0xff, 0xd8), Uint8Array.of(1)], prefill: '<answer>' });
    expect(server.bodies).toEqual([
      {
        model: 'tiny',
        messages: [
          { role: 'system', content: 'Be brief.' },
          {
            role: 'user',
            content: [
              { type: 'image_url', image_url: { url: 'data:image/jpeg;base64,/9g=' } },
              { type: 'image_url', image_url: { url: 'data:image/jpeg;base64,AQ==' } },
              { type: 'text', text: 'Which emotion is this?' },
            ],
          },
          { role: 'assistant', content: '<answer>' },
        ],
        temperature: 0,
        max_tokens: 16,
        stream: false,
        continue_final_message: true,
        add_generation_prompt: false,
      },
    ]);
    expect(server.authorizations).toEqual([undefined]);
  });

  it('carries the key of the environment variable, and nothing tells it', async () => {
    const server = await serve(refuses(401, 'bad key secret-key-1'));
    const engine = engineOf(server, { keyVariable: 'MY_KEY', environment: { MY_KEY: 'secret-key-1' } });
    const outcome = await ask(engine);
    expect(server.authorizations).toEqual(['Bearer secret-key-1']);
    expect(outcome).toEqual({
      kind: 'failed',
      reason: 'refused',
      message: 'served refused the key (HTTP 401); check the key in MY_KEY',
      retryable: false,
    });
    const caught = await engine.probe(NEVER).catch((error: Error) => error);
    expect(caught).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('MY_KEY') });
    expect(JSON.stringify([outcome, engine, engine.replicas, (caught as Error).message])).not.toContain('secret-key-1');
  });
});

describe('failures become outcomes', () => {
  it.each<[string, Script, Partial<Extract<EngineOutcome, { kind: 'failed' }>>, number]>([
    ['hangs up before the answer: tried again', hangsUp, { reason: 'unreachable', retryable: true }, 3],
    ['breaks off its answer: not tried again', breaksOff, { reason: 'unreachable', retryable: true }, 1],
    ['keeps silent', keepsSilent, { reason: 'timeout', retryable: true }, 1],
    ['503', refuses(503), { reason: 'overloaded', retryable: true }, 3],
    ['429 with a short pause', refuses(429, '', { 'retry-after': '1' }), { reason: 'overloaded', retryable: true }, 3],
    ['429 with a long pause', refuses(429, '', { 'retry-after': '60' }), { reason: 'overloaded', retryable: true }, 1],
    ['500', refuses(500), { reason: 'unreachable', retryable: true }, 1],
    ['400', refuses(400, 'no'), { reason: 'refused', retryable: false }, 1],
    ['404', refuses(404), { reason: 'refused', retryable: false }, 1],
    ['a redirect', refuses(302, '', { location: 'http://127.0.0.1:1/' }), { reason: 'unreachable' }, 3],
    ['not JSON', ({ response }) => void response.end('<html>'), { reason: 'malformed', retryable: false }, 1],
    ['no completion', ({ response }) => sendJson(response, 200, { choices: [] }), { reason: 'malformed' }, 1],
    ['null', ({ response }) => sendJson(response, 200, null), { reason: 'malformed' }, 1],
    ['megabytes', says('x'.repeat(3_000_000)), { reason: 'malformed' }, 1],
  ])('%s', async (_, script, failure, requests) => {
    const server = await serve(script);
    expect(await ask(engineOf(server, { timeoutMs: script === keepsSilent ? 4000 : 500_000 }))).toMatchObject({
      kind: 'failed',
      ...failure,
    });
    expect(server.bodies).toHaveLength(requests);
  });

  it('answers after a 429, a 503 and a hang-up', async () => {
    const server = await serve((exchange) =>
      [refuses(429, '', { 'retry-after': '1' }), refuses(503), hangsUp, says('happy')][exchange.ordinal]!(exchange),
    );
    const outcome = await ask(engineOf(server, { retries: 3 }));
    expect(outcome).toMatchObject({ kind: 'ok', answer: { text: 'happy' } });
  });

  it('cancelling closes the connection, so that the server can stop', async () => {
    const server = await serve(keepsSilent);
    const controller = new AbortController();
    const pending = inferAll(engineOf(server), [request()], controller.signal);
    await expect.poll(() => server.bodies.length).toBe(1);
    controller.abort();
    await pending;
    await expect.poll(() => server.cancelled).toBe(1);
  });
});

describe('a server that lacks something', () => {
  const refusing =
    (member: string, message: string): Script =>
    (exchange) =>
      (member in exchange.body ? refuses(400, message) : says('{"emotion":"happiness"}'))(exchange);

  it.each([
    ['json_schema', 'response_format', "'response_format' is not supported", { form: OBJECT }, 'jsonSchema'],
    ['json_schema, without saying what', 'response_format', 'bad request', { form: OBJECT }, 'jsonSchema'],
    ['a choice', 'structured_outputs', 'unknown field structured_outputs', { form: CHOICE }, 'choice'],
    ['a regular expression', 'structured_outputs', 'regex is off', { form: REGEX }, 'regex'],
    ['prefill', 'continue_final_message', 'extra field continue_final_message', { prefill: '<answer>' }, 'prefill'],
    ['log-probabilities', 'logprobs', 'logprobs are off', { labels: LABELS, maxTokens: 1 }, 'logProbabilities'],
  ] as const)('%s: is asked without, and remembered', async (_, member, message, more, feature) => {
    const server = await serve(refusing(member, message));
    const engine = engineOf(server);
    expect(await ask(engine, more)).toMatchObject({ kind: 'ok', answer: { labelProbabilities: null } });
    expect(await ask(engine, more)).toMatchObject({ kind: 'ok' });
    expect(server.bodies.map((body) => member in body)).toEqual([true, false, false]);
    expect(engine.replicas[0]!.features[feature]).toBe(false);
  });

  it('answers labels in words when probabilities are silently left out', async () => {
    const server = await serve(says('happy</answer>'));
    const engine = engineOf(server);
    expect(await ask(engine, { labels: LABELS, maxTokens: 1 })).toMatchObject({
      answer: { text: 'happy</answer>', labelProbabilities: null },
    });
    expect(server.bodies.map(({ max_tokens }) => max_tokens)).toEqual([1, 24]);
  });

  it('a refusal of the question itself switches nothing off', async () => {
    const server = await serve(refuses(400, 'the picture is broken'));
    const engine = engineOf(server);
    expect(await ask(engine, { form: OBJECT })).toMatchObject({ reason: 'refused' });
    expect(engine.replicas[0]!.features.jsonSchema).toBe(true);
  });
});

describe('an answer while it is written', () => {
  const event = (json: unknown): string => `data: ${JSON.stringify(json)}\n\n`;
  const words = (content: string): string => event({ choices: [{ delta: { content } }] });
  const streams: Script = async ({ response }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const word of ['A ', 'smile', '.'])
      await new Promise<void>((done) => response.write(words(word), () => done()));
    response.end(`${event({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 3 } })}data: [DONE]\n\n`);
  };
  const look = async (server: ScriptedChatServer, more: Partial<EngineRequest> = {}) => {
    const told: string[] = [];
    const engine = engineOf(server);
    const call = { request: request(more), signal: NEVER, onText: (soFar: string) => told.push(soFar) };
    const [outcome] = await Promise.all(engine.infer([call]));
    return { told, outcome: outcome!, engine };
  };

  it('is told as it grows, where somebody looks on', async () => {
    const server = await serve(streams);
    const { told, outcome } = await look(server);
    expect(told.at(-1)).toBe('A smile.');
    expect(outcome).toMatchObject({ kind: 'ok', answer: { text: 'A smile.', promptTokens: 9, completionTokens: 3 } });
    expect(server.bodies[0]).toMatchObject({ stream: true, stream_options: { include_usage: true } });
  });

  it('comes whole from a server that does not stream, and from one that refuses to', async () => {
    expect((await look(await serve(says('A smile.')))).outcome).toMatchObject({ answer: { text: 'A smile.' } });
    const server = await serve((exchange) =>
      (exchange.body.stream === true ? refuses(400, 'stream is not supported') : says('A smile.'))(exchange),
    );
    const { told, outcome, engine } = await look(server);
    expect([told, outcome.kind, engine.replicas[0]!.features.stream]).toEqual([[], 'ok', false]);
  });

  it('that breaks off is no answer', async () => {
    const server = await serve(({ response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(words('A '), () => response.destroy());
    });
    expect((await look(server)).outcome).toMatchObject({ kind: 'failed', reason: 'unreachable' });
  });
});

describe('the label path', () => {
  it('gives probabilities from one token', async () => {
    const server = await serve(says('hap', firstTokens({ hap: 0.6, ' Sad': 0.2, ang: 0.1, '?': 0.1 })));
    const outcome = await ask(engineOf(server), { labels: LABELS, maxTokens: 1 });
    const probabilities = outcome.kind === 'ok' ? outcome.answer.labelProbabilities! : {};
    expect(
      Object.fromEntries(Object.entries(probabilities).map(([label, p]) => [label, Math.round(p * 1000)])),
    ).toEqual({
      angry: 111,
      happy: 667,
      sad: 222,
    });
    expect(server.bodies[0]).toMatchObject({ max_tokens: 1, logprobs: true, top_logprobs: 20 });
  });

  it('asks by letters when first tokens collide, and remembers', async () => {
    const server = await serve((exchange) =>
      (questionOf(exchange.body).includes('A = surprise')
        ? says('B', firstTokens({ B: 0.75, A: 0.25 }))
        : says('s', firstTokens({ s: 0.9, sad: 0.1 })))(exchange),
    );
    const engine = engineOf(server);
    for (let n = 0; n < 2; n++) {
      const outcome = await ask(engine, { labels: ['surprise', 'sad'], maxTokens: 1 });
      expect(outcome).toMatchObject({ answer: { text: 'sad', labelProbabilities: { surprise: 0.25, sad: 0.75 } } });
    }
    expect(server.bodies).toHaveLength(3);
  });

  it('starts with letters when two labels begin with the same word', async () => {
    const server = await serve(says('A', firstTokens({ A: 1 })));
    await ask(engineOf(server), { labels: ['sadly angry', 'sadly fearful'], maxTokens: 1 });
    expect(questionOf(server.bodies[0]!)).toContain('A = sadly angry, B = sadly fearful');
  });

  it('holds the answer to the labels, and to letters where they are asked for', async () => {
    const server = await serve(says('sad', firstTokens({ sad: 1 })));
    await ask(engineOf(server), { labels: LABELS, maxTokens: 1 });
    await ask(engineOf(server), { labels: ['sadly angry', 'sadly fearful'], maxTokens: 1 });
    expect(server.bodies.map(({ structured_outputs }) => structured_outputs)).toEqual([
      { choice: LABELS },
      { choice: ['A', 'B'] },
    ]);
  });
});

describe('several replicas', () => {
  it('share the load by least outstanding', async () => {
    const both = [await serve(says('a')), await serve(says('b'))];
    await inferAll(
      engineOf(both),
      Array.from({ length: 10 }, () => request()),
    );
    expect(both.map(({ bodies }) => bodies.length)).toEqual([5, 5]);
  });

  it('a dead one costs no answer; its circuit opens, and a trial finds it restored', async () => {
    const [dead, alive] = [await serve(says('a')), await serve(says('b'))];
    await dead.stop();
    const engine = engineOf([dead, alive], { circuit: { failures: 2, openMs: 2000 } });
    for (let n = 0; n < 6; n++) expect(await ask(engine)).toMatchObject({ answer: { text: 'b' } });
    expect(engine.replicas.map(({ circuit }) => circuit)).toEqual(['open', 'closed']);
    await dead.start();
    await expect.poll(async () => (await ask(engine)) && engine.replicas[0]!.circuit).toBe('closed');
    expect(dead.bodies.length).toBeGreaterThan(0);
  });

  it('all dead: fails at once while the circuits are open', async () => {
    const server = await serve(says('a'));
    await server.stop();
    const engine = engineOf(server, { retries: 0, circuit: { failures: 2, openMs: 600_000 } });
    const reasons: unknown[] = [];
    for (let n = 0; n < 4; n++) {
      const outcome = await ask(engine);
      reasons.push(outcome.kind === 'failed' && outcome.reason);
    }
    expect(reasons).toEqual(['unreachable', 'unreachable', 'circuit-open', 'circuit-open']);
  });
});

describe('probe()', () => {
  /** Keeps schemas, choices and regular expressions, gives log-probabilities. */
  const capable: Script = (exchange) => {
    const { structured_outputs: held } = exchange.body as {
      structured_outputs?: { choice?: string[]; regex?: string };
    };
    if ('response_format' in exchange.body) return says('{"ok": true}')(exchange);
    if ('logprobs' in exchange.body) return says('A', firstTokens({ A: 0.9, B: 0.1 }))(exchange);
    return says(held?.choice?.[1] ?? held?.regex?.replace('[0-9]{4}', '2345') ?? 'A')(exchange);
  };

  it('finds what a capable server can do', async () => {
    const server = await serve(capable);
    server.models = { data: [{ id: 'tiny' }, { id: 'tiny-lora', parent: 'tiny' }] };
    expect(await engineOf(server).probe(NEVER)).toEqual({
      logProbabilities: true,
      jsonSchema: true,
      choice: true,
      regex: true,
      loraByModel: true,
      prefill: true,
      severalImages: true,
      numericPriors: false,
      ownBatches: true,
    });
  });

  it('finds what a simple server cannot do: no list of models, schema ignored, one picture', async () => {
    const server = await serve((exchange) => {
      const pictures = JSON.stringify(exchange.body).match(/image_url":\{/g)?.length;
      const assistant = exchange.body.messages.some(({ role }) => role === 'assistant');
      (pictures === 2 || assistant
        ? refuses(400, assistant ? 'last role must be user, not assistant' : '')
        : says('Hm.'))(exchange);
    });
    server.models = null;
    expect(await engineOf(server).probe(NEVER)).toEqual({
      logProbabilities: false,
      jsonSchema: false,
      choice: false,
      regex: false,
      loraByModel: false,
      prefill: false,
      severalImages: false,
      numericPriors: false,
      ownBatches: true,
    });
  });

  it('only what all replicas can do is asked, and one that is down does not count', async () => {
    const down = await serve(capable);
    await down.stop();
    const servers = [await serve(capable), await serve(says('Hm.')), down];
    expect(await engineOf(servers).probe(NEVER)).toMatchObject({ jsonSchema: false, prefill: true });
  });

  it.each([
    [refuses(404), 'mllm engine "served": no model "tiny" is served; there are: other'],
    [refuses(400, 'text only'), 'mllm engine "served" refused the request (HTTP 400); the model must take pictures'],
    [
      (({ response }) => sendJson(response, 200, {})) as Script,
      'mllm engine "served": its server sent no chat completion; give the address of a chat API',
    ],
  ])('names the fix', async (script, message) => {
    const server = await serve(script);
    server.models = { data: [{ id: message.includes('other') ? 'other' : 'tiny' }] };
    await expect(engineOf(server).probe(NEVER)).rejects.toMatchObject({ code: 'CONFIG_INVALID', message });
  });
});

describe('options', () => {
  it.each([
    [{ urls: [] }, 'urls is empty; give the address of a server, like http://127.0.0.1:8000/v1'],
    [{ urls: ['nonsense'] }, 'an address in urls is not a URL; write http://host:8000/v1'],
    [{ urls: ['file:///etc/passwd'] }, 'file: is not supported; write http:// or https://'],
    [
      { urls: ['http://me:pw@host/v1'] },
      'an address in urls holds credentials, a query or a fragment; put the key in an environment variable',
    ],
    [{ keyVariable: 'NO_KEY', environment: {} }, 'the environment variable NO_KEY for its key is not set'],
    [{ model: '' }, 'model is empty; name one that the server lists'],
    [{ timeoutMs: 0 }, 'timeoutMs must be above 0, got 0'],
  ])('%j', (more, message) => {
    const make = () => new OpenAiEngine({ id: 'x', model: 'm', urls: ['http://host'], ...more });
    expect(make).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', message: `mllm engine "x": ${message}` }));
  });
});
