import { describe, expect, it } from 'vitest';
import { answerBatch, type Graphs, type Row, type RowEnd } from '../../../../src/mllm/mien-vlm/batch-answers.js';

const SHAPE = { prefix: 2, layers: 2, kvHeads: 1, headSize: 1, vocabulary: 10 };
const [PAD, END] = [8, 9];
const FACE = { crop: new Uint8Array(0), landmarks: new Float32Array(0) };

/**
 * Says the last token of the prompt as often as that token's number, then ends. Which row is which it knows only from
 * `past`, so that a row that is mixed up with another says something else.
 */
class CountingGraphs implements Graphs {
  readonly rows: number[] = [];
  readonly reals: number[][][] = [];
  readonly positions: number[][] = [];

  async encode(faces: readonly object[]): Promise<Float32Array> {
    return new Float32Array(faces.length * SHAPE.prefix);
  }

  async step({ rows, tokens, positions, real, past }: Parameters<Graphs['step']>[0]) {
    this.rows.push(rows);
    const width = real.length / rows;
    this.reals.push(Array.from({ length: rows }, (_, row) => [...real.subarray(row * width, (row + 1) * width)]));
    const places = positions.length / rows;
    this.positions.push(Array.from({ length: rows }, (_, row) => Number(positions[(row + 1) * places - 1])));
    const wide = tokens.length / rows;
    const before = past.length / (4 * rows);
    const id = (row: number): number => (before === 0 ? Number(tokens[(row + 1) * wide - 1]) : past[row * before]!);
    const logits = new Float32Array(rows * wide * SHAPE.vocabulary);
    const present = new Float32Array(4 * rows * width);
    for (let row = 0; row < rows; row++) {
      const made = this.rows.length - 1;
      logits[((row + 1) * wide - 1) * SHAPE.vocabulary + (made < id(row) ? id(row) : END)] = 1;
      for (let block = 0; block < 4; block++)
        present.fill(id(row), (block * rows + row) * width, (block * rows + row + 1) * width);
    }
    return { logits, present };
  }
}

function ask(rows: readonly Partial<Row & { prompt: readonly number[] }>[]) {
  const ends: (RowEnd | undefined)[] = rows.map(() => undefined);
  const told: number[][] = rows.map(() => []);
  const graphs = new CountingGraphs();
  const done = answerBatch(
    { graphs, shape: SHAPE, pad: PAD, end: END },
    rows.map((row, at) => ({
      face: FACE,
      prompt: [1],
      labels: null,
      longest: 50,
      wanted: () => true,
      onTokens: (ids) => told[at]!.push(ids.length),
      onEnd: (end) => {
        ends[at] = end;
      },
      ...row,
    })),
  );
  return { graphs, ends, told, done };
}

const words = (ids: readonly number[], truncated = false): RowEnd => ({ kind: 'words', ids, truncated });

describe('answerBatch', () => {
  it('answers rows of different lengths together; those that have ended are taken out', async () => {
    const { ends, graphs, done } = ask([{ prompt: [5, 3] }, { prompt: [1] }, { prompt: [7, 7, 7, 2] }]);
    await done;
    expect(ends).toEqual([words([3, 3, 3]), words([1]), words([2, 2])]);
    expect(graphs.rows).toEqual([3, 3, 2, 1]);
  });

  it('pads between the prefix and the prompt, and counts positions without pads', async () => {
    const { graphs, done } = ask([{ prompt: [4, 4, 2] }, { prompt: [2] }]);
    await done;
    expect(graphs.reals[0]).toEqual([
      [1, 1, 1, 1, 1],
      [1, 1, 0, 0, 1],
    ]);
    expect(graphs.reals[1]![1]).toEqual([1, 1, 0, 0, 1, 1]);
    expect(graphs.positions).toEqual([
      [4, 2],
      [5, 3],
      [6, 4],
    ]);
  });

  it('ends an endless answer at its longest, and says so', async () => {
    const { ends, told, done } = ask([{ prompt: [7], longest: 3 }]);
    await done;
    expect(ends).toEqual([words([7, 7, 7], true)]);
    expect(told).toEqual([[1, 2, 3]]);
  });

  it('gives a row up that is not wanted any more; the others go on', async () => {
    let asked = 0;
    const { ends, graphs, done } = ask([{ prompt: [6], wanted: () => asked++ < 2 }, { prompt: [4] }]);
    await done;
    expect(ends).toEqual([undefined, words([4, 4, 4, 4])]);
    expect(graphs.rows).toEqual([2, 2, 2, 1, 1]);
  });

  it('reads labels from one step', async () => {
    const { ends, graphs, done } = ask([{ prompt: [3], labels: [2, 3] }]);
    await done;
    const [end] = ends;
    expect(end?.kind === 'labels' && end.probabilities.map((p) => p.toFixed(3))).toEqual(['0.269', '0.731']);
    expect(graphs.rows).toEqual([1]);
  });
});
