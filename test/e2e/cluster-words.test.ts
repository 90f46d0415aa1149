import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterEach, describe, expect, it } from 'vitest';
import { packMessage } from '../../src/cluster/envelope.js';
import { type BusEngine, type BusEngineOptions, createBusEngine } from '../../src/cluster/words/bus-engine.js';
import { decodeReply } from '../../src/cluster/words/reply.js';
import { wordsSubjects } from '../../src/cluster/words/subjects.js';
import { startWordsServer, type WordsServer, type WordsServerOptions } from '../../src/cluster/words/words-server.js';
import type {
  EngineCall,
  EngineCapabilities,
  EngineOutcome,
  EngineRequest,
  MllmEngine,
} from '../../src/domain/insight.js';
import { collectingLogger } from '../support/collecting-logger.js';
import { describeEngineContract } from '../support/engine-contract.js';
import { CAN_ALL, failure, request, said } from '../support/mllm-builders.js';
import { NatsServer } from '../support/nats-server.js';
import { recordingTelemetry } from '../support/recording-telemetry.js';
import { tempFolders } from '../support/temp-folder.js';

const folder = tempFolders();
const closings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});
const SITE = 'hall';
const NEVER = new AbortController().signal;

async function bus(): Promise<NatsServer> {
  const server = new NatsServer({ folder: folder() });
  closings.push(() => server.kill());
  await server.up();
  return server;
}
async function connected(to: NatsServer): Promise<NatsConnection> {
  const connection = await connect({ servers: to.address, reconnectTimeWait: 20, maxReconnectAttempts: -1 });
  closings.push(() => connection.close());
  return connection;
}

/** An engine whose answers are given by the test. */
class HandEngine implements MllmEngine {
  readonly id = 'scripted';
  readonly model = 'by-hand';
  readonly calls: EngineCall[] = [];
  readonly batches: number[] = [];
  probes = 0;
  readonly #answers: ((outcome: EngineOutcome) => void)[] = [];
  readonly #waiting: { readonly least: number; readonly tell: () => void }[] = [];

  constructor(
    private readonly can: Partial<EngineCapabilities> = {},
    /** Answers at once; null: when the test says so. */
    private readonly answering: ((request: EngineRequest) => EngineOutcome) | null = null,
  ) {}

  async probe(): Promise<EngineCapabilities> {
    this.probes += 1;
    return { ...CAN_ALL, ownBatches: true, ...this.can };
  }

  infer(calls: readonly EngineCall[]): readonly Promise<EngineOutcome>[] {
    this.batches.push(calls.length);
    return calls.map((call) => {
      this.calls.push(call);
      for (const { least, tell } of this.#waiting) if (this.calls.length >= least) tell();
      if (this.answering) return Promise.resolve(this.answering(call.request));
      return new Promise((resolve) => this.#answers.push(resolve));
    });
  }

  answer(index: number, text: string): void {
    this.#answers[index]!(said(text));
  }

  /** Resolves when it was asked so often. */
  asked(least: number): Promise<void> {
    if (this.calls.length >= least) return Promise.resolve();
    return new Promise((tell) => this.#waiting.push({ least, tell }));
  }

  async close(): Promise<void> {}
}

const echo = () => new HandEngine({}, ({ user }) => said(user.split(' ').at(-1)!));

/** A words node that takes questions when this resolves. */
async function node(
  to: NatsServer,
  engine: MllmEngine,
  more: Partial<WordsServerOptions> = {},
): Promise<WordsServer & { readonly lines: readonly string[] }> {
  const lines: string[] = [];
  const server = startWordsServer({
    connection: await connected(to),
    site: SITE,
    node: 'words-1',
    engine,
    timeoutMs: 20_000,
    telemetry: recordingTelemetry(),
    logger: collectingLogger(lines),
    ...more,
  });
  closings.push(() => server.close());
  await expect.poll(() => server.serving).toBe(true);
  return Object.assign(server, { lines });
}

async function asker(to: NatsServer, more: Partial<BusEngineOptions> = {}): Promise<BusEngine> {
  const engine = createBusEngine({
    connection: await connected(to),
    site: SITE,
    engine: { id: 'scripted', model: '' },
    timeoutMs: 20_000,
    ...more,
  });
  closings.push(() => engine.close());
  return engine;
}

const FACE = { source: 'door', track: 1 };
function ask(engine: MllmEngine, user: string, more: Partial<EngineCall> = {}): Promise<EngineOutcome> {
  const [coming] = engine.infer([{ request: request({ user }), signal: NEVER, face: FACE, ...more }]);
  return coming!;
}
/** The first question that an engine has, once its asker knows that it is begun. */
async function begun(from: MllmEngine, engine: HandEngine): Promise<{ readonly outcome: Promise<EngineOutcome> }> {
  const told: string[] = [];
  const outcome = ask(from, 'begun', { onText: (text) => told.push(text) });
  await engine.asked(1);
  engine.calls[0]!.onText!('It');
  await expect.poll(() => told).toEqual(['It']);
  return { outcome };
}
const answered = (text: string) => expect.objectContaining({ kind: 'ok', answer: expect.objectContaining({ text }) });
/** Questions that the broker still has. */
async function onBus(to: NatsServer): Promise<number> {
  const manager = await jetstreamManager(await connected(to));
  return (await manager.streams.info(wordsSubjects(SITE).stream)).state.messages;
}

describeEngineContract('the engine behind the bus', {
  open: async (kind) => {
    const broker = await bus();
    if (kind !== 'dead') await node(broker, kind === 'echo' ? echo() : new HandEngine());
    return asker(broker);
  },
});

describe('questions over the bus', () => {
  it('carry all that is asked, and bring all that is answered', async () => {
    const broker = await bus();
    const outcome: EngineOutcome = {
      kind: 'ok',
      answer: {
        text: 'ä',
        labelProbabilities: { happy: 0.25 },
        promptTokens: 7,
        completionTokens: null,
        truncated: true,
      },
    };
    const engine = new HandEngine({}, () => outcome);
    await node(broker, engine);
    const asked = request({
      task: 'asked',
      images: [Uint8Array.of(0xff, 0xd8, 0), Uint8Array.of(7)],
      evidence: {
        actionUnits: { '12': { presence: 0.1 + 0.2, intensity: 3 } },
        pose: null,
        sharpness: null,
        mesh: Float32Array.from([0.1, -3, 1e-9]),
      },
      form: { kind: 'json', schema: { type: 'object' } },
      question: 'Is it a smile?',
    });
    expect(await (await asker(broker)).infer([{ request: asked, signal: NEVER }])[0]).toEqual(outcome);
    expect(engine.calls[0]!.request).toEqual(asked);
  });

  it('are answered alone, and show the answer as it grows', async () => {
    const broker = await bus();
    const engine = new HandEngine();
    await node(broker, engine);
    const told: string[] = [];
    const from = await asker(broker);
    const slow = ask(from, 'slow');
    const quick = ask(from, 'quick', { face: { source: 'hall', track: 1 }, onText: (text) => told.push(text) });
    await engine.asked(2);
    const second = engine.calls.findIndex(({ request: { user } }) => user === 'quick');
    engine.calls[second]!.onText!('A sm');
    await expect.poll(() => told).toEqual(['A sm']);
    engine.answer(second, 'A smile.');
    expect(await quick).toEqual(answered('A smile.'));
    expect(engine.calls[1 - second]!.onText).toBeUndefined();
    engine.answer(1 - second, 'Later.');
    expect(await slow).toEqual(answered('Later.'));
    expect(await onBus(broker)).toBe(0);
  });

  it('give way to newer ones of the same face and task, and to nothing else', async () => {
    const broker = await bus();
    const engine = new HandEngine();
    await node(broker, engine, { limiter: { max: 1 } });
    const from = await asker(broker);
    const first = await begun(from, engine);
    const old = ask(from, 'old');
    const otherFace = ask(from, 'other face', { face: { source: 'door', track: 2 } });
    const otherTask = ask(from, '', { request: request({ user: 'other task', task: 'describe' }) });
    const person = ask(from, '', { request: request({ user: 'a person', task: 'asked' }) });
    const another = ask(from, '', { request: request({ user: 'another person', task: 'asked' }) });
    const newer = ask(from, 'newer');
    expect(await old).toMatchObject({ kind: 'failed', reason: 'superseded', retryable: false });
    const all = [first.outcome, otherFace, otherTask, person, another, newer];
    for (let n = 0; n < all.length; n++) {
      await engine.asked(n + 1);
      engine.answer(n, engine.calls[n]!.request.user);
    }
    const words = ['begun', 'other face', 'other task', 'a person', 'another person', 'newer'];
    expect(await Promise.all(all)).toEqual(words.map(answered));
  });

  it('that nobody begins in time are taken back', async () => {
    const broker = await bus();
    const engine = new HandEngine();
    await node(broker, engine, { limiter: { max: 1 } });
    const busy = ask(await asker(broker), 'begun');
    await engine.asked(1);
    const from = await asker(broker, { timeoutMs: 100 });
    expect(await ask(from, 'late', { face: { source: 'door', track: 2 } })).toMatchObject({
      kind: 'failed',
      reason: 'timeout',
      retryable: true,
    });
    await expect.poll(() => onBus(broker)).toBe(1);
    engine.answer(0, 'done');
    await busy;
    await expect.poll(() => onBus(broker)).toBe(0);
    expect(engine.calls).toHaveLength(1);
  });

  it('that are given up end at the engine too', async () => {
    const broker = await bus();
    const engine = new HandEngine();
    await node(broker, engine);
    const giving = new AbortController();
    const outcome = ask(await asker(broker), 'x', { signal: giving.signal });
    await engine.asked(1);
    giving.abort();
    expect(await outcome).toMatchObject({ reason: 'cancelled' });
    await expect.poll(() => engine.calls[0]!.signal.aborted).toBe(true);
    await expect.poll(() => onBus(broker)).toBe(0);
  });

  it('of several nodes make one batch where the engine makes none itself', async () => {
    const broker = await bus();
    const engine = new HandEngine({ ownBatches: false }, ({ user }) => said(user));
    await node(broker, engine, { limiter: { start: 4 }, batch: { maxItems: 4, maxWaitMs: 10_000 } });
    const askers = await Promise.all([asker(broker), asker(broker)]);
    const coming = askers.flatMap((from, index) =>
      [1, 2].map((track) => ask(from, `${index}.${track}`, { face: { source: `cam-${index}`, track } })),
    );
    expect(await Promise.all(coming)).toEqual(['0.1', '0.2', '1.1', '1.2'].map(answered));
    expect(engine.batches).toEqual([4]);
  });

  it('too large for the bus, or of another engine or release, are refused by name', async () => {
    const broker = await bus();
    await node(broker, echo());
    const large = { request: request({ images: [new Uint8Array(2_000_000)] }) };
    expect(await ask(await asker(broker), '', large)).toMatchObject({
      reason: 'refused',
      message: expect.stringMatching(/does not fit on the bus; raise max_payload/),
    });
    const other = await asker(broker, { engine: { id: 'other', model: '' } });
    const wrong = /the words node words-1 asks scripted, not other; give all nodes the same mllm\.engine/;
    expect(await ask(other, 'x')).toMatchObject({ reason: 'refused', message: expect.stringMatching(wrong) });
    const connection = await connected(broker);
    const subjects = wordsSubjects(SITE);
    const replies = connection.subscribe(subjects.reply('inbox', '*'), { max: 1 });
    const message = packMessage({ v: 99, id: 'q', inbox: 'inbox', something: 'new' });
    await jetstream(connection).publish(subjects.question('-.q'), message);
    for await (const { data } of replies)
      expect(decodeReply(data)).toMatchObject({
        outcome: { reason: 'refused', message: expect.stringMatching(/version 99 of questions, not 1/) },
      });
  });
});

describe('words nodes', () => {
  it('say together what all of them can do, and what the model is', async () => {
    const broker = await bus();
    await node(broker, new HandEngine({ numericPriors: true }));
    await node(broker, new HandEngine({ numericPriors: 'mesh', regex: false, ownBatches: false }));
    const from = await asker(broker);
    expect(from.model).toBe('');
    expect(await from.probe(NEVER)).toEqual({ ...CAN_ALL, numericPriors: 'mesh', regex: false, ownBatches: true });
    expect(from.model).toBe('by-hand');
  });

  it('that are not there, or ask another engine, are named', async () => {
    const broker = await bus();
    const none = await asker(broker);
    await expect(none.probe(NEVER)).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' });
    await node(broker, echo());
    const other = await asker(broker, { engine: { id: 'other', model: '' } });
    await expect(other.probe(NEVER)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message:
        'the words nodes ask the engine scripted, and other is configured here; give all nodes the same mllm.engine',
    });
  });

  it('that are killed lose no question', async () => {
    const broker = await bus();
    const script = fileURLToPath(new URL('../support/words-node.mjs', import.meta.url));
    const child = spawn(process.execPath, [script, broker.address, SITE, '300'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    closings.push(async () => child.kill('SIGKILL'));
    const line = () => once(child.stdout.setEncoding('utf8'), 'data').then(([text]) => String(text).trim());
    expect(await line()).toBe('serving');
    const heard = line();
    const outcome = ask(await asker(broker), 'still there');
    expect(await heard).toBe('asked');
    await node(broker, echo(), { silenceMs: 300 });
    child.kill('SIGKILL');
    expect(await outcome).toEqual(answered('there'));
  });

  it('that close give back what they have', async () => {
    const broker = await bus();
    const leaving = new HandEngine();
    const first = await node(broker, leaving, { silenceMs: 60_000 });
    const outcome = ask(await asker(broker), 'handed on');
    await leaving.asked(1);
    await node(broker, echo(), { silenceMs: 60_000 });
    await first.close();
    expect(await outcome).toEqual(answered('on'));
  });

  it('that close end a question whose place a newer one has', async () => {
    const broker = await bus();
    const leaving = new HandEngine();
    const first = await node(broker, leaving, { limiter: { max: 1 }, silenceMs: 60_000 });
    const from = await asker(broker);
    const { outcome } = await begun(from, leaving);
    const newer = ask(from, 'newer');
    await expect.poll(() => onBus(broker)).toBe(1);
    await first.close();
    expect(await outcome).toMatchObject({ reason: 'superseded' });
    await node(broker, echo());
    expect(await newer).toEqual(answered('newer'));
  });

  it('keep a question for as long as they say so', async () => {
    const broker = await bus();
    const slow = new HandEngine();
    await node(broker, slow, { silenceMs: 1500 });
    const outcome = ask(await asker(broker), 'slow');
    await slow.asked(1);
    const other = echo();
    await node(broker, other, { silenceMs: 1500 });
    const said = (await connected(broker)).subscribe('$JS.ACK.>');
    let words = 0;
    for await (const message of said) {
      expect(message.string()).toBe('+WPI');
      words += 1;
      if (words === 6) break; // twice as long as a silent node may keep it
    }
    expect(other.calls).toEqual([]);
    slow.answer(0, 'at last');
    expect(await outcome).toEqual(answered('at last'));
  });

  it('whose engine is away leave questions to others, and come back', async () => {
    const broker = await bus();
    let away = true;
    const flaky = new HandEngine({}, ({ user }) => (away ? failure('unreachable') : said(user)));
    const first = await node(broker, flaky);
    const from = await asker(broker);
    const outcome = ask(from, 'anybody');
    await expect.poll(() => first.lines.join('\n')).toContain('scripted is not there; trying again');
    const other = await node(broker, echo());
    expect(await outcome).toEqual(answered('anybody'));
    await other.close();
    away = false;
    expect(await ask(from, 'again')).toEqual(answered('again'));
  });
});

describe('a broker that goes away', () => {
  it('ends what is open at once, refuses what is new, and comes back', async () => {
    const broker = await bus();
    const engine = new HandEngine();
    const words = await node(broker, engine);
    const from = await asker(broker);
    const open = ask(from, 'open');
    await engine.asked(1);
    await broker.kill();
    const away = { kind: 'failed', reason: 'unreachable', message: 'scripted: the bus is away', retryable: true };
    expect(await open).toEqual(away);
    expect(await ask(from, 'new')).toEqual(away);
    await expect(from.probe(NEVER)).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE', message: 'the bus is away' });
    await expect.poll(() => engine.calls[0]!.signal.aborted).toBe(true);
    await expect.poll(() => words.serving).toBe(false);
    await broker.up();
    const answers = () =>
      from.probe(NEVER).then(
        () => true,
        () => false,
      );
    await expect.poll(answers, { timeout: 10_000 }).toBe(true);
    const again = ask(from, 'again');
    await engine.asked(2);
    engine.answer(1, 'back');
    expect(await again).toEqual(answered('back'));
  });

  it('keeps nobody from closing', async () => {
    const broker = await bus();
    const engine = new HandEngine();
    const words = await node(broker, engine);
    const from = await asker(broker);
    const open = ask(from, 'open');
    await engine.asked(1);
    broker.hold();
    const closed = Promise.all([from.close(), words.close()]);
    expect(await open).toMatchObject({ reason: 'cancelled' });
    await closed;
    broker.release();
  });
});
