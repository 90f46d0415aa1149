import { EMOTIONS, type Emotion } from '../../domain/affect.js';
import type { FaceReadings } from '../../domain/face-readings.js';

/** An emotion and its smoothed probability. */
export interface EmotionShare {
  readonly emotion: Emotion;
  readonly share: number;
}

/** What may be said of the emotion of a face. */
export type Judged =
  /** Movements only: no emotion is inferred. */
  | { readonly kind: 'not-inferred' }
  | { readonly kind: 'unreadable' }
  /** No single one is clear: the nearest, at least one, most probable first. */
  | { readonly kind: 'undecided'; readonly nearest: readonly EmotionShare[] }
  | ({ readonly kind: 'named'; readonly second: EmotionShare | null } & EmotionShare);

/** Probability below which no emotion is named as that of the face. */
export const NAMED_FROM = 0.4;
/** Probability below which an emotion is not spoken of. */
export const SPOKEN_FROM = 0.2;
/** Lead over the next below which it is undecided between them; that of the check (src/mllm/check.ts). */
const LEAD = 0.1;

/** What may be said of the measured emotions. */
export function judgeEmotion({ infersEmotions, emotions }: Pick<FaceReadings, 'infersEmotions' | 'emotions'>): Judged {
  if (!infersEmotions) return { kind: 'not-inferred' };
  if (emotions?.length !== EMOTIONS.length || emotions.some((share) => !Number.isFinite(share)))
    return { kind: 'unreadable' };
  const ranked = EMOTIONS.map((emotion, index): EmotionShare => ({ emotion, share: emotions[index]! })).sort(
    (a, b) => b.share - a.share,
  );
  const spoken = ranked.filter(({ share }) => share >= SPOKEN_FROM);
  const [first, second = null] = spoken;
  if (first === undefined || first.share < NAMED_FROM || (second !== null && first.share - second.share < LEAD))
    return { kind: 'undecided', nearest: spoken };
  return { kind: 'named', ...first, second };
}
