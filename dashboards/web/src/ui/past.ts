import type { KeptCamera, KeptDay, KeptSummary } from '../../../../src/domain/keeping.js';
import { h, setAttribute, setText } from '../dom.js';
import { readColours } from '../draw/colours.js';
import { DAY_HEIGHT, drawDay } from '../draw/day.js';
import { surfaceOf, watchSize } from '../draw/surface.js';
import { loadDay, loadKept, type PastDay } from '../kept.js';
import { dayWords, timeIn } from '../model/past-day.js';
import { bytesText, countText } from '../words.js';
import { createPastDays } from './past-days.js';
import { createPastDelete } from './past-delete.js';
import { createPastFirings } from './past-firings.js';

/** What is kept and whether it is being recorded, in words. */
export function keptText({ state, what, days, bytes, maxBytes, blur }: KeptSummary): string {
  const doing = state.status === 'recording' ? 'Recording' : `Recording stopped: ${state.reason}; it is tried again`;
  const faces = blur ? 'faces in pictures are made unrecognisable' : 'faces in pictures are shown';
  return `${doing}. Kept for ${countText(days, 'day')}: ${what.join(', ')}; ${faces}. ${bytesText(bytes)} of ${bytesText(maxBytes)}.`;
}

/** The history dialog: what was kept on disk, by camera and day. Its button shows once something is kept. */
export function createPast(options: { readonly nameOf: (source: string) => string }): {
  readonly root: HTMLElement;
  readonly button: HTMLButtonElement;
  /** Asks whether anything is kept. */
  look(): Promise<void>;
} {
  let kept: KeptSummary | null = null;
  let source = '';
  let day: KeptDay | null = null;
  let shown: PastDay | null = null;
  const state = h('p', { className: 'sub past-state' });
  const problem = h('p', { className: 'problem', attributes: { role: 'alert' } });
  const say = (text: string): void => {
    setText(problem, text);
    problem.hidden = text === '';
  };
  say('');
  const title = h('h3', { attributes: { 'aria-live': 'polite' } });
  const told = h('p', { className: 'sub' });
  const legend = h('ul', { className: 'past-legend', attributes: { 'aria-label': 'Expressions' } });
  const canvas = h('canvas', { className: 'past-day', attributes: { role: 'img' } });
  canvas.style.height = `${DAY_HEIGHT}px`;
  const select = h('select', { attributes: { name: 'past-camera' } });
  select.addEventListener('change', () => void choose(select.value, null));
  const strip = createPastDays((next) => void choose(source, next));
  const firings = createPastFirings();
  const deleting = createPastDelete(() => void refresh());
  watchSize(canvas, () => draw());

  function draw(): void {
    const surface = surfaceOf(canvas);
    if (surface && day && shown) drawDay(surface, { day, ...shown, colours: readColours() });
  }
  /** The newest day of a camera unless one is named. */
  async function choose(wanted: string, wantedDay: KeptDay | null): Promise<void> {
    const camera: KeptCamera | undefined = kept?.cameras.find((each) => each.source === wanted) ?? kept?.cameras[0];
    source = camera?.source ?? '';
    select.value = source;
    const days = camera?.days ?? [];
    day = days.find((each) => each.day === wantedDay?.day) ?? days.at(-1) ?? null;
    strip.show(days, day);
    deleting.show(day && { source, name: options.nameOf(source), day });
    shown = null;
    const asked = day;
    try {
      const loaded = day && (await loadDay(source, day));
      if (asked !== day) return;
      shown = loaded;
      say('');
    } catch (error) {
      say((error as Error).message);
    }
    showDay();
  }
  function showDay(): void {
    body.hidden = day === null;
    nothing.hidden = day !== null;
    if (!day) return;
    const { minutes = [], firings: fired = [] } = shown ?? {};
    setText(title, dayWords(day.day));
    const [first, last] = [minutes[0], minutes.at(-1)];
    const when =
      first && last
        ? `Read from ${timeIn(day, first.atMs).slice(0, 5)} to ${timeIn(day, last.atMs + 59_000).slice(0, 5)}, `
        : '';
    setText(told, `${when}${countText(day.files, 'file')}, ${bytesText(day.bytes)}. Times are those of the server.`);
    setAttribute(
      canvas,
      'aria-label',
      `${dayWords(day.day)}: ${countText(minutes.length, 'minute')} read, ${countText(fired.length, 'firing')}`,
    );
    const leading = [...new Set(minutes.flatMap((minute) => minute.leading ?? []))];
    legend.replaceChildren(
      ...leading.map((emotion) => h('li', { children: [h('i', { className: `fill-${emotion}` }), emotion] })),
    );
    firings.show({ source, day, firings: fired });
    draw();
  }
  async function refresh(): Promise<void> {
    try {
      kept = await loadKept();
    } catch (error) {
      say((error as Error).message);
      return;
    }
    if (!kept) return;
    setText(state, keptText(kept));
    state.classList.toggle('stopped', kept.state.status === 'stopped');
    select.replaceChildren(
      ...kept.cameras.map((each) =>
        h('option', { text: options.nameOf(each.source), attributes: { value: each.source } }),
      ),
    );
    await choose(source, day);
  }
  const body = h('div', {
    children: [
      title,
      told,
      canvas,
      legend,
      h('h3', { text: 'Rules' }),
      firings.root,
      h('h3', { text: 'Delete' }),
      deleting.root,
    ],
  });
  const nothing = h('p', { className: 'empty', text: 'Nothing has been kept yet.' });
  const close = h('button', {
    className: 'past-close',
    text: 'Close',
    attributes: { type: 'button' },
    onClick: () => root.close(),
  });
  const root: HTMLDialogElement = h('dialog', {
    className: 'past',
    attributes: { 'aria-labelledby': 'past-title' },
    children: [
      h('div', {
        className: 'section-head past-head',
        children: [
          h('h2', { text: 'History', attributes: { id: 'past-title' } }),
          h('label', { children: ['Camera', select] }),
          close,
        ],
      }),
      state,
      problem,
      strip.root,
      nothing,
      body,
    ],
  });
  root.addEventListener('close', () => firings.clear());
  const button = h('button', {
    text: 'History',
    attributes: { type: 'button', 'aria-haspopup': 'dialog' },
    onClick: () => {
      root.showModal();
      void refresh();
    },
  });
  button.hidden = true;
  return {
    root,
    button,
    async look() {
      kept = await loadKept();
      button.hidden = kept === null;
      button.classList.toggle('stopped', kept?.state.status === 'stopped');
    },
  };
}
