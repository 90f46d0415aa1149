import type { EpisodeData } from '../../../src/report/report-data.js';
import { nearestBucket } from './series.js';
import type { ViewState } from './view-state.js';

/** A press that moves less than this is a click, not a selection. */
const SHORTEST_DRAG_PX = 8;

/** Pointing moves the cursor; dragging with a mouse selects a stretch of time to show; a double click shows all. */
export function followPointer({ stack, brush, state }: { stack: HTMLElement; brush: HTMLElement; state: ViewState }) {
  const secondsAt = (event: PointerEvent) => {
    const { left, width } = stack.getBoundingClientRect();
    const { from, to } = state.get();
    return from + Math.min(1, Math.max(0, (event.clientX - left) / width)) * (to - from);
  };
  let pressed: { readonly seconds: number; readonly px: number } | null = null;
  stack.addEventListener('pointerdown', (event) => {
    state.moveCursor(secondsAt(event));
    if (event.pointerType === 'mouse' && event.button === 0) {
      pressed = { seconds: secondsAt(event), px: event.clientX };
      stack.setPointerCapture(event.pointerId);
    }
  });
  stack.addEventListener('pointermove', (event) => {
    state.moveCursor(secondsAt(event));
    if (!pressed) return;
    const { left } = stack.getBoundingClientRect();
    brush.hidden = Math.abs(event.clientX - pressed.px) < SHORTEST_DRAG_PX;
    brush.style.left = `${Math.min(event.clientX, pressed.px) - left}px`;
    brush.style.width = `${Math.abs(event.clientX - pressed.px)}px`;
  });
  const release = (event: PointerEvent) => {
    if (pressed && !brush.hidden && event.type === 'pointerup') {
      const end = secondsAt(event);
      state.show({ from: Math.min(pressed.seconds, end), to: Math.max(pressed.seconds, end) });
    }
    pressed = null;
    brush.hidden = true;
  };
  stack.addEventListener('pointerup', release);
  stack.addEventListener('pointercancel', release);
  stack.addEventListener('dblclick', () => state.show({ from: state.span.start, to: state.span.end }));
}

/**
 * Arrow keys step reading by reading, with Shift by a second; Page keys by a tenth of the window; n and p go from
 * episode to episode; + and - zoom; 0 shows all.
 */
export function followKeyboard({
  stack,
  times,
  episodes,
  state,
}: {
  stack: HTMLElement;
  times: Float64Array;
  episodes: readonly EpisodeData[];
  state: ViewState;
}) {
  const apexes = episodes.map(({ apexUs }) => apexUs / 1e6).sort((a, b) => a - b);
  const step = (direction: 1 | -1) => {
    const { cursor } = state.get();
    const at = nearestBucket(times, cursor);
    if (at < 0) return cursor;
    const beyond = (times[at] - cursor) * direction > 1e-9 ? at : at + direction;
    return times[Math.min(times.length - 1, Math.max(0, beyond))];
  };
  stack.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { from, to, cursor } = state.get();
    const page = (to - from) / 10;
    const actions: Readonly<Record<string, () => void>> = {
      ArrowRight: () => state.moveCursor(event.shiftKey ? cursor + 1 : step(1)),
      ArrowLeft: () => state.moveCursor(event.shiftKey ? cursor - 1 : step(-1)),
      ArrowUp: () => state.moveCursor(step(1)),
      ArrowDown: () => state.moveCursor(step(-1)),
      PageUp: () => state.moveCursor(cursor + page),
      PageDown: () => state.moveCursor(cursor - page),
      Home: () => state.moveCursor(state.span.start),
      End: () => state.moveCursor(state.span.end),
      n: () => state.moveCursor(apexes.find((apex) => apex > cursor + 1e-6) ?? cursor),
      p: () => state.moveCursor(apexes.findLast((apex) => apex < cursor - 1e-6) ?? cursor),
      '+': () => state.zoom(0.5),
      '=': () => state.zoom(0.5),
      '-': () => state.zoom(2),
      0: () => state.show({ from: state.span.start, to: state.span.end }),
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
