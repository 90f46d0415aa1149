import { resamples, spread, wilson } from '../../statistics/intervals.js';
import { PRESENT, type StillReading } from '../still-reader.js';
import { aucOf, icc31, meanAbsoluteError } from './agreement.js';
import type { CodedFace, CodedList } from './coded-faces.js';
import { codeOf, nameIn } from './coded-units.js';
import { PAPER_LISTS, type PaperList } from './paper-lists.js';
import type { PaperMean, UnitScore, UnitsEvalReport } from './unit-report.js';

export interface UnitScoring {
  readonly list: CodedList;
  /** One per face of the list. */
  readonly readings: readonly StillReading[];
  /** FACS numbers that mien measures. */
  readonly units: readonly string[];
  /** Degree from which on a coded unit counts as present. */
  readonly presentFrom: number;
}

/** A unit's pictures that were coded: where in the list, whether it is there, and what was claimed. */
export interface Judged {
  readonly unit: string;
  readonly at: readonly number[];
  readonly present: readonly boolean[];
  readonly claimed: readonly boolean[];
}

/** A unit's numbers in one resample. */
interface Draw {
  readonly auc: number;
  readonly f1: number;
}

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
const known = (value: number): number | null => (Number.isNaN(value) ? null : value);
function meanOf(values: readonly (number | null)[]): number | null {
  const told = values.filter((value) => value !== null);
  return told.length === 0 ? null : told.reduce((sum, value) => sum + value, 0) / told.length;
}

/** Agreement with the coders: each unit, the means, the papers' lists. */
export function scoreUnits(
  scoring: UnitScoring,
): Pick<UnitsEvalReport, 'units' | 'means' | 'notRead' | 'papers' | 'resampled'> & { readonly neutral: number } {
  const { list, units } = scoring;
  const neutral = list.faces.flatMap((face, at) => (isNeutral(face) && scoring.readings[at]!.actionUnits ? [at] : []));
  const coded = list.units.filter((unit) => nameIn(units, unit) !== null);
  const trials = coded.map((unit) => trialOf(unit, scoring));
  const bySubject = list.faces.every(({ subject }) => subject !== null);
  const draws = trials.map((): Draw[] => []);
  for (const times of resamples(list.faces.map(({ subject }, at) => (bySubject ? subject! : String(at)))))
    for (const [index, trial] of trials.entries()) draws[index]!.push(trial.drawn(times));
  const scores = trials.map((trial, index): UnitScore => {
    const own = draws[index]!;
    return {
      ...trial.score,
      aucInterval: spread(own.map(({ auc }) => auc)),
      f1Interval: spread(own.map(({ f1 }) => f1)),
      onNeutral: onNeutral(trial.score.readAs, neutral, scoring),
    };
  });
  const notRead = list.units
    .filter((unit) => !coded.includes(unit))
    .map((unit) => ({ unit, present: judge(unit, scoring).present.filter(Boolean).length }));
  return {
    units: scores,
    means: {
      auc: meanOf(scores.map(({ auc }) => auc)),
      f1: meanOf(scores.map(({ f1 }) => f1)),
      icc: meanOf(scores.map(({ icc }) => icc)),
    },
    notRead,
    papers: PAPER_LISTS.map((paper) => paperMean(paper, { scores, draws, list })),
    resampled: bySubject ? 'subjects' : 'images',
    neutral: neutral.length,
  };
}

/** Every coded unit is absent. */
const isNeutral = ({ codes }: CodedFace): boolean =>
  codes.size > 0 && [...codes.values()].every((degree) => degree === 0);

/** Who of the pictures that were coded for a unit shows it, and for whom it was claimed. */
export function judge(unit: string, { list, readings, presentFrom, units }: UnitScoring): Judged {
  const name = nameIn(units, unit);
  const at = list.faces.flatMap((face, index) => (codeOf(face, unit) === undefined ? [] : [index]));
  return {
    unit,
    at,
    present: at.map((index) => codeOf(list.faces[index]!, unit)! >= presentFrom),
    claimed: at.map((index) => name !== null && (readings[index]!.actionUnits?.[name]?.presence ?? 0) >= PRESENT),
  };
}

/**
 * F1 with precision and recall, 0 where nothing is there or claimed, as scikit-learn with zero_division = 0.
 *
 * @param times - how often each picture of the list counts; null: once
 */
export function f1Of({ at, present, claimed }: Judged, times: ArrayLike<number> | null) {
  let [hits, support, claims] = [0, 0, 0];
  for (const [index, face] of at.entries()) {
    const count = times?.[face] ?? 1;
    if (present[index]) support += count;
    if (claimed[index]) claims += count;
    if (present[index] && claimed[index]) hits += count;
  }
  return {
    f1: ratio(2 * hits, support + claims),
    precision: ratio(hits, claims),
    recall: ratio(hits, support),
    support,
  };
}

/** One unit's numbers over all pictures, and the same in a resample. */
function trialOf(unit: string, scoring: UnitScoring) {
  const { list, readings, units } = scoring;
  const name = nameIn(units, unit)!;
  const judged = judge(unit, scoring);
  const read = judged.at.flatMap((face, index) => {
    const reading = readings[face]!.actionUnits?.[name];
    return reading ? [{ face, present: judged.present[index]!, ...reading }] : [];
  });
  const auc = aucOf({ scores: read.map(({ presence }) => presence), present: read.map(({ present }) => present) });
  const degrees = read.map(({ face }) => codeOf(list.faces[face]!, unit)!);
  const intensities = read.map(({ intensity }) => intensity);
  const { f1, precision, recall, support } = f1Of(judged, null);
  return {
    score: {
      unit,
      readAs: name,
      coded: judged.at.length,
      present: support,
      read: read.length,
      auc: known(auc(null)),
      f1,
      precision,
      recall,
      icc: list.hasDegrees ? known(icc31(degrees, intensities)) : null,
      meanAbsoluteError: list.hasDegrees ? known(meanAbsoluteError(degrees, intensities)) : null,
    },
    drawn: (times: ArrayLike<number>): Draw => {
      const drawn = f1Of(judged, times);
      return { auc: auc(read.map(({ face }) => times[face]!)), f1: drawn.support === 0 ? Number.NaN : drawn.f1 };
    },
  };
}

function onNeutral(name: string, neutral: readonly number[], { readings }: UnitScoring): UnitScore['onNeutral'] {
  const present = neutral.filter((at) => readings[at]!.actionUnits![name]!.presence >= PRESENT).length;
  const share = neutral.length === 0 ? null : present / neutral.length;
  return { present, share, interval: wilson(present, neutral.length) };
}

function paperMean(
  { name, units }: PaperList,
  all: {
    readonly scores: readonly UnitScore[];
    readonly draws: readonly (readonly Draw[])[];
    readonly list: CodedList;
  },
): PaperMean {
  const { scores, draws, list } = all;
  const coded = units.filter((unit) => nameIn(list.units, unit) !== null);
  const read = coded.flatMap((unit) => {
    const index = scores.findIndex((score) => score.unit === nameIn(list.units, unit));
    return index < 0 ? [] : [{ unit, score: scores[index]!, drawn: draws[index]! }];
  });
  const sum = read.reduce((total, { score }) => total + score.f1, 0);
  const means = read[0]?.drawn.map((_, draw) => meanOf(read.map(({ drawn }) => known(drawn[draw]!.f1))) ?? Number.NaN);
  return {
    name,
    units: coded,
    notRead: coded.filter((unit) => !read.some((one) => one.unit === unit)),
    notCoded: units.filter((unit) => !coded.includes(unit)),
    f1: coded.length === 0 ? null : sum / coded.length,
    f1OfRead: meanOf(read.map(({ score }) => score.f1)),
    f1OfReadInterval: means ? spread(means) : null,
    aucOfRead: meanOf(read.map(({ score }) => score.auc)),
  };
}
