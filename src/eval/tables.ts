import type { EvalReport } from './eval-report.js';

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
const three = (value: number): string => value.toFixed(3);

/** Columns of equal width: the first to the left, the others to the right. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  '),
  );
}

/** The result for a terminal. */
export function terminalLines(report: EvalReport): string[] {
  const { metrics, calibration, counts, model, speed, abstain } = report;
  const lines = [
    `${model.id} ${model.version} (${model.sha256.slice(0, 12)})${model.flip ? ', with flip' : ''} on ${counts.images} images of ${report.data.list}`,
    ...(model.device.problem === null ? [] : [model.device.problem]),
    '',
    ...aligned([
      ['accuracy', 'balanced', 'macro F1', 'ECE', 'Brier', 'NLL'],
      [
        metrics.accuracy,
        metrics.balancedAccuracy,
        metrics.macroF1,
        calibration.ece,
        calibration.brier,
        calibration.nll,
      ].map(three),
    ]),
    '',
    ...aligned([
      ['class', 'precision', 'recall', 'F1', 'images'],
      ...metrics.perClass.map((one) => [
        one.label,
        three(one.precision),
        three(one.recall),
        three(one.f1),
        String(one.support),
      ]),
    ]),
    '',
  ];
  if (counts.validity !== null) {
    lines.push(
      `no face found in ${counts.noFace} images (${percent(report.shares.noFace)}), which count as wrong; accuracy of the ${counts.read} others (${percent(report.shares.read)}): ${three(report.accuracyOfRead)}`,
    );
  }
  const { shipped } = abstain;
  if (shipped.accuracy !== null) {
    lines.push(
      `abstaining below ${shipped.threshold}, as the model's manifest says: ${percent(shipped.coverage)} read, accuracy ${three(shipped.accuracy)}`,
    );
  }
  if (speed) {
    lines.push(
      `${speed.msPerFace.toFixed(2)} ms per face, ${speed.imagesPerSecond.toFixed(0)} images a second (network alone, batch ${speed.batch}, one thread, ${model.device.used === 'cpu' ? 'this machine' : model.device.used})`,
    );
  }
  if (model.landmarksZero)
    lines.push('the network got no face mesh (zeros): what it reads from the mesh is missing; --align finds one');
  return lines;
}

/** DIR/robustness.md. */
export function robustnessMarkdown(report: EvalReport): string {
  const { model, metrics, counts } = report;
  const rows = (report.robustness ?? []).flatMap(({ title, unit, points }) =>
    points.map(
      ({ value, accuracy, macroF1 }) => `| ${title} | ${value} ${unit} | ${three(accuracy)} | ${three(macroF1)} |`,
    ),
  );
  return [
    `# Robustness of ${model.id} ${model.version}`,
    '',
    `${counts.images} images of ${report.data.list}${report.data.split ? `, split ${report.data.split}` : ''}; weights ${model.sha256.slice(0, 12)}${model.flip ? '; with flip' : ''}.`,
    `All but the face size act on the network's crop of ${model.cropPx} × ${model.cropPx} pixels.`,
    '',
    '| condition | value | accuracy | macro F1 |',
    '| --- | --- | ---: | ---: |',
    `| as they are | | ${three(metrics.accuracy)} | ${three(metrics.macroF1)} |`,
    ...rows,
    '',
  ].join('\n');
}
