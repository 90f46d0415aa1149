/** @import { Series } from './decode.js' */
/** @import { ReportData } from '../report-data.js' */
/** @import { View } from './view-state.js' */
import { bucketAt, reasonAt } from './readout.js';
import { clockText, element, numberText, percentText, signedText, strengthText } from './words.js';

const MOST_ROWS = 120;
const STEPS_SECONDS = [0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800];

/**
 * The plots as a table: one row per round time step inside the window shown, at most MOST_ROWS of them.
 * @param {{ series: Series, view: Readonly<View>, data: ReportData, words: Record<string, string>, caption: string }} options
 */
export function valueTable({ series, view, data, words, caption }) {
  const { emotions, validity, units, shown } = data;
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
  const head = element('tr', {
    children: heads.map((text) => element('th', { text, attributes: { scope: 'col' } })),
  });
  const body = element('tbody');
  for (let row = Math.ceil(view.from / step); row * step <= view.to && body.rows.length < MOST_ROWS; row++) {
    const at = bucketAt(series, row * step);
    const value = (/** @type {string} */ group, /** @type {number} */ channel) =>
      at < 0 ? Number.NaN : series.groups[group].mean[channel][at];
    const valid = !Number.isNaN(value(`emotions.${view.stage}`, 0));
    const cells = [
      valid ? 'read' : reasonAt(series, { at, validity, words }),
      ...emotions.map((_, channel) => percentText(value(`emotions.${view.stage}`, channel))),
      signedText(value(`valenceArousal.${view.stage}`, 0)),
      signedText(value(`valenceArousal.${view.stage}`, 1)),
      ...shown.map(({ group, channel, format }) => numberText(value(group, channel), format)),
      ...[0, 1].map((channel) => percentText(value('eyes', channel))),
      ...units.map(({ channel }) => strengthText(value('actionUnits.intensity', channel))),
    ];
    body.append(
      element('tr', {
        children: [
          element('th', { text: clockText(row * step), attributes: { scope: 'row' } }),
          ...cells.map((text) => element('td', { text })),
        ],
      }),
    );
  }
  return element('table', {
    children: [
      element('caption', {
        text: `${caption}, every ${step} s, ${view.stage} values${units.length > 0 ? '; action units as smoothed intensity, 0 to 5' : ''}`,
      }),
      element('thead', { children: [head] }),
      body,
    ],
  });
}
