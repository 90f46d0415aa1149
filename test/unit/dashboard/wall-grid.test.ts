import { describe, expect, it } from 'vitest';
import { gridFor } from '../../../dashboards/web/src/model/wall-grid.js';

const SCREEN = { width: 1920, height: 1040 };
const text = (count: number, space: { readonly width: number; readonly height: number }): string => {
  const { columns, rows } = gridFor(count, space);
  return `${columns}x${rows}`;
};

describe('the grid of a wall', () => {
  it.each([
    [1, '1x1'],
    [2, '2x1'],
    [3, '2x2'],
    [4, '2x2'],
    [5, '3x2'],
    [6, '3x2'],
    [9, '3x3'],
    [10, '4x3'],
    [12, '4x3'],
    [16, '4x4'],
  ])('has room for %i cameras on a wide screen: %s', (count, grid) => expect(text(count, SCREEN)).toBe(grid));

  it.each([
    [2, '1x2'],
    [4, '1x4'],
    [9, '2x5'],
  ])('stands %i cameras above each other on a phone: %s', (count, grid) =>
    expect(text(count, { width: 390, height: 760 })).toBe(grid),
  );

  it.each(Array.from({ length: 16 }, (_, at) => at + 1))('has no empty row or column, with %i cameras', (count) => {
    for (const space of [SCREEN, { width: 390, height: 760 }, { width: 3440, height: 1300 }]) {
      const { columns, rows } = gridFor(count, space);
      expect(columns * rows).toBeGreaterThanOrEqual(count);
      expect(columns * rows - count).toBeLessThan(Math.max(columns, rows));
    }
  });

  it('is one place while there is no camera or no room yet', () => {
    expect(text(0, SCREEN)).toBe('1x1');
    expect(text(4, { width: 0, height: 0 })).toMatch(/^\dx\d$/);
  });
});
