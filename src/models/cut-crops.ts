import { MATRIX_VALUES } from '../domain/crop-inputs.js';
import type { Tensor, Tensors } from '../domain/tensor.js';

/** Limited-range luma of black, and what makes the range up to white 255 (ITU-R BT.601, BT.709). */
const BLACK = 16;
const TO_FULL = 255 / 219;

/** What lies outside the frame: black, or its border repeated. */
export type Outside = 'zeros' | 'border';

/** Crops as a run-time graph takes them: float32 [faces, 1, heightPx, widthPx], full range, not yet held to 0..255. */
export interface CropInput {
  readonly name: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly outside: Outside;
}

/** Names of the input of a run-time graph that crops go to: they say what lies outside the frame. */
export const CROP_INPUTS: Readonly<Record<Outside, string>> = { zeros: 'crops_zeros', border: 'crops_border' };

/** One input as ONNX Runtime describes it; a free dimension is a name. */
interface InputFacts {
  readonly name: string;
  readonly isTensor: boolean;
  readonly shape?: readonly (number | string)[];
}

/** The crops that a graph takes; null for a graph that takes none. */
export function cropInputOf(inputs: readonly InputFacts[]): CropInput | null {
  for (const outside of ['zeros', 'border'] as const) {
    const found = inputs.find(({ name }) => name === CROP_INPUTS[outside]);
    if (!found) continue;
    const [, , heightPx, widthPx] = found.shape ?? [];
    if (typeof heightPx !== 'number' || typeof widthPx !== 'number')
      throw new RangeError(`input ${found.name} has no fixed size`);
    return { name: found.name, widthPx, heightPx, outside };
  }
  return null;
}

interface Luma {
  readonly data: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Places of one row of a crop in the frame: pixel centres at whole numbers, from `x`, `y` in steps. */
interface Row {
  readonly x: number;
  readonly y: number;
  readonly stepX: number;
  readonly stepY: number;
}

/** Values of a crop, as many as there are faces, in a buffer that is used again and grows when it must. */
export class CropCutter {
  readonly #input: CropInput;
  #crops = new Float32Array(0);

  constructor(input: CropInput) {
    this.#input = input;
  }

  /**
   * Inputs with `luma` uint8 [height, width] (limited range) and `matrices` float32 [faces, 2, 3] (crop unit coordinates to
   * continuous frame pixels) replaced by the crops they name, bilinear; the rest as it is. Valid until the next call.
   * Throws RangeError without the two, or where their sizes do not fit.
   */
  replace(inputs: Tensors): Tensors {
    const { luma, matrices, ...rest } = inputs;
    if (luma?.dtype !== 'uint8' || matrices?.dtype !== 'float32')
      throw new RangeError('crops are cut by luma (uint8) and matrices (float32)');
    return { ...rest, [this.#input.name]: this.#cut(frameOf(luma), matrices.data) };
  }

  #cut(luma: Luma, matrices: Float32Array): Tensor {
    const { widthPx, heightPx, outside } = this.#input;
    const faces = Math.floor(matrices.length / MATRIX_VALUES);
    if (this.#crops.length < faces * widthPx * heightPx) this.#crops = new Float32Array(faces * widthPx * heightPx);
    const write = outside === 'zeros' ? writeBlackOutside : writeBorderOutside;
    for (let face = 0, at = 0; face < faces; face++) {
      const [a, b, c, d, e, f] = matrices.subarray(face * MATRIX_VALUES) as unknown as readonly number[];
      const [stepX, stepY] = [a! / widthPx, d! / widthPx];
      for (let line = 0; line < heightPx; line++, at += widthPx) {
        const v = (line + 0.5) / heightPx;
        const row = { x: b! * v + c! - 0.5 + stepX / 2, y: e! * v + f! - 0.5 + stepY / 2, stepX, stepY };
        const target = this.#crops.subarray(at, at + widthPx);
        if (isInside(row, luma, widthPx)) writeInside(target, luma, row);
        else write(target, luma, row);
      }
    }
    const data = this.#crops.subarray(0, faces * widthPx * heightPx);
    return { dtype: 'float32', shape: [faces, 1, heightPx, widthPx], data };
  }
}

function frameOf({ data, shape }: Tensor & { readonly dtype: 'uint8' }): Luma {
  const [heightPx = 0, widthPx = 0] = shape;
  if (data.length < heightPx * widthPx || data.length === 0) throw new RangeError('luma is smaller than its shape');
  return { data, widthPx, heightPx };
}

/** Whether every sample of a row lies between four pixels of the frame. */
function isInside({ x, y, stepX, stepY }: Row, { widthPx, heightPx }: Luma, samples: number): boolean {
  const [lastX, lastY] = [x + (samples - 1) * stepX, y + (samples - 1) * stepY];
  return (
    Math.min(x, lastX) >= 0 &&
    Math.min(y, lastY) >= 0 &&
    Math.max(x, lastX) < widthPx - 1 &&
    Math.max(y, lastY) < heightPx - 1
  );
}

function writeInside(target: Float32Array, { data, widthPx }: Luma, { x: left, y: top, stepX, stepY }: Row): void {
  for (let at = 0; at < target.length; at++) {
    const x = left + at * stepX;
    const y = top + at * stepY;
    const [column, row] = [x | 0, y | 0];
    const pixel = row * widthPx + column;
    const right = x - column;
    const upper = data[pixel]! + (data[pixel + 1]! - data[pixel]!) * right;
    const lower = data[pixel + widthPx]! + (data[pixel + widthPx + 1]! - data[pixel + widthPx]!) * right;
    target[at] = (upper + (lower - upper) * (y - row) - BLACK) * TO_FULL;
  }
}

function writeBorderOutside(target: Float32Array, luma: Luma, { x: left, y: top, stepX, stepY }: Row): void {
  const { data, widthPx, heightPx } = luma;
  for (let at = 0; at < target.length; at++) {
    const x = Math.max(0, Math.min(widthPx - 1, left + at * stepX));
    const y = Math.max(0, Math.min(heightPx - 1, top + at * stepY));
    const [column, row] = [x | 0, y | 0];
    const pixel = row * widthPx + column;
    const beside = column + 1 < widthPx ? 1 : 0;
    const below = row + 1 < heightPx ? widthPx : 0;
    const upper = data[pixel]! + (data[pixel + beside]! - data[pixel]!) * (x - column);
    const lower = data[pixel + below]! + (data[pixel + below + beside]! - data[pixel + below]!) * (x - column);
    target[at] = (upper + (lower - upper) * (y - row) - BLACK) * TO_FULL;
  }
}

function writeBlackOutside(target: Float32Array, luma: Luma, { x: left, y: top, stepX, stepY }: Row): void {
  const { data, widthPx, heightPx } = luma;
  const pixel = (column: number, row: number): number =>
    column >= 0 && row >= 0 && column < widthPx && row < heightPx ? data[row * widthPx + column]! : 0;
  for (let at = 0; at < target.length; at++) {
    const x = left + at * stepX;
    const y = top + at * stepY;
    const [column, row] = [Math.floor(x), Math.floor(y)];
    const upper = pixel(column, row) + (pixel(column + 1, row) - pixel(column, row)) * (x - column);
    const lower = pixel(column, row + 1) + (pixel(column + 1, row + 1) - pixel(column, row + 1)) * (x - column);
    target[at] = (upper + (lower - upper) * (y - row) - BLACK) * TO_FULL;
  }
}
