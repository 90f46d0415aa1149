import { type Domain, scaleOf, shortText, valueTicks } from './scales.js';
import { conditionName, type Row, type StudyPageData } from './study-data.js';
import { colourOf, picture, shape } from './svg.js';

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [300, 130, 34, 18];

/** Means of groups with their intervals, marker by marker from left to right, which are numbered as `windows` has them. */
export function drawProfile(
  data: StudyPageData,
  groups: readonly Row[],
  {
    windows,
    conditions,
    domain,
    label,
  }: {
    readonly windows: readonly number[];
    readonly conditions: readonly number[];
    readonly domain: Domain;
    readonly label: string;
  },
): SVGElement {
  const told = conditions.map((condition) => {
    const means = groups.filter((row) => row.condition === condition && row.value !== null);
    return `${conditionName(data, condition)}: ${means.map(({ window, value }) => `${data.windows[window]} ${shortText(value!)}`).join(', ') || 'no mean'}`;
  });
  const chart = picture({ width: WIDTH, height: HEIGHT, label: `${label}. ${told.join('; ')}` });
  const y = scaleOf(domain, HEIGHT - BOTTOM - 6, 6);
  for (const tick of valueTicks(domain, 4))
    chart.append(
      shape('line', { class: tick === 0 ? 'zero' : 'grid', x1: LEFT, x2: WIDTH, y1: y(tick), y2: y(tick) }),
      shape('text', { class: 'tick', x: LEFT - 5, y: y(tick) + 4, 'text-anchor': 'end' }, shortText(tick)),
    );
  const step = (WIDTH - LEFT) / windows.length;
  const aside = Math.min(10, step / (conditions.length + 1));
  for (const [at, window] of windows.entries()) {
    const middle = LEFT + (at + 0.5) * step;
    chart.append(
      shape('text', { class: 'tick', x: middle, y: HEIGHT - 4, 'text-anchor': 'middle' }, String(window + 1)),
    );
    for (const [place, condition] of conditions.entries()) {
      const group = groups.find((row) => row.window === window && row.condition === condition);
      if (group?.value == null) continue;
      const x = middle + (place - (conditions.length - 1) / 2) * aside;
      const drawn = shape('g', { style: colourOf(condition) });
      if (group.low !== null && group.high !== null)
        drawn.append(shape('line', { class: 'bar thin', x1: x, x2: x, y1: y(group.low), y2: y(group.high) }));
      drawn.append(shape('circle', { class: 'mean', cx: x, cy: y(group.value), r: 4 }));
      chart.append(drawn);
    }
  }
  return chart;
}
