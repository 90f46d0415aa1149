import { alertSentence, alertWords, firingPlace, sinceText } from '../alert-words.js';
import { h, keyedChildren, setAttribute, setText } from '../dom.js';
import { type Alert, alertsOf, isUrgent, lastEnded, type Spoken, toSpeak } from '../model/alerts.js';
import type { LogEntry } from '../model/state.js';
import type { Actions, Part, View } from '../view.js';
import { countText, lengthText, timeOfDay } from '../words.js';

/** Alerts named one by one; the others are counted until somebody asks. */
const NAMED = 6;
/** Alerts named in one sentence to the ears. */
const SPOKEN = 2;

type Show = (alert: Alert) => void;

function createChip(show: Show, alert: Alert) {
  let latest = alert;
  const title = h('b');
  const place = h('span', { className: 'alert-place' });
  const length = h('span', { className: 'alert-length' });
  const button = h('button', {
    className: 'alert',
    attributes: { type: 'button', 'data-kind': alert.kind === 'rule' ? 'rule' : alert.entries[0].what },
    children: [title, place, length],
    onClick: () => show(latest),
  });
  return {
    root: h('li', { children: [button] }),
    update(now: Alert, view: View): void {
      latest = now;
      const nameOf = namesIn(view);
      const words = alertWords(now, nameOf);
      setText(title, words.title);
      setText(place, words.place);
      setText(length, sinceText((view.nowMs - now.sinceMs) / 1000));
      setAttribute(button, 'aria-label', alertSentence(now, nameOf));
      setAttribute(button, 'title', alertSentence(now, nameOf));
    },
  };
}

/** The camera, where it is one. */
const sourceOf = ([first, ...others]: readonly [LogEntry, ...LogEntry[]]): string | null =>
  others.length === 0 ? first.source : null;

const namesIn =
  ({ state }: View) =>
  (source: string): string =>
    state.cameras.get(source)?.name ?? source;

/** The strip of alerts at the head of the page: what goes on, what ended last, or that nothing does. */
export function createAlerts(actions: Actions): Part {
  let view: View | undefined;
  let all = false;
  let spoken: Spoken = { keys: new Set(), atMs: 0 };
  const list = h('ul', { className: 'alert-list' });
  const quiet = h('p', { className: 'alerts-quiet' });
  const last = h('button', { className: 'quiet alerts-last', attributes: { type: 'button' }, text: 'Last' });
  const more = h('button', {
    className: 'quiet',
    attributes: { type: 'button', 'aria-expanded': 'false' },
    text: 'More',
    onClick: () => {
      all = !all;
      if (view) update(view);
    },
  });
  const root = h('section', {
    className: 'alerts',
    attributes: { 'aria-label': 'Alerts' },
    children: [list, more, quiet, last],
  });
  const show: Show = (alert) => {
    const { source, track } = alert.kind === 'rule' ? alert.firing : { source: sourceOf(alert.entries), track: null };
    if (source === null) actions.showLog();
    else actions.show({ source, track, atMs: null });
  };
  last.addEventListener('click', () => {
    const firing = view && lastEnded(view.state.firings, view.nowMs);
    if (firing) actions.show(firing);
  });
  const keep = keyedChildren<Alert, ReturnType<typeof createChip>>(list, {
    keyOf: ({ key }) => key,
    make: (alert) => createChip(show, alert),
    update: (chip, alert) => chip.update(alert, view!),
  });

  function update(now: View): void {
    view = now;
    const { state, nowMs } = now;
    const alerts = alertsOf(state);
    keep(all ? alerts : alerts.slice(0, NAMED));
    more.hidden = alerts.length <= NAMED;
    setText(more, all ? 'Fewer' : `and ${alerts.length - NAMED} more`);
    setAttribute(more, 'aria-expanded', String(all));
    quiet.hidden = alerts.length > 0;
    setText(quiet, quietText(now));
    showLast(last, now);
    const urgent = alerts.filter(isUrgent).length;
    setAttribute(root, 'data-going', urgent > 0 ? 'urgent' : alerts.length > 0 ? 'on' : null);
    const title = urgent > 0 ? `(${urgent}) mien live` : 'mien live';
    if (document.title !== title) document.title = title;
    const next = toSpeak(alerts, spoken, nowMs);
    spoken = next.spoken;
    if (next.alerts.length > 0) actions.announce(spokenText(next.alerts, namesIn(now)));
  }
  return { root, update };
}

function quietText({ state, connection }: View): string {
  if (connection.status !== 'open' || state.server === null) return 'Alerts are shown once connected.';
  const { rules } = state;
  return rules === null
    ? 'No alerts.'
    : `No alerts. ${rules === 0 ? 'No rules are set.' : `${countText(rules, 'rule')} set.`}`;
}

function showLast(last: HTMLButtonElement, view: View): void {
  const firing = lastEnded(view.state.firings, view.nowMs);
  last.hidden = firing === null;
  if (firing === null) return;
  const seconds = (firing.endMs! - firing.atMs) / 1000;
  const length = seconds < 1 ? 'less than 1\u00a0s' : lengthText(seconds);
  setText(
    last,
    `Last: ${firing.rule} at ${firingPlace(firing, namesIn(view))}, ${timeOfDay(firing.atMs)}, for ${length}`,
  );
  const span = view.history.span();
  const seen = span !== null && firing.atMs >= span.fromMs;
  setAttribute(last, 'title', seen ? 'Pause at the moment it fired' : 'Show the camera');
}

function spokenText(alerts: readonly Alert[], nameOf: (source: string) => string): string {
  const named = alerts.slice(0, SPOKEN).map((alert) => {
    const { title, place } = alertWords(alert, nameOf);
    return place === '' ? title : `${title}, ${place}`;
  });
  const others = alerts.length - named.length;
  return `Alert: ${named.join('; ')}${others > 0 ? `; and ${others} more` : ''}.`;
}
