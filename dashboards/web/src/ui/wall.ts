import { h, keyedChildren, setAttribute } from '../dom.js';
import { gridFor } from '../model/wall-grid.js';
import type { CameraState } from '../model/wire.js';
import type { Actions, View } from '../view.js';
import { type Shown, Tile } from './tile.js';

export interface Wall {
  readonly root: HTMLElement;
  update(view: View): void;
  /** Pictures; at every refresh of the screen. */
  draw(view: View): void;
  shown(source: string): Shown | undefined;
  forgetPictures(): void;
  /** Brings a camera into sight. */
  lead(source: string): void;
}

/** The camera wall: a tile per camera, in the server's order. */
export function createWall(actions: Actions): Wall {
  const list = h('ul', { className: 'wall' });
  let size = { width: 0, height: 0 };
  new ResizeObserver(([entry]) => {
    size = entry!.contentRect;
  }).observe(list);
  const empty = h('p', {
    className: 'empty',
    text: 'No cameras yet. Press “Add camera”, or use this computer’s webcam.',
  });
  const root = h('section', {
    className: 'wall-section',
    attributes: { 'aria-labelledby': 'wall-title' },
    children: [h('h2', { className: 'unseen', text: 'Cameras', attributes: { id: 'wall-title' } }), list, empty],
  });
  let tiles: ReadonlyMap<string, Tile> = new Map();
  let current: View | undefined;
  const keep = keyedChildren<CameraState, Tile>(list, {
    keyOf: ({ id }) => id,
    make: ({ id }) => new Tile(id, actions),
    update: (tile, camera) => tile.update(camera, current!),
  });
  return {
    root,
    update(view) {
      current = view;
      const before = [...tiles.values()];
      tiles = keep([...view.state.cameras.values()]);
      for (const tile of before) if (tiles.get(tile.source) !== tile) tile.close();
      list.dataset.count = String(Math.min(tiles.size, 10));
      const { columns, rows } = gridFor(view.wall?.only === null ? tiles.size : 1, size);
      setAttribute(list, 'data-many', tiles.size > 3 ? 'on' : null);
      setAttribute(list, 'data-alone', view.wall?.only ? 'on' : null);
      list.style.setProperty('--columns', String(columns));
      list.style.setProperty('--rows', String(rows));
      empty.hidden = tiles.size > 0 || view.state.server === null;
    },
    draw(view) {
      for (const tile of tiles.values()) tile.draw(view);
    },
    shown: (source) => tiles.get(source)?.shown,
    lead: (source) => tiles.get(source)?.lead(),
    forgetPictures() {
      for (const tile of tiles.values()) tile.forgetPicture();
    },
  };
}
