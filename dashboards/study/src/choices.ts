import type { PageMeasure, StudyPageData } from './study-data.js';

const REFERENCE_WORDS: Readonly<Record<PageMeasure['reference'], string>> = {
  raw: 'nothing (as measured)',
  baseline: 'the person’s baseline',
  median: 'the person’s median',
};
const SPEECH_WORDS: Readonly<Record<PageMeasure['speech'], string>> = { all: 'all', silent: 'while not speaking' };

type Key = 'measure' | 'reference' | 'speech';
const KEYS: readonly Key[] = ['measure', 'reference', 'speech'];
const wordsOf = (key: Key, value: string): string =>
  key === 'reference'
    ? REFERENCE_WORDS[value as PageMeasure['reference']]
    : key === 'speech'
      ? SPEECH_WORDS[value as PageMeasure['speech']]
      : value.replaceAll('_', ' ');

/** What a chosen measure is, in words for print and for readers of the screen. */
export const chosenText = ({ measure, unit, reference, speech }: PageMeasure): string =>
  `${wordsOf('measure', measure)}, ${unit}; relative to ${REFERENCE_WORDS[reference]}; time: ${SPEECH_WORDS[speech]}`;

/** In which form people chose to see measures. */
export type ChosenForm = Readonly<Record<'reference' | 'speech', string>>;

/** Of one measure's forms the one that fits the choice best: what this measure does not have gives way to what it has. */
export function bestOf(forms: readonly PageMeasure[], chosen: ChosenForm): PageMeasure {
  return [...forms].sort(
    (a, b) =>
      Number(b.reference === chosen.reference) - Number(a.reference === chosen.reference) ||
      Number(b.speech === chosen.speech) - Number(a.speech === chosen.speech),
  )[0];
}

function fill(list: HTMLSelectElement, key: Key, values: readonly string[], chosen: string): void {
  list.replaceChildren(...values.map((value) => new Option(wordsOf(key, value), value, false, value === chosen)));
  const label = list.closest<HTMLElement>('.choice');
  if (label) label.hidden = values.length < 2;
}

/** The lists above the pictures, and the address: `#measure=…&reference=…&speech=…`. Calls `show` at once and at each change. */
export function followChoices(data: StudyPageData, show: (measure: PageMeasure) => void): void {
  const asked = new URLSearchParams(location.hash.slice(1));
  const first = data.measures.find(({ measure }) => measure.startsWith('valence')) ?? data.measures[0];
  if (!first) return;
  const chosen: Record<Key, string> = { measure: first.measure, reference: first.reference, speech: first.speech };
  for (const key of KEYS) chosen[key] = asked.get(key) ?? chosen[key];
  const list = (key: Key) => document.getElementById(key) as HTMLSelectElement;
  const unique = (key: Key, of: readonly PageMeasure[]): string[] => [...new Set(of.map((each) => each[key]))];

  const update = (): void => {
    const names = unique('measure', data.measures);
    if (!names.includes(chosen.measure)) chosen.measure = first.measure;
    const own = data.measures.filter(({ measure }) => measure === chosen.measure);
    const best = bestOf(own, chosen);
    fill(list('measure'), 'measure', names, best.measure);
    fill(list('reference'), 'reference', unique('reference', own), best.reference);
    const same = own.filter(({ reference }) => reference === best.reference);
    fill(list('speech'), 'speech', unique('speech', same), best.speech);
    show(best);
  };
  for (const key of KEYS) {
    list(key).addEventListener('change', () => {
      chosen[key] = list(key).value;
      history.replaceState(null, '', `#${new URLSearchParams(chosen)}`);
      update();
    });
  }
  update();
}
