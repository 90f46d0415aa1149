import type { Emotion } from '../../domain/affect.js';
import type { CompoundExpression } from '../../domain/insight.js';
import { emotionWord } from '../exchanges.js';
import type { LabelledFace } from '../face.js';
import type { Source } from '../source.js';

/** What labels say of a face, as texts about it are to say it: no less, and no more. */
export interface FaceFacts {
  readonly emotion: Emotion | null;
  readonly compound: CompoundExpression | null;
  /** How the set calls its expression; null where it labels none. */
  readonly expression: string | null;
  /** Units that are coded for this face, and which of them are present: FACS numbers, rising; null where none is coded. */
  readonly units: { readonly coded: readonly string[]; readonly present: readonly string[] } | null;
}

/** The facts of a face; null where nothing is labelled that texts could be about. */
export function factsOf(
  face: LabelledFace,
  { emotions, compounds, units }: Pick<Source, 'emotions' | 'compounds' | 'units'>,
  presentFrom: number,
): FaceFacts | null {
  const compound = face.compound !== null && compounds.includes(face.compound) ? face.compound : null;
  const word = emotionWord(face, emotions);
  const coded = units.filter((unit) => face.units?.has(unit));
  if (compound === null && word === null && coded.length === 0) return null;
  const present = coded.filter((unit) => (face.units!.get(unit) ?? 0) >= presentFrom);
  return {
    emotion: compound === null && word !== null ? face.emotion : null,
    compound,
    expression: compound ?? word,
    units: coded.length === 0 ? null : { coded, present },
  };
}

/** What a face is counted under: its expression, else its units. */
export const classOf = ({ expression, units }: FaceFacts): string =>
  expression ?? (units!.present.length === 0 ? 'no unit' : units!.present.map((unit) => `AU${unit}`).join('+'));
