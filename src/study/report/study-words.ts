import { counted } from '../../domain/counted.js';
import { percentText } from '../../view/number-words.js';
import type { GatheredStudy } from './report-gatherer.js';

/** A length of time as a reader says it: `3 h 12 min`, `4 min 05 s`, `12.4 s`. */
export function lengthText(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  if (hours > 0) return `${hours} h ${String(minutes).padStart(2, '0')} min`;
  return `${minutes} min ${String(whole % 60).padStart(2, '0')} s`;
}

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** Seconds of all people that count, and the share of them that could be read. */
export function readShare({ coverage }: Pick<GatheredStudy, 'coverage'>): {
  readonly seconds: number;
  readonly share: number;
} {
  const seconds = coverage.reduce((sum, each) => sum + each.seconds, 0);
  return { seconds, share: coverage.reduce((sum, each) => sum + each.readSeconds, 0) / seconds };
}

/** What was studied, in a sentence or two. */
export function leadText(gathered: GatheredStudy): string {
  const { data, coverage } = gathered;
  const sessions = new Set(coverage.map(({ session }) => session)).size;
  const people = new Set(coverage.map(({ participant }) => participant)).size;
  const { seconds, share } = readShare(gathered);
  const under =
    data.conditions.length > 0
      ? ` under ${counted(data.conditions.length, 'condition')} (${listed(data.conditions)})`
      : '';
  const marked = data.windows.length > 0 ? `, with ${counted(data.windows.length, 'marker')} to compare` : '';
  if (coverage.length === 0) return 'Nobody of the study is in the results yet.';
  return `${counted(people, 'person', 'people')} in ${counted(sessions, 'session')}${under}${marked}. Of ${lengthText(seconds)} of faces that count, ${percentText(share)} could be read.`;
}
