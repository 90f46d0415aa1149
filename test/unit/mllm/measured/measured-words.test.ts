import { describe, expect, it } from 'vitest';
import { EMOTIONS } from '../../../../src/domain/affect.js';
import type { FaceReadings, UnitReading } from '../../../../src/domain/face-readings.js';
import { radians } from '../../../../src/domain/units.js';
import { SPOKEN_FROM } from '../../../../src/mllm/measured/judge-emotion.js';
import { measuredWords } from '../../../../src/mllm/measured/measured-words.js';
import { ABSENT_TO } from '../../../../src/mllm/unit-presence.js';
import { readings } from '../../../support/mllm-builders.js';
import { mostly } from '../../../support/record-builders.js';

const on = (intensity: number, presence = 0.9): UnitReading => ({ presence, intensity, active: true });
const off = (presence = 0.05): UnitReading => ({ presence, intensity: 0.2, active: false });
const COVERED: UnitReading = { presence: null, intensity: null, active: null };

/** Shares by name; what is left goes to the others evenly. */
function shares(named: Partial<Record<(typeof EMOTIONS)[number], number>>): number[] {
  const rest = (1 - Object.values(named).reduce((sum, share) => sum + share, 0)) / (8 - Object.keys(named).length);
  return EMOTIONS.map((emotion) => named[emotion] ?? rest);
}

describe('words made from readings', () => {
  it.each<[name: string, more: Partial<FaceReadings>, says: ReturnType<typeof measuredWords>]>([
    [
      'a smile',
      {},
      {
        emotion: 'happiness',
        secondEmotion: null,
        degree: 'marked',
        cannotTell: false,
        actionUnits: [12, 6],
        summary: 'The expression is most likely one of happiness (86 %).',
        movement:
          'The lip corners are pulled up (AU12, marked, 3.2 of 5) and the cheeks are raised (AU6, slight, 2.4).',
        reasoning: 'AU6 and AU12 speak for happiness.',
      },
    ],
    [
      'a face at rest, one unit too close to call',
      { emotions: mostly('neutral', 0.93), units: { '12': off(), '4': off(0.4) } },
      {
        emotion: 'neutral',
        secondEmotion: null,
        degree: null,
        cannotTell: false,
        actionUnits: [],
        summary: 'The expression is clearly neutral (93 %).',
        movement: 'None of the movements that are measured here is active. Too close to call: AU4 brow lowerer.',
        reasoning: 'Nothing that is measured moves the face out of rest.',
      },
    ],
    [
      'a one-sided smile mixed with surprise',
      {
        emotions: shares({ happiness: 0.55, surprise: 0.35 }),
        units: { '12': on(3.6), '12L': on(3.6), '12R': off(), '6': off(), '1': on(2), '25': on(2.2) },
      },
      {
        emotion: 'happiness',
        secondEmotion: 'surprise',
        degree: 'strong',
        cannotTell: false,
        actionUnits: [12, 25, 1],
        summary: 'The expression is perhaps one of happiness (55 %), with some surprise (35 %).',
        movement:
          'The lip corners are pulled up (AU12, strong, 3.6 of 5, only on the person’s left), the lips are parted (AU25, slight, 2.2) and the inner brows are raised (AU1, slight, 2.0).',
        reasoning:
          'AU12 speaks for happiness. AU1 speaks against it. AU6 cheek raiser, which is usual in it, is not active. AU1 speaks for surprise.',
      },
    ],
    [
      'doubt between three',
      { emotions: shares({ happiness: 0.35, neutral: 0.3, surprise: 0.3 }) },
      {
        emotion: null,
        secondEmotion: null,
        degree: null,
        cannotTell: true,
        actionUnits: [12, 6],
        summary: 'No single expression is clear: it lies between happiness (35 %), neutral (30 %) and surprise (30 %).',
        movement:
          'The lip corners are pulled up (AU12, marked, 3.2 of 5) and the cheeks are raised (AU6, slight, 2.4).',
        reasoning: 'AU6 and AU12 speak for happiness. No active movement is typical of surprise.',
      },
    ],
    [
      'a mask: no emotion, and what is behind it is not told',
      {
        validity: 'occluded',
        emotions: null,
        units: { '4': on(1.2), '12': COVERED },
        coveredParts: ['mouth', 'chin'],
      },
      {
        emotion: null,
        secondEmotion: null,
        degree: null,
        cannotTell: true,
        actionUnits: [4],
        summary: 'The expression cannot be told: too much of the face is covered. The mouth and the chin are covered.',
        movement:
          'The brows are lowered (AU4, trace, 1.2 of 5). Not read, as something covers what it needs: AU12 lip corner puller.',
        reasoning: '',
      },
    ],
    [
      'a head turned too far',
      { validity: 'profile', emotions: null, units: null },
      {
        emotion: null,
        secondEmotion: null,
        degree: null,
        cannotTell: true,
        actionUnits: [],
        summary: 'The expression cannot be told: the head is turned too far.',
        movement: 'No movement is read here.',
        reasoning: '',
      },
    ],
  ])('%s', (_, more, says) => {
    expect(measuredWords(readings(more))).toEqual(says);
  });

  it('says which of the units that would tell more are covered, and which nothing measures', () => {
    const { reasoning } = measuredWords(
      readings({ emotions: mostly('anger', 0.6), units: { '4': on(3), '5': off(), '7': COVERED, '12': on(1.4) } }),
    );
    expect(reasoning).toBe(
      'AU4 speaks for anger. AU12 speaks against it. AU5 upper lid raiser, which is usual in it, is not active. ' +
        'AU7 lid tightener would tell more, but is covered. AU23 lip tightener would tell more, but is not measured here.',
    );
  });

  it('says that a turned head and a soft picture make readings less certain', () => {
    const pose = {
      ...readings().pose,
      yaw: radians(0.5),
      pitch: radians(-0.3),
      roll: radians(0),
    } as FaceReadings['pose'];
    expect(measuredWords(readings({ pose, sharpness: 0.1 })).reasoning).toContain(
      'The head is turned 29 degrees to the left of the picture and tilted 17 degrees down and the picture is soft: that makes all readings less certain.',
    );
  });

  it('tells what has changed since the episode began', () => {
    const onset = { secondsBefore: 0.84, units: { '12': on(0.6), '6': off(), '4': on(2) } };
    expect(measuredWords(readings({ onset })).movement).toContain(
      'Since its episode began, 0.8 s before, AU4 has fallen from 2.0 to 0.1, AU6 has risen from 0.2 to 2.4 and AU12 has risen from 0.6 to 3.2.',
    );
  });

  it('names no emotion where none is inferred', () => {
    const words = measuredWords(readings({ infersEmotions: false, emotions: null }));
    const text = `${words.summary} ${words.movement} ${words.reasoning}`;
    expect(words).toMatchObject({ emotion: null, cannotTell: false, actionUnits: [12, 6] });
    expect(EMOTIONS.filter((emotion) => text.includes(emotion))).toEqual([]);
  });
});

/** The same numbers in every run, 0..1. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

const KEYS = ['1', '2', '4', '5', '6', '7', '9', '12', '12L', '12R', '14L', '14R', '15', '17', '25', '45'];

function anyReadings(next: () => number): FaceReadings {
  const weights = EMOTIONS.map(() => next() ** 6);
  const total = weights.reduce((a, b) => a + b, 0);
  const unit = (): UnitReading =>
    next() < 0.15 ? COVERED : { presence: next(), intensity: next() < 0.1 ? null : 5 * next(), active: next() < 0.5 };
  const units = Object.fromEntries(KEYS.filter(() => next() < 0.8).map((key) => [key, unit()]));
  return readings({
    emotions: next() < 0.1 ? null : weights.map((weight) => weight / total),
    units: next() < 0.05 ? null : units,
    validity: next() < 0.8 ? 'ok' : 'occluded',
    coveredParts: next() < 0.3 ? ['mouth', 'leftEye'] : [],
    sharpness: next(),
  });
}

describe('whatever the readings are, words', () => {
  const next = chance(7);
  const all = Array.from({ length: 300 }, () => anyReadings(next)).map((given) => ({
    given,
    words: measuredWords(given),
  }));

  it('call active only what is measured, seen and active', () => {
    for (const { given, words } of all) {
      const { actionUnits, movement } = words;
      for (const number of actionUnits) {
        const keys = Object.keys(given.units!).filter((key) => key.replace(/[LR]$/, '') === `${number}`);
        const holds = keys.some(
          (key) => given.units![key]!.active === true && given.units![key]!.presence! > ABSENT_TO,
        );
        expect(holds, `AU${number} of ${JSON.stringify(given.units)}`).toBe(true);
      }
      // In brackets stands what is active, and nothing else does.
      const said = [...movement.matchAll(/\(AU(\d+)/g)].map(([, digits]) => Number(digits));
      expect(said).toEqual(actionUnits);
    }
  });

  it('speak of no emotion below the floor', () => {
    for (const { given, words } of all) {
      const { summary, movement, reasoning, emotion, secondEmotion } = words;
      const text = `${summary} ${movement} ${reasoning}`;
      for (const [index, name] of EMOTIONS.entries()) {
        if (!text.includes(name) && name !== emotion && name !== secondEmotion) continue;
        expect(given.emotions?.[index], text).toBeGreaterThanOrEqual(SPOKEN_FROM);
      }
    }
  });

  it('are whole sentences, and no longer than the form of the question allows twice over', () => {
    for (const { words } of all) {
      const { summary, movement, reasoning } = words;
      for (const text of [summary, movement, reasoning]) expect(text).toMatch(/^$|^[A-Z][\s\S]*[.]$/);
      expect(`${summary} ${movement}`.length).toBeLessThan(1500);
      expect(`${movement}${reasoning}`).not.toMatch(/undefined|NaN|null| {2}/);
    }
  });

  it('are the same for the same readings', () => {
    for (const { given, words } of all.slice(0, 50)) expect(measuredWords(structuredClone(given))).toEqual(words);
  });
});
