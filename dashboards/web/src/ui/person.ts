import { percentText } from '../../../../src/view/number-words.js';
import { VALIDITY_WORDS } from '../../../../src/view/palette.js';
import { h, setText } from '../dom.js';
import { TIMELINE_MS } from '../draw/timeline.js';
import type { TrackPoint } from '../model/history.js';
import { isWarming, labelOf } from '../model/people.js';
import type { PageEvent } from '../model/state.js';
import type { TimedList } from '../model/timed-list.js';
import type { Actions, Part, View } from '../view.js';
import { agoText, heldText } from '../words.js';
import { createAsk } from './ask.js';
import { createEmotions } from './emotions.js';
import { fold } from './fold.js';
import { createInsights } from './insights.js';
import { createLastMinute } from './last-minute.js';
import { createShownNumbers } from './shown-numbers.js';
import { createUnitRows } from './unit-rows.js';

/** A face this long unseen is said to have left. */
const LEFT_MS = 700;

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
  let target: Target | null = null;
  const title = h('h2', { attributes: { id: 'person-title' }, text: 'Nobody chosen' });
  const state = h('p', { className: 'sub' });
  const emotions = createEmotions();
  const minute = createLastMinute((agoMs) => target && actions.hold(target.atMs - agoMs));
  const ask = createAsk(actions);
  const insights = createInsights(actions);
  const units = createUnits();
  const numbers = createShownNumbers();
  const body = h('div', {
    children: [
      emotions.root,
      minute.root,
      ask.root,
      insights.root,
      units.root,
      fold(h('h3', { text: 'Head' }), numbers.root),
    ],
  });
  const root = h('section', {
    className: 'card person',
    attributes: { 'aria-labelledby': 'person-title' },
    children: [title, state, body],
  });

  function update(view: View): void {
    units.layOut(view.units);
    minute.layOut(view);
    emotions.root.hidden = !view.emotions;
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
    emotions.update(face);
    units.update(face);
    numbers.update(face);
    ask.update(target);
    insights.update(target, view);
    minute.update(target.events);
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
      const { colours } = view;
      minute.draw({ series, events, atMs, emotions: view.emotions, colours });
      if (view.emotions) emotions.draw({ series, atMs, colours });
    },
  };
}

/** Rows of the action units that this server reads. */
function createUnits() {
  const head = h('h3', {
    children: ['Action units ', h('small', { text: '0 to 5, how sure; the person’s sides' })],
  });
  const place = h('div');
  const root = fold(head, place);
  let laidOut: readonly string[] | null = null;
  let rows = createUnitRows([]);
  return {
    root,
    layOut(units: readonly string[]): void {
      if (laidOut === units) return;
      laidOut = units;
      rows = createUnitRows(units);
      place.replaceChildren(rows.root);
      root.hidden = units.length === 0;
    },
    update: (face: TrackPoint['face'] | null): void => rows.update(face),
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
