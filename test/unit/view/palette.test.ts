import { describe, expect, test } from 'vitest';
import { EMOTIONS } from '../../../src/domain/affect.js';
import { EMOTION_COLOURS, inkOn } from '../../../src/view/palette.js';

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

/** Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB. */
const SIGHT: Readonly<Record<string, Matrix>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const apply = (matrix: Matrix, [a, b, c]: Triple): Triple =>
  matrix.map((row) => row[0] * a + row[1] * b + row[2] * c) as unknown as Triple;

const linear = (hex: string): Triple =>
  [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as unknown as Triple;

/** OKLab (Ottosson 2020). */
const oklab = (rgb: Triple): Triple =>
  apply(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    apply(
      [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
      ],
      rgb,
    ).map((value) => Math.cbrt(Math.max(0, value))) as unknown as Triple,
  );

describe.each(['light', 'dark'] as const)('emotion colours, %s', (theme) => {
  test.each(Object.keys(SIGHT))('any two stay apart with %s vision', (sight) => {
    const seen = EMOTIONS.map((name) => oklab(apply(SIGHT[sight]!, linear(EMOTION_COLOURS[theme][name]))));
    for (const [a, first] of seen.entries()) {
      for (const [b, second] of seen.entries()) {
        if (b <= a) continue;
        const apart = 100 * Math.hypot(first[0] - second[0], first[1] - second[1], first[2] - second[2]);
        expect(apart, `${EMOTIONS[a]} and ${EMOTIONS[b]}`).toBeGreaterThan(11);
      }
    }
  });

  test('names written on a colour have a contrast of at least 4.4', () => {
    const luminance = (hex: string) => {
      const [r, g, b] = linear(hex);
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    for (const name of EMOTIONS) {
      const colour = EMOTION_COLOURS[theme][name];
      const [low, high] = [luminance(colour), luminance(inkOn(colour))].sort((a, b) => a - b) as [number, number];
      expect((high + 0.05) / (low + 0.05), name).toBeGreaterThan(4.4);
    }
  });
});
