import { isBlinkUnit } from '../../../../src/domain/action-units.js';
import { h, keyedChildren, setAttribute, setText } from '../dom.js';
import { surfaceOf, watchSize } from '../draw/surface.js';
import { drawTimeline, TIMELINE_MS, timelineHeight } from '../draw/timeline.js';
import type { PageEvent } from '../model/state.js';
import { unitRows } from '../model/unit-rows.js';
import type { View } from '../view.js';
import { eventTitle, lengthText, timeOfDay } from '../words.js';

/** Episodes told in words under the timeline. */
const TOLD = 6;

/**
 * The timeline of one person's last minute, and its newest episodes in words.
 *
 * @param choose - told how long before its end the timeline was clicked, ms
 */
export function createLastMinute(choose: (agoMs: number) => void) {
  const timeline = h('canvas', { className: 'timeline', attributes: { role: 'img' } });
  timeline.addEventListener('click', (event) => {
    choose((1 - event.offsetX / timeline.clientWidth) * TIMELINE_MS);
  });
  watchSize(timeline);
  const told = h('ul', { className: 'told' });
  const tell = keyedChildren<PageEvent, { root: HTMLElement }>(told, {
    keyOf: ({ id }) => id,
    make: () => ({ root: h('li') }),
    update: ({ root: item }, event) => {
      const length = event.endMs === null ? 'going on' : lengthText((event.endMs - event.atMs) / 1000);
      setText(item, `${timeOfDay(event.atMs)} ${eventTitle(event)}, ${length}`);
    },
  });
  let laidOut: readonly string[] | null = null;
  let rows: { key: string; place: number }[] = [];
  let height = 0;

  return {
    root: h('div', { children: [h('h3', { text: 'Last minute' }), timeline, told] }),
    /** Room for a strip of each action unit that has a place. */
    layOut({ units, emotions }: View): void {
      if (laidOut !== units) {
        laidOut = units;
        rows = unitRows(units)
          // The row of blinks shows that unit.
          .filter(({ place, unit }) => place >= 0 && !isBlinkUnit(unit.key))
          .map(({ unit, place }) => ({ key: unit.key, place }));
      }
      const tall = timelineHeight({ emotions, rows: rows.length });
      if (tall === height) return;
      height = tall;
      timeline.style.height = `${tall}px`;
    },
    update(events: readonly PageEvent[]): void {
      const recent = events.filter(({ kind }) => kind !== 'blink' && kind !== 'insight').slice(-TOLD);
      tell(recent.reverse());
      const names = [...new Set(events.filter(({ kind }) => kind === 'emotion').map(({ label }) => label))];
      const spoken = names.length > 0 ? names.join(', ') : 'no expression held';
      setAttribute(timeline, 'aria-label', `Timeline of the last minute: ${spoken}. Told in the list that follows.`);
    },
    draw(now: Omit<Parameters<typeof drawTimeline>[1], 'rows'>): void {
      const surface = surfaceOf(timeline);
      if (surface) drawTimeline(surface, { ...now, rows });
    },
  };
}
