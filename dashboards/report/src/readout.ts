import { clockText } from '../../../src/view/clock-words.js';
import { percentText } from '../../../src/view/number-words.js';
import { h } from '../../shared/element.js';
import type { Series } from './series.js';
import { bucketAt, emotionsAt } from './series.js';
import type { PageData } from './track.js';
import type { View } from './view-state.js';

/** Why there is no value at a bucket, in words; the most frequent reason of the bucket. */
export function reasonAt(series: Series, { at, data }: { readonly at: number; readonly data: PageData }): string {
  const { validity, words } = data;
  if (at < 0) return 'not in view';
  let best = 1;
  for (let reason = 2; reason < validity.length; reason++) {
    if (series.categories[reason][at] > series.categories[best][at]) best = reason;
  }
  return series.categories[best][at] > 0 ? words[validity[best]] : 'no value';
}

/** Builds the list of bars that shows the emotions under the cursor. */
export function createReadout({ series, data }: { readonly series: Series; readonly data: PageData }) {
  const { emotions } = data;
  const time = h('p', { className: 'readout-time' });
  const rows = emotions.map((name) => {
    const bar = h('span', { className: 'bar', attributes: { style: `--bar: var(--${name})` } });
    const spread = h('span', { className: 'spread', attributes: { style: `--bar: var(--${name})` } });
    const value = h('span', { className: 'value' });
    const track = h('span', { className: 'bar-track', children: [spread, bar] });
    return {
      row: h('li', { children: [h('span', { className: 'name', text: name }), track, value] }),
      bar,
      spread,
      value,
    };
  });
  const list = h('ul', { className: 'readout-list', children: rows.map(({ row }) => row) });
  const root = h('div', { className: 'readout', children: [time, list] });

  const update = (view: Readonly<View>) => {
    const at = bucketAt(series, view.cursor);
    const values = emotionsAt(series, view.stage).mean;
    const { min, max } = emotionsAt(series, 'raw');
    const present = at >= 0 && !Number.isNaN(values[0][at]);
    time.textContent = present
      ? `At ${clockText(series.times[at])}`
      : `At ${clockText(view.cursor)}: ${reasonAt(series, { at, data })}`;
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

/** What a screen reader says of a track at the cursor. */
export function spokenValue(
  series: Series,
  { view, data }: { readonly view: Readonly<View>; readonly data: PageData },
): string {
  const { emotions } = data;
  const at = bucketAt(series, view.cursor);
  const values = emotionsAt(series, view.stage).mean;
  if (at < 0 || Number.isNaN(values[0][at])) {
    return `${clockText(view.cursor)}: ${reasonAt(series, { at, data })}`;
  }
  const ranked = emotions
    .map((name, channel) => ({ name, share: values[channel][at] }))
    .sort((a, b) => b.share - a.share)
    .slice(0, 3);
  return `${clockText(series.times[at])}: ${ranked.map(({ name, share }) => `${name} ${percentText(share)}`).join(', ')}`;
}
