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

/** The patch with room around it for shapes that reach beyond: no shape needs to look where its pixels are. */
const MARGIN = Math.ceil(AROUND_RADIUS);
const STRIDE = PATCH.width + 2 * MARGIN;
const PADDED = STRIDE * (PATCH.height + 2 * MARGIN);

/** Pixels whose distance from a middle is over `from` and at most `to`, as steps through the padded patch. */
function ring(from: number, to: number): Int32Array {
  const span = Array.from({ length: 2 * MARGIN + 1 }, (_, index) => index - MARGIN);
  return Int32Array.from(
    span.flatMap((dy) =>
      span.filter((dx) => Math.hypot(dx, dy) > from && Math.hypot(dx, dy) <= to).map((dx) => dy * STRIDE + dx),
    ),
  );
}

const DISC = ring(-1, IRIS_RADIUS);
const RING = ring(IRIS_RADIUS, AROUND_RADIUS);

/**
 * The disc between the lids that is darkest against what surrounds it, near where the network sees the iris. The network
 * knows where an eye is, and whether there is one; its iris is off by a tenth of its width and drawn to the eye's middle.
 *
 * @param outline - the opening between the lids, frame pixels
 * @param seen - the network's iris, frame pixels
 */
export function findIris(patch: EyePatch, outline: readonly Point[], seen: Point): FoundIris {
  const opening = openingOf(patch.luma, maskOf(outline.map(patch.toPatch)));
  const prior = patch.toPatch(seen);
  const scoreAt = (x: number, y: number, cost: number): number => {
    const at = (y + MARGIN) * STRIDE + x + MARGIN;
    const seenOfIris = sumOver(opening.mask, DISC, at);
    if (seenOfIris < LEAST_SEEN * DISC.length) return -Infinity;
    const seenAround = sumOver(opening.mask, RING, at);
    const dark = sumOver(opening.luma, DISC, at) / seenOfIris;
    const white = seenAround > 0 ? sumOver(opening.luma, RING, at) / seenAround : 0;
    const around = Math.min(1, seenAround / (ENOUGH_AROUND * RING.length));
    const weight = Math.sqrt((seenOfIris / DISC.length) * around);
    const far = ((x + 0.5 - prior.x) ** 2 + (y + 0.5 - prior.y) ** 2) / PRIOR_SPREAD ** 2;
    return ((white - dark) / opening.deviation) * weight - cost * far;
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

/** The best pixel within reach of a point: every other one first, then the neighbours of the best. */
function darkest(scoreAt: (x: number, y: number) => number, around: Point, reach: number): Scored {
  const coarse = bestOf(scoreAt, { x: Math.floor(around.x), y: Math.floor(around.y) }, { reach, step: 2 });
  return bestOf(scoreAt, coarse, { reach: 1, step: 1 });
}

interface Scored extends Point {
  readonly score: number;
}

function bestOf(
  scoreAt: (x: number, y: number) => number,
  middle: Point,
  { reach, step }: { readonly reach: number; readonly step: number },
): Scored {
  let best = { ...middle, score: -Infinity };
  for (let y = middle.y - reach; y <= middle.y + reach; y += step) {
    if (y < 0 || y >= PATCH.height) continue;
    for (let x = middle.x - reach; x <= middle.x + reach; x += step) {
      if (x < 0 || x >= PATCH.width) continue;
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

/** What lies between the lids, padded: 1 there, and luma less its mean there; both 0 elsewhere. */
interface Opening {
  readonly mask: Float32Array;
  readonly luma: Float32Array;
  readonly deviation: number;
}

function openingOf(luma: Float32Array, inside: Uint8Array): Opening {
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let at = 0; at < luma.length; at++) {
    if (!inside[at]) continue;
    count++;
    sum += luma[at]!;
    squares += luma[at]! ** 2;
  }
  const mean = count > 0 ? sum / count : 0;
  const opening = { mask: new Float32Array(PADDED), luma: new Float32Array(PADDED) };
  for (let at = 0; at < luma.length; at++) {
    if (!inside[at]) continue;
    const padded = (Math.floor(at / PATCH.width) + MARGIN) * STRIDE + (at % PATCH.width) + MARGIN;
    opening.mask[padded] = 1;
    opening.luma[padded] = luma[at]! - mean;
  }
  const spread = count > 0 ? squares / count - mean * mean : 0;
  return { ...opening, deviation: FLOOR + Math.sqrt(Math.max(0, spread)) };
}

function sumOver(values: Float32Array, shape: Int32Array, at: number): number {
  let sum = 0;
  for (let index = 0; index < shape.length; index++) sum += values[at + shape[index]!]!;
  return sum;
}
