import { h } from '../../shared/element.js';
import { drawDots } from './dot-plot.js';
import { type Shown, shownDomain } from './people-plot.js';
import { shortText } from './scales.js';
import { conditionName, conditionsOf, type Row } from './study-data.js';

/** A figure in the grid of small multiples. */
export function smallFigure(caption: string, note: string, chart: SVGElement): HTMLElement {
  const title = h('figcaption', { children: [caption, h('small', { text: note })] });
  return h('figure', { children: [title, chart] });
}

/** One small picture a marker, all on one scale and with the same rows. */
export function showMarkers(root: HTMLElement, shown: Shown): void {
  const { data } = shown;
  const isMarker = ({ window }: Row): boolean => window >= 0;
  const domain = shownDomain(shown.people.filter(isMarker), shown.groups.filter(isMarker));
  const windows = [...new Set(shown.people.map(({ window }) => window))]
    .filter((window) => window >= 0)
    .sort((a, b) => a - b);
  const conditions = conditionsOf(shown.people.filter(isMarker));
  const grid = h('div', { className: 'grid-of' });
  for (const window of windows) {
    const people = shown.people.filter((row) => row.window === window);
    const groups = shown.groups.filter((row) => row.window === window);
    const means = conditions.map((condition) => {
      const value = groups.find((each) => each.condition === condition)?.value;
      return `${conditionName(data, condition)}: ${value == null ? 'no mean' : `mean ${shortText(value)}`}`;
    });
    const label = `${data.windows[window]}. ${means.join('; ')}`;
    const { chart } = drawDots({ data, people, groups, conditions, domain, width: 300, rowHeight: 64, label });
    const seen = people.filter(({ value }) => value !== null).length;
    grid.append(smallFigure(data.windows[window], `${seen} of ${people.length} with a value`, chart));
  }
  const none = h('p', { className: 'none', text: 'This measure is not told of markers.' });
  root.replaceChildren(windows.length === 0 ? none : grid);
}
