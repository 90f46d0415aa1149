import { pictureHead } from './eval-picture.js';
import type { EvalReport, RobustnessSeries } from './eval-report.js';
import { dot, MUTED, OTHER, polyline, type Rect, rect, text, toPng, VALUE } from './svg.js';

const COLUMNS = 4;
const PANEL = { width: 300, height: 230 };
const GAP = { x: 78, y: 112 };
const LEFT = 92;
const TOP = 214;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

interface Curve {
  readonly name: string;
  readonly stroke: string;
  /** On the pictures as they are. */
  readonly plain: number;
  readonly of: (point: RobustnessSeries['points'][number]) => number;
}

/** One degradation: its values evenly spaced from left to right, dashed lines where the unchanged pictures are. */
function panel(series: RobustnessSeries, curves: readonly Curve[], area: Rect): string[] {
  const py = (value: number): number => area.y + (1 - value) * area.height;
  const step = area.width / series.points.length;
  const px = (index: number): number => area.x + (index + 0.5) * step;
  const parts = [
    text(area.x, area.y - 18, series.title, { size: 17, weight: 600 }),
    text(area.x + area.width, area.y - 18, series.unit, { size: 13.5, fill: MUTED, anchor: 'end' }),
  ];
  for (const tick of TICKS) {
    parts.push(
      polyline([
        [area.x, py(tick)],
        [area.x + area.width, py(tick)],
      ]),
    );
    parts.push(text(area.x - 9, py(tick) + 4.5, tick.toFixed(2), { anchor: 'end', size: 12, fill: MUTED }));
  }
  for (const [index, { value }] of series.points.entries())
    parts.push(text(px(index), py(0) + 19, String(value), { anchor: 'middle', size: 13 }));
  for (const { stroke, plain } of curves) {
    parts.push(
      polyline(
        [
          [area.x, py(plain)],
          [area.x + area.width, py(plain)],
        ],
        { stroke, dashed: true },
      ),
    );
  }
  for (const { stroke, of } of curves) {
    const points = series.points.map((point, index): [number, number] => [px(index), py(of(point))]);
    parts.push(polyline(points, { stroke, width: 2.5 }), ...points.map(([x, y]) => dot(x, y, 5, stroke)));
  }
  return parts;
}

/** DIR/robustness.png: accuracy and macro F1 against each degradation. */
export function robustnessPicture(report: EvalReport, all: readonly RobustnessSeries[]): Promise<Buffer> {
  const { accuracy, macroF1 } = report.metrics;
  const curves: Curve[] = [
    { name: 'accuracy', stroke: VALUE, plain: accuracy, of: (point) => point.accuracy },
    { name: 'macro F1', stroke: OTHER, plain: macroF1, of: (point) => point.macroF1 },
  ];
  const rows = Math.ceil(all.length / COLUMNS);
  const size = {
    width: LEFT + COLUMNS * PANEL.width + (COLUMNS - 1) * GAP.x + 56,
    height: TOP + rows * PANEL.height + (rows - 1) * GAP.y + 64,
  };
  const parts = pictureHead(report, `Robustness of ${report.model.id} ${report.model.version}`, size.width);
  for (const [index, { name, stroke, plain }] of curves.entries()) {
    const x = 56 + index * 340;
    parts.push(rect({ x, y: 137, width: 22, height: 4 }, stroke));
    parts.push(text(x + 30, 144, `${name} (unchanged: ${plain.toFixed(3)}, dashed)`, { size: 14 }));
  }
  for (const [index, series] of all.entries()) {
    parts.push(
      ...panel(series, curves, {
        x: LEFT + (index % COLUMNS) * (PANEL.width + GAP.x),
        y: TOP + Math.floor(index / COLUMNS) * (PANEL.height + GAP.y),
        ...PANEL,
      }),
    );
  }
  return toPng(size, parts);
}
