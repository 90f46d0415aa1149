import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../src/domain/frame.js';
import { micros } from '../../../src/domain/units.js';
import { isBlank, isSceneCut, sameScene, sceneDistance, sceneGrid } from '../../../src/faces/scene-cut.js';
import { NO_SCENE, nextScene } from '../../../src/faces/scene-memory.js';

type Luma = (x: number, y: number) => number;

function picture(luma: Luma, widthPx = 97, heightPx = 61): Frame {
  const chroma = Math.ceil(widthPx / 2) * Math.ceil(heightPx / 2);
  const data = new Uint8Array(new SharedArrayBuffer(widthPx * heightPx + 2 * chroma));
  for (let y = 0; y < heightPx; y++) for (let x = 0; x < widthPx; x++) data[y * widthPx + x] = luma(x, y);
  return { index: 0, ptsUs: micros(0), widthPx, heightPx, data };
}

const room: Luma = (x, y) => 60 + ((x * 3 + y * 2) % 90);
const garden: Luma = (x, y) => (y < 30 ? 220 : 30 + (x % 20));
const distance = (a: Luma, b: Luma) => sceneDistance(sceneGrid(picture(a)), sceneGrid(picture(b)));

describe('sceneDistance', () => {
  it('is 0 for the same picture', () => {
    expect(distance(room, room)).toBe(0);
  });
  it.each<[string, Luma, Luma]>([
    ['a face that moves', room, (x, y) => (Math.hypot(x - 50, y - 30) < 18 ? 170 : room(x, y))],
    ['a pan', room, (x, y) => room(x + 6, y)],
    ['a light that grows brighter', room, (x, y) => room(x, y) + 20],
  ])('stays below a cut for %s', (_name, before, after) => {
    expect(isSceneCut({ distance: distance(before, after), seconds: 0.04 }, [])).toBe(false);
  });
  it('sees a cut to another place', () => {
    expect(distance(room, garden)).toBeGreaterThanOrEqual(0.6);
  });
});

describe('isSceneCut', () => {
  const at25 = (...distances: number[]) => distances.map((value) => ({ distance: value, seconds: 0.04 }));
  it.each([
    ['a certain cut', 0.7, 0.04, at25(0.3, 0.3, 0.3), true],
    ['a modest change that stands alone', 0.2, 0.04, at25(0.01, 0.02, 0.01), true],
    ['motion that grows', 0.2, 0.04, at25(0.05, 0.1, 0.15), false],
    ['a small change of a still picture', 0.1, 0.04, at25(0.001, 0.001, 0.001), false],
    ['a modest change without a past', 0.2, 0.04, [], false],
    ['a modest change with hardly a past', 0.2, 0.04, at25(0.01, 0.01), false],
    ['what gathered while frames were dropped', 0.2, 0.4, at25(0.01, 0.02, 0.01), false],
    [
      'the next frame after sparse ones',
      0.2,
      0.04,
      [0.06, 0.05, 0.06].map((d) => ({ distance: d, seconds: 0.5 })),
      false,
    ],
  ])('%s', (_name, value, seconds, recent, cut) => {
    expect(isSceneCut({ distance: value, seconds }, recent)).toBe(cut);
  });
});

describe('sameScene', () => {
  const same = (a: Luma, b: Luma) => sameScene(sceneGrid(picture(a)), sceneGrid(picture(b)));
  it.each<[string, Luma]>([
    ['half the light', (x, y) => 16 + (room(x, y) - 16) / 2],
    ['a flash', (x, y) => Math.min(235, room(x, y) + 90)],
    ['more contrast', (x, y) => Math.min(235, 16 + (room(x, y) - 16) * 1.5)],
  ])('holds for %s', (_name, lit) => {
    expect(same(room, lit)).toBe(true);
  });
  it('does not hold for another place', () => {
    expect(same(room, garden)).toBe(false);
  });
});

describe('nextScene', () => {
  /** Plays pictures at 25 fps and gives the numbers of those that begin a scene. */
  function cuts(script: readonly Luma[], secondsAt: (index: number) => number = (index) => index / 25): number[] {
    let memory = NO_SCENE;
    return script.flatMap((luma, index) => {
      const next = nextScene(memory, sceneGrid(picture(luma)), micros(Math.round(secondsAt(index) * 1e6)));
      memory = next.memory;
      return next.cut ? [index] : [];
    });
  }
  const times = (count: number, luma: Luma): Luma[] => Array.from({ length: count }, () => luma);
  /** The room seen through a camera that pans by `step` pixels a frame. */
  const pan = (count: number, step: number, from = 0): Luma[] =>
    Array.from({ length: count }, (_, index) => (x, y) => room(x + from + step * index, y));
  const black: Luma = () => 16;

  it('finds cuts, and only them', () => {
    expect(cuts([...times(5, room), ...times(5, garden), ...times(5, room)])).toEqual([5, 10]);
  });
  it('takes a first change for motion', () => {
    expect(cuts(pan(6, 5))).toEqual([]);
  });
  it('takes the jump after a frozen picture for motion that went on', () => {
    // Something comes into the room from the left.
    const entered =
      (px: number): Luma =>
      (x, y) =>
        x < px ? garden(x, y) : room(x, y);
    const moving = Array.from({ length: 8 }, (_, index) => entered(4 * index));
    const [last, after] = [moving.at(-1)!, entered(52)];
    const jump = distance(last, after);
    expect(jump).toBeGreaterThan(0.15);
    expect(jump).toBeLessThan(0.6);
    expect(cuts([...moving, ...times(75, last), after, after])).toEqual([]);
    expect(cuts([...times(75, last), after, after])).toEqual([]);
  });
  it.each([10, 25, 100])('remembers the same media time at %i fps', (fps) => {
    let memory = NO_SCENE;
    for (let index = 0; index < 2 * fps; index++) {
      const seen = picture((x, y) => room(x + 5 * index, y));
      memory = nextScene(memory, sceneGrid(seen), micros(Math.round((index / fps) * 1e6))).memory;
    }
    const seconds = memory.changes.reduce((sum, change) => sum + change.seconds, 0);
    expect(seconds).toBeGreaterThan(0.5);
    expect(seconds).toBeLessThanOrEqual(0.51 + 1 / fps);
  });
  it('remembers three changes of sparse frames', () => {
    let memory = NO_SCENE;
    for (const index of Array(9).keys()) {
      memory = nextScene(memory, sceneGrid(picture((x, y) => room(x + 5 * index, y))), micros(index * 1e6)).memory;
    }
    expect(memory.changes).toHaveLength(3);
  });
  it('looks past blank pictures: the same scene goes on, another one is a cut', () => {
    expect(isBlank(sceneGrid(picture(black)))).toBe(true);
    expect(cuts([...times(4, room), ...times(3, black), ...times(4, room)])).toEqual([]);
    expect(cuts([...times(4, room), ...times(3, black), ...times(4, garden)])).toEqual([7]);
  });
  it('sees no cut in a flash or in a fade', () => {
    const lit =
      (share: number): Luma =>
      (x, y) =>
        16 + (room(x, y) - 16) * share;
    expect(cuts([...times(4, room), (x, y) => Math.min(235, room(x, y) + 90), ...times(4, room)])).toEqual([]);
    const levels = [1, 0.8, 0.6, 0.4, 0.2, 0, 0, 0.3, 0.6, 1];
    expect(cuts(levels.map(lit))).toEqual([]);
  });
});
