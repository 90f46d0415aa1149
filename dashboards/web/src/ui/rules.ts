import type { RuleStatusJson } from '../../../../src/protocol/rule-schema.js';
import { valueText } from '../alert-words.js';
import { h, keyedChildren, setText } from '../dom.js';
import { doWords, durationText, placeWords, whenWords } from '../model/rule-words.js';
import { ENDED_KEPT, firingTold, sourceGone } from '../model/rules-told.js';
import type { ServerMessage } from '../model/wire.js';
import { call } from '../rest.js';
import type { Actions, View } from '../view.js';
import { countText, lengthText, timeOfDay } from '../words.js';

/** Firings of a rule shown at once. */
const SHOWN = 6;

type Firing = RuleStatusJson['firings'][number];

/** The rules dialog: each rule in words, whether it goes on, and what it fired on last. */
export function createRules(actions: Pick<Actions, 'show'>): {
  readonly root: HTMLElement;
  readonly button: HTMLButtonElement;
  /** Keeps what is shown up to date. */
  take(message: ServerMessage): void;
  update(view: View): void;
} {
  let rules: readonly RuleStatusJson[] | null = null;
  let view: View | undefined;
  const problem = h('p', { className: 'problem', attributes: { role: 'alert', hidden: '' } });
  const none = h('p', {
    className: 'empty',
    text: 'No rules are set. A rule says: when something is so for some time, do this; for example a webhook when a camera is away for 30 s. They are written in the configuration, under rules, and take effect when mien is started (docs/rules.md).',
  });
  const list = h('ul', { className: 'rules' });
  const root = dialogOf([problem, none, list]);
  const show = (firing: Firing): void => {
    root.close();
    const { source, track } = firing.firing;
    actions.show({ source, track, atMs: firing.startedAtMs });
  };
  const keep = keyedChildren<RuleStatusJson, ReturnType<typeof createRule>>(list, {
    keyOf: ({ id }) => id,
    make: () => createRule(show),
    update: (row, rule) => row.update(rule, view!),
  });
  const refresh = (): void => {
    if (!view || !root.open) return;
    none.hidden = rules === null || rules.length > 0;
    keep(rules ?? []);
  };
  const load = async (): Promise<void> => {
    try {
      ({ rules } = (await call('GET', `rules?limit=${ENDED_KEPT}`)) as { rules: readonly RuleStatusJson[] });
      problem.hidden = true;
    } catch (error) {
      setText(problem, (error as Error).message);
      problem.hidden = false;
    }
    refresh();
  };
  const button = h('button', {
    text: 'Rules',
    attributes: { type: 'button', 'aria-haspopup': 'dialog' },
    onClick: () => {
      rules = null;
      root.showModal();
      void load();
    },
  });
  return {
    root,
    button,
    take(message) {
      if (rules === null || !root.open) return;
      if (message.type === 'rule') rules = firingTold(rules, message);
      else if (message.type === 'removed') rules = sourceGone(rules, message.source);
      // What was missed while the server was away.
      else if (message.type === 'welcome') void load();
      else return;
      refresh();
    },
    update(now) {
      view = now;
      refresh();
    },
  };
}

function createRule(show: (firing: Firing) => void) {
  const name = h('h3');
  const going = h('span', { className: 'rule-going' });
  const when = h('p');
  const does = h('p', { className: 'sub' });
  const count = h('p', { className: 'sub' });
  const list = h('ul', { className: 'rule-firings' });
  let view: View;
  const keep = keyedChildren<Firing, ReturnType<typeof createFiring>>(list, {
    keyOf: ({ firing }) => firing.id,
    make: () => createFiring(show),
    update: (row, firing) => row.update(firing, view),
  });
  return {
    root: h('li', {
      className: 'rule',
      children: [h('div', { className: 'rule-head', children: [name, going] }), when, does, count, list],
    }),
    update(rule: RuleStatusJson, now: View): void {
      view = now;
      const nameOf = namesIn(now);
      const on = rule.firings.filter(({ endedAtMs }) => endedAtMs === null);
      setText(name, rule.id);
      setText(going, on.length === 0 ? '' : `Goes on at ${on.map(({ firing }) => nameOf(firing.source)).join(', ')}`);
      setText(when, `When ${whenWords(rule)}, ${placeWords(rule.cameras, nameOf)}`);
      setText(does, `Then ${doWords(rule.actions)}${rule.tellEnd ? '; at its end, too' : ''}. ${quietWords(rule)}`);
      setText(count, countWords(rule));
      keep([...on, ...rule.firings.filter(({ endedAtMs }) => endedAtMs !== null)].slice(0, Math.max(SHOWN, on.length)));
    },
  };
}

const namesIn =
  ({ state }: View) =>
  (source: string): string =>
    state.cameras.get(source)?.name ?? source;

function quietWords({ endAfterMs, holdOffMs }: RuleStatusJson): string {
  const quiet = holdOffMs === 0 ? '' : `; it is then quiet for ${durationText(holdOffMs)}`;
  return `It ends once this was not so for ${durationText(endAfterMs)}${quiet}.`;
}

function countWords({ fired, firings }: RuleStatusJson): string {
  const total = Object.values(fired).reduce((sum, count) => sum + count, 0);
  if (total === 0) return 'Has not fired since mien was started.';
  const forgotten = firings.length === 0 ? '; none is in memory any more' : '';
  return `Fired ${countText(total, 'time')} since mien was started${forgotten}.`;
}

/** One firing: press it to go to its moment, while that is in memory. */
function createFiring(show: (firing: Firing) => void) {
  let latest: Firing;
  const words = h('span');
  const button = h('button', {
    className: 'quiet',
    attributes: { type: 'button' },
    onClick: () => show(latest),
  });
  return {
    root: h('li', { children: [button, words] }),
    update(now: Firing, view: View): void {
      latest = now;
      const { startedAtMs, endedAtMs, firing } = now;
      const span = view.history.span();
      const seen = span !== null && startedAtMs >= span.fromMs;
      setText(button, timeOfDay(startedAtMs));
      button.title = seen ? 'Pause at the moment it fired' : 'Show the camera: the moment is not in memory any more';
      const length = lengthText(Math.max(0, (endedAtMs ?? view.nowMs) - startedAtMs) / 1000);
      const about = [
        namesIn(view)(firing.source),
        ...(firing.track === null ? [] : [`face ${firing.track}`]),
        ...(firing.zone === null ? [] : [`in ${firing.zone}`]),
        ...[valueText(firing)].filter(Boolean),
        endedAtMs === null ? `goes on for ${length}` : `for ${length}`,
      ];
      setText(words, about.join(' · '));
    },
  };
}

function dialogOf(parts: readonly HTMLElement[]): HTMLDialogElement {
  const close = h('button', {
    className: 'past-close',
    text: 'Close',
    attributes: { type: 'button' },
    onClick: () => root.close(),
  });
  const title = h('h2', { text: 'Rules', attributes: { id: 'rules-title' } });
  const root: HTMLDialogElement = h('dialog', {
    className: 'past rules-dialog',
    attributes: { 'aria-labelledby': 'rules-title' },
    children: [h('div', { className: 'section-head past-head', children: [title, close] }), ...parts],
  });
  return root;
}
