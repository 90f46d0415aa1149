import { EMOTIONS } from '../../../../src/domain/affect.js';
import { percentText, signedText } from '../../../../src/view/number-words.js';
import { VALIDITY_WORDS } from '../../../../src/view/palette.js';
import { h, keyedChildren, setAttribute, setText } from '../dom.js';
import { drawPlane } from '../draw/plane.js';
import { surfaceOf, watchSize } from '../draw/surface.js';
import { drawTimeline, TIMELINE_MS, timelineHeight } from '../draw/timeline.js';
import type { TrackPoint } from '../model/history.js';
import { affectOf, emotionsOf, isWarming, labelOf } from '../model/people.js';
import type { PageEvent } from '../model/state.js';
import type { TimedList } from '../model/timed-list.js';
import { unitRows } from '../model/unit-rows.js';
import type { Actions, Part, View } from '../view.js';
import { agoText, eventTitle, heldText, lengthText, timeOfDay } from '../words.js';
import { createInsights } from './insights.js';
import { createShownNumbers } from './shown-numbers.js';
import { createUnitRows } from './unit-rows.js';

/** A face this long unseen is said to have left. */
const LEFT_MS = 700;
/** Episodes told in words under the timeline. */
const TOLD = 6;

interface Target {
  readonly source: string;
  readonly track: number;
  readonly series: TimedList<TrackPoint> | undefined;
  readonly atMs: number;
  readonly events: readonly PageEvent[];
}

/** The face whose panel is open, at the moment shown; null when none is. */
function targetOf(view: View): Target | null {
  if (view.selected === null) return null;
  const [source, text] = view.selected.split('/') as [string, string];
  const track = Number(text);
  const series = view.history.cameras.get(source)?.tracks.get(track);
  // Live charts end at the newest frame of the camera, so that they do not run ahead of their data.
  const newest = view.history.cameras.get(source)?.frames.newest?.atMs ?? view.nowMs;
  const atMs = view.atMs ?? (view.nowMs - newest > 1500 ? view.nowMs : newest);
  const since = atMs - TIMELINE_MS;
  const events = view.state.events.filter(
    (event) => event.source === source && event.track === track && (event.endMs ?? atMs) >= since && event.atMs <= atMs,
  );
  return { source, track, series, atMs, events };
}

/** The panel of one person: emotions, valence and arousal, action units, the last minute. */
export function createPerson(actions: Actions): Part & { drawCharts(view: View): void } {
  const title = h('h2', { attributes: { id: 'person-title' }, text: 'Nobody chosen' });
  const state = h('p', { className: 'sub' });
  const bars = EMOTIONS.map((emotion) => {
    const bar = h('i', { className: `bar fill-${emotion}` });
    const value = h('b', { className: 'value' });
    const root = h('li', {
      children: [
        h('span', { text: emotion }),
        h('span', { className: 'bar-track', attributes: { 'aria-hidden': 'true' }, children: [bar] }),
        value,
      ],
    });
    return { bar, value, root };
  });
  const plane = h('canvas', { className: 'plane', attributes: { role: 'img' } });
  const affect = h('p', { className: 'affect' });
  const emotions = h('div', {
    className: 'affect-row',
    children: [
      h('div', {
        children: [
          h('h3', { text: 'Visible expression' }),
          h('ul', { className: 'emotion-bars', children: bars.map(({ root }) => root) }),
        ],
      }),
      h('figure', {
        children: [
          h('h3', { text: 'Valence and arousal' }),
          plane,
          h('figcaption', { children: [affect, 'derived from the expression; 10 s trail'] }),
        ],
      }),
    ],
  });
  const unitsHead = h('h3', {
    children: ['Action units ', h('small', { text: 'strength 0 to 5, how sure; the person’s sides' })],
  });
  const unitsPlace = h('div');
  const timeline = h('canvas', { className: 'timeline', attributes: { role: 'img' } });
  timeline.addEventListener('click', (event) => {
    if (!target) return;
    actions.hold(target.atMs - (1 - event.offsetX / timeline.clientWidth) * TIMELINE_MS);
  });
  const told = h('ul', { className: 'told' });
  const insights = createInsights(actions);
  const numbers = createShownNumbers();
  const body = h('div', {
    children: [
      emotions,
      h('div', { children: [h('h3', { text: 'Last minute' }), timeline, told] }),
      insights.root,
      h('div', { children: [unitsHead, unitsPlace] }),
      h('div', { children: [h('h3', { text: 'Head' }), numbers.root] }),
    ],
  });
  const root = h('section', {
    className: 'card person',
    attributes: { 'aria-labelledby': 'person-title' },
    children: [title, state, body],
  });
  watchSize(plane);
  watchSize(timeline);

  let target: Target | null = null;
  let rowsOf: readonly string[] | null = null;
  let rows = createUnitRows([]);
  let strips: { key: string; place: number }[] = [];
  let height = 0;
  const tell = keyedChildren<PageEvent, { root: HTMLElement }>(told, {
    keyOf: ({ id }) => id,
    make: () => ({ root: h('li') }),
    update: ({ root: item }, event) => {
      const length = event.endMs === null ? 'going on' : lengthText((event.endMs - event.atMs) / 1000);
      setText(item, `${timeOfDay(event.atMs)} ${eventTitle(event)}, ${length}`);
    },
  });

  function layOut(view: View): void {
    if (rowsOf === view.units) return;
    rowsOf = view.units;
    rows = createUnitRows(view.units);
    unitsPlace.replaceChildren(rows.root);
    unitsHead.hidden = view.units.length === 0;
    strips = unitRows(view.units)
      .filter(({ place }) => place >= 0)
      .map(({ unit, place }) => ({ key: unit.key, place }));
  }

  function update(view: View): void {
    layOut(view);
    emotions.hidden = !view.emotions;
    const tall = timelineHeight({ emotions: view.emotions, rows: strips.length });
    if (tall !== height) {
      height = tall;
      timeline.style.height = `${tall}px`;
    }
    target = targetOf(view);
    body.hidden = !target;
    if (!target) {
      setText(title, 'Nobody chosen');
      setText(state, 'Choose a face in view to read it here.');
      return;
    }
    const camera = view.state.cameras.get(target.source)?.name ?? target.source;
    setText(title, `Face ${target.track} in ${camera}`);
    const point = target.series?.at(target.atMs);
    const unseenMs = point ? target.atMs - point.atMs : Number.POSITIVE_INFINITY;
    const face = point && unseenMs <= LEFT_MS ? point.face : null;
    setText(state, stateText({ view, face, unseenMs }));
    const shares = face && emotionsOf(face);
    for (const [index, { bar, value }] of bars.entries()) {
      const share = shares?.[index] ?? Number.NaN;
      bar.style.transform = `scaleX(${Number.isNaN(share) ? 0 : share.toFixed(3)})`;
      setText(value, percentText(share));
    }
    const point2 = face && affectOf(face);
    setText(affect, point2 ? `valence ${signedText(point2.valence)} arousal ${signedText(point2.arousal)}` : '–');
    setAttribute(plane, 'aria-label', point2 ? `Valence and arousal plane: ${affect.textContent}` : 'No reading');
    rows.update(face);
    numbers.update(face);
    insights.update(target, view);
    const recent = target.events.filter(({ kind }) => kind !== 'blink' && kind !== 'insight').slice(-TOLD);
    tell(recent.reverse());
    const names = [...new Set(target.events.filter(({ kind }) => kind === 'emotion').map(({ label }) => label))];
    const spoken = names.length > 0 ? names.join(', ') : 'no expression held';
    setAttribute(timeline, 'aria-label', `Timeline of the last minute: ${spoken}. Told in the list that follows.`);
  }

  return {
    root,
    update,
    drawCharts(view) {
      if (!target) return;
      const fresh = targetOf(view);
      if (!fresh) return;
      target = fresh;
      const { series, atMs, events } = target;
      const canvas = surfaceOf(timeline);
      const { colours } = view;
      if (canvas) drawTimeline(canvas, { series, events, atMs, emotions: view.emotions, rows: strips, colours });
      const planeSurface = view.emotions ? surfaceOf(plane) : null;
      if (planeSurface) drawPlane(planeSurface, { series, atMs, colours });
    },
  };
}

function stateText(now: { view: View; face: TrackPoint['face'] | null; unseenMs: number }): string {
  const { view, face, unseenMs } = now;
  if (!face) return Number.isFinite(unseenMs) ? `Last seen ${agoText(unseenMs / 1000)}.` : 'Not in view.';
  if (face.kept.validity !== 'ok') return `No reading: ${VALIDITY_WORDS[face.kept.validity]}.`;
  const resting = isWarming(face) ? ' Learning the resting face.' : '';
  if (!view.emotions) return `Read now.${resting}`;
  const held = labelOf(face);
  const text = held
    ? held.leads
      ? `${held.label}, ${percentText(held.confidence)} sure`
      : heldText(held)
    : 'No clear expression';
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.${resting}`;
}
