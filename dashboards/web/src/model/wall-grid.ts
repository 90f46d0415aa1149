/** Pictures beside and above each other. */
export interface Grid {
  readonly columns: number;
  readonly rows: number;
}

/** Width to height of most cameras' pictures. */
const ASPECT = 16 / 9;

/** Pure: the grid in which so many pictures are largest in a space; of equals the one with the fewest empty places. */
export function gridFor(count: number, { width, height }: { readonly width: number; readonly height: number }): Grid {
  let best: Grid = { columns: 1, rows: Math.max(1, count) };
  let [largest, empty] = [0, Number.POSITIVE_INFINITY];
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const pictureWidth = Math.min(width / columns, (height / rows) * ASPECT);
    const left = columns * rows - count;
    // Half a pixel is no gain.
    if (pictureWidth < largest + 0.5 && (pictureWidth < largest - 0.5 || left >= empty)) continue;
    best = { columns, rows };
    largest = pictureWidth;
    empty = left;
  }
  return best;
}
