import type { AlignedSignal, PageAligned, PageCurve } from '../../../src/study/report/page-data.js';
import { h } from '../../shared/element.js';
import { smallFigure } from './marker-plots.js';
import { bandBetween, pathThrough } from './paths.js';
import { type Domain, domainOf, type Scale, scaleOf, shortText, valueTicks } from './scales.js';
import { segments } from './segments.js';
import { conditionName, type StudyPageData } from './study-data.js';
import { colourOf, dashOf, picture, shape } from './svg.js';

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [300, 150, 34, 20];

const counted = ({ people }: PageAligned): string => (people === 1 ? '1 person' : `${people} people`);

const meanOf = (values: readonly (number | null)[]): number => {
  const present = values.filter((value) => value !== null);
  return present.reduce((sum, value) => sum + value, 0) / present.length;
};

/** What a curve does, in words: before, and after the start. */
function curveText(data: StudyPageData, { condition, mean, persons }: PageCurve): string {
  const start = data.aligned.beforeS / data.aligned.stepS;
  const [before, after] = [meanOf(mean.slice(0, start)), meanOf(mean.slice(start))];
  const told = (value: number): string => (Number.isFinite(value) ? shortText(value) : 'no reading');
  return `${conditionName(data, condition)}, ${persons} people: ${told(before)} before, ${told(after)} after the start`;
}

function drawCurves(data: StudyPageData, curves: readonly PageCurve[], domain: Domain, label: string): SVGElement {
  const { beforeS, stepS } = data.aligned;
  const cells = curves[0]?.mean.length ?? 48;
  const chart = picture({ width: WIDTH, height: HEIGHT, label });
  // A value stands for its cell: it is drawn in its middle.
  const x: Scale = (cell) => LEFT + ((cell + 0.5) / cells) * (WIDTH - LEFT - 4);
  const xOfSeconds: Scale = (seconds) => x((seconds + beforeS) / stepS - 0.5);
  const y = scaleOf(domain, HEIGHT - BOTTOM, 6);
  for (const tick of valueTicks(domain, 3))
    chart.append(
      shape('line', { class: tick === 0 ? 'zero' : 'grid', x1: LEFT, x2: WIDTH, y1: y(tick), y2: y(tick) }),
      shape('text', { class: 'tick', x: LEFT - 4, y: y(tick) + 4, 'text-anchor': 'end' }, shortText(tick)),
    );
  for (let seconds = -beforeS; seconds <= cells * stepS - beforeS; seconds += 2)
    chart.append(
      shape(
        'text',
        {
          class: 'tick',
          x: xOfSeconds(seconds),
          y: HEIGHT - 5,
          'text-anchor': seconds === cells * stepS - beforeS ? 'end' : 'middle',
        },
        shortText(seconds),
      ),
    );
  chart.append(shape('line', { class: 'start', x1: xOfSeconds(0), x2: xOfSeconds(0), y1: 2, y2: HEIGHT - BOTTOM }));
  for (const { condition, mean, low, high } of curves)
    chart.append(
      shape(
        'g',
        { style: colourOf(condition) },
        shape('path', { class: 'band', d: bandBetween(low, high, x, y) }),
        shape('path', { class: 'curve', d: pathThrough(mean, x, y), 'stroke-dasharray': dashOf(condition) }),
      ),
    );
  return chart;
}

/** Names of conditions beside a piece of their line. */
export function keyOf(data: StudyPageData, conditions: readonly number[]): HTMLElement {
  const children = conditions.map((condition) => {
    const sample = picture({ width: 22, height: 12, label: '' });
    sample.setAttribute('aria-hidden', 'true');
    sample.setAttribute('style', colourOf(condition));
    sample.append(shape('path', { class: 'curve', d: 'M1 6L21 6', 'stroke-dasharray': dashOf(condition) }));
    return h('li', { children: [sample, conditionName(data, condition)] });
  });
  return h('ul', { className: 'key', children });
}

/** Mean curves around the starts of markers, one small picture a label, all on one scale. */
export function showAligned(root: HTMLElement, data: StudyPageData): void {
  const { signals, markers } = data.aligned;
  const grid = h('div', { className: 'grid-of' });
  const about = h('p', { className: 'shown-for sub' });
  const curvesOf = (marker: PageAligned, { name }: AlignedSignal) => marker.signals[name] ?? [];
  const show = (signal: AlignedSignal): void => {
    const all = markers.flatMap((marker) => curvesOf(marker, signal));
    const domain = domainOf(all.flatMap(({ mean, low, high }) => [...mean, ...low, ...high]));
    about.textContent = `${signal.title}, ${signal.unit}`;
    grid.replaceChildren(
      ...markers.map((marker) => {
        const curves = curvesOf(marker, signal);
        const told = curves.map((curve) => curveText(data, curve)).join('; ');
        const label = `${signal.title} around the start of ${data.windows[marker.window]}. ${told || 'No reading.'}`;
        const note = counted(marker);
        return smallFigure(data.windows[marker.window], note, drawCurves(data, curves, domain, label));
      }),
    );
  };
  const conditions = [
    ...new Set(
      markers.flatMap(({ signals: of }) =>
        Object.values(of)
          .flat()
          .map(({ condition }) => condition),
      ),
    ),
  ].sort((a, b) => a - b);
  const choose = (name: string): void => show(signals.find((each) => each.name === name)!);
  const head = h('div', {
    className: 'row-head',
    children: [segments({ name: 'aligned-signal', label: 'Signal' }, signals, choose)],
  });
  root.replaceChildren(about, head, keyOf(data, conditions), grid);
  if (signals[0]) show(signals[0]);
}
