/** Action units of one face: those that are there, and those an answer claims (null: no answer). FACS numbers. */
export interface UnitOutcome {
  readonly truth: readonly string[];
  readonly claimed: readonly string[] | null;
}

export interface UnitMetrics {
  readonly unit: string;
  /** 0 where there is no true positive, as are precision and recall. */
  readonly f1: number;
  readonly precision: number;
  readonly recall: number;
  /** Share of faces judged right, present or absent. */
  readonly accuracy: number;
  /** Faces that show it. */
  readonly support: number;
  /** Faces for which it was claimed. */
  readonly claimed: number;
}

export interface UnitsReport {
  /** Mean F1 over all the units. */
  readonly meanF1: number;
  /**
   * Over the units of which both answers occur: EmoLA's script leaves out one that no face has and none was claimed for, and
   * one that all have and were claimed for. The same on a full test set.
   */
  readonly meanF1Seen: number;
  readonly meanAccuracy: number;
  readonly perUnit: readonly UnitMetrics[];
}

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
const mean = (values: readonly number[]): number =>
  ratio(
    values.reduce((sum, value) => sum + value, 0),
    values.length,
  );

/**
 * Presence of each unit as a yes-no question (EmoLA, FEALLM): F1, precision and recall as scikit-learn defines them with
 * zero_division = 0. A face without an answer claims nothing. All 0 for no faces.
 *
 * @param units - FACS numbers that are scored; others are ignored
 */
export function unitMetrics(outcomes: readonly UnitOutcome[], units: readonly string[]): UnitsReport {
  const perUnit = units.map((unit): UnitMetrics => {
    let hits = 0;
    let support = 0;
    let claimed = 0;
    for (const outcome of outcomes) {
      const present = outcome.truth.includes(unit);
      const said = outcome.claimed?.includes(unit) ?? false;
      if (present) support += 1;
      if (said) claimed += 1;
      if (present && said) hits += 1;
    }
    const wrong = support + claimed - 2 * hits;
    return {
      unit,
      f1: ratio(2 * hits, support + claimed),
      precision: ratio(hits, claimed),
      recall: ratio(hits, support),
      accuracy: ratio(outcomes.length - wrong, outcomes.length),
      support,
      claimed,
    };
  });
  const all = 2 * outcomes.length;
  const tellsFaces = ({ support, claimed }: UnitMetrics): boolean => support + claimed > 0 && support + claimed < all;
  return {
    meanF1: mean(perUnit.map(({ f1 }) => f1)),
    meanF1Seen: mean(perUnit.filter(tellsFaces).map(({ f1 }) => f1)),
    meanAccuracy: mean(perUnit.map(({ accuracy }) => accuracy)),
    perUnit,
  };
}
