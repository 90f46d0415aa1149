import { EMOTIONS, type Emotion } from '../../src/domain/affect.js';
import type { StillReading } from '../../src/eval/still-reader.js';

/** A picture without a face. */
export const UNSEEN: StillReading = {
  validity: 'no-face',
  emotions: null,
  actionUnits: null,
  covered: [],
  pose: null,
  sharpness: null,
};

/** A face that was read: probability of presence by unit, intensity five times that, and one sure emotion. */
export const seen = (presence: Readonly<Record<string, number>>, emotion: Emotion = 'neutral'): StillReading => ({
  ...UNSEEN,
  validity: 'ok',
  emotions: EMOTIONS.map((name) => (name === emotion ? 1 : 0)),
  actionUnits: Object.fromEntries(
    Object.entries(presence).map(([unit, value]) => [unit, { presence: value, intensity: 5 * value }]),
  ),
});
