import { describe, expect, it } from 'vitest';
import type { SoundPiece, SoundSource } from '../../../src/domain/sound.js';
import type { RunModel, Tensor } from '../../../src/domain/tensor.js';
import { micros } from '../../../src/domain/units.js';
import { hearVoice } from '../../../src/speech/hear-voice.js';

/** A second of sound a piece, from `from` to `to` seconds. */
function seconds(from: number, to: number): SoundPiece[] {
  return Array.from({ length: to - from }, (_, index) => ({
    ptsUs: micros((from + index) * 1e6),
    samples: new Int16Array(16_000).fill(3277),
  }));
}

function soundOf(pieces: readonly SoundPiece[]): SoundSource & { readonly taken: () => number } {
  let taken = 0;
  return {
    choice: null,
    notes: [],
    taken: () => taken,
    async *pieces() {
      for (const piece of pieces) {
        taken += 1;
        yield piece;
      }
    },
  };
}

/** A model that hears a voice in every step, and counts steps in its state. */
function model(): { readonly runModel: RunModel; readonly runs: { steps: number; before: number }[] } {
  const runs: { steps: number; before: number }[] = [];
  const runModel: RunModel = async (_id, { samples, state }) => {
    const steps = samples!.shape[0]!;
    const before = state!.data[0]!;
    runs.push({ steps, before });
    const after = new Float32Array(256);
    after[0] = before + steps;
    const tensor = (data: Float32Array, shape: readonly number[]): Tensor => ({ dtype: 'float32', shape, data });
    return { voice: tensor(new Float32Array(steps).fill(0.75), [steps]), state_after: tensor(after, [2, 1, 128]) };
  };
  return { runModel, runs };
}

/** A model whose voice grows with each step, so that no two moments are alike. */
const loudnessModel: RunModel = async (_id, { samples }) => {
  const steps = samples!.shape[0]!;
  const voice = Float32Array.from({ length: steps }, (_, step) => step / steps);
  return {
    voice: { dtype: 'float32', shape: [steps], data: voice },
    state_after: { dtype: 'float32', shape: [2, 1, 128], data: new Float32Array(256) },
  };
};

describe('hearVoice', () => {
  it('carries the state from run to run, in runs that the sound alone decides', async () => {
    const { runModel, runs } = model();
    const voice = hearVoice({ sound: soundOf(seconds(0, 10)), runModel, modelId: 'silero-vad' });
    for (let us = 0; us < 10e6; us += 40_000) await voice.around(micros(us));
    expect(runs.map(({ before }) => before)).toEqual([0, 125, 250]);
    expect(runs.map(({ steps }) => steps)).toEqual([125, 125, 62]);
  });

  it('listens no further ahead than it is asked, but for one run of the model', async () => {
    const { runModel } = model();
    const sound = soundOf(seconds(0, 60));
    const voice = hearVoice({ sound, runModel, modelId: 'silero-vad' });
    await voice.around(micros(1e6));
    expect(sound.taken()).toBeLessThanOrEqual(5);
    await voice.end();
  });

  it('knows nothing before the sound begins, in its gaps, and after its end', async () => {
    const { runModel, runs } = model();
    const sound = soundOf([...seconds(1, 3), ...seconds(5, 7)]);
    const voice = hearVoice({ sound, runModel, modelId: 'silero-vad' });
    const at = async (second: number) => (await voice.around(micros(second * 1e6)))?.probability ?? null;
    expect(await at(0.5)).toBeNull();
    expect(await at(2)).toBeCloseTo(0.75, 6);
    expect(await at(4)).toBeNull();
    expect(await at(6)).toBeCloseTo(0.75, 6);
    expect(await at(8)).toBeNull();
    expect(runs.map(({ before }) => before)).toEqual([0, 0]);
  });

  it('answers moments that are asked for together as if one after another', async () => {
    const asked = [0, 0.1, 0.2, 0.3, 1.2].map((second) => micros(second * 1e6));
    const each = hearVoice({ sound: soundOf(seconds(0, 3)), runModel: loudnessModel, modelId: 'silero-vad' });
    const apart = [];
    for (const at of asked) apart.push(await each.around(at));
    const all = hearVoice({ sound: soundOf(seconds(0, 3)), runModel: loudnessModel, modelId: 'silero-vad' });
    expect(await Promise.all(asked.map((at) => all.around(at)))).toEqual(apart);
  });

  it('tells the loudness of the moment and of the lags after it', async () => {
    const loud = seconds(0, 2);
    loud[1]!.samples.fill(328);
    const { runModel } = model();
    const voice = hearVoice({ sound: soundOf(loud), runModel, modelId: 'silero-vad' });
    const { loudness } = (await voice.around(micros(0.9e6)))!;
    expect(loudness[0]).toBeCloseTo(-20, 1);
    expect(loudness[2]).toBeCloseTo(-40, 1);
  });
});
