import type { Annotation } from '../../../src/domain/annotation.js';
import type { ReviewedVideo } from '../../../src/review/reviewed-video.js';
import { ALL, type Filter } from './model/filter.js';
import { type History, historyOf, type Item, itemsOf } from './model/rating.js';
import type { SaveState } from './saver.js';

/** Everything the page shows. */
export interface State {
  readonly video: ReviewedVideo;
  readonly history: History;
  readonly items: readonly Item[];
  readonly filter: Filter;
  /** Id of the chosen item. */
  readonly chosen: string | null;
  readonly save: SaveState;
  /** What others said; null until it was asked for. */
  readonly others: readonly Annotation[] | null;
}

export function firstState(video: ReviewedVideo): State {
  const history = historyOf(video.annotations);
  const items = itemsOf(video.episodes, history.now, video);
  return { video, history, items, filter: ALL, chosen: null, save: { state: 'saved' }, others: null };
}

/** One place for the state; whoever listens is told of each change. */
export class Store {
  #state: State;
  readonly #listeners: ((state: State, before: State) => void)[] = [];

  constructor(state: State) {
    this.#state = state;
  }

  get state(): State {
    return this.#state;
  }

  change(change: Partial<Omit<State, 'items'>>): void {
    const before = this.#state;
    const next = { ...before, ...change };
    const { video, history } = next;
    const items = history === before.history ? before.items : itemsOf(video.episodes, history.now, video);
    const chosen = items.some(({ id }) => id === next.chosen) ? next.chosen : null;
    this.#state = { ...next, items, chosen };
    for (const listener of this.#listeners) listener(this.#state, before);
  }

  listen(listener: (state: State, before: State) => void): void {
    this.#listeners.push(listener);
    listener(this.#state, this.#state);
  }
}
