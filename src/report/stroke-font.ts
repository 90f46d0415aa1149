/**
 * Letters as strokes on a grid 6 wide and 12 high (baseline at 9, y down), drawn for this project: `x,y` points joined
 * by lines, strokes parted by spaces. Strokes scale to any size, which a bitmap does not, and need no system font.
 */
const STROKES: Readonly<Record<string, string>> = {
  a: '5,4;5,9 5,5;3.5,3.8;1.5,4;0.5,6.5;1.5,9;3.5,9.1;5,8',
  b: '1,0;1,9 1,5;2.5,3.8;4.5,4.2;5.3,6.5;4.5,8.8;2.5,9.2;1,8',
  c: '5,4.8;3.5,3.8;1.7,4.2;0.7,6.5;1.7,8.8;3.5,9.2;5,8.2',
  d: '5,0;5,9 5,5;3.5,3.8;1.5,4.2;0.7,6.5;1.5,8.8;3.5,9.2;5,8',
  e: '0.8,6.4;5.2,6.4;4.6,4.4;3,3.7;1.4,4.4;0.7,6.5;1.4,8.6;3.2,9.2;5,8.3',
  f: '5,0.3;3.5,0;2.5,1.2;2.5,9 0.8,3.8;4.5,3.8',
  g: '5,4;5,10.5;4,12;2,12;1,11.3 5,5;3.5,3.8;1.5,4.2;0.7,6.5;1.5,8.8;3.5,9.2;5,8',
  h: '1,0;1,9 1,5.2;2.6,3.8;4.3,4;5,5.4;5,9',
  i: '3,3.8;3,9 3,1.2;3,1.4',
  j: '3.6,3.8;3.6,10.8;2.6,12;1.2,11.8 3.6,1.2;3.6,1.4',
  k: '1,0;1,9 5,3.8;1,7 2.6,5.8;5.2,9',
  l: '2.4,0;2.4,7.8;3.2,9;4.4,9',
  m: '0.5,3.8;0.5,9 0.5,5;1.6,3.8;2.7,4.3;3,5.4;3,9 3,5.2;4.2,3.8;5.3,4.3;5.6,5.4;5.6,9',
  n: '1,3.8;1,9 1,5.2;2.6,3.8;4.3,4;5,5.4;5,9',
  o: '3,3.7;1.4,4.3;0.7,6.5;1.4,8.7;3,9.3;4.6,8.7;5.3,6.5;4.6,4.3;3,3.7',
  p: '1,3.8;1,12 1,5;2.5,3.8;4.5,4.2;5.3,6.5;4.5,8.8;2.5,9.2;1,8',
  q: '5,3.8;5,12 5,5;3.5,3.8;1.5,4.2;0.7,6.5;1.5,8.8;3.5,9.2;5,8',
  r: '1.4,3.8;1.4,9 1.4,5.6;2.8,4;4.8,3.9',
  s: '4.9,4.5;3.4,3.7;1.6,4;1.1,5.1;2,6.2;4.1,6.7;5,7.8;4.4,8.9;2.6,9.3;0.9,8.5',
  t: '2.4,1.4;2.4,7.8;3.2,9.1;4.8,8.9 0.8,3.8;4.6,3.8',
  u: '1,3.8;1,7.6;1.8,9.1;3.4,9.2;5,7.8 5,3.8;5,9',
  v: '0.7,3.8;3,9;5.3,3.8',
  w: '0.3,3.8;1.6,9;3,5;4.4,9;5.7,3.8',
  x: '0.9,3.8;5.1,9 5.1,3.8;0.9,9',
  y: '0.8,3.8;3.1,9 5.2,3.8;2.6,10.8;1.2,12',
  z: '1,3.8;5,3.8;1,9;5.1,9',
  0: '3,0;1.3,0.9;0.6,4.5;1.3,8.2;3,9.1;4.7,8.2;5.4,4.5;4.7,0.9;3,0',
  1: '1.2,2;3.2,0;3.2,9',
  2: '0.9,2;2,0.3;4,0.2;5,1.8;4.6,3.8;0.8,9;5.3,9',
  3: '1,1;2.8,0;4.6,0.7;4.9,2.4;4,4;2.4,4.2 4,4.2;5.2,5.6;5,7.8;3.4,9.2;1.6,9;0.7,7.8',
  4: '4,9;4,0;0.6,6.2;5.5,6.2',
  5: '4.8,0;1.5,0;1.1,4.2;2.8,3.4;4.7,4.1;5.3,6.2;4.4,8.5;2.6,9.2;0.9,8.3',
  6: '4.7,0.8;3,0;1.5,1.2;0.7,4.5;0.9,7.5;2.2,9.1;4,9;5.2,7.5;5,5.2;3.7,3.9;2,4.2;0.8,5.8',
  7: '0.8,0;5.2,0;2.4,9',
  8: '3,4.2;1.3,3.2;1.2,1.2;3,0;4.8,1.2;4.7,3.2;3,4.2;1.1,5.5;0.7,7.4;1.6,8.9;3,9.2;4.4,8.9;5.3,7.4;4.9,5.5;3,4.2',
  9: '1.3,8.5;3,9.2;4.6,8;5.3,4.6;5,1.7;3.8,0.2;2,0.2;0.8,1.8;1,4;2.3,5.3;4,5;5.2,3.4',
  '#': '2.2,0.5;1.4,8.8 4.6,0.5;3.8,8.8 0.4,3;5.6,3 0.2,6.3;5.4,6.3',
  '%': '5.2,0.3;0.8,9 1.6,0.2;0.7,1.5;1.6,2.9;2.5,1.5;1.6,0.2 4.4,6.2;3.5,7.6;4.4,9;5.3,7.6;4.4,6.2',
  '-': '1,5.5;5,5.5',
  '.': '3,8.8;3,9',
  ':': '3,4.4;3,4.6 3,8.6;3,8.8',
  '?': '0.9,1.8;2.2,0.2;4.2,0.3;5,2;4.3,3.8;3,4.8;3,6.2 3,8.8;3,9',
};
const GRID = { width: 6, height: 12, advance: 7.6, stroke: 1.15 } as const;
/** Room around a letter for the thickness of its strokes, in grid units. */
const BLEED = 1;

/** Coverage of one letter, 0..255 per pixel, row by row. */
export interface GlyphMask {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly data: Uint8Array;
}

/** Letters at one size; each is drawn once, so memory is bounded by the alphabet. */
export interface StrokeFont {
  readonly heightPx: number;
  /** Distance between the left edges of neighbouring letters. */
  readonly advancePx: number;
  /** Null for a space. Letters the font lacks are drawn as `?`; capitals as small letters. */
  glyph(character: string): GlyphMask | null;
}

type Segment = readonly [x0: number, y0: number, x1: number, y1: number];

const segmentsOf = (strokes: string): Segment[] =>
  strokes.split(' ').flatMap((stroke) => {
    const points = stroke.split(';').map((point) => point.split(',').map(Number) as [number, number]);
    return points.slice(1).map((to, at): Segment => [...points[at]!, ...to]);
  });

function distance(x: number, y: number, [x0, y0, x1, y1]: Segment): number {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const along = Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - x0 - along * dx, y - y0 - along * dy);
}

function rasterise(strokes: string, unitPx: number): GlyphMask {
  const segments = segmentsOf(strokes);
  const widthPx = Math.ceil((GRID.width + 2 * BLEED) * unitPx);
  const heightPx = Math.ceil((GRID.height + 2 * BLEED) * unitPx);
  const data = new Uint8Array(widthPx * heightPx);
  for (let row = 0; row < heightPx; row++) {
    for (let col = 0; col < widthPx; col++) {
      const [x, y] = [(col + 0.5) / unitPx - BLEED, (row + 0.5) / unitPx - BLEED];
      const nearest = Math.min(...segments.map((segment) => distance(x, y, segment)));
      data[row * widthPx + col] = 255 * Math.min(1, Math.max(0, (GRID.stroke / 2 - nearest) * unitPx + 0.5));
    }
  }
  return { widthPx, heightPx, data };
}

/** The font at a line height in pixels (at least 8). */
export function createStrokeFont(options: { readonly heightPx: number }): StrokeFont {
  const heightPx = Math.max(8, Math.round(options.heightPx));
  const unitPx = heightPx / (GRID.height + 2 * BLEED);
  const drawn = new Map<string, GlyphMask>();
  return {
    heightPx,
    advancePx: Math.round(GRID.advance * unitPx),
    glyph(character) {
      if (character.trim() === '') return null;
      const known = character.toLowerCase() in STROKES ? character.toLowerCase() : '?';
      const mask = drawn.get(known) ?? rasterise(STROKES[known]!, unitPx);
      drawn.set(known, mask);
      return mask;
    },
  };
}
