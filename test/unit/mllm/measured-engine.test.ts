import { describe, expect, it } from 'vitest';
import type { EngineRequest, Insight } from '../../../src/domain/insight.js';
import { MEASURED_CAPABILITIES, MeasuredEngine } from '../../../src/mllm/measured-engine.js';
import { MllmStage } from '../../../src/mllm/mllm-stage.js';
import { inferAll } from '../../support/engine-contract.js';
import { keyframe, readings, request } from '../../support/mllm-builders.js';

async function textOf(more: Partial<EngineRequest>): Promise<unknown> {
  const engine = new MeasuredEngine();
  const [outcome] = await inferAll(engine, [request({ readings: readings(), ...more })]);
  return outcome?.kind === 'ok' ? JSON.parse(outcome.answer.text) : outcome;
}

describe('the engine that has no model', () => {
  it('describes in the members that the question asks for', async () => {
    expect(await textOf({ task: 'describe' })).toMatchObject({
      emotion: 'happiness',
      second_emotion: 'none',
      degree: 'marked',
      action_units: [12, 6],
      summary: expect.stringContaining('happiness (86 %)'),
    });
    expect(await textOf({ task: 'action-units' })).toEqual({
      action_units: [12, 6],
      movement: expect.stringContaining('(AU12, marked, 3.2 of 5)'),
    });
    expect(await textOf({ task: 'asked', question: 'AU4?' })).toMatchObject({ action_units: [], emotion: 'none' });
  });

  it('refuses what no measurement answers, and what comes without measurements', async () => {
    expect(await textOf({ task: 'compound' })).toMatchObject({ kind: 'failed', reason: 'refused', retryable: false });
    const [outcome] = await inferAll(new MeasuredEngine(), [request({ task: 'describe' })]);
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'refused' });
  });

  it('is told to stop, and answers nothing any more', async () => {
    const engine = new MeasuredEngine();
    await engine.close();
    expect(await inferAll(engine, [request()])).toMatchObject([{ reason: 'cancelled' }]);
    expect(await inferAll(new MeasuredEngine(), [request()], AbortSignal.abort())).toMatchObject([
      { reason: 'cancelled' },
    ]);
  });
});

describe('words made from measurements, as insights', () => {
  it('are told everything: nothing in them is checked, agrees, or is weighed in', async () => {
    const told: { insight: Insight; evidence: unknown }[] = [];
    const stage = new MllmStage({
      engine: new MeasuredEngine(),
      capabilities: MEASURED_CAPABILITIES,
      tasks: ['describe'],
      mode: 'offline',
      onInsight: ({ insight, evidence }) => told.push({ insight, evidence }),
    });
    const units = { '6': { presence: 0.9, intensity: 2.4 }, '12': { presence: 0.95, intensity: 3.2 } };
    stage.offer(keyframe(1, { priors: { ...keyframe(1).priors, actionUnits: units } }));
    await stage.idle();
    await stage.close();
    expect(told).toMatchObject([
      {
        evidence: null,
        insight: {
          engine: 'measured',
          model: 'template@1',
          emotion: 'happiness',
          agreesWithMeasured: null,
          fused: null,
          parsed: 'json',
          claimedActionUnits: ['6', '12'],
          toldActionUnits: ['6', '12'],
          check: { told: ['6', '12'], agreed: [], contradicted: [], omitted: [] },
          description: expect.stringContaining('The lip corners are pulled up'),
          reasoning: 'AU6 and AU12 speak for happiness.',
          tokens: { prompt: null, completion: null },
        },
      },
    ]);
  });
});
