import { EMOTIONS } from '../../../../src/domain/affect.js';
import { percentText, signedText } from '../../../../src/view/number-words.js';
import { h, setAttribute, setText } from '../dom.js';
import { drawPlane } from '../draw/plane.js';
import { surfaceOf, watchSize } from '../draw/surface.js';
import type { TrackPoint } from '../model/history.js';
import { affectOf, emotionsOf } from '../model/people.js';

/** Visible expression of one face as bars, and its valence and arousal on the plane. */
export function createEmotions() {
  const bars = EMOTIONS.map((emotion) => {
    const bar = h('i', { className: `bar fill-${emotion}` });
    const value = h('b', { className: 'value' });
    const root = h('li', {
      children: [
        h('span', { text: emotion }),
        h('span', { className: 'bar-track', attributes: { 'aria-hidden': 'true' }, children: [bar] }),
        value,
      ],
    });
    return { bar, value, root };
  });
  const plane = h('canvas', { className: 'plane', attributes: { role: 'img' } });
  const affect = h('p', { className: 'affect' });
  const root = h('div', {
    className: 'affect-row',
    children: [
      h('div', {
        children: [
          h('h3', { text: 'Visible expression' }),
          h('ul', { className: 'emotion-bars', children: bars.map(({ root }) => root) }),
        ],
      }),
      h('figure', {
        children: [
          h('h3', { text: 'Valence and arousal' }),
          plane,
          h('figcaption', { children: [affect, 'derived from the expression; 10 s trail'] }),
        ],
      }),
    ],
  });
  watchSize(plane);

  function update(face: TrackPoint['face'] | null): void {
    const shares = face && emotionsOf(face);
    for (const [index, { bar, value }] of bars.entries()) {
      const share = shares?.[index] ?? Number.NaN;
      bar.style.transform = `scaleX(${Number.isNaN(share) ? 0 : share.toFixed(3)})`;
      setText(value, percentText(share));
    }
    const reading = face && affectOf(face);
    setText(affect, reading ? `valence ${signedText(reading.valence)} arousal ${signedText(reading.arousal)}` : '–');
    setAttribute(plane, 'aria-label', reading ? `Valence and arousal plane: ${affect.textContent}` : 'No reading');
  }

  return {
    root,
    update,
    draw(now: Parameters<typeof drawPlane>[1]): void {
      const surface = surfaceOf(plane);
      if (surface) drawPlane(surface, now);
    },
  };
}
