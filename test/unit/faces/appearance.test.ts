import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../src/domain/frame.js';
import { appearanceDistance, isOtherFace, isSurelySame, readAppearance } from '../../../src/faces/appearance.js';
import { meshAt } from '../../support/fake-faces.js';
import { type FakeFace, FakeWorld } from '../../support/fake-world.js';

const alice: FakeFace = { x: 250, y: 190, side: 150 };

/** What is seen of a face where its mesh lies. */
function look(face: FakeFace, change: (frame: Frame) => void = () => undefined) {
  const frame = new FakeWorld().frame(0, [face], 40);
  change(frame);
  return readAppearance(frame, meshAt({ x: face.x, y: face.y, widthPx: face.side, yaw: 0 }));
}

const onLuma =
  (to: (luma: number) => number) =>
  ({ data, widthPx, heightPx }: Frame): void => {
    for (let at = 0; at < widthPx * heightPx; at++) data[at] = to(data[at]!);
  };

describe('appearance', () => {
  it.each<[string, (frame: Frame) => void]>([
    ['the same picture', () => undefined],
    ['half the light', onLuma((luma) => 16 + (luma - 16) / 2)],
    ['a brighter exposure', onLuma((luma) => luma + 25)],
    ['a warmer lamp', ({ data, widthPx, heightPx }) => data.fill(112, widthPx * heightPx, widthPx * heightPx * 1.25)],
  ])('is of the same face in %s', (_name, change) => {
    expect(isOtherFace(look(alice), look(alice, change), 'back')).toBe(false);
  });

  it('is of the same face when it moves a little, beyond doubt', () => {
    expect(isSurelySame(look(alice), look({ ...alice, x: alice.x + 6 }))).toBe(true);
  });

  it('is of another face when another pattern lies on the mesh', () => {
    const [before, now] = [look(alice), look({ ...alice, person: 1 })];
    expect(isOtherFace(before, now, 'followed')).toBe(true);
    expect(isSurelySame(before, now)).toBe(false);
  });

  it('is no evidence where nothing is seen', () => {
    const black = look(
      alice,
      onLuma(() => 16),
    );
    expect(appearanceDistance(look(alice), black)).toEqual({ skin: 0, around: 0 });
  });

  it('reads a face that leaves the frame', () => {
    const { skin, around } = look({ ...alice, x: 500, y: 380 });
    expect([...skin, ...around].every(Number.isFinite)).toBe(true);
  });
});
