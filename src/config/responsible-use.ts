import { AffectError } from '../domain/errors.js';

/** What mien may be run for, and what each word means. */
export const PURPOSES = {
  research: 'studies with the consent of the persons in view',
  medical: 'diagnosis support, therapy, rehabilitation, pain or fatigue under medical responsibility',
  safety: 'protecting life and health, for example drowsiness of a driver',
  accessibility: 'helping persons to be understood or to control a device',
  art: 'installations, performances, film and animation',
  interaction: 'games, robots and interfaces that react to the person who uses them',
  personal: 'one’s own face, at home',
  testing: 'developing and checking mien itself',
} as const;

/** Refused without a stated medical or safety ground (AI Act, Regulation (EU) 2024/1689, art. 5(1)(f)). */
export const RESTRICTED_PURPOSES = {
  workplace: 'employees, applicants, call centres, meetings',
  education: 'schools, universities, training, examinations',
} as const;

export type Purpose = keyof typeof PURPOSES | keyof typeof RESTRICTED_PURPOSES;
export const PURPOSE_WORDS = [...Object.keys(PURPOSES), ...Object.keys(RESTRICTED_PURPOSES)] as [Purpose, ...Purpose[]];

/** Why faces are read at work or in education nevertheless. */
export interface PurposeStatement {
  readonly ground: 'medical' | 'safety';
  /** The operator's own words, at least 20 characters. */
  readonly text: string;
}

const STATEMENT = /^(medical|safety):\s*(\S[\s\S]{19,})$/;

/** "safety: crane drivers are warned when drowsy" -> ground and text; null when it is no such statement. */
export function parseStatement(statement: string): PurposeStatement | null {
  const match = STATEMENT.exec(statement.trim());
  return match ? { ground: match[1] as PurposeStatement['ground'], text: match[2]! } : null;
}

/**
 * Why mien may not run for this purpose, in one line that names the way out; null when it may.
 * Words that are no purpose at all are the schema's business and pass here.
 */
export function purposeRefusal(stated: {
  readonly purpose: string | undefined;
  readonly purposeStatement: string | undefined;
}): string | null {
  const { purpose, purposeStatement } = stated;
  if (purpose === undefined) {
    const words = Object.keys(PURPOSES).join(', ');
    return `not stated: mien serve runs for one of ${words}; ${Object.keys(RESTRICTED_PURPOSES).join(' and ')} need a medical or safety purposeStatement (docs/responsible-use.md); set purpose in the file, MIEN_PURPOSE or --purpose`;
  }
  if (!Object.hasOwn(RESTRICTED_PURPOSES, purpose)) return null;
  if (purposeStatement !== undefined && parseStatement(purposeStatement)) return null;
  return `"${purpose}" is refused: reading emotions there is prohibited in the EU save for medical or safety reasons (AI Act art. 5(1)(f)); if one applies, set purposeStatement to "medical: …" or "safety: …" with the reason in at least 20 characters`;
}

/** Throws PURPOSE_REFUSED unless mien may run for this purpose. */
export function assertPurpose(stated: {
  readonly purpose: string | undefined;
  readonly purposeStatement: string | undefined;
}): void {
  const refusal = purposeRefusal(stated);
  if (refusal !== null) throw new AffectError('PURPOSE_REFUSED', `purpose: ${refusal}`);
}
