import type { Corner } from '../domain/areas.js';
import { edgesOf } from './polygon.js';

/** A grid of equal cells over a picture: `columnsExact` is the picture's width in cells, which need not be whole. */
export interface Grid {
  readonly columns: number;
  readonly rows: number;
  readonly columnsExact: number;
  readonly rowsExact: number;
}

/** Cells from `start` on, row by row, up to but not `end`. */
export interface Run {
  readonly start: number;
  readonly end: number;
}

/** Pure: the cells of a grid that any of the polygons touches, however little, as runs in rising order. */
export function cellRuns(polygons: readonly (readonly Corner[])[], grid: Grid): readonly Run[] {
  const scaled = polygons.map((points) => points.map(([x, y]): Corner => [x * grid.columnsExact, y * grid.rowsExact]));
  const runs: Run[] = [];
  const touched = new Uint8Array(grid.columns);
  for (let row = 0; row < grid.rows; row++) {
    touched.fill(0);
    for (const points of scaled) {
      markCentres(points, row + 0.5, touched);
      markSides(points, row, touched);
    }
    addRuns(touched, row * grid.columns, runs);
  }
  return runs;
}

/** Cells whose centre lies inside: between crossings of the line through the centres while the winding number is not 0. */
function markCentres(points: readonly Corner[], y: number, touched: Uint8Array): void {
  const crossings = edgesOf(points).flatMap(([[fromX, fromY], [toX, toY]]) =>
    fromY <= y === toY <= y
      ? []
      : [{ x: fromX + ((y - fromY) / (toY - fromY)) * (toX - fromX), step: toY > fromY ? 1 : -1 }],
  );
  crossings.sort((a, b) => a.x - b.x);
  let winding = 0;
  for (const [index, { x, step }] of crossings.entries()) {
    winding += step;
    const next = crossings[index + 1];
    if (winding !== 0 && next) mark(touched, Math.ceil(x - 0.5), Math.floor(next.x - 0.5));
  }
}

/** Cells of a row that a side passes through. */
function markSides(points: readonly Corner[], row: number, touched: Uint8Array): void {
  for (const [[fromX, fromY], [toX, toY]] of edgesOf(points)) {
    const [top, bottom] = [Math.max(row, Math.min(fromY, toY)), Math.min(row + 1, Math.max(fromY, toY))];
    if (top > bottom) continue;
    const at = (y: number): number => (fromY === toY ? fromX : fromX + ((y - fromY) / (toY - fromY)) * (toX - fromX));
    const [one, other] = fromY === toY ? [fromX, toX] : [at(top), at(bottom)];
    mark(touched, Math.floor(Math.min(one, other)), Math.floor(Math.max(one, other)));
  }
}

function mark(touched: Uint8Array, first: number, last: number): void {
  touched.fill(1, Math.max(0, first), Math.max(0, Math.min(touched.length, last + 1)));
}

function addRuns(touched: Uint8Array, offset: number, runs: Run[]): void {
  for (let at = touched.indexOf(1); at >= 0; ) {
    const gap = touched.indexOf(0, at);
    const end = gap < 0 ? touched.length : gap;
    runs.push({ start: offset + at, end: offset + end });
    at = touched.indexOf(1, end);
  }
}
