import { h } from '../../shared/element.js';
import { surfaceOf } from './canvas.js';
import { drawFacePlane } from './face-plane.js';
import { facePlots } from './face-plots.js';
import { followKeyboard, followPointer } from './navigate.js';
import { createReadout, spokenValue } from './readout.js';
import { bucketAt } from './series.js';
import type { Track } from './track.js';
import { spokenUnits, unitsAt } from './unit-plot.js';
import { valueTable } from './value-table.js';
import type { Change } from './view-state.js';

function createStack(name: string, { state }: Track, children: readonly Node[]): HTMLElement {
  return h('div', {
    className: 'plots',
    attributes: {
      tabindex: '0',
      role: 'slider',
      'aria-label': `Time cursor, ${name}`,
      'aria-valuemin': String(state.span.start),
      'aria-valuemax': String(state.span.end),
    },
    children,
  });
}

/** The values as a table, filled while it is open. */
function createTable(name: string, { series, data, state }: Track): { readonly root: HTMLElement; fill(): void } {
  const body = h('div', {
    className: 'table-scroll',
    attributes: { tabindex: '0', role: 'region', 'aria-label': `Values of ${name}` },
  });
  const root = h('details', {
    className: 'values',
    children: [h('summary', { text: 'Values as a table' }), body],
  });
  const fill = (): void => {
    if (root.open) body.replaceChildren(valueTable({ series, view: state.get(), data, caption: name }));
  };
  root.addEventListener('toggle', fill);
  return { root, fill };
}

/** Calls `draw` for a change: at once where it must, else once with the next screen refresh. */
function onceAFrame(draw: (plots: boolean) => void): (change: Change) => void {
  let pending = { plots: false, asked: false };
  return ({ plots, now }) => {
    if (now) {
      draw(true);
      return;
    }
    pending.plots ||= plots;
    if (pending.asked) return;
    pending.asked = true;
    requestAnimationFrame(() => {
      const { plots: redraw } = pending;
      pending = { plots: false, asked: false };
      draw(redraw);
    });
  };
}

/** Fills the section of one face with its plots and keeps them in step with the shared view. */
export function createFaceSection(root: HTMLElement, track: Track): void {
  const charts = root.querySelector('.charts');
  if (!charts) return;
  const { series, emotionEpisodes, unitEpisodes, data, state } = track;
  const view = state.get();
  const name = root.dataset.name ?? '';
  const plots = facePlots(track);
  const cursor = h('div', { className: 'cursor', attributes: { 'aria-hidden': 'true' } });
  const brush = h('div', { className: 'brush', attributes: { 'aria-hidden': 'true', hidden: '' } });
  const stack = createStack(name, track, [...plots.map((plot) => plot.root), cursor, brush]);
  const readout = createReadout({ series, data });
  const plane = h('canvas', { className: 'plane', attributes: { 'aria-hidden': 'true' } });
  const caption = 'Valence and arousal, derived from the emotion distribution. The trail is the last 5 s.';
  const side = h('div', {
    className: 'side',
    children: [readout.root, h('figure', { children: [plane, h('figcaption', { text: caption })] })],
  });
  const table = createTable(name, track);
  charts.replaceChildren(stack, side);
  charts.after(table.root);
  followPointer({ stack, brush, state });
  followKeyboard({ stack, times: series.times, episodes: emotionEpisodes, state });

  const moveCursor = (): void => {
    const bucket = bucketAt(series, view.cursor);
    cursor.style.left = `${(100 * (view.cursor - view.from)) / (view.to - view.from)}%`;
    for (const plot of plots) plot.values.textContent = plot.value(bucket);
    readout.update(view);
    drawFacePlane(plane, { series, view });
    stack.setAttribute('aria-valuenow', view.cursor.toFixed(2));
    const active = spokenUnits(series, { units: data.units, active: unitsAt(unitEpisodes, view.cursor), bucket });
    const spoken = spokenValue(series, { view, data });
    stack.setAttribute('aria-valuetext', active === '' ? spoken : `${spoken}; ${active}`);
  };
  const later = onceAFrame((redraw) => {
    if (redraw) {
      for (const { canvas, draw } of plots) {
        const surface = surfaceOf(canvas, view);
        if (surface) draw(surface);
      }
      table.fill();
    }
    moveCursor();
  });
  state.onChange(later);
  new ResizeObserver(() => later({ plots: true, now: false })).observe(stack);
}
