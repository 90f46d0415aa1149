import { describe, expect, test } from 'vitest';
import { placeLabels, type Rect } from '../../../src/view/place-labels.js';

const frame: Rect = { left: 0, top: 0, right: 400, bottom: 300 };
const box = (left: number, top: number, side = 80): Rect => ({ left, top, right: left + side, bottom: top + side });
const label = { width: 120, height: 20 };
const touch = (a: Rect, b: Rect): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

describe('the place of one face’s labels', () => {
  test.each<[string, Rect, { left: number; top: number }[]]>([
    [
      'above, and the second below',
      box(100, 100),
      [
        { left: 100, top: 80 },
        { left: 100, top: 180 },
      ],
    ],
    [
      'at the top of the frame: both below',
      box(100, 5),
      [
        { left: 100, top: 85 },
        { left: 100, top: 105 },
      ],
    ],
    [
      'at the right edge: kept within',
      box(330, 100),
      [
        { left: 280, top: 80 },
        { left: 280, top: 180 },
      ],
    ],
    [
      'at the foot: a row further up',
      box(100, 215),
      [
        { left: 100, top: 195 },
        { left: 100, top: 175 },
      ],
    ],
    [
      'all of the frame: in it',
      frame,
      [
        { left: 0, top: 0 },
        { left: 280, top: 0 },
      ],
    ],
  ])('%s', (_, face, places) => {
    expect(placeLabels([{ box: face, labels: [label, label] }], frame)[0]).toMatchObject(places);
  });

  test('a face outside, or a frame too small for a label, still has a place', () => {
    const far = { left: 900, top: 900, right: 950, bottom: 950 };
    const [[place]] = placeLabels([{ box: far, labels: [label] }], frame) as [[Rect]];
    expect(place).toMatchObject({ left: 280, top: 280 });
    expect(
      placeLabels([{ box: box(0, 0), labels: [label] }], { left: 0, top: 0, right: 30, bottom: 10 })[0],
    ).toHaveLength(1);
  });
});

test('a label leaves the face above it free', () => {
  const faces = [box(100, 40), box(100, 130)].map((face) => ({ box: face, labels: [label] }));
  const places = placeLabels(faces, frame).flat();
  expect(places).toMatchObject([{ top: 20 }, { top: 210 }]);
});

test('in a grid of callers with a gap for no label, each stays in its own box', () => {
  const faces = [0, 1, 2].flatMap((row) =>
    [0, 1].map((column) => ({ box: box(10 + 160 * column, 100 * row, 99), labels: [{ width: 90, height: 15 }] })),
  );
  const places = placeLabels(faces, frame);
  for (const [at, [place]] of places.entries()) {
    const others = faces.filter((_, other) => other !== at).map((face) => face.box);
    const labels = places.filter((_, other) => other !== at).flat();
    expect([...others, ...labels].filter((other) => touch(place!, other))).toEqual([]);
  }
});

test('the gap is kept', () => {
  expect(placeLabels([{ box: box(100, 100), labels: [label] }], frame, 2)[0]).toMatchObject([{ top: 78 }]);
});
