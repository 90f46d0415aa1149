import { afterEach, describe, expect, it } from 'vitest';
import type { EngineRequest } from '../../../../src/domain/insight.js';
import type { LandmarkMaker } from '../../../../src/domain/landmark-maker.js';
import { faceNumbers, unmakable } from '../../../../src/mllm/openai/face-numbers.js';
import { OpenAiEngine } from '../../../../src/mllm/openai-engine.js';
import { inferAll } from '../../../support/engine-contract.js';
import { fastClock } from '../../../support/fast-clock.js';
import { request } from '../../../support/mllm-builders.js';
import {
  type ChatBody,
  refuses,
  type Script,
  ScriptedChatServer,
  says,
} from '../../../support/scripted-chat-server.js';

const NEVER = new AbortController().signal;
/** Repeats the first value of the mesh, and the aspect. */
const maker: LandmarkMaker = {
  sizes: [4],
  of: (size, mesh, aspect) => Array.from({ length: size }, (_, at) => (at === 0 ? aspect : mesh[0]!)),
};
const mesh = new Float32Array(1404).fill(0.25);
const evidence = { mesh, actionUnits: { '12': { presence: 0.9, intensity: 2 } }, pose: null, sharpness: 0.5 };
const picture = Uint8Array.of(0xff, 0xd8);
const taken = { landmarks: 4, priors: false };

const servers: ScriptedChatServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

/** A server whose model wants four numbers a picture and refuses requests without them, as one with a prior token does. */
async function serve(mien: unknown = { landmarks: 4 }): Promise<ScriptedChatServer> {
  const strict: Script = (exchange) => {
    const { landmarks } = (exchange.body as { mien?: { landmarks?: unknown[][] } }).mien ?? {};
    const right = landmarks?.every((numbers) => numbers.length === 4) ?? false;
    (right ? says('Hm.') : refuses(400, 'mien.landmarks must be 4 numbers for each picture'))(exchange);
  };
  const server = await new ScriptedChatServer(strict).start();
  server.models = { data: [{ id: 'tiny', mien }] };
  servers.push(server);
  return server;
}

const engineOf = (list: readonly ScriptedChatServer[], landmarks: LandmarkMaker = maker) =>
  new OpenAiEngine({
    id: 'served',
    model: 'tiny',
    urls: list.map(({ url }) => url),
    clock: fastClock(50),
    random: () => 0,
    landmarks,
  });
const ask = async (engine: OpenAiEngine, more: Partial<EngineRequest>) => (await inferAll(engine, [request(more)]))[0]!;
const mienOf = (body: ChatBody): unknown => body.mien;

describe('the numbers of a request', () => {
  it('are none for a model that takes none', () => {
    expect(faceNumbers({ images: [picture], evidence }, null, maker)).toBeNull();
  });

  it('are one list a picture: of the face that is asked about in the last, zeros in the others', () => {
    const { landmarks } = faceNumbers({ images: [picture, picture], evidence }, taken, maker)!;
    expect(landmarks).toEqual([
      [0, 0, 0, 0],
      [1, 0.25, 0.25, 0.25],
    ]);
    const wide = { ...evidence, aspect: 0.75 };
    expect(faceNumbers({ images: [picture], evidence: wide }, taken, maker)!.landmarks[0]![0]).toBe(0.75);
  });

  it('are zeros where no face is known', () => {
    const nobody = { ...evidence, mesh: null };
    for (const none of [null, nobody])
      expect(faceNumbers({ images: [picture], evidence: none }, taken, maker)).toEqual({ landmarks: [[0, 0, 0, 0]] });
  });

  it('hold what was measured only where the model takes that', () => {
    expect(faceNumbers({ images: [picture], evidence }, taken, maker)).not.toHaveProperty('priors');
    const { priors } = faceNumbers({ images: [picture], evidence }, { ...taken, priors: true }, maker)!;
    expect(priors).toEqual({ actionUnits: evidence.actionUnits, pose: null, sharpness: 0.5 });
  });
});

describe('a server that takes numbers', () => {
  it('is found by the probe, whose own questions have zeros, and is sent them with each question', async () => {
    const server = await serve();
    const engine = engineOf([server]);
    expect(await engine.probe(NEVER)).toMatchObject({ numericPriors: 'mesh' });
    expect(server.bodies.map(mienOf)).toContainEqual({ landmarks: [[0, 0, 0, 0]] });
    expect(await ask(engine, { evidence })).toMatchObject({ kind: 'ok' });
    expect(mienOf(server.bodies.at(-1)!)).toEqual({ landmarks: [[1, 0.25, 0.25, 0.25]] });
  });

  it('says whether it takes measurements, too', async () => {
    const server = await serve({ landmarks: 4, priors: true });
    const engine = engineOf([server]);
    expect(await engine.probe(NEVER)).toMatchObject({ numericPriors: true });
    await ask(engine, { evidence });
    expect(mienOf(server.bodies.at(-1)!)).toMatchObject({ priors: { sharpness: 0.5 } });
  });

  it.each([[null], [{}], [{ landmarks: 0 }], ['x']])('%j in its list: nothing is sent', async (mien) => {
    const server = await serve(mien);
    server.script = says('Hm.');
    const engine = engineOf([server]);
    expect(await engine.probe(NEVER)).toMatchObject({ numericPriors: false });
    await ask(engine, { evidence });
    for (const body of server.bodies) expect(body).not.toHaveProperty('mien');
  });

  it.each([
    [{ landmarks: 136 }, maker, 'says mien.landmarks: 136 numbers, and mien makes 4;'],
    [{ landmarks: 'all' }, maker, 'says mien.landmarks: no number, and mien makes 4;'],
    [{ landmarks: 4 }, { ...maker, sizes: [] }, 'says mien.landmarks: 4 numbers, and mien makes none;'],
  ])('that wants %j of what cannot be made is one line', async (mien, able, words) => {
    const server = await serve(mien);
    const probing = engineOf([server], able).probe(NEVER);
    await expect(probing).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(words) });
    await expect(probing).rejects.toThrow(/mllm engine "served": model "tiny": .*mien dataset landmarks$/);
  });

  it('of several replicas all must take numbers; each is sent what it takes', async () => {
    const [with4, without] = [await serve(), await serve(null)];
    without.script = says('Hm.');
    const engine = engineOf([with4, without]);
    expect(await engine.probe(NEVER)).toMatchObject({ numericPriors: false });
    expect(await inferAll(engine, [request(), request()])).toMatchObject([{ kind: 'ok' }, { kind: 'ok' }]);
    expect(mienOf(with4.bodies.at(-1)!)).toEqual({ landmarks: [[0, 0, 0, 0]] });
    expect(without.bodies.at(-1)).not.toHaveProperty('mien');
  });

  it('a replica that was away at the start is asked for its list when it is there', async () => {
    const [alive, away] = [await serve(), await serve()];
    await away.stop();
    const engine = engineOf([alive, away]);
    expect(await engine.probe(NEVER)).toMatchObject({ numericPriors: 'mesh' });
    await away.start();
    await alive.stop();
    await expect.poll(() => ask(engine, { evidence })).toMatchObject({ kind: 'ok' });
    expect(mienOf(away.bodies.at(-1)!)).toEqual({ landmarks: [[1, 0.25, 0.25, 0.25]] });
  });
});

it('unmakable() says nothing of a model that takes none', () => {
  expect(unmakable(null, maker)).toBeNull();
  expect(unmakable(taken, maker)).toBeNull();
});
