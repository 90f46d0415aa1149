import { clockText } from '../../../src/view/clock-words.js';
import { numberText, percentText, signedText, strengthText } from '../../../src/view/number-words.js';
import { h } from '../../shared/element.js';
import { reasonAt } from './readout.js';
import type { Series } from './series.js';
import { bucketAt } from './series.js';
import type { PageData } from './track.js';
import type { View } from './view-state.js';

const MOST_ROWS = 120;
const STEPS_SECONDS = [0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800];

/** The plots as a table: one row per round time step inside the window shown, at most MOST_ROWS of them. */
export function valueTable(options: {
  readonly series: Series;
  readonly view: Readonly<View>;
  readonly data: PageData;
  readonly caption: string;
}): HTMLTableElement {
  const { series, view, data, caption } = options;
  const { emotions, units, shown } = data;
  const step = STEPS_SECONDS.find((seconds) => (view.to - view.from) / seconds <= MOST_ROWS) ?? 3600;
  const heads = [
    'Time',
    'State',
    ...emotions,
    'Valence',
    'Arousal',
    ...shown.map(({ title }) => title),
    'Left eye',
    'Right eye',
  ];
  heads.push(...units.map(({ code, name }) => `${code} ${name}`));
  const head = h('tr', {
    children: heads.map((text) => h('th', { text, attributes: { scope: 'col' } })),
  });
  const body = h('tbody');
  for (let row = Math.ceil(view.from / step); row * step <= view.to && body.rows.length < MOST_ROWS; row++) {
    const at = bucketAt(series, row * step);
    const value = (group: string, channel: number) => (at < 0 ? Number.NaN : series.groups[group].mean[channel][at]);
    const valid = !Number.isNaN(value(`emotions.${view.stage}`, 0));
    const cells = [
      valid ? 'read' : reasonAt(series, { at, data }),
      ...emotions.map((_, channel) => percentText(value(`emotions.${view.stage}`, channel))),
      signedText(value(`valenceArousal.${view.stage}`, 0)),
      signedText(value(`valenceArousal.${view.stage}`, 1)),
      ...shown.map(({ group, channel, format }) => numberText(value(group, channel), format)),
      ...[0, 1].map((channel) => percentText(value('eyes', channel))),
      ...units.map(({ channel }) => strengthText(value('actionUnits.intensity', channel))),
    ];
    body.append(
      h('tr', {
        children: [
          h('th', { text: clockText(row * step), attributes: { scope: 'row' } }),
          ...cells.map((text) => h('td', { text })),
        ],
      }),
    );
  }
  return h('table', {
    children: [
      h('caption', {
        text: `${caption}, every ${step} s, ${view.stage} values${units.length > 0 ? '; action units as smoothed intensity, 0 to 5' : ''}`,
      }),
      h('thead', { children: [head] }),
      body,
    ],
  });
}
