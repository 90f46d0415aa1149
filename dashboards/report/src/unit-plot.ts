import type { EpisodeData, UnitData } from '../../../src/report/report-data.js';
import { percentText, strengthText } from '../../../src/view/number-words.js';
import { h } from '../../shared/element.js';
import type { PlotSurface } from './canvas.js';
import { drawBand, drawLine, drawMissing } from './canvas.js';
import type { Series } from './series.js';
import type { View } from './view-state.js';

/** Height of one action unit's row in CSS pixels (the style sheet keeps to it), and of the text that areas stay clear of. */
export const UNIT_ROW_PX = 28;
const TEXT_PX = 11;
const STRONGEST = 5;

const colourOf = ({ region }: UnitData) => (region === 'upper face' ? 'first' : 'second');

/**
 * One row per action unit: its smoothed intensity, 0 to 5, as an area, and its episodes as bars under it. A line parts
 * the upper from the lower face.
 */
export function drawUnits(
  surface: PlotSurface,
  {
    series,
    units,
    episodes,
    view,
  }: { series: Series; units: readonly UnitData[]; episodes: readonly EpisodeData[]; view: Readonly<View> },
) {
  const { context, width, height, x, colour } = surface;
  const { mean } = series.groups['actionUnits.intensity'];
  drawMissing(surface, { series, values: mean[units[0].channel], view });
  const lane = height / units.length;
  for (const [row, unit] of units.entries()) {
    const values = mean[unit.channel];
    const floor = lane * (row + 1) - 4;
    const y = (strength: number) => floor - (strength / STRONGEST) * (lane - 5 - TEXT_PX);
    const ink = colour(colourOf(unit));
    drawBand(surface, { series, low: 0, high: values, view, y, colour: ink, alpha: 0.5 });
    drawLine(surface, { series, values, view, y, colour: ink, width: 1 });
    context.fillStyle = ink;
    for (const { label, onsetUs, offsetUs } of episodes) {
      if (label !== unit.code) continue;
      const [left, right] = [x(onsetUs / 1e6), x(offsetUs / 1e6)];
      if (right < 0 || left > width) continue;
      context.fillRect(left, floor + 1, Math.max(2, right - left), 2.5);
    }
    const parts = row > 0 && units[row - 1].region !== unit.region;
    if (row === 0) continue;
    context.fillStyle = colour(parts ? 'muted' : 'line');
    context.fillRect(0, Math.round(lane * row) - (parts ? 1 : 0), width, 1);
  }
}

/** Names and, under the cursor, values of the rows: text over the canvas rather than in it. */
export function createUnitLabels({ series, units }: { series: Series; units: readonly UnitData[] }) {
  const rows = units.map(({ code, name, channel }) => {
    const value = h('b');
    const sure = h('small');
    const children = [
      h('span', { className: 'code', text: code }),
      h('span', { className: 'name', text: name }),
      value,
      sure,
    ];
    return { row: h('li', { children }), code, channel, value, sure };
  });
  const root = h('ul', { className: 'unit-rows', children: rows.map(({ row }) => row) });
  root.setAttribute('aria-hidden', 'true');
  /** codes of the units active there */
  const update = (bucket: number, active: ReadonlySet<string>) => {
    for (const { row, code, channel, value, sure } of rows) {
      const strength = bucket < 0 ? Number.NaN : series.groups['actionUnits.intensity'].mean[channel][bucket];
      const presence = bucket < 0 ? Number.NaN : series.groups['actionUnits.presence'].mean[channel][bucket];
      value.textContent = strengthText(strength);
      sure.textContent = Number.isNaN(presence) ? '' : percentText(presence);
      row.classList.toggle('active', active.has(code));
    }
  };
  return { root, update };
}

/** Codes of the units with an episode at a moment. */
export function unitsAt(episodes: readonly EpisodeData[], seconds: number) {
  return new Set(
    episodes
      .filter(({ onsetUs, offsetUs }) => onsetUs / 1e6 <= seconds && offsetUs / 1e6 >= seconds)
      .map(({ label }) => label),
  );
}

/** The active units with their intensities in words, for a screen reader; empty when there are none. */
export function spokenUnits(
  series: Series,
  { units, active, bucket }: { units: readonly UnitData[]; active: ReadonlySet<string>; bucket: number },
) {
  if (bucket < 0) return '';
  return units
    .filter(({ code }) => active.has(code))
    .map(
      ({ code, name, channel }) =>
        `${code} ${name} ${strengthText(series.groups['actionUnits.intensity'].mean[channel][bucket])} of ${STRONGEST}`,
    )
    .join(', ');
}
