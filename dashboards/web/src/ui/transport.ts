import { h, setAttribute, setText } from '../dom.js';
import { drawMemoryStrip } from '../draw/strip.js';
import { surfaceOf, watchSize } from '../draw/surface.js';
import type { Actions, Part, View } from '../view.js';
import { agoText, timeOfDay } from '../words.js';

/** Pause, scrub and play over what is in memory. */
export function createTransport(actions: Actions): Part {
  const pause = h('button', { className: 'primary', attributes: { type: 'button', id: 'pause' }, text: 'Pause' });
  const play = h('button', { attributes: { type: 'button' }, text: 'Play', onClick: () => actions.play() });
  const live = h('button', { attributes: { type: 'button' }, text: 'Back to live', onClick: () => actions.hold(null) });
  const strip = h('canvas', { attributes: { 'aria-hidden': 'true' } });
  const range = h('input', {
    attributes: { type: 'range', id: 'scrub', step: '0.1', max: '0', value: '0', 'aria-label': 'Moment shown' },
  });
  const time = h('output', { className: 'moment', attributes: { for: 'scrub' } });
  const root = h('section', {
    className: 'transport card',
    attributes: { 'aria-label': 'Moment shown' },
    children: [
      h('div', { className: 'buttons', children: [pause, play, live] }),
      h('div', { className: 'scrub', children: [strip, range] }),
      time,
    ],
  });
  let view: View | undefined;
  watchSize(strip);
  pause.addEventListener('click', () => {
    if (!view) return;
    if (view.clock.mode === 'held') actions.hold(null);
    else actions.hold(view.atMs ?? view.history.span()?.toMs ?? view.nowMs);
  });
  range.addEventListener('input', () => {
    const span = view?.history.span();
    if (span) actions.hold(span.toMs + Number(range.value) * 1000);
  });

  return {
    root,
    update(now) {
      view = now;
      const span = now.history.span();
      const { mode } = now.clock;
      const held = mode === 'held';
      setText(pause, held ? 'Go live' : 'Pause');
      setAttribute(root, 'data-mode', mode);
      play.disabled = !held;
      live.disabled = mode === 'live';
      live.hidden = held;
      pause.disabled = span === null;
      range.disabled = span === null;
      const seconds = span ? Math.max(1, (span.toMs - span.fromMs) / 1000) : 1;
      setAttribute(range, 'min', (-seconds).toFixed(1));
      const at = now.atMs ?? span?.toMs ?? now.nowMs;
      const behind = span ? Math.max(0, (span.toMs - at) / 1000) : 0;
      const value = mode === 'live' ? '0' : (-behind).toFixed(1);
      if (range.value !== value) range.value = value;
      const clock = timeOfDay(now.atMs ?? now.nowMs);
      const text = mode === 'live' ? `Live ${clock}` : `${clock}, ${agoText((now.nowMs - at) / 1000)}`;
      setText(time, text);
      // Spoken on change only: a slider that speaks every second is unbearable.
      setAttribute(range, 'aria-valuetext', mode === 'live' ? 'live' : text);
      const surface = surfaceOf(strip);
      if (!surface || !span) return;
      const { history, colours, emotions, state } = now;
      drawMemoryStrip(surface, { history, events: state.events, log: state.log, ...span, emotions, colours });
    },
  };
}
