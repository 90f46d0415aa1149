import { foldConstants } from './fold-constants.js';
import { ONNX_TYPE, type OnnxModel } from './onnx-proto.js';
import type { Ranges } from './quantize.js';
import { quantizedLayers, rangedValues } from './quantized-layers.js';

/** A network that also gives the values whose ranges its form in integers needs; their names. */
export function calibrationGraph(trained: OnnxModel): { readonly model: OnnxModel; readonly values: string[] } {
  const model = foldConstants(trained);
  const values = rangedValues(quantizedLayers(model));
  const dim = ['faces', 'channels', 'height', 'width'].map((dimParam) => ({ dimParam }));
  const type = { tensorType: { elemType: ONNX_TYPE.float32, shape: { dim } } };
  const output = [...model.graph.output, ...values.map((name) => ({ name, type }))];
  return { model: { ...model, graph: { ...model.graph, output } }, values };
}

/** Least and largest values of each face, by value. */
export class RangeObserver {
  readonly #extremes = new Map<string, { readonly least: number[]; readonly largest: number[] }>();

  /** @param data - [faces, ...] */
  observe(value: string, data: Float32Array, faces: number): void {
    const seen = this.#extremes.get(value) ?? { least: [], largest: [] };
    const size = data.length / faces;
    for (let face = 0; face < faces; face++) {
      const own = data.subarray(face * size, (face + 1) * size);
      seen.least.push(own.reduce((least, number) => Math.min(least, number)));
      seen.largest.push(own.reduce((largest, number) => Math.max(largest, number)));
    }
    this.#extremes.set(value, seen);
  }

  /** The ranges that the given share of faces keep to: few outliers would coarsen every other face. */
  ranges(share: number): Ranges {
    const ranges: Record<string, readonly [number, number]> = {};
    for (const [value, { least, largest }] of this.#extremes)
      ranges[value] = [
        rounded(
          -quantile(
            least.map((number) => -number),
            share,
          ),
        ),
        rounded(quantile(largest, share)),
      ];
    return ranges;
  }
}

function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!;
}

/** Four digits are far finer than the 255 steps of a range. */
const rounded = (value: number): number => Number(value.toPrecision(4));
