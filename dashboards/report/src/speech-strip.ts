import type { PeopleData } from '../../../src/report/report-data.js';
import { clockText } from '../../../src/view/clock-words.js';
import { h } from '../../shared/element.js';
import { surfaceOf } from './canvas.js';
import { type Stretch, speakersOf, turnsText } from './speakers.js';
import { drawTimeAxis } from './strip-plots.js';
import type { PageData } from './track.js';
import type { ViewState } from './view-state.js';

/** Fills the card of who speaks; what redraws it in another theme. */
export function createSpeechStrip(
  root: HTMLElement,
  data: PageData,
  people: PeopleData | null,
  state: ViewState,
): () => void {
  const speakers = speakersOf(data, people);
  const whole = { ...state.get(), from: state.span.start, to: state.span.end };
  const rows = speakers.map((speaker) => {
    const text = turnsText(speaker);
    const listed = speaker.turns.map(({ fromUs, toUs }) => `${clockText(fromUs / 1e6)} to ${clockText(toUs / 1e6)}`);
    const label = `${speaker.name}: ${text}${listed.length > 0 ? `: ${listed.join(', ')}` : ''}`;
    const canvas = h('canvas', { attributes: { role: 'img', 'aria-label': label } });
    canvas.addEventListener('click', (event) => {
      const { left, width } = canvas.getBoundingClientRect();
      state.moveCursor(whole.from + ((event.clientX - left) / width) * (whole.to - whole.from));
    });
    const who = h('span', { className: 'who', children: [speaker.name, h('small', { text })] });
    return { speaker, canvas, item: h('li', { children: [who, canvas] }) };
  });
  const axis = h('canvas', { attributes: { 'aria-hidden': 'true' } });
  const last = h('li', { className: 'axis', children: [h('span', { className: 'who' }), axis] });
  root.querySelector('.speech-rows')?.replaceChildren(...rows.map(({ item }) => item), last);
  const draw = (): void => {
    for (const { speaker, canvas } of rows) {
      const surface = surfaceOf(canvas, whole);
      if (!surface) continue;
      const { context, height, x, colour } = surface;
      const bars = (stretches: readonly Stretch[], inset: number): void => {
        for (const { fromUs, toUs } of stretches) {
          const left = x(fromUs / 1e6);
          context.fillRect(left, inset, Math.max(2, x(toUs / 1e6) - left), height - 2 * inset);
        }
      };
      context.fillStyle = colour('accent');
      context.globalAlpha = 0.18;
      bars(speaker.seen, 0);
      context.globalAlpha = 1;
      bars(speaker.turns, 4);
    }
    const surface = surfaceOf(axis, whole);
    if (surface) drawTimeAxis(surface, { view: whole });
  };
  new ResizeObserver(draw).observe(root);
  return draw;
}
