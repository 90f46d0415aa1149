import { percentText, strengthText } from '../../../../src/view/number-words.js';
import { h, setText } from '../dom.js';
import type { PackedFace } from '../model/packed-face.js';
import { unitOf } from '../model/people.js';
import { type UnitRow, unitRows } from '../model/unit-rows.js';

/** Strength of every action unit with its FACS name; where sides are told apart, a bar for each. */
export function createUnitRows(keys: readonly string[]): {
  readonly root: HTMLElement;
  update(face: PackedFace | null): void;
} {
  const rows = unitRows(keys).map((row) => ({ row, ...createRow(row) }));
  const root = h('ul', { className: 'units-list', children: rows.map(({ root: item }) => item) });
  return {
    root,
    update(face) {
      for (const row of rows) row.update(face);
    },
  };
}

function createRow({ unit, place, left, right }: UnitRow): {
  readonly root: HTMLElement;
  update(face: PackedFace | null): void;
} {
  const bar = (places: number, side: string) => {
    const fill = h('i', { className: 'bar' });
    const track = h('span', {
      className: `bar-track ${side}`,
      attributes: { 'aria-hidden': 'true' },
      children: [fill],
    });
    return { places, fill, track };
  };
  const sided = left >= 0 || right >= 0;
  const whole = place >= 0 ? [bar(place, 'whole')] : [];
  const bars = [...whole, ...(sided ? [bar(right, 'side'), bar(left, 'side')] : [])];
  const strength = h('b', { className: 'value' });
  const presence = h('span', { className: 'presence' });
  const sides = h('small', { className: 'sides' });
  const state = h('span', { className: 'unseen' });
  const root = h('li', {
    children: [
      h('span', { className: 'code', text: unit.code }),
      h('span', { className: 'name', children: [unit.name, state] }),
      h('span', { className: 'bars', children: bars.map(({ track }) => track) }),
      strength,
      presence,
      ...(sided ? [sides] : []),
    ],
  });
  return {
    root,
    update(face) {
      const main = face && unitOf(face, place);
      root.classList.toggle('active', main?.active === true);
      setText(state, main?.active ? ', active' : '');
      setText(strength, main ? strengthText(main.intensity) : '–');
      setText(presence, main ? percentText(main.presence) : '');
      for (const { places, fill } of bars) {
        const value = face && unitOf(face, places);
        fill.style.transform = `scaleX(${value ? ((value.intensity || 0) / 5).toFixed(3) : 0})`;
      }
      if (!sided) return;
      const text = (at: number): string => strengthText((face && unitOf(face, at)?.intensity) ?? Number.NaN);
      setText(sides, `right ${text(right)} · left ${text(left)}`);
    },
  };
}
