import { describe, expect, it } from 'vitest';
import type { SoundPiece } from '../../../src/domain/sound.js';
import { micros } from '../../../src/domain/units.js';
import { SEEN_SAMPLES, STEP_SAMPLES, StepCutter } from '../../../src/speech/voice-steps.js';

/** Samples that count up from `first`, at the time they would have at 16 kHz after `zeroUs`. */
function counting(first: number, length: number, zeroUs = 0): SoundPiece {
  const samples = Int16Array.from({ length }, (_, index) => first + index);
  return { ptsUs: micros(Math.round(zeroUs + first * 62.5)), samples };
}
const stepsOf = (pieces: readonly SoundPiece[]) => {
  const cutter = new StepCutter();
  return pieces.flatMap((piece) => cutter.push(piece));
};
const numbers = (samples: Float32Array) => Array.from(samples, (value) => Math.round(value * 32_768));

describe('StepCutter', () => {
  it('gives each step the last 64 samples of the one before, whatever pieces the sound comes in', () => {
    const whole = stepsOf([counting(0, 3 * STEP_SAMPLES)]);
    expect(whole).toHaveLength(3);
    expect(numbers(whole[0]!.samples).slice(0, 66)).toEqual([...Array(64).fill(0), 0, 1]);
    expect(numbers(whole[1]!.samples)).toEqual(Array.from({ length: SEEN_SAMPLES }, (_, i) => 448 + i));
    const parts = stepsOf([counting(0, 100), counting(100, 700), counting(800, 736)]);
    expect(parts).toEqual(whole);
  });

  it('dates a step by the middle of its new samples', () => {
    const [first, second] = stepsOf([counting(0, 1024, 250_000)]);
    expect(first!.ptsUs).toBe(250_000 + 16_000);
    expect(second!.ptsUs).toBe(250_000 + 48_000);
  });

  it('begins anew after a gap, and fills nothing in', () => {
    const steps = stepsOf([counting(0, 700), counting(700 + 16_000, 600)]);
    expect(steps.map(({ fresh }) => fresh)).toEqual([true, true]);
    expect(steps[1]!.ptsUs).toBe((700 + 16_000 + 256) * 62.5);
    expect(numbers(steps[1]!.samples).slice(0, 64)).toEqual(Array(64).fill(0));
  });

  it('leaves out what falls back behind the sound so far', () => {
    const again = counting(0, 1600);
    const steps = stepsOf([counting(0, 1600), again, counting(1600, 448)]);
    expect(steps).toHaveLength(4);
    expect(numbers(steps[3]!.samples).slice(64, 66)).toEqual([1536, 1537]);
  });

  it('tells how loud it is: full scale is 0 dB, silence -80', () => {
    const square = { ptsUs: micros(0), samples: new Int16Array(STEP_SAMPLES).fill(-32_768) };
    expect(stepsOf([square])[0]!.loudness).toBeCloseTo(0, 6);
    expect(stepsOf([{ ...square, samples: new Int16Array(STEP_SAMPLES) }])[0]!.loudness).toBe(-80);
  });
});
