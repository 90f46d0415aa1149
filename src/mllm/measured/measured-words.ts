import type { Emotion } from '../../domain/affect.js';
import { EMOTION_UNITS } from '../../domain/emotion-units.js';
import type { FaceReadings } from '../../domain/face-readings.js';
import type { Degree } from '../../domain/insight.js';
import { degreeOf } from '../degree.js';
import { judgeEmotion } from './judge-emotion.js';
import { movementWords } from './movement-words.js';
import { reasoningWords } from './reasoning-words.js';
import { caveatWords, summaryWords } from './summary-words.js';
import { activeStates } from './unit-state.js';

/** Version of the wording; raise it with every change. */
export const WORDING = 'template@1';

/** Three aligned texts about one face, made of its readings alone, and what they name. */
export interface MeasuredWords {
  /** Null: none is named. */
  readonly emotion: Emotion | null;
  readonly secondEmotion: Emotion | null;
  /** Of the strongest movement that speaks for the emotion. */
  readonly degree: Degree | null;
  /** Emotions are inferred here, and this face's cannot be told. */
  readonly cannotTell: boolean;
  /** FACS numbers of the active units, strongest first. */
  readonly actionUnits: readonly number[];
  readonly summary: string;
  readonly movement: string;
  /** Empty where there is nothing to give reasons for. */
  readonly reasoning: string;
}

/** What a face shows, in words that vary only where the readings do, and say nothing beyond them. */
export function measuredWords(readings: FaceReadings): MeasuredWords {
  const judged = judgeEmotion(readings);
  const active = activeStates(readings.units);
  const named = judged.kind === 'named' ? judged : null;
  const signs = active.filter(({ number }) => named !== null && EMOTION_UNITS[named.emotion].core.includes(number));
  const strongest = signs[0]?.intensity ?? null;
  return {
    emotion: named?.emotion ?? null,
    secondEmotion: named?.second?.emotion ?? null,
    degree: strongest === null ? null : degreeOf(strongest),
    cannotTell: judged.kind === 'unreadable' || judged.kind === 'undecided',
    actionUnits: active.map(({ number }) => number),
    summary: summaryWords(judged, readings),
    movement: movementWords(readings),
    reasoning: judged.kind === 'not-inferred' ? caveatWords(readings) : reasoningWords(judged, readings),
  };
}
