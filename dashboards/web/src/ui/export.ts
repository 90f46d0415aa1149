import { h, setText } from '../dom.js';
import { eventsCsv, eventsJsonl, insightsJsonl, recordsCsv, recordsJsonl, withCameras } from '../model/export-text.js';
import { type EventFilter, filterEvents } from '../model/filters.js';
import type { LogEntry } from '../model/state.js';
import type { View } from '../view.js';
import { bytesText, lengthText } from '../words.js';

/** Lines joined to parts of about a megabyte: one string of all could be too long. */
function blobOf(lines: Iterable<string>, type: string): Blob {
  const parts: string[] = [];
  let part = '';
  for (const line of lines) {
    part += line;
    if (part.length < 1e6) continue;
    parts.push(part);
    part = '';
  }
  return new Blob([...parts, part], { type });
}

function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = h('a', { attributes: { href: url, download: name } });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Events that fit, and what happened to cameras, which has neither kind nor label to choose it by. */
function chosenOf({ state }: View, filter: EventFilter) {
  const events = filterEvents(state.events, filter, Number.POSITIVE_INFINITY).shown;
  if (filter.kind !== null || filter.label !== null) return events;
  const of = ({ source }: LogEntry): boolean => filter.source === null || source === filter.source;
  return withCameras(events, state.log.filter(of));
}

/** The export dialog: what is in the page's memory, as files. */
export function createExport(options: { readonly view: () => View | undefined; readonly filter: () => EventFilter }): {
  readonly root: HTMLElement;
  readonly button: HTMLButtonElement;
} {
  const what = h('p', { className: 'sub' });
  const done = h('p', { className: 'sub', attributes: { role: 'status' } });
  const make = (text: string, file: string, lines: (view: View) => Iterable<string>) =>
    h('button', {
      text,
      attributes: { type: 'button' },
      onClick: () => {
        const view = options.view();
        if (!view) return;
        const stamp = new Date(view.nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, '');
        const blob = blobOf(lines(view), file.endsWith('csv') ? 'text/csv' : 'application/x-ndjson');
        save(blob, `mien-${stamp}.${file}`);
        setText(done, `Saved mien-${stamp}.${file}, ${bytesText(blob.size)}.`);
      },
    });
  const chosen = (view: View) => chosenOf(view, options.filter());
  const insights = h('div', {
    children: [
      h('h3', { text: 'What a multimodal LLM said, without pictures' }),
      h('div', {
        className: 'dialog-buttons',
        children: [make('JSON Lines', 'insights.jsonl', ({ state }) => insightsJsonl(state.insights))],
      }),
    ],
  });
  const root = h('dialog', {
    attributes: { 'aria-labelledby': 'export-title' },
    children: [
      h('h2', { text: 'Export', attributes: { id: 'export-title' } }),
      what,
      h('h3', { text: 'Faces, one line per face and frame' }),
      h('div', {
        className: 'dialog-buttons',
        children: [
          make('JSON Lines', 'records.jsonl', ({ history }) => recordsJsonl(history.records())),
          make('CSV', 'records.csv', ({ history, units }) => recordsCsv(history.records(), units)),
        ],
      }),
      h('h3', { text: 'Events, as filtered' }),
      h('div', {
        className: 'dialog-buttons',
        children: [
          make('JSON Lines', 'events.jsonl', (view) => eventsJsonl(chosen(view))),
          make('CSV', 'events.csv', (view) => eventsCsv(chosen(view))),
        ],
      }),
      insights,
      done,
      h('form', {
        className: 'dialog-buttons end',
        attributes: { method: 'dialog' },
        children: [h('button', { text: 'Close' })],
      }),
    ],
  });
  const button = h('button', {
    text: 'Export',
    attributes: { type: 'button', id: 'export', 'aria-haspopup': 'dialog' },
    onClick: () => {
      const span = options.view()?.history.span();
      const seconds = span ? (span.toMs - span.fromMs) / 1000 : 0;
      setText(
        what,
        `The last ${lengthText(seconds)} in this page’s memory. Describes persons: keep it as you would the video.`,
      );
      setText(done, '');
      insights.hidden = (options.view()?.state.insights.length ?? 0) === 0;
      root.showModal();
    },
  });
  return { root, button };
}
