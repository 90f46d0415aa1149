import { actionUnitTitle } from '../../../../src/domain/action-units.js';
import { percentText } from '../../../../src/view/number-words.js';
import { h, setAttribute, setText } from '../dom.js';
import { type EventGroup, unitLabels } from '../model/event-groups.js';
import type { PageEvent } from '../model/state.js';
import type { Actions, View } from '../view.js';
import { eventDetail, eventTitle, lengthText, timeOfDay } from '../words.js';

/** A row that is shown: of an event, or of an action unit under its expression. */
export interface ShownRow extends EventGroup {
  readonly under: boolean;
}

/** The action units of an expression in one line, which unfolds them. */
function createUnitsButton(toggle: () => void) {
  const root = h('button', { className: 'quiet units-of', attributes: { type: 'button' }, onClick: toggle });
  let known = '';
  return {
    root,
    update(units: readonly PageEvent[], open: boolean): void {
      root.hidden = units.length === 0;
      setAttribute(root, 'aria-expanded', String(open));
      const labels = unitLabels(units);
      if (labels.join() === known) return;
      known = labels.join();
      root.replaceChildren(
        ...labels.flatMap((label, at) => {
          // "AU12" and, where there is room, " lip corner puller".
          const name = actionUnitTitle(label).slice(label.length);
          return [at === 0 ? '' : ', ', label, h('span', { className: 'unit-name', text: name })];
        }),
      );
      setAttribute(root, 'title', labels.map(actionUnitTitle).join(', '));
    },
  };
}

/** One row of the event list; its time leads to the moment. */
export function createEventRow(actions: Actions, { event, under }: ShownRow, toggle: (id: string) => void) {
  const cell = (className: string) => h('td', { className });
  const [where, detail] = [cell('where'), cell('detail')];
  const [length, peak] = [cell('num length'), cell('num peak')];
  const show = h('button', { className: 'quiet', attributes: { type: 'button' } });
  let latest = event;
  show.addEventListener('click', () => actions.hold(latest.apexMs));
  const units = createUnitsButton(() => toggle(event.id));
  const title = h('span', { className: 'title', text: eventTitle(event) });
  const line = h('div', { className: 'what-line', children: [title] });
  const what = h('td', {
    className: 'what',
    children: [h('span', { className: 'swatch', attributes: { 'aria-hidden': 'true' } }), line],
  });
  const root = h('tr', {
    className: under ? 'under' : '',
    children: [h('td', { className: 'num time', children: [show] }), what, where, length, peak, detail],
  });
  setAttribute(root, 'data-kind', event.kind);
  setAttribute(root, 'data-label', event.kind === 'insight' ? null : event.label);
  return {
    root,
    update(now: ShownRow, view: View, open: boolean): void {
      latest = now.event;
      if (now.units.length > 0 && units.root.parentElement !== line) line.append(units.root);
      units.update(now.units, open);
      setText(show, timeOfDay(latest.atMs));
      const span = view.history.span();
      show.disabled = !span || latest.apexMs < span.fromMs;
      setAttribute(show, 'title', show.disabled ? 'No longer in this page’s memory' : 'Pause at this moment');
      const camera = view.state.cameras.get(latest.source)?.name ?? latest.source;
      setText(where, latest.track === null ? camera : `Face ${latest.track}, ${camera}`);
      setText(length, lengthOf(latest));
      setText(peak, peakOf(latest));
      setText(detail, eventDetail(latest));
      setAttribute(root, 'data-agreement', latest.kind === 'insight' ? latest.detail || null : null);
    },
  };
}

function lengthOf({ kind, atMs, endMs }: PageEvent): string {
  if (kind === 'insight') return '';
  return endMs === null ? 'going on' : lengthText((endMs - atMs) / 1000);
}

function peakOf({ kind, peak }: PageEvent): string {
  if (peak === null) return '';
  return kind === 'action-unit' ? `${(5 * peak).toFixed(1)} of 5` : percentText(peak);
}
