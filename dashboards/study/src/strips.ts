import type { PageStrip, StripKind } from '../../../src/study/report/page-data.js';
import { tickText, timeTicks } from '../../../src/view/clock-words.js';
import { h } from '../../shared/element.js';
import { readoutLine, segments } from './segments.js';
import { drawStrip, placeText } from './strip-rows.js';
import { conditionName, type StudyPageData } from './study-data.js';
import { picture, shape } from './svg.js';

/** What the colours of a kind mean. */
function keyOf(kind: StripKind): HTMLElement {
  const entries: readonly (readonly [colour: string, words: string])[] =
    kind.codes === 'word'
      ? [...kind.words.map((word) => [`var(--${word})`, word] as const), ['var(--plot)', 'none in force']]
      : kind.low < 0
        ? [
            ['var(--below)', `${kind.low}`.replace('-', '−')],
            ['var(--middle)', '0'],
            ['var(--above)', `+${kind.high}`],
          ]
        : [
            ['var(--middle)', '0 %'],
            ['var(--above)', '100 %'],
          ];
  const children = entries.map(([colour, words]) => {
    const swatch = h('span', { className: 'swatch', attributes: { style: `--swatch:${colour}` } });
    return h('li', { children: [swatch, words] });
  });
  return h('ul', { className: 'key', children });
}

function timeAxis(spanS: number, width: number): SVGElement {
  const axis = picture({ width, height: 20, label: 'Time of the session' });
  const { step, ticks } = timeTicks({ from: 0, to: spanS, count: width / 90 });
  for (const tick of ticks) {
    const x = (tick / spanS) * width;
    const anchor = tick === 0 ? 'start' : x > width - 20 ? 'end' : 'middle';
    axis.append(shape('text', { class: 'tick', x, y: 14, 'text-anchor': anchor }, tickText(tick, step)));
  }
  return axis;
}

function rowOf(
  data: StudyPageData,
  strip: PageStrip,
): { readonly item: HTMLElement; readonly canvas: HTMLCanvasElement } {
  const session = h('small', { text: ` ${data.sessions[strip.session]}` });
  const who = h('span', { className: 'who', children: [data.people[strip.who], session] });
  const canvas = h('canvas', { attributes: { 'aria-hidden': 'true' } });
  return { item: h('li', { children: [who, canvas] }), canvas };
}

/** Rows under the names of their conditions. */
function listed(
  data: StudyPageData,
  rows: readonly { readonly strip: PageStrip; readonly item: HTMLElement }[],
): readonly HTMLElement[] {
  if (data.conditions.length === 0) return rows.map(({ item }) => item);
  return rows.flatMap(({ strip, item }, at) => {
    const isFirst = strip.condition !== rows[at - 1]?.strip.condition;
    return isFirst ? [h('li', { className: 'group', text: conditionName(data, strip.condition) }), item] : [item];
  });
}

/** Strips of all people on one axis of time. Returns what draws them again, for another theme or width. */
export function showStrips(root: HTMLElement, data: StudyPageData): () => void {
  const { kinds, people } = data.strips;
  const spanS = Math.max(1, ...people.map(({ toS }) => toS));
  const ordered = [...people].sort((a, b) => a.condition - b.condition || a.who - b.who || a.session - b.session);
  let kind = kinds[0];
  const rows = ordered.map((strip) => ({ strip, ...rowOf(data, strip) }));
  const axis = h('div');
  const list = h('ul', { className: 'strip-rows', children: listed(data, rows) });
  list.append(h('li', { className: 'axis', children: [h('span'), axis] }));
  const attributes = { tabindex: '0', role: 'group', 'aria-label': 'Strips; arrow keys move over people and time' };
  const scroll = h('div', { className: 'strip-scroll', attributes, children: [list] });
  const readout = readoutLine();
  const key = h('div');
  const about = h('p', { className: 'shown-for sub' });

  const draw = (): void => {
    axis.replaceChildren(timeAxis(spanS, Math.max(200, axis.clientWidth)));
    for (const { strip, canvas } of rows) drawStrip(canvas, strip, { data, kind, spanS });
  };
  const choose = (name: string): void => {
    kind = kinds.find((each) => each.name === name) ?? kind;
    key.replaceChildren(keyOf(kind));
    about.textContent = kind.title;
    draw();
  };
  const at = { row: 0, seconds: 0 };
  const tell = (): void => {
    readout.textContent = placeText(data, rows[at.row].strip, kind, at.seconds);
  };
  for (const [row, { canvas }] of rows.entries()) {
    canvas.addEventListener('pointermove', ({ offsetX }) => {
      Object.assign(at, { row, seconds: (offsetX / canvas.clientWidth) * spanS });
      tell();
    });
  }
  scroll.addEventListener('keydown', (event) => {
    const moves: Record<string, readonly [rows: number, seconds: number]> = {
      ArrowDown: [1, 0],
      ArrowUp: [-1, 0],
      ArrowRight: [0, spanS / 100],
      ArrowLeft: [0, -spanS / 100],
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    at.row = Math.min(rows.length - 1, Math.max(0, at.row + move[0]));
    at.seconds = Math.min(spanS, Math.max(0, at.seconds + move[1]));
    rows[at.row].item.scrollIntoView({ block: 'nearest' });
    tell();
  });
  const kindChoice = segments({ name: 'strip-kind', label: 'What strips show' }, kinds, choose);
  const head = h('div', { className: 'row-head', children: [kindChoice] });
  root.replaceChildren(about, head, key, scroll, readout);
  choose(kinds[0]?.name ?? '');
  return draw;
}
