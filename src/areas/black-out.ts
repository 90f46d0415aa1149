import type { Area } from '../domain/areas.js';
import type { Frame } from '../domain/frame.js';
import { cellRuns, type Run } from './cell-runs.js';

/** Black in limited range. */
const BLACK_LUMA = 16;
const GREY_CHROMA = 128;

/** Draws over a frame, in place. */
export type BlackOut = (frame: Frame) => void;

/**
 * What draws masks black in every frame: every pixel that a mask touches, and the chroma of each 2 x 2 pixels with one
 * of them. Which these are is found once for each size of picture.
 */
export function createBlackOut(masks: readonly Area[]): BlackOut {
  if (masks.length === 0) return () => undefined;
  let size = '';
  let runs: readonly { readonly value: number; readonly run: Run }[] = [];
  return (frame) => {
    const { widthPx, heightPx, data } = frame;
    if (size !== `${widthPx}x${heightPx}`) {
      runs = runsOf(masks, frame);
      size = `${widthPx}x${heightPx}`;
    }
    for (const { value, run } of runs) data.fill(value, run.start, run.end);
  };
}

function runsOf(masks: readonly Area[], { widthPx, heightPx }: Pick<Frame, 'widthPx' | 'heightPx'>) {
  const polygons = masks.map(({ points }) => points);
  const luma = cellRuns(polygons, { columns: widthPx, rows: heightPx, columnsExact: widthPx, rowsExact: heightPx });
  const [columns, rows] = [Math.ceil(widthPx / 2), Math.ceil(heightPx / 2)];
  const chroma = cellRuns(polygons, { columns, rows, columnsExact: widthPx / 2, rowsExact: heightPx / 2 });
  const moved = (by: number) => chroma.map(({ start, end }) => ({ start: start + by, end: end + by }));
  const plane = widthPx * heightPx;
  return [
    ...luma.map((run) => ({ value: BLACK_LUMA, run })),
    ...[...moved(plane), ...moved(plane + columns * rows)].map((run) => ({ value: GREY_CHROMA, run })),
  ];
}
