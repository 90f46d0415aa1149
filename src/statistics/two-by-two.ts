/** How often two said yes or no to the same thing. `a` is the reference. */
export interface TwoByTwo {
  readonly both: number;
  readonly onlyA: number;
  readonly onlyB: number;
  readonly neither: number;
}

export const addTables = (x: TwoByTwo, y: TwoByTwo, times = 1): TwoByTwo => ({
  both: x.both + times * y.both,
  onlyA: x.onlyA + times * y.onlyA,
  onlyB: x.onlyB + times * y.onlyB,
  neither: x.neither + times * y.neither,
});

export const NOTHING_SAID: TwoByTwo = { both: 0, onlyA: 0, onlyB: 0, neither: 0 };

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/** Cohen's kappa (1960): agreement beyond what chance gives. Null where chance alone agrees always. */
export function kappa({ both, onlyA, onlyB, neither }: TwoByTwo): number | null {
  const all = both + onlyA + onlyB + neither;
  if (all === 0) return null;
  const chance = ((both + onlyA) * (both + onlyB) + (neither + onlyA) * (neither + onlyB)) / all ** 2;
  return chance === 1 ? null : ((both + neither) / all - chance) / (1 - chance);
}

/** Of what B said, how much A said too; null where B said nothing. */
export const precision = ({ both, onlyB }: TwoByTwo): number | null => share(both, both + onlyB);

/** Of what A said, how much B said too; null where A said nothing. */
export const recall = ({ both, onlyA }: TwoByTwo): number | null => share(both, both + onlyA);

/** Harmonic mean of precision and recall; null where neither said anything. */
export const f1 = ({ both, onlyA, onlyB }: TwoByTwo): number | null => share(2 * both, 2 * both + onlyA + onlyB);
