/**
 * What all plots share: the window of time shown, the cursor, and the choices of the toolbar. Times in seconds.
 * @typedef {{ from: number, to: number, cursor: number, stage: 'smoothed' | 'baselined' | 'raw', view: 'stacked' | 'separate' }} View
 */

/**
 * What a listener is told: whether plots change or only the cursor moved, and whether to draw before returning.
 * @typedef {{ plots: boolean, now: boolean }} Change
 */

const SHORTEST_WINDOW_SECONDS = 0.5;

/** @param {{ start: number, end: number }} span */
export function createViewState(span) {
  /** @type {View} */
  const view = { from: span.start, to: span.end, cursor: span.start, stage: 'smoothed', view: 'stacked' };
  /** @type {Set<(changed: Change) => void>} */
  const listeners = new Set();
  const tell = (/** @type {boolean} */ plots, now = false) => {
    for (const listener of listeners) listener({ plots, now });
  };
  const clamp = (/** @type {number} */ seconds) => Math.min(span.end, Math.max(span.start, seconds));

  return {
    span,
    /** @returns {Readonly<View>} */
    get: () => view,
    /** @param {(changed: Change) => void} listener */
    onChange: (listener) => {
      listeners.add(listener);
    },
    /** Moves the cursor; the window follows when the cursor leaves it. @param {number} seconds */
    moveCursor(seconds) {
      view.cursor = clamp(seconds);
      const width = view.to - view.from;
      const outside = view.cursor < view.from || view.cursor > view.to;
      if (outside) {
        view.from = Math.max(span.start, Math.min(span.end - width, view.cursor - width / 2));
        view.to = view.from + width;
      }
      tell(outside);
    },
    /** @param {{ from: number, to: number }} window */
    show({ from, to }) {
      const width = Math.min(span.end - span.start, Math.max(SHORTEST_WINDOW_SECONDS, to - from));
      view.from = Math.max(span.start, Math.min(span.end - width, (from + to - width) / 2));
      view.to = view.from + width;
      tell(true);
    },
    /** Shows `factor` times the present length of time, keeping the cursor in place. @param {number} factor */
    zoom(factor) {
      const anchor = view.cursor >= view.from && view.cursor <= view.to ? view.cursor : (view.from + view.to) / 2;
      this.show({ from: anchor - (anchor - view.from) * factor, to: anchor + (view.to - anchor) * factor });
    },
    /** @param {Partial<Pick<View, 'stage' | 'view'>>} choice */
    choose(choice) {
      Object.assign(view, choice);
      tell(true);
    },
    /** Draws everything; `now` before returning (for print), else with the next screen refresh. @param {boolean} now */
    redraw: (now) => tell(true, now),
  };
}

/** @typedef {ReturnType<typeof createViewState>} ViewState */
