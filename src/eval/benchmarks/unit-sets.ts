/** FABA-Bench: the units its texts name, and the twelve that its F1 is the mean of (Li et al., ECCV 2024). */
export const FABA_UNITS = {
  named: '1 2 4 5 6 7 9 10 12 14 15 16 17 20 23 24 25 26 27 43'.split(' '),
  scored: '1 2 4 5 6 10 12 17 24 25 26 43'.split(' '),
} as const;

/** FEABench: the units that experts labelled in Aff-Wild2 (FEALLM, 2025). */
export const FEABENCH_UNITS: readonly string[] = '1 2 4 6 7 10 12 15 23 24 25 26'.split(' ');
