import type { Frame } from '../domain/frame.js';
import { isBlank, type SceneGrid, sameScene, sceneGrid } from '../faces/scene-cut.js';
import { NO_SCENE, nextScene, type SceneMemory } from '../faces/scene-memory.js';

/** Pictures remembered of one set-up: its first, and newer ones as the camera moves. */
const PICTURES_EACH = 8;
/** Set-ups remembered; of more, the one not seen for longest is forgotten. Raising it recognises more, at 14 kB each. */
const MOST_SETUPS = 256;

interface Setup {
  readonly number: number;
  readonly pictures: SceneGrid[];
}

/**
 * Numbers the camera set-ups of a video from 1: after a cut, a picture that correlates with one seen before is that set-up again
 * (shot, reverse shot, shot). A slow move of the camera stays in its set-up; a dissolve into a known one changes to it.
 */
export class Setups {
  #scene: SceneMemory = NO_SCENE;
  /** Most recently seen last. */
  #setups: Setup[] = [];
  #next = 1;

  /** The set-up that a frame shows; a blank picture (black, white) shows the one before it. */
  look(frame: Frame): number {
    const grid = sceneGrid(frame);
    const { cut, memory } = nextScene(this.#scene, grid, frame.ptsUs);
    this.#scene = memory;
    const current = this.#setups.at(-1);
    if (current && (isBlank(grid) || (!cut && showsAny(current, grid)))) return current.number;
    const known = this.#setups.findLast((setup) => (!cut || setup !== current) && showsAny(setup, grid));
    if (known) return this.#goTo(known);
    if (current && !cut) return this.#moved(current, grid);
    const fresh = { number: this.#next++, pictures: [grid] };
    if (this.#setups.length >= MOST_SETUPS) this.#setups.shift();
    return this.#goTo(fresh);
  }

  #goTo(setup: Setup): number {
    this.#setups = [...this.#setups.filter((each) => each !== setup), setup];
    return setup.number;
  }

  /** The camera moved, or much of the picture: its first picture stays, the oldest of the others gives way. */
  #moved(setup: Setup, grid: SceneGrid): number {
    if (setup.pictures.length >= PICTURES_EACH) setup.pictures.splice(1, 1);
    setup.pictures.push(grid);
    return setup.number;
  }
}

const showsAny = ({ pictures }: Setup, grid: SceneGrid): boolean =>
  pictures.some((picture) => sameScene(picture, grid));
