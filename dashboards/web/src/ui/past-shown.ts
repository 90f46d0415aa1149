import type { KeptDay } from '../../../../src/domain/keeping.js';
import { h, setAttribute, setText } from '../dom.js';
import { readColours } from '../draw/colours.js';
import { DAY_HEIGHT, drawDay } from '../draw/day.js';
import { surfaceOf, watchSize } from '../draw/surface.js';
import { loadDay, type PastDay } from '../kept.js';
import { dayWords, timeIn } from '../model/past-day.js';
import { bytesText, countText } from '../words.js';
import { createPastFirings } from './past-firings.js';

const NOTHING: PastDay = { minutes: [], firings: [] };

/** What is kept of a day, in a line. */
function dayText(day: KeptDay, { minutes }: PastDay): string {
  const [first, last] = [minutes[0], minutes.at(-1)];
  const clock = (atMs: number): string => timeIn(day, atMs).slice(0, 5);
  const when = first && last ? `Read from ${clock(first.atMs)} to ${clock(last.atMs + 59_000)}, ` : '';
  return `${when}${countText(day.files, 'file')}, ${bytesText(day.bytes)}. Times are those of the server.`;
}

/** One day of a camera: drawn, in words, and what rules fired on. */
export function createPastShown(): {
  readonly root: HTMLElement;
  /** Rejects with the server's words; resolves when it is shown, or another was asked for meanwhile. */
  show(source: string, day: KeptDay): Promise<void>;
  /** Gives pictures back. */
  clear(): void;
} {
  let asked: KeptDay | null = null;
  let shown: PastDay = NOTHING;
  const title = h('h3', { attributes: { 'aria-live': 'polite' } });
  const told = h('p', { className: 'sub' });
  const legend = h('ul', { className: 'past-legend', attributes: { 'aria-label': 'Expressions' } });
  const canvas = h('canvas', { className: 'past-day', attributes: { role: 'img', 'aria-label': 'No day is shown.' } });
  canvas.style.height = `${DAY_HEIGHT}px`;
  const firings = createPastFirings();
  const draw = (): void => {
    const surface = surfaceOf(canvas);
    if (surface && asked) drawDay(surface, { day: asked, ...shown, colours: readColours() });
  };
  watchSize(canvas, draw);
  return {
    root: h('div', { children: [title, told, canvas, legend, h('h3', { text: 'Rules' }), firings.root] }),
    clear: firings.clear,
    async show(source, day) {
      asked = day;
      shown = NOTHING;
      const loaded = await loadDay(source, day);
      if (asked !== day) return;
      shown = loaded;
      const { minutes, firings: fired } = shown;
      const words = dayWords(day.day);
      setText(title, words);
      setText(told, dayText(day, shown));
      const many = `${countText(minutes.length, 'minute')} read, ${countText(fired.length, 'firing')}`;
      setAttribute(canvas, 'aria-label', `${words}: ${many}`);
      const leading = [...new Set(minutes.flatMap((minute) => minute.leading ?? []))];
      legend.replaceChildren(
        ...leading.map((emotion) => h('li', { children: [h('i', { className: `fill-${emotion}` }), emotion] })),
      );
      firings.show({ source, day, firings: fired });
      draw();
    },
  };
}
