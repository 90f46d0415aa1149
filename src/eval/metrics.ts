/** One item that was measured. `probabilities` is null when nothing could be read, which counts as wrong. */
export interface Outcome {
  /** Index of the true class. */
  readonly truth: number;
  /** One per class, sum 1. */
  readonly probabilities: readonly number[] | null;
}

export interface ClassMetrics {
  readonly label: string;
  /** 0 when the class was never predicted. */
  readonly precision: number;
  /** 0 when the class does not occur. */
  readonly recall: number;
  readonly f1: number;
  /** Items whose true class this is. */
  readonly support: number;
}

export interface ClassificationMetrics {
  readonly accuracy: number;
  /** Mean recall over the classes that occur. */
  readonly balancedAccuracy: number;
  /** Means over all classes, as macroF1. */
  readonly macroPrecision: number;
  readonly macroRecall: number;
  /** Mean F1 over all classes; one that neither occurs nor is predicted counts 0. */
  readonly macroF1: number;
  /** Mean F1 over the classes that occur. */
  readonly macroF1Occurring: number;
  readonly perClass: readonly ClassMetrics[];
  /** Rows: true class; columns: predicted class. Items without a reading are in no column. */
  readonly confusion: readonly (readonly number[])[];
}

/** Index of the largest probability; the first of equals. */
export function topClass(probabilities: readonly number[]): number {
  let best = 0;
  for (let index = 1; index < probabilities.length; index++)
    if (probabilities[index]! > probabilities[best]!) best = index;
  return best;
}

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
const mean = (values: readonly number[]): number =>
  ratio(
    values.reduce((sum, value) => sum + value, 0),
    values.length,
  );

/** One labelled item and the class it was taken for; null when none could be read, which counts as wrong. */
export interface Decision {
  /** Index of the true class. */
  readonly truth: number;
  readonly predicted: number | null;
}

/** Metrics of the most probable classes: see decisionMetrics. */
export function classificationMetrics(outcomes: readonly Outcome[], labels: readonly string[]): ClassificationMetrics {
  const decisions = outcomes.map(({ truth, probabilities }) => ({
    truth,
    predicted: probabilities === null ? null : topClass(probabilities),
  }));
  return decisionMetrics(decisions, labels);
}

/**
 * Counts-based metrics as scikit-learn defines them: accuracy_score, balanced_accuracy_score, f1_score and
 * precision_recall_fscore_support with labels = all classes and zero_division = 0, confusion_matrix. All are 0 for no
 * items. Checked against it in test/unit/eval/metrics.test.ts.
 */
export function decisionMetrics(decisions: readonly Decision[], labels: readonly string[]): ClassificationMetrics {
  const confusion = labels.map(() => labels.map(() => 0));
  const support = labels.map(() => 0);
  for (const { truth, predicted } of decisions) {
    support[truth]! += 1;
    if (predicted !== null) confusion[truth]![predicted]! += 1;
  }
  const perClass = labels.map((label, index): ClassMetrics => {
    const hits = confusion[index]![index]!;
    const predicted = confusion.reduce((sum, row) => sum + row[index]!, 0);
    return {
      label,
      precision: ratio(hits, predicted),
      recall: ratio(hits, support[index]!),
      f1: ratio(2 * hits, predicted + support[index]!),
      support: support[index]!,
    };
  });
  const occurring = perClass.filter((one) => one.support > 0);
  return {
    accuracy: ratio(
      confusion.reduce((sum, row, index) => sum + row[index]!, 0),
      decisions.length,
    ),
    balancedAccuracy: mean(occurring.map((one) => one.recall)),
    macroPrecision: mean(perClass.map((one) => one.precision)),
    macroRecall: mean(perClass.map((one) => one.recall)),
    macroF1: mean(perClass.map((one) => one.f1)),
    macroF1Occurring: mean(occurring.map((one) => one.f1)),
    perClass,
    confusion,
  };
}
