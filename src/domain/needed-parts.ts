import { actionUnit } from './action-units.js';
import { FACE_PARTS, type FacePart } from './face-parts.js';

/** A part, or a pair of them on both sides. */
type Needed = 'brows' | 'eyes' | 'cheeks' | 'nose' | 'mouth' | 'chin';

const MOUTH = ['mouth'] as const;

/**
 * Where each movement shows: the parts that the appearance changes of the FACS manual are in (Ekman, Friesen and Hager
 * 2002) and that the model looks at. A unit whose parts are not all seen is not read. A number that FACS does not name
 * needs the whole face.
 */
const NEEDED: Readonly<Record<number, readonly Needed[]>> = {
  1: ['brows'],
  2: ['brows'],
  4: ['brows'],
  5: ['eyes'],
  6: ['eyes', 'cheeks'],
  7: ['eyes'],
  8: MOUTH,
  9: ['nose'],
  10: ['nose', 'mouth'],
  11: ['cheeks', 'mouth'],
  12: MOUTH,
  13: MOUTH,
  14: MOUTH,
  15: ['mouth', 'chin'],
  16: ['mouth', 'chin'],
  17: ['mouth', 'chin'],
  18: MOUTH,
  20: MOUTH,
  22: MOUTH,
  23: MOUTH,
  24: MOUTH,
  25: MOUTH,
  26: ['mouth', 'chin'],
  27: ['mouth', 'chin'],
  28: MOUTH,
  29: ['mouth', 'chin'],
  30: ['mouth', 'chin'],
  33: ['cheeks', 'mouth'],
  34: ['cheeks', 'mouth'],
  35: ['cheeks', 'mouth'],
  38: ['nose'],
  39: ['nose'],
  43: ['eyes'],
  45: ['eyes'],
  46: ['eyes'],
};

const SIDES: Readonly<Record<'brows' | 'eyes' | 'cheeks', Readonly<Record<'left' | 'right', FacePart>>>> = {
  brows: { left: 'leftBrow', right: 'rightBrow' },
  eyes: { left: 'leftEye', right: 'rightEye' },
  cheeks: { left: 'leftCheek', right: 'rightCheek' },
};

/** The parts that must be seen for an action unit ("12", "1L") to be read; of a pair only those of the unit's side. */
export function neededParts(key: string): readonly FacePart[] {
  const { number, side } = actionUnit(key);
  const needed = NEEDED[number];
  if (!needed) return FACE_PARTS;
  return needed.flatMap((part) => {
    if (part === 'nose' || part === 'mouth' || part === 'chin') return [part];
    return side === null ? [SIDES[part].left, SIDES[part].right] : [SIDES[part][side]];
  });
}
