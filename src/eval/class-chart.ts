import type { ClassMetrics } from './metrics.js';
import { gridLine, INK, OTHER, type Rect, rect, text, VALUE } from './svg.js';

const TICKS = [0, 0.25, 0.5, 0.75, 1];
const SERIES = [
  { key: 'precision', name: 'precision', fill: '#9fbfe3' },
  { key: 'recall', name: 'recall', fill: VALUE },
  { key: 'f1', name: 'F1', fill: OTHER },
] as const;

/** "disgustedly surprised" as "disg. surp." where there is little room. */
const narrow = (label: string, widthPx: number): string =>
  label.length * 7 <= widthPx
    ? label
    : label
        .split(' ')
        .map((word) => `${word.slice(0, 3)}.`)
        .join(' ');

/** Precision, recall and F1 of each class as bars that share one scale, 0 to 1. */
export function classChart(
  perClass: readonly Pick<ClassMetrics, 'label' | 'precision' | 'recall' | 'f1'>[],
  area: Rect,
): string[] {
  const py = (value: number): number => area.y + (1 - value) * area.height;
  const parts: string[] = [];
  for (const tick of TICKS) {
    parts.push(...gridLine(area, py(tick), tick.toFixed(2)));
  }
  const step = area.width / perClass.length;
  const bar = Math.min(20, step / 4.2);
  for (const [index, one] of perClass.entries()) {
    const centre = area.x + (index + 0.5) * step;
    for (const [position, { key, fill }] of SERIES.entries()) {
      const value = one[key];
      const x = centre + (position - 1.5) * (bar + 1);
      parts.push(rect({ x, y: py(value), width: bar, height: py(0) - py(value) }, fill));
    }
    const tallest = Math.max(one.precision, one.recall, one.f1);
    parts.push(
      text(centre, py(tallest) - 7, one.f1.toFixed(2), {
        anchor: 'middle',
        size: 12.5,
        fill: INK,
        weight: 600,
        halo: true,
      }),
    );
    parts.push(text(centre, py(0) + 19, narrow(one.label, step), { anchor: 'middle', size: 13 }));
  }
  for (const [position, { name, fill }] of SERIES.entries()) {
    const x = area.x + area.width - 270 + position * 100;
    parts.push(rect({ x, y: area.y - 33, width: 14, height: 12 }, fill));
    parts.push(text(x + 20, area.y - 22, name, { size: 13 }));
  }
  return parts;
}
