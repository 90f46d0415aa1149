import { describe, expect, it } from 'vitest';
import { cutByTile, inTurn, scanPlan } from '../../../src/faces/scan-plan.js';
import { boxAt } from '../../support/faces.js';

const options = { inputSizePx: 192, marginSides: 1.75, minFacePx: 24 };

describe('scanPlan', () => {
  it('needs no tiles for small pictures', () => {
    const { whole, tiles } = scanPlan({ widthPx: 512, heightPx: 480 }, options);
    expect(tiles).toEqual([]);
    expect(whole).toEqual({ square: { centre: { x: 256, y: 240 }, sidePx: 512, angle: 0 }, coarse: true });
  });

  it('looks at the whole frame with a margin all around too', () => {
    const { margin, turned } = scanPlan({ widthPx: 300, heightPx: 500 }, options);
    const square = { centre: { x: 150, y: 250 }, sidePx: 875, angle: 0 };
    expect(margin).toEqual({ square, coarse: true });
    expect(turned.map((view) => ({ ...view.square, angle: 0 }))).toEqual([square, square]);
  });

  it('has a view within 60 degrees of a face at any roll', () => {
    const { margin, turned } = scanPlan({ widthPx: 300, heightPx: 500 }, options);
    const angles = [margin, ...turned].map((view) => view.square.angle);
    for (let roll = -180; roll <= 180; roll += 15) {
      const nearest = Math.max(...angles.map((angle) => Math.cos((roll * Math.PI) / 180 - angle)));
      expect(nearest).toBeGreaterThan(0.499);
    }
  });

  it.each([
    { widthPx: 1280, heightPx: 720 },
    { widthPx: 720, heightPx: 1364 },
    { widthPx: 1920, heightPx: 300 },
  ])('covers every face of the smallest size whole in some fine tile of %o', (frame) => {
    const views = scanPlan(frame, options).tiles;
    const finest = Math.min(...views.map((view) => view.square.sidePx));
    expect((options.minFacePx * options.inputSizePx) / finest).toBeGreaterThanOrEqual(10.9);
    for (let y = 12; y <= frame.heightPx - 12; y += 7) {
      for (let x = 12; x <= frame.widthPx - 12; x += 7) {
        const face = boxAt(x, y, 24);
        const whole = views.some(
          (view) =>
            view.square.sidePx === finest &&
            Math.abs(x - view.square.centre.x) + 12 <= finest / 2 &&
            Math.abs(y - view.square.centre.y) + 12 <= finest / 2 &&
            !cutByTile(face, view, frame),
        );
        if (!whole) expect.fail(`face at ${x}, ${y} is cut by every tile`);
      }
    }
  });
});

describe('inTurn', () => {
  it('comes by every view', () => {
    const { tiles: views } = scanPlan({ widthPx: 1280, heightPx: 720 }, options);
    const looks = views.slice(0, 2);
    expect([0, 1, 2, 3].map((scan) => inTurn(looks, scan)[0])).toEqual([looks[0], looks[1], looks[0], looks[1]]);
    expect(inTurn([], 3)).toEqual([]);
  });
});

describe('cutByTile', () => {
  const frame = { widthPx: 1000, heightPx: 1000 };
  const tile = { square: { centre: { x: 200, y: 200 }, sidePx: 400, angle: 0 }, coarse: false };
  it('tells a seam from the border of the frame', () => {
    expect(cutByTile(boxAt(395, 200, 20), tile, frame)).toBe(true);
    expect(cutByTile(boxAt(5, 200, 20), tile, frame)).toBe(false);
    expect(cutByTile(boxAt(200, 200, 20), tile, frame)).toBe(false);
  });
  it('never cuts in the whole view', () => {
    expect(cutByTile(boxAt(399, 200, 20), { ...tile, coarse: true }, frame)).toBe(false);
  });
});
