import { type Domain, scaleOf, shortText, valueAxis } from './axis.js';
import { conditionName, type Row, type StudyPageData } from './study-data.js';
import { colourOf, picture, shape } from './svg.js';

const RADIUS = 5;

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

/** Heights of points of one row, so that none covers another: as near to the middle as there is room. */
export function spreadOut(places: readonly number[], room: number): readonly number[] {
  const step = RADIUS * 0.9;
  const heights: number[] = [];
  for (const [at, x] of places.entries()) {
    const near = heights.flatMap((height, other) => (Math.abs(places[other] - x) < RADIUS * 1.8 ? [height] : []));
    let height = 0;
    for (let tries = 1; near.some((taken) => Math.abs(taken - height) < step) && tries < 24; tries++) {
      height = (tries % 2 === 0 ? 1 : -1) * Math.ceil(tries / 2) * step;
    }
    heights[at] = Math.max(-room, Math.min(room, height));
  }
  return heights;
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
  const x = scaleOf(domain, RADIUS + 4, width - RADIUS - 4);
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
    const heights = spreadOut(places, Math.max(4, (rowHeight - 34) / 2 - 1));
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
      const drawn = shape('circle', { class: 'point', cx: places[at], cy: middle + heights[at], r: RADIUS });
      row.append(drawn);
      points.push({ row: each, drawn });
    }
    if (group) drawGroup(row, group, { x, y: top + rowHeight - 10 });
    chart.append(row);
  }
  return { chart, points };
}
