import type { Validity } from '../../domain/face.js';
import type { FaceReadings } from '../../domain/face-readings.js';
import { poseText, softText } from '../picture-words.js';
import type { EmotionShare, Judged } from './judge-emotion.js';
import { capital, listed, sentences } from './lists.js';
import { coveredPartsWords } from './movement-words.js';

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** "happiness (82 %)". */
export const shareWords = ({ emotion, share }: EmotionShare): string => `${emotion} (${percent(share)})`;

/** How sure, in words. */
export const sureness = (share: number): string =>
  share >= 0.9 ? 'clearly' : share >= 0.7 ? 'most likely' : share >= 0.5 ? 'perhaps' : 'weakly';

const UNREADABLE: Readonly<Record<Validity, string>> = {
  ok: 'nothing reads it here',
  'no-face': 'no face is found',
  'too-small': 'the face is too small',
  blurred: 'the picture is too blurred',
  profile: 'the head is turned too far',
  occluded: 'too much of the face is covered',
  'out-of-frame': 'too much of the face lies outside the picture',
  'low-confidence': 'the reading is too uncertain',
  'model-off': 'nothing reads it here',
};

/** What the face shows, in one or two sentences; how sure that is stands in it. */
export function summaryWords(judged: Judged, readings: FaceReadings): string {
  switch (judged.kind) {
    case 'not-inferred':
      return 'Only movements are read here; no emotion is inferred.';
    case 'unreadable':
      return sentences([
        `The expression cannot be told: ${UNREADABLE[readings.validity]}.`,
        readings.validity === 'occluded' ? coveredPartsWords(readings) : '',
      ]);
    case 'undecided':
      return judged.nearest.length < 2
        ? `No single expression is clear${judged.nearest.map((near) => `; ${shareWords(near)} comes nearest`).join('')}.`
        : `No single expression is clear: it lies between ${listed(judged.nearest.map(shareWords))}.`;
    case 'named': {
      const { emotion, share, second } = judged;
      const named = emotion === 'neutral' ? 'neutral' : `one of ${emotion}`;
      const mixed = second === null ? '' : `, with some ${shareWords(second)}`;
      return `The expression is ${sureness(share)} ${named} (${percent(share)})${mixed}.`;
    }
  }
}

/** How the head is held and what is soft or covered, where that makes readings less certain; empty where nothing does. */
export function caveatWords(readings: FaceReadings): string {
  const turns = poseText(readings)
    .split('; ')
    .filter((turn) => turn !== '')
    .map((turn) => turn.replace(/^head /, ''));
  const causes = [turns.length === 0 ? '' : `the head is ${listed(turns)}`, softText(readings)].filter(
    (cause) => cause !== '',
  );
  return sentences([
    causes.length === 0 ? '' : `${capital(listed(causes))}: that makes all readings less certain.`,
    readings.validity === 'occluded' ? '' : coveredPartsWords(readings),
  ]);
}
