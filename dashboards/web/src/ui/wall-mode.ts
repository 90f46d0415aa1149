import { h, setAttribute, setText } from '../dom.js';
import type { View, WallView } from '../view.js';
import { timeOfDay } from '../words.js';

/** "#wall" in the address, and "#wall=door" for one camera: what a kiosk opens. */
const hashOf = (wall: WallView | null): string =>
  wall === null ? '' : wall.only === null ? '#wall' : `#wall=${wall.only}`;

function wallOf(hash: string): WallView | null {
  const [name, only] = hash.split('=');
  if (name !== '#wall') return null;
  return { only: only || null };
}

/** Keys work where nothing is typed. */
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input, select, textarea, dialog[open]') !== null;

/**
 * Pictures that fill the window: a class of the page, the address and the browser's full screen kept in step, and the line
 * with clock, notice and the ways out. Where there is no full screen, filling the window is all.
 */
export class WallMode {
  /** The line that is there while pictures fill the window. */
  readonly root: HTMLElement;
  /** In the page's head. */
  readonly button = h('button', {
    text: 'Wall',
    attributes: {
      type: 'button',
      id: 'wall-button',
      title: 'Pictures alone, over the whole screen (Shift+F among the cameras)',
      'aria-keyshortcuts': 'Shift+F',
    },
    onClick: () => this.show({ only: null }, true),
  });
  #wall = wallOf(location.hash);
  readonly #clock = h('time', { className: 'wall-clock' });
  readonly #page = document.documentElement;
  readonly #full = h('button', {
    text: 'Full screen',
    attributes: { type: 'button' },
    onClick: () => this.#fill(),
  });
  readonly #all = h('button', {
    text: 'All cameras',
    attributes: { type: 'button' },
    onClick: () => this.show({ only: null }),
  });

  constructor(private readonly changed: (wall: WallView | null) => void) {
    const leave = h('button', {
      text: 'Leave',
      attributes: {
        type: 'button',
        id: 'wall-leave',
        title: 'Back to the page (Escape)',
        'aria-keyshortcuts': 'Escape',
      },
      onClick: () => this.show(null),
    });
    this.root = h('div', {
      className: 'wall-bar',
      children: [
        h('p', { className: 'wall-notice', text: 'Faces are being analysed here.' }),
        this.#clock,
        this.#all,
        this.#full,
        leave,
      ],
    });
    document.addEventListener('keydown', (event) => this.#pressed(event));
    document.addEventListener('fullscreenchange', () => {
      // Escape is the browser's while the screen is filled: it means the same.
      if (document.fullscreenElement === null) this.show(null);
      this.#apply();
    });
    addEventListener('hashchange', () => this.show(wallOf(location.hash)));
    this.#apply();
  }

  get view(): WallView | null {
    return this.#wall;
  }

  /** @param fill - the screen too, where the browser lets it: only after somebody pressed something */
  show(wall: WallView | null, fill = false): void {
    const before = this.#wall;
    if (fill && wall !== null && before === null) this.#fill();
    if (before?.only === wall?.only && (before === null) === (wall === null)) return;
    this.#wall = wall;
    this.#apply();
    if (wallOf(location.hash) !== null || wall !== null) {
      history.replaceState(null, '', hashOf(wall) || location.pathname + location.search);
    }
    if (wall === null && document.fullscreenElement !== null) document.exitFullscreen().catch(() => undefined);
    this.changed(wall);
  }

  update({ nowMs, state }: View): void {
    if (this.#wall === null) return;
    setText(this.#clock, timeOfDay(nowMs));
    this.#all.hidden = this.#wall.only === null || state.cameras.size < 2;
  }

  #fill(): void {
    // Refused, or unknown to the browser: the window is filled all the same.
    this.#page.requestFullscreen?.().catch(() => undefined);
  }

  #apply(): void {
    setAttribute(this.#page, 'data-wall', this.#wall === null ? null : 'on');
    this.root.hidden = this.#wall === null;
    this.#full.hidden = document.fullscreenElement !== null || !document.fullscreenEnabled;
  }

  #pressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    if (event.key === 'Escape' && this.#wall !== null && !document.querySelector('dialog[open]')) this.show(null);
    const { target } = event;
    // A letter is a command only among the cameras: a voice that is typed out must not give any elsewhere.
    if (event.key.toLowerCase() !== 'f' || !(target instanceof HTMLElement) || !target.closest('.wall-section')) return;
    const only = event.shiftKey ? null : (target.closest<HTMLElement>('.tile')?.dataset.source ?? null);
    this.show({ only }, true);
  }
}
