import type { Stage } from './series.js';

/** What all plots share: the window of time shown, the cursor, and the choices of the toolbar. Times in seconds. */
export interface View {
  from: number;
  to: number;
  cursor: number;
  stage: Stage;
  view: 'stacked' | 'separate';
}

/** What a listener is told. */
export interface Change {
  /** Whether plots change, or only the cursor moved. */
  readonly plots: boolean;
  /** Whether to draw before returning (for print), or with the next screen refresh. */
  readonly now: boolean;
}

export interface ViewState {
  readonly span: { readonly start: number; readonly end: number };
  get(): Readonly<View>;
  onChange(listener: (change: Change) => void): void;
  /** Moves the cursor; the window follows when the cursor leaves it. */
  moveCursor(seconds: number): void;
  show(window: { readonly from: number; readonly to: number }): void;
  /** Shows `factor` times the present length of time, keeping the cursor in place. */
  zoom(factor: number): void;
  choose(choice: Partial<Pick<View, 'stage' | 'view'>>): void;
  redraw(now: boolean): void;
}

const SHORTEST_WINDOW_SECONDS = 0.5;

export function createViewState(span: ViewState['span']): ViewState {
  const view: View = { from: span.start, to: span.end, cursor: span.start, stage: 'smoothed', view: 'stacked' };
  const listeners = new Set<(change: Change) => void>();
  const tell = (plots: boolean, now = false): void => {
    for (const listener of listeners) listener({ plots, now });
  };
  const show: ViewState['show'] = ({ from, to }) => {
    const width = Math.min(span.end - span.start, Math.max(SHORTEST_WINDOW_SECONDS, to - from));
    view.from = Math.max(span.start, Math.min(span.end - width, (from + to - width) / 2));
    view.to = view.from + width;
    tell(true);
  };
  return {
    span,
    show,
    get: () => view,
    onChange: (listener) => {
      listeners.add(listener);
    },
    moveCursor(seconds) {
      view.cursor = Math.min(span.end, Math.max(span.start, seconds));
      const width = view.to - view.from;
      const outside = view.cursor < view.from || view.cursor > view.to;
      if (outside) {
        view.from = Math.max(span.start, Math.min(span.end - width, view.cursor - width / 2));
        view.to = view.from + width;
      }
      tell(outside);
    },
    zoom(factor) {
      const anchor = view.cursor >= view.from && view.cursor <= view.to ? view.cursor : (view.from + view.to) / 2;
      show({ from: anchor - (anchor - view.from) * factor, to: anchor + (view.to - anchor) * factor });
    },
    choose(choice) {
      Object.assign(view, choice);
      tell(true);
    },
    redraw: (now) => tell(true, now),
  };
}
