import { h } from '../../shared/element.js';
import { keyOf } from './aligned-plots.js';
import { bestOf, type ChosenForm, chosenText } from './choices.js';
import { drawDots } from './dot-plot.js';
import { smallFigure } from './marker-plots.js';
import { drawProfile } from './marker-profile.js';
import { shownDomain } from './people-plot.js';
import { conditionsOf, type PageMeasure, type Row, rowsOf, type StudyPageData } from './study-data.js';

const hasValue = ({ value }: Row): boolean => value !== null;
const isMarker = ({ window }: Row): boolean => window >= 0;

/** Each measure once, in the form that fits the choice best. */
function formsOf({ measures }: StudyPageData, chosen: ChosenForm): readonly PageMeasure[] {
  const byName = new Map<string, PageMeasure[]>();
  for (const form of measures) byName.set(form.measure, [...(byName.get(form.measure) ?? []), form]);
  return [...byName.values()].map((forms) => bestOf(forms, chosen));
}

/** Small pictures of one measure: people by conditions, then means marker by marker; none of what nobody has a value of. */
function picturesOf(data: StudyPageData, measure: PageMeasure, chosen: ChosenForm): readonly HTMLElement[] {
  const { people, groups } = rowsOf(measure);
  const [name, note] = [measure.measure.replaceAll('_', ' '), noteOf(measure, chosen)];
  const label = chosenText(measure);
  const whole = people.filter((row) => !isMarker(row));
  const wholeGroups = groups.filter((row) => !isMarker(row));
  const markers = groups.filter((row) => isMarker(row) && hasValue(row));
  const conditions = conditionsOf(people);
  const dots = {
    ...{ data, people: whole, groups: wholeGroups, conditions },
    ...{ domain: shownDomain(whole, wholeGroups), width: 300, rowHeight: 64, label },
  };
  const windows = data.windows.flatMap((_, at) => (people.some(({ window }) => window === at) ? [at] : []));
  const profile = { windows, conditions, domain: shownDomain([], markers), label };
  return [
    ...(whole.some(hasValue) ? [smallFigure(name, note, drawDots(dots).chart)] : []),
    ...(markers.length > 0 ? [smallFigure(name, `${note}; by marker`, drawProfile(data, markers, profile))] : []),
  ];
}

/** Its unit, and what of the choice it does not have. */
function noteOf({ unit, reference, speech }: PageMeasure, chosen: ChosenForm): string {
  const other = [
    ...(reference === chosen.reference ? [] : [reference === 'raw' ? 'as measured' : `relative to ${reference}`]),
    ...(speech === chosen.speech ? [] : [speech === 'all' ? 'all time' : 'while not speaking']),
  ];
  return [unit, ...other].join(', ');
}

/** Every measure of which somebody has a value, small. */
export function showAllMeasures(root: HTMLElement, data: StudyPageData, chosen: PageMeasure): void {
  const forms = formsOf(data, chosen);
  const pictures = forms.map((form) => picturesOf(data, form, chosen));
  const empty = forms.filter((_, at) => pictures[at].length === 0).map(({ measure }) => measure.replaceAll('_', ' '));
  const [, ...form] = chosenText(chosen).split('; ');
  const numbered = data.windows.map((name, at) => `${at + 1} ${name}`).join(', ');
  const words = [
    `In the form ${form.join('; ')}; where a measure does not have it, what it is instead stands beside its unit.`,
    ...(numbered === '' ? [] : [`Markers: ${numbered}.`]),
    ...(empty.length === 0 ? [] : [`Without a value of anybody: ${empty.join(', ')}.`]),
  ];
  root.replaceChildren(
    h('p', { className: 'sub', text: words.join(' ') }),
    keyOf(data, conditionsOf(forms.flatMap((form) => rowsOf(form).people))),
    h('div', { className: 'grid-of', children: pictures.flat() }),
  );
}
