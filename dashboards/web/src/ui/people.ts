import { EMOTIONS } from '../../../../src/domain/affect.js';
import { VALIDITY_WORDS } from '../../../../src/view/palette.js';
import { h, keyedChildren, setAttribute, setText } from '../dom.js';
import { surfaceOf, unwatchSize, watchSize } from '../draw/surface.js';
import { boxOf } from '../model/history.js';
import { activeKeys, emotionsOf, labelOf, type Person } from '../model/people.js';
import { type SteadyCount, steadyCount } from '../model/steady-count.js';
import type { Actions, Part, View } from '../view.js';
import { countText, heldText } from '../words.js';
import type { Shown } from './tile.js';

/** Most action units a card names. */
const NAMED_UNITS = 4;

interface Card {
  readonly root: HTMLElement;
  update(person: Person, view: View): void;
  drawFace(person: Person, shown: Shown | undefined): void;
  close(): void;
}

function createCard(person: Person, actions: Actions): Card {
  const face = h('canvas', { className: 'avatar', attributes: { 'aria-hidden': 'true' } });
  const name = h('span', { className: 'who', text: `Face ${person.track}` });
  const where = h('span', { className: 'where' });
  const label = h('span', { className: 'label' });
  const units = h('span', { className: 'units' });
  const parts = EMOTIONS.map((emotion) => h('i', { className: `fill-${emotion}` }));
  const share = h('span', { className: 'share', attributes: { 'aria-hidden': 'true' }, children: parts });
  const button = h('button', {
    className: 'person-card',
    attributes: { type: 'button' },
    children: [
      face,
      h('span', { className: 'lines', children: [h('span', { children: [name, ' ', where] }), label, units, share] }),
    ],
    onClick: () => actions.select(person.key),
  });
  watchSize(face);
  return {
    root: h('li', { children: [button] }),
    update({ key, source, face: packed, unseenMs }, view) {
      const camera = view.state.cameras.get(source)?.name ?? source;
      setText(where, [camera, ...(packed.kept.zones ?? [])].join(' · '));
      setAttribute(button, 'aria-pressed', String(key === view.selected));
      button.classList.toggle('gone', unseenMs > 300);
      const readable = packed.kept.validity === 'ok';
      const held = view.emotions && readable ? labelOf(packed) : null;
      const codes = readable ? activeKeys(packed, view.units).map((unit) => `AU${unit}`) : [];
      const more = codes.length > NAMED_UNITS ? ` +${codes.length - NAMED_UNITS}` : '';
      setText(units, codes.slice(0, NAMED_UNITS).join(' ') + more);
      setAttribute(label, 'data-emotion', held?.label ?? null);
      if (!readable) setText(label, VALIDITY_WORDS[packed.kept.validity]);
      else if (!view.emotions) setText(label, countText(codes.length, 'action unit'));
      else setText(label, held ? heldText(held) : 'no clear expression');
      const shares = view.emotions && readable ? emotionsOf(packed) : null;
      share.hidden = !view.emotions;
      for (const [index, part] of parts.entries()) {
        part.style.flexGrow = shares ? Math.max(0, shares[index]!).toFixed(3) : '0';
      }
    },
    drawFace({ frame, face: packed }, shown) {
      const surface = surfaceOf(face);
      const bitmap = shown?.bitmap;
      const box = boxOf(packed);
      if (!surface || !bitmap || !box || !shown.frame) return;
      const scale = bitmap.width / frame.widthPx;
      const side = Math.max(box.right - box.left, box.bottom - box.top) * 1.2 * scale;
      const left = ((box.left + box.right) / 2) * scale - side / 2;
      const top = ((box.top + box.bottom) / 2) * scale - side / 2;
      surface.context.drawImage(bitmap, left, top, side, side, 0, 0, surface.width, surface.height);
    },
    close: () => unwatchSize(face),
  };
}

/** Fills the list up with empty places. */
function keepRoom(list: HTMLElement, room: number): void {
  while (list.childElementCount < room)
    list.append(h('li', { className: 'no-card', attributes: { 'aria-hidden': 'true' } }));
  while (list.childElementCount > room && list.lastElementChild?.className === 'no-card')
    list.lastElementChild.remove();
}

/** All faces in view, as buttons that open their panel. */
export function createPeople(
  actions: Actions,
  shown: (source: string) => Shown | undefined,
): Part & { drawFaces(view: View): void } {
  const list = h('ul', { className: 'people' });
  const title = h('h2', { attributes: { id: 'people-title' }, text: 'People in view' });
  const empty = h('p', { className: 'empty', text: 'No face in view.' });
  const root = h('section', {
    className: 'card',
    attributes: { 'aria-labelledby': 'people-title' },
    children: [title, list, empty],
  });
  let current: View | undefined;
  let cards: ReadonlyMap<string, Card> = new Map();
  let steady: SteadyCount = { room: 0, atMs: 0 };
  const keep = keyedChildren<Person, Card>(list, {
    keyOf: ({ key }) => key,
    make: (person) => createCard(person, actions),
    update: (card, person) => card.update(person, current!),
  });
  return {
    root,
    update(view) {
      current = view;
      const before = cards;
      cards = new Map(keep(view.people));
      for (const [key, card] of before) if (cards.get(key) !== card) card.close();
      steady = steadyCount(steady, cards.size, view.nowMs);
      keepRoom(list, steady.room);
      setText(title, view.people.length > 0 ? `People in view (${view.people.length})` : 'People in view');
      empty.hidden = view.people.length > 0;
    },
    drawFaces(view) {
      for (const person of view.people) {
        if (person.unseenMs === 0) cards.get(person.key)?.drawFace(person, shown(person.source));
      }
    },
  };
}
