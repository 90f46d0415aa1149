/** @import { Series } from './decode.js' */
/** @import { View } from './view-state.js' */
import { emotionsAt, nearestBucket } from './decode.js';
import { clockText, element, percentText } from './words.js';

/**
 * The bucket under the cursor, or -1 where the series has none near enough.
 * @param {Series} series
 * @param {number} seconds
 */
export function bucketAt(series, seconds) {
  const at = nearestBucket(series.times, seconds);
  return at >= 0 && Math.abs(series.times[at] - seconds) <= series.gapSeconds ? at : -1;
}

/**
 * Why there is no value at a bucket, in words; the most frequent reason of the bucket.
 * @param {Series} series
 * @param {{ at: number, validity: readonly string[], words: Record<string, string> }} options
 */
export function reasonAt(series, { at, validity, words }) {
  if (at < 0) return 'not in view';
  let best = 1;
  for (let reason = 2; reason < validity.length; reason++) {
    if (series.categories[reason][at] > series.categories[best][at]) best = reason;
  }
  return series.categories[best][at] > 0 ? words[validity[best]] : 'no value';
}

/**
 * Builds the list of bars that shows the emotions under the cursor.
 * @param {{ series: Series, emotions: readonly string[], validity: readonly string[], words: Record<string, string> }} options
 */
export function createReadout({ series, emotions, validity, words }) {
  const time = element('p', { className: 'readout-time' });
  const rows = emotions.map((name) => {
    const bar = element('span', { className: 'bar', attributes: { style: `--bar: var(--${name})` } });
    const spread = element('span', { className: 'spread', attributes: { style: `--bar: var(--${name})` } });
    const value = element('span', { className: 'value' });
    const track = element('span', { className: 'bar-track', children: [spread, bar] });
    return {
      row: element('li', { children: [element('span', { className: 'name', text: name }), track, value] }),
      bar,
      spread,
      value,
    };
  });
  const list = element('ul', { className: 'readout-list', children: rows.map(({ row }) => row) });
  const root = element('div', { className: 'readout', children: [time, list] });

  /** @param {Readonly<View>} view */
  const update = (view) => {
    const at = bucketAt(series, view.cursor);
    const values = emotionsAt(series, view.stage).mean;
    const { min, max } = emotionsAt(series, 'raw');
    const present = at >= 0 && !Number.isNaN(values[0][at]);
    time.textContent = present
      ? `At ${clockText(series.times[at])}`
      : `At ${clockText(view.cursor)}: ${reasonAt(series, { at, validity, words })}`;
    root.classList.toggle('empty', !present);
    for (const [row, { bar, spread, value }] of rows.entries()) {
      const share = present ? values[row][at] : Number.NaN;
      bar.style.width = `${present ? 100 * share : 0}%`;
      value.textContent = percentText(share);
      const [low, high] = present && min && max ? [min[row][at], max[row][at]] : [0, 0];
      spread.style.left = `${100 * low}%`;
      spread.style.width = `${100 * (high - low)}%`;
    }
  };
  return { root, update };
}

/**
 * What a screen reader says of a track at the cursor.
 * @param {Series} series
 * @param {{ view: Readonly<View>, emotions: readonly string[], validity: readonly string[], words: Record<string, string> }} options
 */
export function spokenValue(series, { view, emotions, validity, words }) {
  const at = bucketAt(series, view.cursor);
  const values = emotionsAt(series, view.stage).mean;
  if (at < 0 || Number.isNaN(values[0][at])) {
    return `${clockText(view.cursor)}: ${reasonAt(series, { at, validity, words })}`;
  }
  const ranked = emotions
    .map((name, channel) => ({ name, share: values[channel][at] }))
    .sort((a, b) => b.share - a.share)
    .slice(0, 3);
  return `${clockText(series.times[at])}: ${ranked.map(({ name, share }) => `${name} ${percentText(share)}`).join(', ')}`;
}
