import { type Areas, CORNERS, type Corner } from '../../../../src/domain/areas.js';
import { h } from '../dom.js';
import { type AreaAt, type AreaKind, moveCorner, removeCorner, splitSide } from '../model/area-drawing.js';

const SVG = 'http://www.w3.org/2000/svg';
/** Shares of the picture that an arrow key moves a corner; with Shift. */
const STEP = { fine: 0.01, coarse: 0.05 } as const;
const ARROWS: Readonly<Record<string, Corner>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The picture with its areas; corners are moved with the mouse, a finger or the arrow keys. */
export function createAreaCanvas(options: { readonly areas: () => Areas; readonly change: (areas: Areas) => void }): {
  readonly root: HTMLElement;
  show(picture: string | null): void;
  draw(): void;
  focus(at: AreaAt): void;
} {
  const image = h('img', { attributes: { alt: 'The camera’s picture' } });
  const shapes = document.createElementNS(SVG, 'svg');
  shapes.setAttribute('viewBox', '0 0 1 1');
  shapes.setAttribute('preserveAspectRatio', 'none');
  shapes.setAttribute('aria-hidden', 'true');
  const handles = h('div');
  const root = h('div', { className: 'area-canvas', children: [image, shapes, handles] });

  const draw = (): void => {
    const areas = options.areas();
    const kinds: readonly AreaKind[] = ['masks', 'zones'];
    const all = kinds.flatMap((kind) => areas[kind].map((area, index) => ({ at: { kind, index }, ...area })));
    shapes.replaceChildren(...all.map(({ at, points }) => polygonOf(at.kind, points)));
    handles.replaceChildren(
      ...all.flatMap(({ at, name, points }) => points.map((point, corner) => handle({ at, name, point, corner }))),
    );
  };

  const focusCorner = ({ kind, index }: AreaAt, corner: number): void =>
    handles.querySelector<HTMLElement>(`[data-corner="${kind}/${index}/${corner}"]`)?.focus();

  const handle = (made: CornerAt): HTMLElement => {
    const { at, corner } = made;
    const button = cornerButton(made);
    button.addEventListener('keydown', (event) => {
      const next = pressed(event, { ...made, areas: options.areas() });
      if (next === null) return;
      event.preventDefault();
      options.change(next);
      draw();
      focusCorner(at, Math.min(corner, next[at.kind][at.index]!.points.length - 1));
    });
    button.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      button.focus();
      drag(event.pointerId, at, corner);
    });
    return button;
  };

  /** Follows the pointer until it is let go, wherever it goes. */
  const drag = (pointerId: number, at: AreaAt, corner: number): void => {
    root.setPointerCapture(pointerId);
    const move = (event: PointerEvent): void => {
      options.change(moveCorner(options.areas(), at, corner, shareOf(event, root)));
      draw();
    };
    const end = (): void => {
      root.removeEventListener('pointermove', move);
      focusCorner(at, corner);
    };
    root.addEventListener('pointermove', move);
    root.addEventListener('lostpointercapture', end, { once: true });
  };

  return {
    root,
    draw,
    focus: (at) => focusCorner(at, 0),
    show(picture) {
      image.hidden = picture === null;
      if (picture === null) image.removeAttribute('src');
      else image.src = picture;
    },
  };
}

/** What a key does to a corner; null: nothing. */
function pressed(
  { key, shiftKey }: KeyboardEvent,
  { areas, at, corner, point }: { areas: Areas; at: AreaAt; corner: number; point: Corner },
): Areas | null {
  const arrow = ARROWS[key];
  const step = shiftKey ? STEP.coarse : STEP.fine;
  if (arrow) return moveCorner(areas, at, corner, [point[0] + arrow[0] * step, point[1] + arrow[1] * step]);
  if (key === 'Insert' || key === '+') return splitSide(areas, at, corner, CORNERS.most);
  if (key === 'Delete' || key === 'Backspace') return removeCorner(areas, at, corner, CORNERS.least);
  return null;
}

interface CornerAt {
  readonly at: AreaAt;
  readonly name: string;
  readonly point: Corner;
  readonly corner: number;
}

function cornerButton({ at, name, point, corner }: CornerAt): HTMLButtonElement {
  const button = h('button', {
    className: `corner ${at.kind}`,
    attributes: {
      type: 'button',
      'data-corner': `${at.kind}/${at.index}/${corner}`,
      'aria-label': `${name}, corner ${corner + 1}`,
      'aria-description': 'Arrow keys move it, with Shift faster; Insert adds a corner after it; Delete removes it.',
      title: 'Drag it, or use the arrow keys; Insert adds a corner, Delete removes this one',
    },
  });
  button.style.left = `${point[0] * 100}%`;
  button.style.top = `${point[1] * 100}%`;
  return button;
}

/** Where in an element a pointer is, as shares of its width and height. */
function shareOf({ clientX, clientY }: PointerEvent, element: Element): Corner {
  const { left, top, width, height } = element.getBoundingClientRect();
  return [(clientX - left) / width, (clientY - top) / height];
}

function polygonOf(kind: AreaKind, points: readonly Corner[]): SVGPolygonElement {
  const polygon = document.createElementNS(SVG, 'polygon');
  polygon.setAttribute('points', points.map((point) => point.join(',')).join(' '));
  polygon.setAttribute('class', kind);
  return polygon;
}
