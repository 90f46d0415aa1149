import type { EvalReport } from './eval-report.js';
import { gridLine, INK, LINE, MUTED, OTHER, polyline, type Rect, rect, text, VALUE } from './svg.js';

const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1];
/** Height of the strip with the number of readings, beneath the diagram. */
const HISTOGRAM_PX = 46;

/** Reliability diagram (Guo et al. 2017) with the number of readings per bin in a strip beneath. */
export function reliabilityChart(report: EvalReport, area: Rect): string[] {
  const { reliability } = report.calibration;
  const plotHeight = area.height - HISTOGRAM_PX - 14;
  const px = (value: number): number => area.x + value * area.width;
  const py = (value: number): number => area.y + (1 - value) * plotHeight;
  const foot = area.y + area.height;
  const parts: string[] = [];
  for (const tick of TICKS) {
    parts.push(...gridLine(area, py(tick), tick.toFixed(1)));
    parts.push(text(px(tick), foot + 18, tick.toFixed(1), { anchor: 'middle', size: 12.5, fill: MUTED }));
  }
  const most = Math.max(1, ...reliability.map(({ count }) => count));
  for (const { from, to, count, accuracy, confidence } of reliability) {
    const [x, width] = [px(from) + 1.5, px(to) - px(from) - 3];
    const height = (count / most) * HISTOGRAM_PX;
    if (count > 0)
      parts.push(rect({ x, y: foot - Math.max(1, height), width, height: Math.max(1, height) }, '#aab4c0'));
    if (accuracy === null || confidence === null) continue;
    parts.push(rect({ x, y: py(accuracy), width, height: py(0) - py(accuracy) }, VALUE));
    const at = py(confidence);
    parts.push(
      polyline(
        [
          [x, at],
          [x + width, at],
        ],
        { stroke: OTHER, width: 3 },
      ),
    );
  }
  parts.push(
    polyline(
      [
        [px(0), py(0)],
        [px(1), py(1)],
      ],
      { stroke: INK, dashed: true },
    ),
  );
  parts.push(
    polyline(
      [
        [area.x, foot],
        [area.x + area.width, foot],
      ],
      { stroke: LINE },
    ),
  );
  parts.push(
    text(area.x + area.width / 2, foot + 42, 'top probability', { anchor: 'middle', size: 13.5, fill: MUTED }),
  );
  parts.push(...legend(area));
  return parts;
}

function legend(area: Rect): string[] {
  const x = area.x + 12;
  const y = area.y + 16;
  return [
    rect({ x, y: y - 11, width: 14, height: 12 }, VALUE),
    text(x + 21, y, 'share that was right', { size: 13, halo: true }),
    rect({ x, y: y + 12, width: 14, height: 3 }, OTHER),
    text(x + 21, y + 19, 'mean probability', { size: 13, halo: true }),
    rect({ x, y: y + 27, width: 14, height: 12 }, '#aab4c0'),
    text(x + 21, y + 38, 'number of readings', { size: 13, halo: true }),
  ];
}
