import type { Box } from '../domain/face.js';
import type { Frame } from '../domain/frame.js';
import { elapsedSeconds, type Micros } from '../domain/units.js';
import { isBlank, type SceneGrid, sameScene, sceneGrid } from '../faces/scene-cut.js';
import { NO_SCENE, nextScene, type SceneMemory } from '../faces/scene-memory.js';
import { type Backdrop, readBackdrop } from './backdrop.js';
import { DetailSizes } from './details.js';
import { findView, inverse, SAME_VIEW, type View, within } from './find-view.js';

/** Pictures remembered of one set-up: its first, and newer ones as the camera moves. */
const PICTURES_EACH = 8;
/** Set-ups remembered; of more, the one not seen for longest is forgotten. Raising it recognises more, at 25 kB a picture. */
const MOST_SETUPS = 64;
/** Set-ups, most recently seen first, in which a new picture is looked for; some hundredths of a second each. */
const LOOKED_THROUGH = 8;

/** While the camera moves, where it looks is found anew after so many seconds, about a hundredth of a second each time. */
const FOLLOWED_SECONDS = 0.4;

/** Faces of one set-up are alike in size: where a view would make one so many times larger or smaller, it is wrong. */
const MOST_RESIZED = 1.6;

interface Picture {
  readonly grid: SceneGrid;
  readonly backdrop: Backdrop;
  /** Side of its largest face, pixels; null where it shows none. */
  readonly facePx: number | null;
  /** Where it lies in the first picture of its set-up. */
  readonly view: View;
}

interface Setup {
  readonly number: number;
  readonly pictures: Picture[];
}

/** The set-up that a frame shows, and where the frame lies in its first picture. */
export interface Shown {
  readonly setup: number;
  readonly view: View;
}

/**
 * Numbers the camera set-ups of a video from 1: after a cut, a picture that correlates with one seen before is that set-up again
 * (shot, reverse shot, shot), and so is one that shows a part of it, or it a part of that: the same camera, closer or turned. A slow
 * move of the camera stays in its set-up; a dissolve into a known one changes to it.
 */
export class Setups {
  #scene: SceneMemory = NO_SCENE;
  /** Most recently seen last. */
  #setups: Setup[] = [];
  #next = 1;
  #shown: Shown = { setup: 0, view: SAME_VIEW };
  /** When the move of a camera was last followed. */
  #followedUs: Micros | null = null;
  /** Set-ups that turned out to be parts of another one. */
  readonly #parts = new Map<number, Shown>();

  /** The set-up that a frame shows; a blank picture (black, white) shows the one before it. */
  look(frame: Frame, faces: readonly Box<'frame'>[]): Shown {
    const grid = sceneGrid(frame);
    const { cut, memory } = nextScene(this.#scene, grid, frame.ptsUs);
    this.#scene = memory;
    const current = this.#setups.at(-1);
    if (current && isBlank(grid)) return this.#shown;
    const still = current && !cut && sameAs(current, grid);
    if (still) return this.#show(current, still.view);
    const known = this.#setups.findLast((setup) => (!cut || setup !== current) && sameAs(setup, grid));
    if (known) return this.#show(known, sameAs(known, grid)!.view);
    const moved = current !== undefined && !cut;
    if (moved && this.#followedUs !== null && elapsedSeconds(this.#followedUs, frame.ptsUs) < FOLLOWED_SECONDS)
      return this.#shown;
    const picture = { grid, backdrop: readBackdrop(frame, faces), facePx: largestOf(faces) };
    if (moved) {
      this.#followedUs = frame.ptsUs;
      return this.#moved(current, picture);
    }
    return this.#partOf(picture) ?? this.#fresh({ ...picture, view: SAME_VIEW });
  }

  /** Where something in a set-up is, when all has been seen: in the set-up that it is a part of. */
  settled({ setup, view }: Shown): Shown {
    const part = this.#parts.get(setup);
    return part ? this.settled({ setup: part.setup, view: within(part.view, view) }) : { setup, view };
  }

  #show(setup: Setup, view: View): Shown {
    this.#setups = [...this.#setups.filter((each) => each !== setup), setup];
    this.#shown = { setup: setup.number, view };
    return this.#shown;
  }

  #fresh(picture: Picture): Shown {
    if (this.#setups.length >= MOST_SETUPS) this.#setups.shift();
    return this.#show({ number: this.#next++, pictures: [picture] }, picture.view);
  }

  /** The camera moved, or much of the picture: its first picture stays, the oldest of the others gives way. */
  #moved(setup: Setup, picture: Omit<Picture, 'view'>): Shown {
    const last = setup.pictures.at(-1)!;
    const found = findView(new DetailSizes(last.backdrop), new DetailSizes(picture.backdrop), 'move');
    return this.#add(setup, { ...picture, view: found ? within(last.view, found) : last.view });
  }

  #add(setup: Setup, picture: Picture): Shown {
    if (setup.pictures.length >= PICTURES_EACH) setup.pictures.splice(1, 1);
    setup.pictures.push(picture);
    return this.#show(setup, picture.view);
  }

  /** Looks for a picture in the set-ups seen last. One that lies in several says that they are one. */
  #partOf(picture: Omit<Picture, 'view'>): Shown | null {
    const sizes = new DetailSizes(picture.backdrop);
    const found = this.#setups.slice(-LOOKED_THROUGH).flatMap((setup) => {
      const view = viewIn(setup, sizes, picture.facePx);
      return view ? [{ setup, view }] : [];
    });
    const [first, ...others] = found.sort((a, b) => a.setup.number - b.setup.number);
    if (!first) return null;
    for (const { setup, view } of others) this.#unite(first, { setup, view });
    return this.#add(first.setup, { ...picture, view: first.view });
  }

  /** A picture lies in both: what the second one shows is a part of the first. */
  #unite(first: { setup: Setup; view: View }, second: { setup: Setup; view: View }): void {
    const view = within(first.view, inverse(second.view));
    this.#parts.set(second.setup.number, { setup: first.setup.number, view });
    this.#setups = this.#setups.filter((each) => each !== second.setup);
    for (const picture of second.setup.pictures.slice(0, 2))
      this.#add(first.setup, { ...picture, view: within(view, picture.view) });
  }
}

const sameAs = ({ pictures }: Setup, grid: SceneGrid): Picture | undefined =>
  pictures.findLast((picture) => sameScene(picture.grid, grid));

/** Side of the largest face as of a square, pixels; null without one. */
function largestOf(faces: readonly Box<'frame'>[]): number | null {
  const sides = faces.map(({ left, top, right, bottom }) => Math.sqrt(Math.max(1, (right - left) * (bottom - top))));
  return sides.length === 0 ? null : Math.max(...sides);
}

/** Where a picture lies in the first of a set-up, by its first and its newest picture. */
function viewIn({ pictures }: Setup, now: DetailSizes, facePx: number | null): View | null {
  for (const earlier of new Set([pictures[0]!, pictures.at(-1)!])) {
    const found = findView(new DetailSizes(earlier.backdrop), now, 'cut');
    if (!found) continue;
    const resized = facePx !== null && earlier.facePx !== null ? (found.scale * facePx) / earlier.facePx : 1;
    if (Math.abs(Math.log(resized)) <= Math.log(MOST_RESIZED)) return within(earlier.view, found);
  }
  return null;
}
