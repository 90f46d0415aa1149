import { micros } from '../../../src/domain/units.js';
import { askOthers } from './api.js';
import { filtered, neighbour } from './model/filter.js';
import { add, correct, forget, type Item, judge, type Rating, redo, step, undo } from './model/rating.js';
import type { Store } from './state.js';

/** The video as the page steers it. */
export interface Player {
  /** Microseconds. */
  now(): number;
  seek(us: number): void;
  toggle(): void;
  /** Plays from here and stops there. */
  play(fromUs: number, toUs: number): void;
}

/** Length of what is added. */
const ADDED_US = 1_000_000;
/** What is played around an episode. */
const AROUND_US = 300_000;

/** What a rater can do; each is one step of undo. */
export function createActions(
  store: Store,
  player: Player,
  save: (rating: Rating) => void,
  announce: (text: string) => void,
) {
  const chosenItem = (): Item | null => store.state.items.find(({ id }) => id === store.state.chosen) ?? null;
  const rate = (next: Rating, said: string): void => {
    const { history } = store.state;
    if (next === history.now) return;
    store.change({ history: step(history, next) });
    save(next);
    announce(said);
  };
  const choose = (item: Item | null, seek = true): void => {
    store.change({ chosen: item?.id ?? null });
    if (item && seek) player.seek(item.onsetUs);
    if (item) announce(`${item.label}, person ${item.person}`);
  };
  const onChosen = (act: (item: Item, now: Rating) => void): void => {
    const item = chosenItem();
    if (item) act(item, store.state.history.now);
    else announce('choose an episode first');
  };
  const move = (by: 1 | -1): void => {
    const { items, filter, chosen } = store.state;
    const next = neighbour(filtered(items, filter, chosen), chosen, by);
    if (next) choose(next);
    else announce(by === 1 ? 'this was the last' : 'this was the first');
  };
  const decide = (verdict: 'accepted' | 'rejected'): void =>
    onChosen((item, now) => {
      const { items, filter, chosen, video } = store.state;
      const next = neighbour(filtered(items, filter, chosen), chosen, 1);
      rate(judge(now, item, verdict, video), `${item.label} ${verdict}`);
      if (next) choose(next);
    });
  const frames = (count: number): number => (count * 1e6) / store.state.video.fps;
  return {
    choose,
    next: () => move(1),
    previous: () => move(-1),
    accept: () => decide('accepted'),
    reject: () => decide('rejected'),
    forget: () => onChosen((item, now) => rate(forget(now, item), `${item.label}: judgement taken back`)),
    correct: (change: Parameters<typeof correct>[2]) =>
      onChosen((item, now) =>
        rate(correct(now, item, change, store.state.video), `${change.label ?? item.label} corrected`),
      ),
    nudge: (end: 'onsetUs' | 'offsetUs', count: number) =>
      onChosen((item, now) => {
        const at = item[end] + frames(count);
        rate(correct(now, item, { [end]: at }, store.state.video), `${end === 'onsetUs' ? 'onset' : 'offset'} moved`);
        player.seek(at);
      }),
    setHere: (end: 'onsetUs' | 'offsetUs') =>
      onChosen((item, now) => rate(correct(now, item, { [end]: player.now() }, store.state.video), 'set to here')),
    add: () => {
      const { video, filter, history } = store.state;
      const like = chosenItem();
      const person = filter.person ?? like?.person ?? video.people[0]?.person;
      const kind = filter.kind ?? like?.kind ?? 'emotion';
      if (person === undefined) return announce('there is no person to add to');
      const label = like?.kind === kind ? like.label : firstLabel(kind, video.units);
      const onsetUs = micros(player.now());
      const made = add(history.now, { person, kind, label, onsetUs, offsetUs: micros(onsetUs + ADDED_US) }, video);
      rate(made.rating, `${label} added`);
      store.change({ chosen: made.id });
    },
    undo: () => {
      const history = undo(store.state.history);
      if (history === store.state.history) return announce('nothing to take back');
      store.change({ history });
      save(history.now);
      announce('taken back');
    },
    redo: () => {
      const history = redo(store.state.history);
      if (history === store.state.history) return announce('nothing to do again');
      store.change({ history });
      save(history.now);
      announce('done again');
    },
    playChosen: () =>
      onChosen(({ onsetUs, offsetUs }) => player.play(Math.max(0, onsetUs - AROUND_US), offsetUs + AROUND_US)),
    toggle: () => player.toggle(),
    frame: (count: number) => player.seek(player.now() + frames(count)),
    second: (count: number) => player.seek(player.now() + count * 1e6),
    showOthers: async () => {
      try {
        store.change({ others: await askOthers(store.state.video.index) });
      } catch (error) {
        announce(error instanceof Error ? error.message : String(error));
      }
    },
  };
}

export type Actions = ReturnType<typeof createActions>;

const firstLabel = (kind: string, units: readonly string[]): string =>
  kind === 'emotion' ? 'happiness' : kind === 'action-unit' ? `AU${units[0] ?? '12'}` : kind;
