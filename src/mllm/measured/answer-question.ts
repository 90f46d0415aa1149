import { EMOTIONS, type Emotion } from '../../domain/affect.js';
import { emotionOfLabel } from '../../domain/emotion-names.js';
import type { FaceReadings } from '../../domain/face-readings.js';
import { poseText } from '../picture-words.js';
import { askedUnits } from './asked-units.js';
import { judgeEmotion } from './judge-emotion.js';
import { capital, listed, sentences } from './lists.js';
import { measuredWords } from './measured-words.js';
import { coveredPartsWords, movementWords, unitName, unitWords } from './movement-words.js';
import { shareWords, summaryWords } from './summary-words.js';
import { activeStates, unitStates } from './unit-state.js';

/** What the template says to a question. */
export interface TemplateAnswer {
  readonly text: string;
  /** FACS numbers of the active units that it names. */
  readonly actionUnits: readonly number[];
  /** No measurement answers this: only a model can. */
  readonly cannotTell: boolean;
}

const FREE =
  'Only a model can answer that, and none is set: these words are made from measurements alone. Ask which movements are active, ' +
  'whether one of them is (AU12), on which side, which expression it is, how sure that is, and why; or set mllm.engine to a model.';
const NOT_TOLD =
  'No face tells that: mien measures visible movements. It recognises nobody, and judges neither character, truth, intent, age, origin nor health.';
/** Questions about the person rather than the face. */
const PERSONAL =
  /\b(?:who|whose|(?:his|her|their) name|identity|age|old|young|gender|sex|race|ethnic\w*|nationality|religion|ly(?:ing|es)|lies?|liar|honest\w*|truth\w*|guilty|intell\w+|ill|sick|health\w*|depress\w*|drunk|trust\w*|criminal)\b/;
const ONLY_MOVEMENTS = 'Only movements are read here; no emotion is inferred.';
const NOT_FELT = 'What a person feels is not measured, only what the face shows.';

/**
 * Answers a question from measurements alone, where it is one that measurements answer; else says that only a model can.
 * The question is compared with patterns and never repeated: what it orders changes nothing.
 */
export function answerQuestion(question: string, readings: FaceReadings): TemplateAnswer {
  const asked = question.toLowerCase();
  const units = askedUnits(asked);
  const say = (text: string): TemplateAnswer => ({ text, actionUnits: namedIn(text, readings), cannotTell: false });
  if (PERSONAL.test(asked)) return say(NOT_TOLD);
  if (units.length > 0) return say(sentences(units.map((unit) => unitAnswer(unit, readings))));
  if (/\b(?:why|reasons?|evidence|speaks?|because)\b/.test(asked)) return say(whyAnswer(readings));
  if (/\b(?:sure|certain|confiden\w*|likely|probab\w*|reliab\w*)\b/.test(asked)) return say(surenessAnswer(readings));
  if (/\b(?:left|right|sides?|symmetr\w*|asymmetr\w*|lopsided)\b/.test(asked)) return say(sidesAnswer(readings));
  if (/\b(?:covered|covers?|hidden|mask|hand)\b/.test(asked))
    return say(coveredPartsWords(readings) || 'No part of the face is measured as covered.');
  if (/\b(?:turn(?:ed|s)?|tilt(?:ed|s)?|facing|head)\b/.test(asked)) return say(headAnswer(readings));
  const emotion = emotionIn(asked);
  if (emotion !== null) return say(emotionAnswer(emotion, readings));
  if (/\b(?:units?|aus?|movements?|moves?|moved|moving|muscles?|active|brows?|mouth|lips?)\b/.test(asked))
    return say(movementWords(readings));
  if (/\b(?:emotions?|expressions?|mood|look(?:s|ing)? like|shows?|showing|feel(?:s|ing)?|feelings?)\b/.test(asked))
    return say(sentences([/\bfeel/.test(asked) ? NOT_FELT : '', summaryWords(judgeEmotion(readings), readings)]));
  return { text: FREE, actionUnits: [], cannotTell: true };
}

/** Active units that a text names. */
function namedIn(text: string, readings: FaceReadings): number[] {
  const named = new Set([...text.matchAll(/\bAU(\d{1,2})\b/g)].map(([, digits]) => Number(digits)));
  return activeStates(readings.units).flatMap(({ number }) => (named.has(number) ? [number] : []));
}

function unitAnswer(number: number, { units }: FaceReadings): string {
  const state = unitStates(units).find((unit) => unit.number === number);
  switch (state?.state) {
    case undefined:
      return `${capital(unitName(number))} is not measured here.`;
    case 'active':
      return `Yes: ${unitWords(state)}.`;
    case 'absent':
      return `No: ${unitName(number)} is measured, and not active.`;
    case 'unclear':
      return `${unitName(number)} is too close to call.`;
    case 'covered':
      return `${unitName(number)} cannot be told: something covers what it needs.`;
  }
}

function whyAnswer(readings: FaceReadings): string {
  const { summary, movement, reasoning } = measuredWords(readings);
  return sentences([summary, reasoning === '' ? movement : reasoning]);
}

function surenessAnswer(readings: FaceReadings): string {
  const judged = judgeEmotion(readings);
  if (judged.kind !== 'named') return summaryWords(judged, readings);
  const next = judged.second === null ? 'no other reaches 20 %' : `next is ${shareWords(judged.second)}`;
  return `The measured probability is ${shareWords(judged)}; ${next}. It says how often such readings are right, not what the person feels.`;
}

function sidesAnswer(readings: FaceReadings): string {
  const sided = activeStates(readings.units).filter((unit) => unit.sided);
  if (sided.length === 0) return 'No movement whose sides are measured one by one is active.';
  const uneven = sided.filter(({ sides }) => sides !== null);
  const even = sided.filter(({ sides }) => sides === null).map(({ number }) => unitName(number));
  return sentences([
    uneven.length === 0 ? '' : `${capital(listed(uneven.map(unitWords)))}.`,
    even.length === 0 ? '' : `No clear difference of sides: ${listed(even)}.`,
  ]);
}

function headAnswer(readings: FaceReadings): string {
  if (readings.pose === null) return 'How the head is held is not measured here.';
  const turns = poseText(readings);
  return turns === '' ? 'The head faces the camera, within 12 degrees.' : `${capital(turns)}.`;
}

function emotionIn(asked: string): Emotion | null {
  const words = asked.slice(0, 2000).match(/[a-z]+/g) ?? [];
  return words.map(emotionOfLabel).find((emotion) => emotion !== null) ?? null;
}

function emotionAnswer(emotion: Emotion, readings: FaceReadings): string {
  if (!readings.infersEmotions) return ONLY_MOVEMENTS;
  const judged = judgeEmotion(readings);
  const share = readings.emotions?.[EMOTIONS.indexOf(emotion)];
  if (judged.kind === 'unreadable' || share === undefined) return summaryWords(judged, readings);
  return sentences([`Measured: ${shareWords({ emotion, share })}.`, summaryWords(judged, readings)]);
}
