import { AffectError } from '../../domain/errors.js';
import { evenSample } from '../benchmarks/sample.js';
import type { Recording } from './au-set-files.js';
import type { AuSet, PublishedMean, UnitChoice } from './au-sets.js';
import type { CodedList } from './coded-faces.js';
import { nameIn } from './coded-units.js';
import { f1Of, judge, type UnitScoring } from './score-units.js';

/** One unit of a set, as papers on it measure. */
export interface ProtocolUnit {
  readonly unit: string;
  /** Mean over the folds; of a unit that mien has none for, 0. */
  readonly f1: number;
  /** F1 in each fold that has pictures. */
  readonly folds: readonly number[];
  /** Whether mien has a unit for it. */
  readonly read: boolean;
}

/** The set's numbers by the papers' protocol. */
export interface Protocol {
  readonly title: string;
  readonly units: UnitChoice;
  /** Of the frames of each recording, evenly spread; null: all. */
  readonly sample: number | null;
  /** Folds by person that have pictures; 1 where the set is measured as a whole. */
  readonly folds: number;
  readonly perUnit: readonly ProtocolUnit[];
  readonly f1: number;
  readonly published: readonly PublishedMean[];
}

/** The pictures that are measured: of each recording the share that is asked for, evenly spread, at least one. */
export function sampled(recordings: readonly Recording[], share: number | null, units: readonly string[]): CodedList {
  const faces = recordings.flatMap((recording) =>
    evenSample(recording, share === null ? null : Math.max(1, Math.round(recording.length * share))),
  );
  const hasDegrees = faces.some(({ codes }) => [...codes.values()].some((degree) => degree > 1));
  return { faces, units, hasDegrees };
}

/** For each fold, 1 for the pictures of its people and 0 for the others. Throws USAGE for a person of no fold. */
export function foldsOf({ title, folds }: AuSet, { faces }: CodedList): readonly ArrayLike<number>[] {
  if (folds === null) return [faces.map(() => 1)];
  const stranger = faces.find(({ subject }) => !folds.some((people) => people.includes(subject ?? '')))?.subject;
  if (stranger !== undefined)
    throw new AffectError('USAGE', `${stranger} is in none of the folds of ${title}; leave this person's labels out`);
  return folds
    .map((people) => faces.map(({ subject }) => (people.includes(subject!) ? 1 : 0)))
    .filter((times) => times.includes(1));
}

/**
 * F1 of each unit as papers on the set report it: present from the set's degree on, in each fold of people apart, then the
 * mean over the folds, and over the units; one that mien has not counts 0.
 */
export function scoreProtocol(
  set: AuSet,
  choice: { readonly units: UnitChoice; readonly sample: number | null },
  scoring: UnitScoring,
): Protocol {
  const folds = foldsOf(set, scoring.list);
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const perUnit = scoring.list.units.map((unit): ProtocolUnit => {
    const judged = judge(unit, scoring);
    const inFolds = folds.map((times) => f1Of(judged, times).f1);
    return { unit, f1: mean(inFolds), folds: inFolds, read: nameIn(scoring.units, unit) !== null };
  });
  return {
    title: set.title,
    ...choice,
    folds: folds.length,
    perUnit,
    f1: mean(perUnit.map(({ f1 }) => f1)),
    published: set.published.filter(({ units }) => units === choice.units),
  };
}
