import { placeOf } from '../../../../src/record/packing.js';
import { SHOWN_NUMBERS } from '../../../../src/record/plot-groups.js';
import { numberText } from '../../../../src/view/number-words.js';
import { h, setText } from '../dom.js';
import type { PackedFace } from '../model/packed-face.js';

/** The numbers of a record that are told under their own names, such as the angles of the head. */
export function createShownNumbers(): { readonly root: HTMLElement; update(face: PackedFace | null): void } {
  const rows = SHOWN_NUMBERS.map(({ title, note, path, scale, format }) => {
    const place = placeOf(path);
    const value = h('b', { className: 'value' });
    const root = h('li', { children: [h('span', { text: title }), value, h('small', { text: note })] });
    const update = (face: PackedFace | null): void =>
      setText(value, numberText((face?.values[place] ?? Number.NaN) * scale, format));
    return { root, update };
  });
  const root = h('ul', { className: 'shown-numbers', children: rows.map((row) => row.root) });
  return {
    root,
    update(face) {
      for (const row of rows) row.update(face);
    },
  };
}
