import { spreadOut } from './paths.js';
import { type Domain, type Scale, scaleOf, shortText, valueTicks } from './scales.js';
import { conditionName, type Row, type StudyPageData } from './study-data.js';
import { colourOf, picture, shape } from './svg.js';

/** Of points, in rows that have room and in those of small pictures. */
const RADIUS = { large: 5, small: 3.5 } as const;

export interface DotPlot {
  readonly data: StudyPageData;
  readonly people: readonly Row[];
  readonly groups: readonly Row[];
  readonly conditions: readonly number[];
  readonly domain: Domain;
  readonly width: number;
  /** Height of a condition's row. */
  readonly rowHeight: number;
  readonly label: string;
}

export interface DrawnDots {
  readonly chart: SVGElement;
  /** People with a value, from the top row down and from left to right, with what was drawn for each. */
  readonly points: readonly { readonly row: Row; readonly drawn: SVGElement }[];
}

/** Upright grid lines with their values below; the line of zero is dashed. */
function valueAxis(
  parent: SVGElement,
  axis: {
    readonly domain: Domain;
    readonly x: Scale;
    readonly top: number;
    readonly bottom: number;
    readonly count: number;
  },
): void {
  const { domain, x, top, bottom, count } = axis;
  for (const tick of valueTicks(domain, count)) {
    parent.append(
      shape('line', { class: tick === 0 ? 'zero' : 'grid', x1: x(tick), x2: x(tick), y1: top, y2: bottom }),
      shape('text', { class: 'tick', x: x(tick), y: bottom + 14, 'text-anchor': 'middle' }, shortText(tick)),
    );
  }
}

const diamond = (x: number, y: number, r: number): string =>
  `M${x - r} ${y}L${x} ${y - r}L${x + r} ${y}L${x} ${y + r}Z`;

/** The mean of a condition with its interval, and how many people it is of. */
function drawGroup(
  parent: SVGElement,
  group: Row,
  at: { readonly x: (value: number) => number; readonly y: number },
): void {
  const { x, y } = at;
  if (group.value === null) return;
  if (group.low !== null && group.high !== null)
    parent.append(shape('line', { class: 'bar', x1: x(group.low), x2: x(group.high), y1: y, y2: y }));
  parent.append(shape('path', { class: 'mean', d: diamond(Math.round(x(group.value) * 10) / 10, y, 7) }));
}

/** One row of points for each condition, with its mean below. */
export function drawDots(plot: DotPlot): DrawnDots {
  const { data, people, groups, conditions, domain, width, rowHeight, label } = plot;
  const height = conditions.length * rowHeight + 22;
  const chart = picture({ width, height, label });
  const radius = rowHeight < 80 ? RADIUS.small : RADIUS.large;
  const x = scaleOf(domain, radius + 4, width - radius - 4);
  valueAxis(chart, { domain, x, top: 0, bottom: height - 20, count: width / 90 });
  const points: { row: Row; drawn: SVGElement }[] = [];
  for (const [index, condition] of conditions.entries()) {
    const row = shape('g', { style: colourOf(condition) });
    const top = index * rowHeight;
    const middle = top + 16 + (rowHeight - 34) / 2;
    const own = people
      .filter((each) => each.condition === condition && each.value !== null)
      .sort((a, b) => a.value! - b.value!);
    const places = own.map(({ value }) => x(value!));
    const heights = spreadOut(places, { room: (rowHeight - 36) / 2 - radius, radius });
    const group = groups.find((each) => each.condition === condition);
    const told =
      group?.value == null
        ? own.length === 0
          ? 'nobody'
          : 'no mean: too few people'
        : `mean ${shortText(group.value)}, ${group.n} people`;
    row.append(
      shape('text', { class: 'name', x: 2, y: top + 12 }, conditionName(data, condition)),
      shape('text', { class: 'note', x: width - 2, y: top + 12, 'text-anchor': 'end' }, told),
    );
    for (const [at, each] of own.entries()) {
      const drawn = shape('circle', { class: 'point', cx: places[at], cy: middle + heights[at], r: radius });
      row.append(drawn);
      points.push({ row: each, drawn });
    }
    if (group) drawGroup(row, group, { x, y: top + rowHeight - 10 });
    chart.append(row);
  }
  return { chart, points };
}
