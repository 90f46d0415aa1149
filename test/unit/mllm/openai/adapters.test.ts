import { afterEach, describe, expect, it } from 'vitest';
import type { Insight } from '../../../../src/domain/insight.js';
import { MllmStage } from '../../../../src/mllm/mllm-stage.js';
import { OpenAiEngine } from '../../../../src/mllm/openai-engine.js';
import { fastClock } from '../../../support/fast-clock.js';
import { CAN_ALL, keyframe } from '../../../support/mllm-builders.js';
import { keepsSilent, refuses, type Script, ScriptedChatServer, says } from '../../../support/scripted-chat-server.js';

const NEVER = new AbortController().signal;
const servers: ScriptedChatServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

/** A server with a base model and two adapters, as vLLM lists them. */
async function serve(script: Script): Promise<ScriptedChatServer> {
  const server = await new ScriptedChatServer(script).start();
  const adapters = ['for-emotion', 'for-units'].map((id) => ({ id, parent: 'base' }));
  server.models = { data: [{ id: 'base' }, ...adapters] };
  servers.push(server);
  return server;
}

const ADAPTERS = { emotion: 'for-emotion', 'action-units': 'for-units' } as const;
const engineOf = ({ url }: ScriptedChatServer, adapters: Readonly<Record<string, string>> = ADAPTERS) =>
  new OpenAiEngine({ id: 'served', model: 'base', adapters, urls: [url], clock: fastClock(50) });
const modelsOf = ({ bodies }: ScriptedChatServer): string[] => bodies.map(({ model }) => model);

describe('the probe of adapters', () => {
  it('asks each once', async () => {
    const server = await serve(says('Hm.'));
    await engineOf(server).probe(NEVER);
    expect(new Set(modelsOf(server))).toEqual(new Set(['base', 'for-emotion', 'for-units']));
    expect(modelsOf(server).filter((model) => model !== 'base')).toHaveLength(2);
  });

  it('one that is not listed is one line', async () => {
    const server = await serve(says('Hm.'));
    await expect(engineOf(server, { emotion: 'for-emotions', compound: 'x' }).probe(NEVER)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message:
        'mllm engine "served": no model "for-emotions" for emotion, "x" for compound is served; there are: base, for-emotion, for-units',
    });
    expect(server.bodies).toEqual([]);
  });

  it('one that a server without a list refuses is one line', async () => {
    const server = await serve((exchange) =>
      (exchange.body.model === 'for-units' ? refuses(404, 'no such model') : says('Hm.'))(exchange),
    );
    server.models = null;
    await expect(engineOf(server).probe(NEVER)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(
        /^mllm engine "served" does not .*\(asked of "for-units", which mllm.engine.adapters names\)$/,
      ),
    });
  });

  it('numbers are taken where one of the models takes them, each as it says', async () => {
    const server = await serve(says('Hm.'));
    server.models = { data: [{ id: 'base' }, { id: 'for-emotion', mien: { landmarks: 2 } }, { id: 'for-units' }] };
    const landmarks = { sizes: [2], of: () => [0.5, 0.5] };
    const engine = new OpenAiEngine({ id: 'a', model: 'base', adapters: ADAPTERS, urls: [server.url], landmarks });
    expect(await engine.probe(NEVER)).toMatchObject({ numericPriors: 'mesh' });
    for (const { model, mien } of server.bodies) expect(mien !== undefined).toBe(model === 'for-emotion');
  });
});

describe('questions to adapters', () => {
  async function asked(script: Script, tasks: ('emotion' | 'action-units' | 'describe')[], keyframes: number) {
    const server = await serve(script);
    const insights: Insight[] = [];
    const stage = new MllmStage({
      engine: engineOf(server),
      capabilities: { ...CAN_ALL, ownBatches: true },
      tasks,
      mode: 'live',
      onInsight: ({ insight }) => insights.push(insight),
    });
    for (let second = 0; second < keyframes; second++) stage.offer(keyframe(second));
    return { server, stage, insights };
  }

  it('go to the model of their task, and insights say which it was', async () => {
    const { server, stage, insights } = await asked(
      says('AU12: happiness.'),
      ['emotion', 'action-units', 'describe'],
      1,
    );
    await stage.idle();
    expect(modelsOf(server).sort()).toEqual(['base', 'for-emotion', 'for-units']);
    expect(insights.map(({ task, model }) => [task, model]).sort()).toEqual([
      ['action-units', 'for-units'],
      ['describe', 'base'],
      ['emotion', 'for-emotion'],
    ]);
    await stage.close();
  });

  it('one that never answers holds up none to another', async () => {
    const { stage, insights, server } = await asked(
      (exchange) => (exchange.body.model === 'for-emotion' ? keepsSilent : says('AU12: a smile.'))(exchange),
      ['emotion', 'action-units'],
      12,
    );
    await expect.poll(() => insights.length).toBe(12);
    expect(insights.every(({ task }) => task === 'action-units')).toBe(true);
    // The silent one has as many under way as a line begins with, the rest of its questions wait.
    expect(modelsOf(server).filter((model) => model === 'for-emotion')).toHaveLength(4);
    expect(stage.stats).toMatchObject({ inFlight: 4, waiting: 8 });
    await stage.close();
  });
});
