import { actionUnit } from '../../domain/action-units.js';
import { FACE_PARTS } from '../../domain/face-parts.js';
import type { FaceReadings } from '../../domain/face-readings.js';
import { degreeOf } from '../degree.js';
import { capital, listed, sentences } from './lists.js';
import { activeStates, type UnitState, unitStates } from './unit-state.js';

/** What is seen when a unit is active, in everyday words. */
const SEEN: Readonly<Record<number, string>> = {
  1: 'the inner brows are raised',
  2: 'the outer brows are raised',
  4: 'the brows are lowered',
  5: 'the upper lids are raised',
  6: 'the cheeks are raised',
  7: 'the lids are tightened',
  9: 'the nose is wrinkled',
  10: 'the upper lip is raised',
  12: 'the lip corners are pulled up',
  14: 'the lip corners are dimpled',
  15: 'the lip corners are pulled down',
  17: 'the chin is raised',
  20: 'the lips are stretched sideways',
  22: 'the lips are funnelled',
  23: 'the lips are tightened',
  24: 'the lips are pressed together',
  25: 'the lips are parted',
  26: 'the jaw is dropped',
  27: 'the mouth is stretched open',
  45: 'the eyes are blinking',
};

const SIDE_WORDS = {
  'left only': 'only on the person’s left',
  'right only': 'only on the person’s right',
  'more on the left': 'more on the person’s left',
  'more on the right': 'more on the person’s right',
} as const;

/** "AU12 lip corner puller". */
export const unitName = (number: number): string => `AU${number} ${actionUnit(String(number)).name}`;

/** "the lip corners are pulled up (AU12, strong, 3.8 of 5, more on the person’s left)"; the scale is told with the first. */
export function unitWords({ number, intensity, sides }: UnitState, index = 0): string {
  const seen = SEEN[number] ?? `there is a movement (${actionUnit(String(number)).name})`;
  const facts = [
    `AU${number}`,
    ...(intensity === null ? [] : [`${degreeOf(intensity)}, ${intensity.toFixed(1)}${index === 0 ? ' of 5' : ''}`]),
    ...(sides === null ? [] : [SIDE_WORDS[sides]]),
  ];
  return `${seen} (${facts.join(', ')})`;
}

/** Change of intensity since its episode began from which it is told. */
const CHANGED_BY = 1;

/** What has moved, how much and on which side; what is too close to call; what is covered; what has changed. */
export function movementWords(readings: FaceReadings): string {
  const { units } = readings;
  if (units === null) return 'No movement is read here.';
  const states = unitStates(units);
  const active = activeStates(units);
  const named = (state: UnitState['state']): string[] =>
    states.filter((unit) => unit.state === state).map(({ number }) => unitName(number));
  const covered = named('covered');
  if (covered.length === states.length) return sentences([coveredPartsWords(readings), 'No movement can be read.']);
  const unclear = named('unclear');
  return sentences([
    active.length === 0
      ? 'None of the movements that are measured here is active.'
      : `${capital(listed(active.map(unitWords)))}.`,
    unclear.length === 0 ? '' : `Too close to call: ${listed(unclear)}.`,
    covered.length === 0
      ? ''
      : `Not read, as something covers what ${covered.length === 1 ? 'it needs' : 'they need'}: ${listed(covered)}.`,
    changeWords(readings),
  ]);
}

const PART_WORDS: Readonly<Record<(typeof FACE_PARTS)[number], string>> = {
  rightBrow: 'the right brow',
  leftBrow: 'the left brow',
  rightEye: 'the right eye',
  leftEye: 'the left eye',
  nose: 'the nose',
  rightCheek: 'the right cheek',
  leftCheek: 'the left cheek',
  mouth: 'the mouth',
  chin: 'the chin',
};

/** "The mouth and the chin are covered."; empty where nothing is. */
export function coveredPartsWords({ coveredParts }: Pick<FaceReadings, 'coveredParts'>): string {
  if (coveredParts.length === 0) return '';
  if (coveredParts.length === FACE_PARTS.length) return 'The whole face is covered.';
  const parts = listed(coveredParts.map((part) => PART_WORDS[part]));
  return `${capital(parts)} ${coveredParts.length === 1 ? 'is' : 'are'} covered.`;
}

/** What has come, grown or gone since the episode began. */
function changeWords({ units, onset }: FaceReadings): string {
  if (onset === null || units === null) return '';
  const before = new Map(unitStates(onset.units).map((state) => [state.number, state]));
  const changes = unitStates(units).flatMap(({ number, state, intensity }) => {
    const was = before.get(number);
    if (intensity === null || was?.intensity == null || state === 'unclear' || was.state === 'covered') return [];
    const by = intensity - was.intensity;
    if (Math.abs(by) < CHANGED_BY || by > 0 !== (state === 'active')) return [];
    return [
      `AU${number} has ${by > 0 ? 'risen' : 'fallen'} from ${was.intensity.toFixed(1)} to ${intensity.toFixed(1)}`,
    ];
  });
  if (changes.length === 0) return '';
  return `Since its episode began, ${onset.secondsBefore.toFixed(1)} s before, ${listed(changes)}.`;
}
