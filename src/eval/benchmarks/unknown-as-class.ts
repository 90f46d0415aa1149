import { type Decision, decisionMetrics } from '../metrics.js';

/** Accuracy and macro averages of a classification. */
export interface MacroScores {
  readonly accuracy: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/**
 * Scores as UniFER's script computes them: scikit-learn's macro averages over every label that is true or predicted, where
 * "unknown", the label of answers that name none, is one more class. One unknown among eight classes so costs a ninth of
 * each average.
 */
export function unknownAsClass(decisions: readonly Decision[]): MacroScores {
  const unknown = Number.MAX_SAFE_INTEGER;
  const named = decisions.map(({ truth, predicted }) => ({ truth, predicted: predicted ?? unknown }));
  const classes = [...new Set(named.flatMap(({ truth, predicted }) => [truth, predicted]))];
  const { accuracy, macroPrecision, macroRecall, macroF1 } = decisionMetrics(
    named.map(({ truth, predicted }) => ({ truth: classes.indexOf(truth), predicted: classes.indexOf(predicted) })),
    classes.map(String),
  );
  return { accuracy, precision: macroPrecision, recall: macroRecall, f1: macroF1 };
}
