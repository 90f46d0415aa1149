import { h, keyedChildren } from '../dom.js';
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
}

/** The camera wall: a tile per camera, in the server's order. */
export function createWall(actions: Actions): Wall {
  const list = h('ul', { className: 'wall' });
  const empty = h('p', {
    className: 'empty',
    text: 'No cameras yet. Add one to the configuration, over the REST interface, or use this computer’s webcam.',
  });
  const root = h('section', {
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
      empty.hidden = tiles.size > 0 || view.state.server === null;
    },
    draw(view) {
      for (const tile of tiles.values()) tile.draw(view);
    },
    shown: (source) => tiles.get(source)?.shown,
    forgetPictures() {
      for (const tile of tiles.values()) tile.forgetPicture();
    },
  };
}
