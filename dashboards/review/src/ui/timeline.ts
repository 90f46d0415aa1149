import { clockText, tickText, timeTicks } from '../../../../src/view/clock-words.js';
import { h } from '../../../shared/element.js';
import type { Actions } from '../actions.js';
import type { Item } from '../model/rating.js';
import type { State, Store } from '../state.js';
import { revealIn } from './reveal.js';
import { place, timelineRows } from './timeline-rows.js';
import { firstView, shareIn, type View, viewFrom } from './timeline-view.js';

/** How near to an end of a bar a drag moves this end, CSS pixels. */
const EDGE_PX = 8;
/** Room of one label of the axis, CSS pixels. */
const TICK_PX = 90;

/** Rows of episodes over time. */
export class Timeline {
  readonly root: HTMLElement;
  readonly #axis = h('div', { className: 'axis' });
  readonly #rows = h('div', { className: 'lanes' });
  readonly #box = h('div', { className: 'lanes-box', children: [this.#rows] });
  readonly #line = h('div', { className: 'now', attributes: { 'aria-hidden': 'true' } });
  readonly #words = h('span', { className: 'sub' });
  readonly #store: Store;
  readonly #actions: Actions;
  readonly #seek: (us: number) => void;
  #view: View;
  #nowS = 0;

  constructor(store: Store, actions: Actions, seek: (us: number) => void) {
    this.#store = store;
    this.#actions = actions;
    this.#seek = seek;
    this.#view = firstView(store.state.video.durationSeconds);
    this.root = h('section', {
      className: 'timeline card',
      attributes: { 'aria-label': 'Timeline' },
      children: [this.#tools(), this.#axis, this.#box],
    });
    this.#axis.addEventListener('pointerdown', (event) => {
      const { left, width } = this.#axis.getBoundingClientRect();
      seek((this.#view.from + ((event.clientX - left) / width) * this.#length()) * 1e6);
    });
    store.listen((state, before) => this.#changed(state, before));
    new ResizeObserver(() => this.#draw(store.state)).observe(this.#axis);
  }

  /** Moves the line that says where the video is; while it plays, the view turns over like a page. */
  at(us: number): void {
    this.#nowS = us / 1e6;
    if (this.#nowS > this.#view.to) this.#show(this.#nowS, this.#length());
    else this.#placeLine();
  }

  #length(): number {
    return this.#view.to - this.#view.from;
  }

  #tools(): HTMLElement {
    const button = (text: string, label: string, onClick: () => void): HTMLElement =>
      h('button', { text, attributes: { type: 'button', 'aria-label': label }, onClick });
    const zoom = (factor: number): void =>
      this.#show(this.#nowS - (this.#length() * factor) / 2, this.#length() * factor);
    const turn = (by: number): void => this.#show(this.#view.from + by * this.#length(), this.#length());
    return h('div', {
      className: 'timeline-tools',
      children: [
        this.#words,
        button('‹', 'Earlier', () => turn(-0.5)),
        button('›', 'Later', () => turn(0.5)),
        button('−', 'Show more time', () => zoom(2)),
        button('+', 'Show less time', () => zoom(0.5)),
      ],
    });
  }

  #changed(state: State, before: State): void {
    const item = state.chosen === before.chosen ? null : state.items.find(({ id }) => id === state.chosen);
    const isOutside = item && (item.onsetUs / 1e6 < this.#view.from || item.offsetUs / 1e6 > this.#view.to);
    if (isOutside) this.#show(item.onsetUs / 1e6 - this.#length() / 4, this.#length());
    else this.#draw(state);
    revealIn(this.#box, this.#rows.querySelector('[aria-current]'));
  }

  #show(from: number, length: number): void {
    this.#view = viewFrom(from, length, this.#store.state.video.durationSeconds);
    this.#draw(this.#store.state);
  }

  #draw(state: State): void {
    const view = this.#view;
    const { ticks, step } = timeTicks({ ...view, count: Math.max(2, Math.floor(this.#axis.clientWidth / TICK_PX)) });
    const labels = ticks.map((tick) => {
      const label = h('span', { text: tickText(tick, step) });
      label.style.left = `${100 * shareIn(view, tick)}%`;
      return label;
    });
    this.#axis.replaceChildren(...labels);
    const rows = timelineRows(state, view, (event, bar, item) => this.#press(event, bar, item));
    this.#rows.replaceChildren(...rows, this.#line);
    const end = clockText(state.video.durationSeconds);
    this.#words.textContent = `${clockText(view.from)} – ${clockText(view.to)} of ${end}`;
    this.#placeLine();
  }

  #placeLine(): void {
    const at = shareIn(this.#view, this.#nowS);
    this.#line.hidden = at < 0 || at > 1;
    this.#line.style.setProperty('--at', String(at));
  }

  /** A press chooses; a drag at an end of the chosen one moves this end, by whole frames. */
  #press(event: PointerEvent, bar: HTMLElement, item: Item): void {
    const { left, right } = bar.getBoundingClientRect();
    const end = event.clientX - left < EDGE_PX ? 'onsetUs' : right - event.clientX < EDGE_PX ? 'offsetUs' : null;
    if (this.#store.state.chosen !== item.id || end === null) {
      this.#actions.choose(item);
      return;
    }
    event.preventDefault();
    bar.setPointerCapture(event.pointerId);
    const framesPerPx = (this.#length() * this.#store.state.video.fps) / Math.max(1, this.#axis.clientWidth);
    const frameUs = 1e6 / this.#store.state.video.fps;
    const movedTo = (to: PointerEvent): number =>
      item[end] + Math.round((to.clientX - event.clientX) * framesPerPx) * frameUs;
    let at: number = item[end];
    const move = (to: PointerEvent): void => {
      at = movedTo(to);
      const now = { ...item, [end]: at };
      if (now.offsetUs > now.onsetUs) place(bar, now, this.#view);
      this.#seek(at);
    };
    const drop = (): void => {
      bar.removeEventListener('pointermove', move);
      if (at !== item[end]) this.#actions.correct({ [end]: at });
    };
    bar.addEventListener('pointermove', move);
    bar.addEventListener('lostpointercapture', drop, { once: true });
  }
}
