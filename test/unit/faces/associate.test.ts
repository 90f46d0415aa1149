import { describe, expect, it } from 'vitest';
import { associate } from '../../../src/faces/associate.js';
import { boxAt, detectionAt } from '../../support/faces.js';

const options = { strongScore: 0.6 };
const sight = (id: number, x: number, unseenSeconds = 0, side = 40) => ({
  id,
  box: boxAt(x, 100, side),
  unseenSeconds,
});

describe('associate', () => {
  it('gives each track its own face when two are near', () => {
    const { matches, unmatched } = associate(
      [sight(1, 100), sight(2, 150)],
      [detectionAt(148, 100, 44), detectionAt(103, 100, 44)],
      options,
    );
    expect([...matches].sort()).toEqual([
      [1, 1],
      [2, 0],
    ]);
    expect(unmatched).toEqual([]);
  });
  it('tells strong detections, which start tracks, from weak ones', () => {
    const weak = detectionAt(150, 100, 40, 0.4);
    const { unmatched, faint } = associate([], [detectionAt(50, 100, 40, 0.9), weak], options);
    expect(unmatched).toEqual([0]);
    expect(faint).toEqual([1]);
  });
  it('takes a weak detection that touches a face for that face, not for another', () => {
    const hair = detectionAt(120, 70, 36, 0.4);
    expect(associate([], [detectionAt(100, 100, 80, 0.9), hair], options).faint).toEqual([]);
    expect(associate([sight(1, 100, 0, 80)], [hair], options).faint).toEqual([]);
  });
  it('continues a track by a weak detection only when no strong one fits', () => {
    const both = associate([sight(1, 100)], [detectionAt(101, 100, 40, 0.4), detectionAt(110, 100, 40, 0.7)], options);
    expect(both.matches.get(1)).toBe(1);
    const weak = associate([sight(1, 100)], [detectionAt(101, 100, 40, 0.4)], options);
    expect(weak.matches.get(1)).toBe(0);
  });
  it('reaches further the longer a face was away', () => {
    const far = [detectionAt(170, 100, 40, 0.9)];
    expect(associate([sight(1, 100)], far, options).matches.size).toBe(0);
    expect(associate([sight(1, 100, 1)], far, options).matches.size).toBe(1);
  });
  it('refuses another size', () => {
    expect(associate([sight(1, 100)], [detectionAt(100, 100, 100)], options).matches.size).toBe(0);
  });
});
