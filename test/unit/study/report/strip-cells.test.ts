import { describe, expect, it } from 'vitest';
import { EMOTIONS } from '../../../../src/domain/affect.js';
import type { PersonSeries } from '../../../../src/study/numbers/person-series.js';
import { NOTHING, TOP } from '../../../../src/study/report/page-data.js';
import { STRIP_KINDS } from '../../../../src/study/report/shown-signals.js';
import { STRIP_CELLS, stripCells } from '../../../../src/study/report/strip-cells.js';

const [VALENCE, LABEL, SPEAKING] = STRIP_KINDS as [
  (typeof STRIP_KINDS)[0],
  (typeof STRIP_KINDS)[0],
  (typeof STRIP_KINDS)[0],
];

function seriesOf(name: string, values: readonly number[], seconds = values.length): PersonSeries {
  const timeUs = Float64Array.from(values, (_, at) => (at * seconds * 1e6) / values.length);
  const signals = new Map([[name, { floats: Float32Array.from(values), digits: 4 }]]);
  return { participant: 'p01', timeUs, weightUs: new Float64Array(values.length).fill(1), signals, episodes: [] };
}
const bytes = (text: string | null): Uint8Array => new Uint8Array(Buffer.from(text!, 'base64'));

describe('strips', () => {
  it('have so many cells at most, however long the session, and none that is empty between frames', () => {
    expect([...bytes(stripCells(seriesOf('valence', [0, 0, 1, 1]), VALENCE))]).toEqual([TOP / 2, TOP]);
    expect([...bytes(stripCells(seriesOf('valence', new Array<number>(75).fill(1)), VALENCE))]).not.toContain(NOTHING);
    expect(bytes(stripCells(seriesOf('valence', new Array<number>(90_000).fill(0)), VALENCE))).toHaveLength(
      STRIP_CELLS,
    );
  });

  it('hold the mean of what was read in a cell, and nothing where nothing was read', () => {
    const values = Array.from({ length: STRIP_CELLS * 4 }, (_, at) =>
      at < 4 ? [-1, 0, Number.NaN, Number.NaN][at]! : Number.NaN,
    );
    values[values.length - 1] = 1;
    const cells = bytes(stripCells(seriesOf('valence', values), VALENCE));
    expect(cells[0]).toBe(Math.round(TOP / 4));
    expect(cells[1]).toBe(NOTHING);
    expect(cells.at(-1)).toBe(TOP);
  });

  it('hold the word that is longest in force, and tell none in force from no reading', () => {
    const happy = EMOTIONS.indexOf('happiness');
    const values = Array.from({ length: STRIP_CELLS * 3 }, (_, at) =>
      at < 3 ? [happy, happy, 0][at]! : at < 6 ? -1 : Number.NaN,
    );
    const cells = bytes(stripCells(seriesOf('label', values), LABEL));
    expect([...cells.slice(0, 3)]).toEqual([happy, TOP, NOTHING]);
  });

  it('are left out where the results have no such signal, or no frame', () => {
    expect(stripCells(seriesOf('valence', [0, 1]), SPEAKING)).toBeNull();
    expect(stripCells(seriesOf('valence', []), VALENCE)).toBeNull();
  });
});
