import { percentText } from '../../../src/view/number-words.js';
import { h } from '../../shared/element.js';
import { chosenText } from './choices.js';
import { drawDots } from './dot-plot.js';
import { type Domain, domainOf, shortText } from './scales.js';
import { readoutLine } from './segments.js';
import { conditionName, conditionsOf, type PageMeasure, type Row, type StudyPageData } from './study-data.js';
import { valuesTable } from './values-table.js';

/** A measure as pictures need it. */
export interface Shown {
  readonly data: StudyPageData;
  readonly measure: PageMeasure;
  readonly people: readonly Row[];
  readonly groups: readonly Row[];
}

/** What is drawn of rows: values of people, means of groups with their intervals. */
export const shownDomain = (people: readonly Row[], groups: readonly Row[]): Domain =>
  domainOf([...people.map(({ value }) => value), ...groups.flatMap(({ value, low, high }) => [value, low, high])]);

/** "p03, session s2, calm: 0.42 (0.31 to 0.5), 95 % read". */
export function rowText({ data, measure }: Shown, row: Row): string {
  const { value, low, high, coverage } = row;
  const interval = low === null || high === null ? '' : ` (${shortText(low)} to ${shortText(high)})`;
  const session = row.session < 0 ? '' : `, session ${data.sessions[row.session]}`;
  const read = coverage === null ? '' : `, ${percentText(coverage)} read`;
  return `${data.people[row.who]}${session}, ${conditionName(data, row.condition)}: ${shortText(value ?? Number.NaN)}${interval} ${measure.unit}${read}`;
}

/** What the picture says, for those who do not see it. */
function summary({ data, measure, groups }: Shown, conditions: readonly number[]): string {
  const means = conditions.map((condition) => {
    const group = groups.find((each) => each.window < 0 && each.condition === condition);
    return `${conditionName(data, condition)}: ${group?.value == null ? 'no mean' : `mean ${shortText(group.value)}`}`;
  });
  return `${chosenText(measure)}. ${means.join('; ')}. Arrow keys move from person to person.`;
}

/** People by conditions over whole sessions, with a readout that the pointer and the arrow keys move. */
export function showPeople(root: HTMLElement, shown: Shown, widthPx: number): void {
  const { data, measure } = shown;
  const people = shown.people.filter(({ window }) => window < 0);
  const groups = shown.groups.filter(({ window }) => window < 0);
  const conditions = conditionsOf(people);
  const { chart, points } = drawDots({
    data,
    people,
    groups,
    conditions,
    domain: shownDomain(people, groups),
    width: Math.max(300, widthPx),
    rowHeight: 86,
    label: summary(shown, conditions),
  });
  const about = h('p', { className: 'shown-for sub', text: chosenText(measure) });
  const meaning = h('p', { className: 'sub', text: data.about[measure.measure] ?? '' });
  const readout = readoutLine();
  let now = -1;
  const moveTo = (index: number): void => {
    points[now]?.drawn.classList.remove('now');
    now = index;
    points[now]?.drawn.classList.add('now');
    readout.textContent = points[now] ? rowText(shown, points[now].row) : '';
  };
  chart.setAttribute('tabindex', '0');
  chart.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[(event as KeyboardEvent).key];
    if (step === undefined || points.length === 0) return;
    event.preventDefault();
    moveTo((now + step + points.length) % points.length);
  });
  for (const [index, { drawn }] of points.entries()) drawn.addEventListener('pointerenter', () => moveTo(index));
  const left = people.length - points.length;
  const missing = left > 0 ? `${left} of ${people.length} have no value: the table says why.` : '';
  const note = h('p', { className: 'sub', text: missing });
  root.replaceChildren(about, meaning, chart, readout, note, valuesTable(shown));
}
