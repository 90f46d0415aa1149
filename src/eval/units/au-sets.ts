import { FEABENCH_UNITS } from '../benchmarks/unit-sets.js';

/** Data sets whose action units the papers measure. */
export const AU_SETS = ['disfa', 'bp4d', 'gft', 'emotionet'] as const;
export type AuSetName = (typeof AU_SETS)[number];

/** Which of a set's units: all that papers on it report, or those that FEABench labels too. */
export const UNIT_CHOICES = ['paper', 'shared'] as const;
export type UnitChoice = (typeof UNIT_CHOICES)[number];

/** A mean F1 that a paper reports, in percent. */
export interface PublishedMean {
  readonly model: string;
  readonly units: UnitChoice;
  readonly f1: number;
  readonly source: string;
}

/** How papers measure a set. */
export interface AuSet {
  readonly title: string;
  /** FACS numbers, rising. */
  readonly units: readonly string[];
  /** Degree from which on a coded unit counts as present. */
  readonly presentFrom: number;
  /** People of each fold; null where the set is measured as a whole. */
  readonly folds: readonly (readonly string[])[] | null;
  readonly published: readonly PublishedMean[];
}

const words = (text: string): readonly string[] => text.split(' ');
const tuned = (f1: number): PublishedMean => ({
  model: 'EmoLA, tuned on the set',
  units: 'paper',
  f1,
  source: 'Li et al., EmoLA, ECCV 2024',
});
const zeroShot = (f1: number): PublishedMean => ({
  model: 'FEALLM, zero-shot, 2 % of the frames',
  units: 'shared',
  f1,
  source: 'FEALLM, 2025',
});

/** Units and thresholds as in EmoLA's scripts; the folds are those that papers on DISFA and BP4D share. */
export const AU_SET: Readonly<Record<AuSetName, AuSet>> = {
  disfa: {
    title: 'DISFA',
    units: words('1 2 4 6 9 12 25 26'),
    presentFrom: 2,
    folds: [
      words('SN003 SN004 SN005 SN007 SN008 SN017 SN023 SN025 SN029'),
      words('SN006 SN011 SN012 SN013 SN018 SN021 SN024 SN028 SN031'),
      words('SN001 SN002 SN009 SN010 SN016 SN026 SN027 SN030 SN032'),
    ],
    published: [tuned(65.1), zeroShot(42.61)],
  },
  bp4d: {
    title: 'BP4D',
    units: words('1 2 4 6 7 10 12 14 15 17 23 24'),
    presentFrom: 1,
    folds: [
      words('F004 F006 F007 F012 F014 F015 F017 F019 F021 M003 M006 M009 M015'),
      words('F003 F005 F011 F013 F020 F022 M002 M005 M010 M011 M013 M016 M017 M018'),
      words('F001 F002 F008 F009 F010 F016 F018 F023 M001 M004 M007 M008 M012 M014'),
    ],
    published: [tuned(64.2), zeroShot(45.98)],
  },
  gft: {
    title: 'GFT',
    units: words('1 2 4 6 10 12 14 15 23 24'),
    presentFrom: 1,
    folds: null,
    published: [tuned(62.1)],
  },
  emotionet: {
    title: 'EmotioNet',
    units: words('1 2 4 5 6 9 12 17 20 25 26 43'),
    presentFrom: 1,
    folds: null,
    published: [],
  },
};

/** FACS numbers of a set that are measured, rising. */
export function chosenUnits({ units }: AuSet, choice: UnitChoice): readonly string[] {
  return choice === 'paper' ? units : units.filter((unit) => FEABENCH_UNITS.includes(unit));
}
