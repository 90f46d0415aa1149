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

/** What a rater does it with. */
interface Desk {
  readonly store: Store;
  readonly player: Player;
  readonly save: (rating: Rating) => void;
  readonly announce: (text: string) => void;
}

/** Going from one episode to another, and what is at hand then. */
function createChoosing({ store, player, announce }: Desk) {
  const choose = (item: Item | null): void => {
    store.change({ chosen: item?.id ?? null });
    if (!item) return;
    player.seek(item.onsetUs);
    announce(`${item.label}, person ${item.person}`);
  };
  const chosenItem = (): Item | null => store.state.items.find(({ id }) => id === store.state.chosen) ?? null;
  const neighbourOf = (by: 1 | -1): Item | null => {
    const { items, filter, chosen } = store.state;
    return neighbour(filtered(items, filter, chosen), chosen, by);
  };
  const move = (by: 1 | -1): void => {
    const next = neighbourOf(by);
    if (next) choose(next);
    else announce(by === 1 ? 'this was the last' : 'this was the first');
  };
  const onChosen = (act: (item: Item, now: Rating) => void): void => {
    const item = chosenItem();
    if (item) act(item, store.state.history.now);
    else announce('choose an episode first');
  };
  return { choose, chosenItem, neighbourOf, move, onChosen };
}

/** Saying something; each is one step of undo. */
function createRating({ store, save, announce }: Desk) {
  const rate = (next: Rating, said: string): void => {
    const { history } = store.state;
    if (next === history.now) return;
    store.change({ history: step(history, next) });
    save(next);
    announce(said);
  };
  const go = (way: typeof undo, none: string, said: string): void => {
    const history = way(store.state.history);
    const isNew = history !== store.state.history;
    if (isNew) {
      store.change({ history });
      save(history.now);
    }
    announce(isNew ? said : none);
  };
  return {
    rate,
    undo: () => go(undo, 'nothing to take back', 'taken back'),
    redo: () => go(redo, 'nothing to do again', 'done again'),
  };
}

/** What a rater can do. */
export function createActions(
  store: Store,
  player: Player,
  save: (rating: Rating) => void,
  announce: (text: string) => void,
) {
  const desk = { store, player, save, announce };
  const { choose, chosenItem, neighbourOf, move, onChosen } = createChoosing(desk);
  const { rate, ...steps } = createRating(desk);
  const decide = (verdict: 'accepted' | 'rejected'): void =>
    onChosen((item, now) => {
      const next = neighbourOf(1);
      rate(judge(now, item, verdict, store.state.video), `${item.label} ${verdict}`);
      if (next) choose(next);
    });
  const frames = (count: number): number => (count * 1e6) / store.state.video.fps;
  const change = (to: (item: Item) => Parameters<typeof correct>[2], said: string): void =>
    onChosen((item, now) => rate(correct(now, item, to(item), store.state.video), said));
  return {
    ...steps,
    choose,
    next: () => move(1),
    previous: () => move(-1),
    accept: () => decide('accepted'),
    reject: () => decide('rejected'),
    forget: () => onChosen((item, now) => rate(forget(now, item), `${item.label}: judgement taken back`)),
    correct: (to: Parameters<typeof correct>[2]) => change(() => to, `${to.label ?? 'episode'} corrected`),
    nudge: (end: 'onsetUs' | 'offsetUs', count: number) => {
      change((item) => ({ [end]: item[end] + frames(count) }), `${end === 'onsetUs' ? 'onset' : 'offset'} moved`);
      const item = chosenItem();
      if (item) player.seek(item[end]);
    },
    setHere: (end: 'onsetUs' | 'offsetUs') => change(() => ({ [end]: player.now() }), 'set to here'),
    add: () => {
      const { video, filter, history } = store.state;
      const like = chosenItem();
      const person = filter.person ?? like?.person ?? video.people[0]?.person;
      const kind = filter.kind ?? like?.kind ?? 'emotion';
      if (person === undefined) {
        announce('there is no person to add to');
        return;
      }
      const label = like?.kind === kind ? like.label : firstLabel(kind, video.units);
      const onsetUs = micros(player.now());
      const made = add(history.now, { person, kind, label, onsetUs, offsetUs: micros(onsetUs + ADDED_US) }, video);
      rate(made.rating, `${label} added`);
      store.change({ chosen: made.id });
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
