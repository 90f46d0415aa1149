import { actionUnit } from '../../domain/action-units.js';

/** Most units that one question is answered of. */
const MOST = 5;

/** FACS numbers that actionUnit() has a name for. */
const NAMED = Array.from({ length: 69 }, (_, index) => index + 1).filter(
  (number) => actionUnit(String(number)).region !== null,
);

/** The action units that a question names, by code ("AU12", "action unit 4") or FACS name; in lower case. */
export function askedUnits(question: string): readonly number[] {
  const codes = [...question.matchAll(/\b(?:au|action units?)[\s-]*0?(\d{1,2})(?!\d)/g)].map(([, digits]) =>
    Number(digits),
  );
  const names = NAMED.filter((number) => question.includes(actionUnit(String(number)).name));
  return [...new Set([...codes.filter((number) => number >= 1 && number <= 69), ...names])].slice(0, MOST);
}
