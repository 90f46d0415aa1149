import { describe, expect, it } from 'vitest';
import { cellRuns } from '../../../src/areas/cell-runs.js';
import { isInside, turnAreas } from '../../../src/areas/polygon.js';
import type { Corner } from '../../../src/domain/areas.js';
import { TURNS } from '../../../src/domain/frame.js';

const SQUARE: readonly Corner[] = [
  [0.2, 0.2],
  [0.6, 0.2],
  [0.6, 0.6],
  [0.2, 0.6],
];
/** Drawn in one line that crosses itself: its middle is enclosed twice. */
const STAR: readonly Corner[] = [
  [0.5, 0],
  [0.8, 1],
  [0, 0.35],
  [1, 0.35],
  [0.2, 1],
];

/** The same numbers in every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function polygon(next: () => number): readonly Corner[] {
  return Array.from({ length: 3 + Math.floor(next() * 8) }, (): Corner => [next(), next()]);
}

describe('isInside', () => {
  it('knows the inside of a square and of a star, its middle included', () => {
    expect(isInside(SQUARE, [0.4, 0.4])).toBe(true);
    expect(isInside(SQUARE, [0.7, 0.4])).toBe(false);
    expect(isInside(STAR, [0.5, 0.5])).toBe(true);
    expect(isInside(STAR, [0.05, 0.9])).toBe(false);
  });

  it('does not depend on where a polygon begins or which way it goes', () => {
    const next = numbers(1);
    for (let round = 0; round < 300; round++) {
      const points = polygon(next);
      const point: Corner = [next(), next()];
      const inside = isInside(points, point);
      expect(isInside([...points].reverse(), point)).toBe(inside);
      expect(isInside([...points.slice(1), points[0]!], point)).toBe(inside);
    }
  });
});

describe('turnAreas', () => {
  it('turns along with the picture: what was inside is inside', () => {
    const next = numbers(2);
    for (let round = 0; round < 200; round++) {
      const area = { name: 'a', points: polygon(next) };
      const point: Corner = [next(), next()];
      for (const turn of TURNS) {
        const { masks, zones } = turnAreas({ masks: [area], zones: [{ name: 'p', points: [point] }] }, turn);
        expect(isInside(masks[0]!.points, zones[0]!.points[0]!)).toBe(isInside(area.points, point));
      }
    }
  });

  it('has the upper left of a picture on its upper right after 90 degrees clockwise', () => {
    const { masks } = turnAreas({ masks: [{ name: 'a', points: [[0, 0]] }], zones: [] }, 90);
    expect(masks[0]!.points).toEqual([[1, 0]]);
  });
});

describe('cellRuns', () => {
  const touchedCells = (points: readonly Corner[], columns: number, rows: number, halved = false) => {
    const grid = {
      columns,
      rows,
      columnsExact: halved ? columns - 0.5 : columns,
      rowsExact: halved ? rows - 0.5 : rows,
    };
    const touched = new Uint8Array(columns * rows);
    for (const { start, end } of cellRuns([points], grid)) touched.fill(1, start, end);
    return { grid, touched };
  };

  it('leaves no point of a polygon in a cell that is not touched, whole or halved grids', () => {
    const next = numbers(3);
    for (let round = 0; round < 120; round++) {
      const points = polygon(next);
      const { grid, touched } = touchedCells(
        points,
        5 + Math.floor(next() * 20),
        5 + Math.floor(next() * 20),
        round % 2 === 1,
      );
      for (let sample = 0; sample < 100; sample++) {
        const point: Corner = [next(), next()];
        if (!isInside(points, point)) continue;
        const column = Math.floor(point[0] * grid.columnsExact);
        const row = Math.floor(point[1] * grid.rowsExact);
        expect(touched[row * grid.columns + column]).toBe(1);
      }
    }
  });

  it('touches no cell that lies a whole cell away from the polygon', () => {
    const { touched } = touchedCells(SQUARE, 10, 10);
    const rows = Array.from({ length: 10 }, (_, row) => touched.slice(row * 10, row * 10 + 10).join(''));
    expect(rows[0]).toBe('0000000000');
    expect(rows[4]).toBe('0011111000');
    expect(rows[8]).toBe('0000000000');
  });

  it('gives runs in rising order that do not meet', () => {
    const next = numbers(4);
    for (let round = 0; round < 50; round++) {
      const grid = { columns: 13, rows: 9, columnsExact: 13, rowsExact: 9 };
      const runs = cellRuns([polygon(next), polygon(next)], grid);
      for (const [at, { start, end }] of runs.entries()) {
        expect(end).toBeGreaterThan(start);
        if (at > 0) expect(start).toBeGreaterThanOrEqual(runs[at - 1]!.end);
      }
    }
  });
});
