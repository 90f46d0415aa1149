import type { Box } from '../domain/face.js';
import type { RotatedSquare } from './crop-matrix.js';

/** One view that the detector looks at. `coarse` sees the whole frame, so that its own edges cut no face. */
export interface ScanView {
  readonly square: RotatedSquare;
  readonly coarse: boolean;
}

/** The views of one frame, by how often they are looked at. */
export interface ScanPlan {
  /** The letterboxed frame: in every scan. */
  readonly whole: ScanView;
  /** The frame with a margin around, for faces that fill it or leave it: in every look. */
  readonly margin: ScanView;
  /** The same turned, for faces that lie on their side or stand on their head: one of them in each look. */
  readonly turned: readonly ScanView[];
  /** Finer views of parts, for small faces: one of them in each scan. */
  readonly tiles: readonly ScanView[];
}

export interface ScanOptions {
  readonly inputSizePx: number;
  /** Side of the margin view, in sides of the letterboxed frame. */
  readonly marginSides: number;
  /** Smallest face to be found, frame pixels. Lowering it adds tiles: cost grows with its inverse square. */
  readonly minFacePx: number;
}

/** Face side, in detector input pixels, that tiles are made for. Chosen; checked on one clip pasted small, found at 24 px of 1280. */
const MIN_SEEN_PX = 11;
/** A tile reaches into its neighbour by this share of its side, so that a face on the seam is whole in one of them. */
const TILE_OVERLAP = 0.25;

/**
 * Radians by which looks are turned, clockwise. The short-range detector finds faces that lean by up to 60 degrees from its
 * view (113 of 113 LFW faces, the mesh 0.99 of them; at 90 degrees 0.69, at 120 0.50 and those on their head), so three views see all.
 */
const TURNS = [(2 * Math.PI) / 3, (-2 * Math.PI) / 3];

const square = (left: number, top: number, sidePx: number): RotatedSquare => ({
  centre: { x: left + sidePx / 2, y: top + sidePx / 2 },
  sidePx,
  angle: 0,
});

function starts(length: number, side: number): number[] {
  if (length <= side) return [(length - side) / 2];
  const count = Math.ceil((length - side) / (side * (1 - TILE_OVERLAP))) + 1;
  return Array.from({ length: count }, (_, index) => (index * (length - side)) / (count - 1));
}

/**
 * The views that together find faces down to `minFacePx` and up to those that fill the frame or leave it. A frame small
 * enough has no tiles.
 */
export function scanPlan(frame: { widthPx: number; heightPx: number }, options: ScanOptions): ScanPlan {
  const whole = Math.max(frame.widthPx, frame.heightPx);
  const seen = square((frame.widthPx - whole) / 2, (frame.heightPx - whole) / 2, whole);
  const around = { ...seen, sidePx: options.marginSides * whole };
  const turned = TURNS.map((angle) => ({ square: { ...around, angle }, coarse: true }));
  const tiles: ScanView[] = [];
  const finest = (options.minFacePx * options.inputSizePx) / MIN_SEEN_PX;
  // Up to this factor the whole frame still sees such faces often enough that tiles do not pay.
  const levels = whole > finest * 1.3 ? Math.ceil(Math.log2(whole / finest)) : 0;
  for (let level = 1; level <= levels; level++) {
    const side = whole * (finest / whole) ** (level / levels);
    for (const top of starts(frame.heightPx, side)) {
      for (const left of starts(frame.widthPx, side)) tiles.push({ square: square(left, top, side), coarse: false });
    }
  }
  return { whole: { square: seen, coarse: true }, margin: { square: around, coarse: true }, turned, tiles };
}

/** One of `views` in turn, as an array; none when there is none. A cursor that counts scans so comes by all. */
export function inTurn(views: readonly ScanView[], scan: number): readonly ScanView[] {
  return views.length > 0 ? [views[scan % views.length]!] : [];
}

/** True when a detection in a tile touches an edge of the tile that is not an edge of the frame: it is likely cut. */
export function cutByTile(box: Box<'frame'>, view: ScanView, frame: { widthPx: number; heightPx: number }): boolean {
  if (view.coarse) return false;
  const { centre, sidePx } = view.square;
  const margin = 0.01 * sidePx;
  const left = centre.x - sidePx / 2;
  const top = centre.y - sidePx / 2;
  const right = left + sidePx;
  const bottom = top + sidePx;
  return (
    (left > 0 && box.left < left + margin) ||
    (top > 0 && box.top < top + margin) ||
    (right < frame.widthPx && box.right > right - margin) ||
    (bottom < frame.heightPx && box.bottom > bottom - margin)
  );
}
