import type { Emotion } from './affect.js';

/** Action units of an emotion's full expression, and those that may go with it; FACS numbers. */
export interface EmotionUnits {
  readonly core: readonly number[];
  readonly also: readonly number[];
}

/** Which action units go with an emotion, after EMFACS (Friesen & Ekman 1983) and Ekman, Friesen & Hager, FACS Investigator's Guide (2002). */
export const EMOTION_UNITS: Readonly<Record<Emotion, EmotionUnits>> = {
  neutral: { core: [], also: [] },
  happiness: { core: [6, 12], also: [7, 25, 26] },
  surprise: { core: [1, 2, 5, 26], also: [25, 27] },
  sadness: { core: [1, 4, 15], also: [6, 11, 17, 25, 26] },
  anger: { core: [4, 5, 7, 23], also: [10, 17, 22, 24, 25, 26] },
  disgust: { core: [9, 10], also: [4, 6, 7, 15, 16, 17, 25, 26] },
  fear: { core: [1, 2, 4, 5, 20], also: [7, 25, 26, 27] },
  contempt: { core: [14], also: [10, 12] },
};
