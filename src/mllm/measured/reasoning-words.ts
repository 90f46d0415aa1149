import { EMOTION_UNITS } from '../../domain/emotion-units.js';
import type { FaceReadings } from '../../domain/face-readings.js';
import type { EmotionShare, Judged } from './judge-emotion.js';
import { capital, listed, sentences } from './lists.js';
import { unitName } from './movement-words.js';
import { caveatWords } from './summary-words.js';
import { type UnitState, unitStates } from './unit-state.js';

/** Units that come with speech and blinking whatever the expression is: they speak for and against nothing. */
const EVERYDAY = new Set([25, 26, 45]);

const codes = (numbers: readonly number[]): string => listed(numbers.map((number) => `AU${number}`));

/** Which units speak for the emotion and which against it, after EMFACS; what is missing; what lies close. */
export function reasoningWords(judged: Judged, readings: FaceReadings): string {
  const states = new Map(unitStates(readings.units).map((state) => [state.number, state]));
  switch (judged.kind) {
    case 'not-inferred':
    case 'unreadable':
      return '';
    case 'undecided':
      return sentences([...judged.nearest.map((near) => signsOf(near, states)), caveatWords(readings)]);
    case 'named':
      return sentences([
        judged.emotion === 'neutral' ? neutralWords(states) : namedWords(judged, states),
        judged.second === null ? '' : signsOf(judged.second, states),
        caveatWords(readings),
      ]);
  }
}

type States = ReadonlyMap<number, UnitState>;

const inState = (states: States, state: UnitState['state']): number[] =>
  [...states.values()].filter((unit) => unit.state === state).map(({ number }) => number);

/** "AU1 and AU2 speak for surprise." of an emotion that lies close; empty where no unit does. */
function signsOf({ emotion }: EmotionShare, states: States): string {
  if (emotion === 'neutral') return '';
  const active = inState(states, 'active').filter((number) => EMOTION_UNITS[emotion].core.includes(number));
  if (active.length === 0) return `No active movement is typical of ${emotion}.`;
  return `${codes(active)} ${active.length === 1 ? 'speaks' : 'speak'} for ${emotion}.`;
}

function neutralWords(states: States): string {
  const active = inState(states, 'active').filter((number) => !EVERYDAY.has(number));
  return active.length === 0
    ? 'Nothing that is measured moves the face out of rest.'
    : `${codes(active)} ${active.length === 1 ? 'speaks' : 'speak'} against a face at rest.`;
}

function namedWords({ emotion }: EmotionShare, states: States): string {
  const { core, also } = EMOTION_UNITS[emotion];
  const active = inState(states, 'active');
  const supporting = active.filter((number) => core.includes(number));
  const goes = active.filter((number) => also.includes(number) && !EVERYDAY.has(number));
  const against = active.filter((number) => !core.includes(number) && !also.includes(number) && !EVERYDAY.has(number));
  const missing = core.filter((number) => states.get(number)?.state === 'absent');
  const hidden = core.filter((number) => states.get(number)?.state === 'covered');
  const unmeasured = core.filter((number) => !states.has(number));
  const verb = (numbers: readonly number[], one: string, more: string): string => (numbers.length === 1 ? one : more);
  return sentences([
    supporting.length === 0
      ? `None of the movements that EMFACS counts to ${emotion} is active: the whole face, not single movements, was read so.`
      : `${codes(supporting)} ${verb(supporting, 'speaks', 'speak')} for ${emotion}.`,
    goes.length === 0 ? '' : `${codes(goes)} ${verb(goes, 'goes', 'go')} with it.`,
    against.length === 0 ? '' : `${codes(against)} ${verb(against, 'speaks', 'speak')} against it.`,
    missing.length === 0 || supporting.length === 0
      ? ''
      : `${capital(listed(missing.map(unitName)))}, which ${verb(missing, 'is', 'are')} usual in it, ${verb(missing, 'is', 'are')} not active.`,
    hidden.length === 0
      ? ''
      : `${capital(listed(hidden.map(unitName)))} would tell more, but ${verb(hidden, 'is', 'are')} covered.`,
    unmeasured.length === 0
      ? ''
      : `${capital(listed(unmeasured.map(unitName)))} would tell more, but ${verb(unmeasured, 'is', 'are')} not measured here.`,
  ]);
}
