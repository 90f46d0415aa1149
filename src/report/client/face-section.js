/** @import { Series } from './decode.js' */
/** @import { Change, ViewState } from './view-state.js' */
/** @import { EpisodeData, ReportData } from '../report-data.js' */
/** @import { Surface } from './canvas.js' */
import { drawAffectPlane } from './affect-plane.js';
import { surfaceOf } from './canvas.js';
import { drawSeparate, drawStacked } from './emotion-plot.js';
import { drawAffectLines, drawEyes, drawNumber, reachOf } from './line-plots.js';
import { followKeyboard, followPointer } from './navigate.js';
import { bucketAt, createReadout, spokenValue } from './readout.js';
import { drawCoverage, drawEpisodes, drawTimeAxis } from './strip-plots.js';
import { createUnitLabels, drawUnits, spokenUnits, UNIT_ROW_PX, unitsAt } from './unit-plot.js';
import { valueTable } from './value-table.js';
import { clockText, element, numberText, percentText, signedText } from './words.js';

/**
 * One plot: a caption with the values under the cursor, and a canvas.
 * @typedef {{ root: HTMLElement, canvas: HTMLCanvasElement, draw: (surface: Surface) => void, value: (bucket: number) => string, values: HTMLElement }} Plot
 */

/**
 * @param {{ title: string, kind: string, note?: string, draw: Plot['draw'], value?: Plot['value'], over?: HTMLElement }} options
 * @returns {Plot}
 */
function plot({ title, kind, note, draw, value = () => '', over }) {
  const canvas = element('canvas', { attributes: { 'aria-hidden': 'true' } });
  const values = element('span', { className: 'plot-values' });
  const heading = element('span', { className: 'plot-title', text: title });
  if (note) heading.append(element('span', { className: 'plot-note', text: note }));
  const root = element('div', {
    className: `plot plot-${kind}`,
    children: [
      element('div', { className: 'plot-head', children: [heading, values] }),
      over ? element('div', { className: 'plot-over', children: [canvas, over] }) : canvas,
    ],
  });
  return { root, canvas, draw, value, values };
}

/**
 * Fills the section of one track with its plots and keeps them in step with the shared view.
 * @param {{ root: HTMLElement, series: Series, episodes: readonly EpisodeData[], data: ReportData, words: Record<string, string>, state: ViewState }} options
 */
export function createFaceSection({ root, series, episodes, data, words, state }) {
  const { emotions, validity, units, shown } = data;
  const unitEpisodes = episodes.filter(({ kind }) => kind === 'action-unit');
  const unitLabels = units.length > 0 ? createUnitLabels({ series, units }) : null;
  const emotionEpisodes = episodes.filter(({ kind }) => kind === 'emotion');
  const at = (/** @type {string} */ group, /** @type {number} */ channel, /** @type {number} */ bucket) =>
    bucket < 0 ? Number.NaN : series.groups[group].mean[channel][bucket];
  const view = state.get();
  const episodeAtCursor = () =>
    emotionEpisodes.find(({ onsetUs, offsetUs }) => onsetUs / 1e6 <= view.cursor && offsetUs / 1e6 >= view.cursor);

  const plots = [
    plot({
      title: 'Visible expression',
      kind: 'emotions',
      draw: (surface) => (view.view === 'stacked' ? drawStacked : drawSeparate)(surface, { series, emotions, view }),
    }),
    plot({
      title: 'Episodes',
      kind: 'episodes',
      draw: (surface) => drawEpisodes(surface, { episodes: emotionEpisodes, view }),
      value: () => {
        const found = episodeAtCursor();
        if (!found) return 'none here';
        const [onset, apex, offset] = [found.onsetUs, found.apexUs, found.offsetUs].map((us) => clockText(us / 1e6));
        return `${found.label} ${onset}–${offset}, apex ${apex}, peak ${percentText(found.peak)}`;
      },
    }),
    plot({
      title: 'Face readable',
      kind: 'coverage',
      draw: (surface) => drawCoverage(surface, { series, validity }),
      value: (bucket) => (bucket < 0 ? 'not in view' : percentText(series.categories[0][bucket])),
    }),
    plot({ title: '', kind: 'axis', draw: (surface) => drawTimeAxis(surface, { view }) }),
    ...(unitLabels
      ? [
          plot({
            title: 'Action units',
            note: 'smoothed intensity 0–5',
            kind: 'units',
            over: unitLabels.root,
            draw: (surface) => drawUnits(surface, { series, units, episodes: unitEpisodes, view }),
            value: (bucket) => {
              const active = unitsAt(unitEpisodes, view.cursor);
              unitLabels.update(bucket, active);
              return active.size === 0 ? 'none active' : `${active.size} active`;
            },
          }),
        ]
      : []),
    plot({
      title: 'Valence and arousal',
      note: 'derived from the emotion distribution',
      kind: 'affect',
      draw: (surface) => drawAffectLines(surface, { series, view }),
      value: (bucket) =>
        `— valence ${signedText(at(`valenceArousal.${view.stage}`, 0, bucket))}  ┄ arousal ${signedText(at(`valenceArousal.${view.stage}`, 1, bucket))}`,
    }),
    ...shown.map((number) => {
      const reach = reachOf(series, number);
      return plot({
        title: number.title,
        note: number.note,
        kind: 'number',
        draw: (surface) => drawNumber(surface, { series, view, number, reach }),
        value: (bucket) => numberText(at(number.group, number.channel, bucket), number.format),
      });
    }),
    plot({
      title: 'Eye opening',
      note: 'bars above: blinks',
      kind: 'eyes',
      draw: (surface) => drawEyes(surface, { series, view }),
      value: (bucket) => `— left ${percentText(at('eyes', 0, bucket))}  ┄ right ${percentText(at('eyes', 1, bucket))}`,
    }),
  ];

  const cursor = element('div', { className: 'cursor', attributes: { 'aria-hidden': 'true' } });
  const brush = element('div', { className: 'brush', attributes: { 'aria-hidden': 'true', hidden: '' } });
  const unitCanvas = plots.find(({ root: { className } }) => className.includes('plot-units'))?.canvas;
  if (unitCanvas) unitCanvas.style.height = `${units.length * UNIT_ROW_PX}px`;
  const name = root.dataset.name ?? '';
  const stack = element('div', {
    className: 'plots',
    attributes: {
      tabindex: '0',
      role: 'slider',
      'aria-label': `Time cursor, ${name}`,
      'aria-valuemin': String(state.span.start),
      'aria-valuemax': String(state.span.end),
    },
    children: [...plots.map((each) => each.root), cursor, brush],
  });
  const readout = createReadout({ series, emotions, validity, words });
  const plane = element('canvas', { className: 'plane', attributes: { 'aria-hidden': 'true' } });
  const side = element('div', {
    className: 'side',
    children: [
      readout.root,
      element('figure', {
        children: [
          plane,
          element('figcaption', {
            text: 'Valence and arousal, derived from the emotion distribution. The trail is the last 5 s.',
          }),
        ],
      }),
    ],
  });
  const table = element('details', { className: 'values' });
  const tableBody = element('div', {
    className: 'table-scroll',
    attributes: { tabindex: '0', role: 'region', 'aria-label': `Values of ${name}` },
  });
  table.append(element('summary', { text: 'Values as a table' }), tableBody);
  const fillTable = () => {
    if (table.open) tableBody.replaceChildren(valueTable({ series, view, data, words, caption: name }));
  };
  table.addEventListener('toggle', fillTable);

  const charts = root.querySelector('.charts');
  if (!charts) return;
  charts.replaceChildren(stack, side);
  charts.after(table);
  followPointer({ stack, brush, state });
  followKeyboard({ stack, times: series.times, episodes: emotionEpisodes, state });

  const moveCursor = () => {
    const bucket = bucketAt(series, view.cursor);
    cursor.style.left = `${(100 * (view.cursor - view.from)) / (view.to - view.from)}%`;
    for (const each of plots) each.values.textContent = each.value(bucket);
    readout.update(view);
    drawAffectPlane(plane, { series, view });
    stack.setAttribute('aria-valuenow', view.cursor.toFixed(2));
    const active = spokenUnits(series, { units, active: unitsAt(unitEpisodes, view.cursor), bucket });
    const spoken = spokenValue(series, { view, emotions, validity, words });
    stack.setAttribute('aria-valuetext', active === '' ? spoken : `${spoken}; ${active}`);
  };
  const drawPlots = () => {
    for (const each of plots) {
      const surface = surfaceOf(each.canvas, view);
      if (surface) each.draw(surface);
    }
    fillTable();
  };
  let pending = { plots: false, asked: false };
  const later = (/** @type {Change} */ changed) => {
    if (changed.now) {
      drawPlots();
      moveCursor();
      return;
    }
    pending.plots ||= changed.plots;
    if (pending.asked) return;
    pending.asked = true;
    requestAnimationFrame(() => {
      const { plots: redraw } = pending;
      pending = { plots: false, asked: false };
      if (redraw) drawPlots();
      moveCursor();
    });
  };
  state.onChange(later);
  new ResizeObserver(() => later({ plots: true, now: false })).observe(stack);
}
