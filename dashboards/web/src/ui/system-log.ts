import { logDetail, logLength, logPlace, logTitle } from '../alert-words.js';
import { h, keyedChildren, setAttribute, setText } from '../dom.js';
import type { LogEntry } from '../model/state.js';
import { logRows } from '../model/system-log.js';
import type { Part, View } from '../view.js';
import { timeOfDay } from '../words.js';

/** Rows of what has ended; more when asked for. */
const PAGE_ROWS = 5;

function createRow({ what }: LogEntry) {
  const part = (className: string) => h('span', { className });
  const [time, title, place, length, detail] = [
    part('time'),
    part('title'),
    part('place'),
    part('length'),
    part('detail'),
  ];
  const mark = h('span', { className: 'swatch', attributes: { 'aria-hidden': 'true' } });
  const root = h('li', {
    attributes: { 'data-log': what },
    children: [
      time,
      ' ',
      h('span', { className: 'what', children: [mark, title] }),
      ' ',
      place,
      ' ',
      length,
      ' ',
      detail,
    ],
  });
  return {
    root,
    update(entry: LogEntry, { state, nowMs }: View): void {
      setText(time, timeOfDay(entry.atMs));
      setText(title, logTitle(entry));
      setText(
        place,
        logPlace(entry, (source) => state.cameras.get(source)?.name ?? source),
      );
      setText(length, logLength(entry, nowMs));
      setText(detail, logDetail(entry, nowMs));
      setAttribute(root, 'data-open', entry.endMs === null ? 'true' : null);
    },
  };
}

/** What happens to cameras and server: one row per outage, those that go on first. */
export function createSystemLog(): Part {
  let limit = PAGE_ROWS;
  let view: View | undefined;
  const status = h('p', { className: 'status-line' });
  const list = h('ol', {
    className: 'log',
    attributes: { 'aria-label': 'What goes on first, then what has ended, newest first' },
  });
  const more = h('button', {
    attributes: { type: 'button' },
    text: 'Show more',
    onClick: () => {
      limit += 4 * PAGE_ROWS;
      if (view) update(view);
    },
  });
  const root = h('section', {
    className: 'card system-log',
    attributes: { 'aria-labelledby': 'log-title' },
    children: [
      h('div', {
        className: 'section-head',
        children: [h('h2', { text: 'System log', attributes: { id: 'log-title', tabindex: '-1' } }), status],
      }),
      h('div', { className: 'table-scroll', children: [list] }),
      more,
    ],
  });
  const keep = keyedChildren<LogEntry, ReturnType<typeof createRow>>(list, {
    keyOf: ({ id }) => id,
    make: createRow,
    update: (row, entry) => row.update(entry, view!),
  });

  function update(now: View): void {
    view = now;
    const { shown, open, ended } = logRows(now.state.log, limit);
    keep(shown);
    list.hidden = shown.length === 0;
    more.hidden = open + ended <= shown.length;
    const going = open === 0 ? 'Nothing goes on' : `${open} going on`;
    const past = ended === 0 ? '' : `; ${shown.length - open} of ${ended} ended`;
    setText(status, shown.length === 0 ? 'Nothing has happened since this page was opened' : going + past);
  }
  return { root, update };
}
