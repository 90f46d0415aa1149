import type { Point } from '../domain/face.js';
import { type EyePatch, PATCH } from './eye-patch.js';

/** Where the iris is, frame pixels, and how clearly: how much darker it is than the white beside it, in deviations. */
export interface FoundIris {
  readonly centre: Point;
  readonly contrast: number;
}

/** Radius of an iris, and of the white around it that it is compared with, in patch pixels. People differ little: 5.9 mm of 62. */
const IRIS_RADIUS = 0.097 / PATCH.unit;
const AROUND_RADIUS = 1.45 * IRIS_RADIUS;
/** How far from the network's word an iris is looked for, and how far that word usually is off, patch pixels. */
const REACH = 7;
const PRIOR_SPREAD = 3.5;
/** What a candidate that far off loses. */
const PRIOR_COST = 0.15;
/** With less contrast than this near the network's word, the whole opening is searched: of pale eyes turned aside it sees the white. */
const CLEAR = 0.5;
/** Share of the iris that the lids must leave free; share of the ring around it from which on it counts in full. */
const LEAST_SEEN = 0.25;
const ENOUGH_AROUND = 0.25;
/** Gray levels added to the deviation, so that noise in a dark picture does not count as contrast. */
const FLOOR = 4;

interface Offset {
  readonly dx: number;
  readonly dy: number;
}

const RANGE = Math.ceil(AROUND_RADIUS);
const SPAN = Array.from({ length: 2 * RANGE + 1 }, (_, index) => index - RANGE);
const OFFSETS: readonly Offset[] = SPAN.flatMap((dy) => SPAN.map((dx) => ({ dx, dy })));
const DISC = OFFSETS.filter(({ dx, dy }) => Math.hypot(dx, dy) <= IRIS_RADIUS);
const RING = OFFSETS.filter(({ dx, dy }) => {
  const distance = Math.hypot(dx, dy);
  return distance > IRIS_RADIUS && distance <= AROUND_RADIUS;
});

/**
 * The disc between the lids that is darkest against what surrounds it, near where the network sees the iris. The network
 * knows where an eye is, and whether there is one; its iris is off by a tenth of its width and drawn to the eye's middle.
 *
 * @param outline - the opening between the lids, frame pixels
 * @param seen - the network's iris, frame pixels
 */
export function findIris(patch: EyePatch, outline: readonly Point[], seen: Point): FoundIris {
  const mask = maskOf(outline.map(patch.toPatch));
  const { mean, deviation } = statistics(patch.luma, mask);
  const prior = patch.toPatch(seen);
  const scoreAt = (x: number, y: number, cost: number): number => {
    const dark = meanOver(patch.luma, mask, { offsets: DISC, x, y, mean });
    const white = meanOver(patch.luma, mask, { offsets: RING, x, y, mean });
    if (dark.share < LEAST_SEEN) return -Infinity;
    const weight = Math.sqrt(dark.share * Math.min(1, white.share / ENOUGH_AROUND));
    const far = ((x + 0.5 - prior.x) ** 2 + (y + 0.5 - prior.y) ** 2) / PRIOR_SPREAD ** 2;
    return ((white.value - dark.value) / deviation) * weight - cost * far;
  };
  const near = darkest((x, y) => scoreAt(x, y, PRIOR_COST), prior, REACH);
  const [best, cost] =
    near.score < CLEAR ? [darkest((x, y) => scoreAt(x, y, 0), prior, PATCH.width / 2), 0] : [near, PRIOR_COST];
  if (best.score === -Infinity) return { centre: seen, contrast: 0 };
  const { x, y, score } = best;
  const centre = {
    x: x + 0.5 + peak(scoreAt(x - 1, y, cost), score, scoreAt(x + 1, y, cost)),
    y: y + 0.5 + peak(scoreAt(x, y - 1, cost), score, scoreAt(x, y + 1, cost)),
  };
  return { centre: patch.toFrame(centre), contrast: Math.max(0, score) };
}

/** The best pixel within reach of a point. */
function darkest(
  scoreAt: (x: number, y: number) => number,
  { x: aroundX, y: aroundY }: Point,
  reach: number,
): { readonly x: number; readonly y: number; readonly score: number } {
  const [startX, startY] = [Math.floor(aroundX), Math.floor(aroundY)];
  let best = { x: startX, y: startY, score: -Infinity };
  for (let y = Math.max(0, startY - reach); y <= Math.min(PATCH.height - 1, startY + reach); y++) {
    for (let x = Math.max(0, startX - reach); x <= Math.min(PATCH.width - 1, startX + reach); x++) {
      const score = scoreAt(x, y);
      if (score > best.score) best = { x, y, score };
    }
  }
  return best;
}

/** Where between -0.5 and 0.5 the parabola through three values is highest. */
function peak(before: number, at: number, after: number): number {
  const bend = before - 2 * at + after;
  return Number.isFinite(bend) && bend < 0 ? Math.max(-0.5, Math.min(0.5, (0.5 * (before - after)) / bend)) : 0;
}

/** 1 inside the outline, 0 outside, by the even-odd rule at pixel centres. */
function maskOf(outline: readonly Point[]): Uint8Array {
  const mask = new Uint8Array(PATCH.width * PATCH.height);
  for (let row = 0; row < PATCH.height; row++) {
    const y = row + 0.5;
    const crossings: number[] = [];
    for (const [index, a] of outline.entries()) {
      const b = outline[(index + 1) % outline.length]!;
      if (a.y > y !== b.y > y) crossings.push(a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x));
    }
    crossings.sort((a, b) => a - b);
    for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
      const first = Math.max(0, Math.ceil(crossings[pair]! - 0.5));
      const last = Math.min(PATCH.width - 1, Math.floor(crossings[pair + 1]! - 0.5));
      for (let column = first; column <= last; column++) mask[row * PATCH.width + column] = 1;
    }
  }
  return mask;
}

function statistics(luma: Float32Array, mask: Uint8Array): { readonly mean: number; readonly deviation: number } {
  let [count, sum, squares] = [0, 0, 0];
  for (const [at, value] of luma.entries()) {
    if (!mask[at]) continue;
    count++;
    sum += value;
    squares += value * value;
  }
  const mean = count > 0 ? sum / count : 0;
  return { mean, deviation: FLOOR + Math.sqrt(Math.max(0, count > 0 ? squares / count - mean * mean : 0)) };
}

/** Mean of luma less `mean` over the pixels of a shape that lie between the lids, and their share of the shape. */
function meanOver(
  luma: Float32Array,
  mask: Uint8Array,
  shape: { readonly offsets: readonly Offset[]; readonly x: number; readonly y: number; readonly mean: number },
): { readonly value: number; readonly share: number } {
  let [count, sum] = [0, 0];
  for (const { dx, dy } of shape.offsets) {
    const [x, y] = [shape.x + dx, shape.y + dy];
    if (x < 0 || y < 0 || x >= PATCH.width || y >= PATCH.height || !mask[y * PATCH.width + x]) continue;
    count++;
    sum += luma[y * PATCH.width + x]! - shape.mean;
  }
  return { value: count > 0 ? sum / count : 0, share: count / shape.offsets.length };
}
