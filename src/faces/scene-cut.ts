import type { Frame } from '../domain/frame.js';
import { correlation, spread } from './correlation.js';

/** Cells a side of the grid that cuts are judged on. */
const GRID = 24;

/** A coarse look at a frame: luma, then both chroma planes, some pixels of each cell. */
export type SceneGrid = Uint8Array;

const CELLS = GRID * GRID;

/** Where the samples of all cells lie along a side of so many pixels: a quarter and three quarters into each. */
const samplesOf = (length: number): Int32Array =>
  Int32Array.from({ length: 2 * GRID }, (_, at) => Math.floor((((2 * at + 1) / 4) * length) / GRID));

function sampleCells(
  target: Uint8Array,
  plane: Uint8Array,
  size: { readonly width: number; readonly height: number },
): void {
  const [across, down] = [samplesOf(size.width), samplesOf(size.height)];
  for (let row = 0, at = 0; row < GRID; row++) {
    const upper = down[2 * row]! * size.width;
    const lower = down[2 * row + 1]! * size.width;
    for (let column = 0; column < GRID; column++, at++) {
      const left = across[2 * column]!;
      const right = across[2 * column + 1]!;
      target[at] = (plane[upper + left]! + plane[upper + right]! + plane[lower + left]! + plane[lower + right]!) >> 2;
    }
  }
}

/** Samples 24 × 24 cells of each plane, four pixels each: 6,912 reads whatever the size of the frame. */
export function sceneGrid(frame: Frame): SceneGrid {
  const grid = new Uint8Array(3 * CELLS);
  const luma = { width: frame.widthPx, height: frame.heightPx };
  const chroma = { width: Math.ceil(frame.widthPx / 2), height: Math.ceil(frame.heightPx / 2) };
  const lumaBytes = luma.width * luma.height;
  const chromaBytes = chroma.width * chroma.height;
  sampleCells(grid.subarray(0, CELLS), frame.data, luma);
  sampleCells(grid.subarray(CELLS, 2 * CELLS), frame.data.subarray(lumaBytes), chroma);
  sampleCells(grid.subarray(2 * CELLS), frame.data.subarray(lumaBytes + chromaBytes), chroma);
  return grid;
}

/** Bins of a plane's histogram; chroma is spread over few values, so its bins are finer. */
const LUMA_SHIFT = 4;
const CHROMA_SHIFT = 2;

function histogramDistance(a: Uint8Array, b: Uint8Array, shift: number): number {
  const more = new Int32Array(256 >> shift);
  for (let at = 0; at < a.length; at++) {
    more[a[at]! >> shift]!++;
    more[b[at]! >> shift]!--;
  }
  let distance = 0;
  for (let bin = 0; bin < more.length; bin++) distance += Math.abs(more[bin]!);
  return distance / (2 * a.length);
}

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += Math.abs(a[index]! - b[index]!);
  return sum / (a.length * 255);
}

/**
 * How unlike two frames are, 0..1: the largest over the planes of the smaller of mean cell difference (large for motion
 * and cuts) and histogram distance (large for flashes and cuts). Chroma varies less, so its difference counts more.
 */
export function sceneDistance(before: SceneGrid, after: SceneGrid): number {
  let distance = 0;
  for (const plane of [0, 1, 2]) {
    const a = before.subarray(plane * CELLS, (plane + 1) * CELLS);
    const b = after.subarray(plane * CELLS, (plane + 1) * CELLS);
    const scale = plane === 0 ? 0.2 : 0.06;
    const shift = plane === 0 ? LUMA_SHIFT : CHROMA_SHIFT;
    distance = Math.max(distance, Math.min(meanDifference(a, b) / scale, histogramDistance(a, b, shift) / 0.4));
  }
  return Math.min(1, distance);
}

/** Standard deviation of luma, levels, under which a picture shows no scene. */
const BLANK_SPREAD = 4;
/** Correlation of luma from which on two pictures show the same scene. Those of the scenes of twelve clips reach 0.77 at most. */
const SAME_CORRELATION = 0.82;

const lumaOf = (grid: SceneGrid): Uint8Array => grid.subarray(0, CELLS);

/** Whether a picture is of one tone: black, white, or nearly faded out. */
export function isBlank(grid: SceneGrid): boolean {
  return spread(lumaOf(grid)) < BLANK_SPREAD;
}

/** Whether two pictures show the same scene in another light: a flash, a lamp, exposure that adapts, a fade. */
export function sameScene(before: SceneGrid, after: SceneGrid): boolean {
  return correlation(lumaOf(before), lumaOf(after)) >= SAME_CORRELATION;
}

/** A change of picture, and the media seconds it took. */
export interface SceneChange {
  readonly distance: number;
  readonly seconds: number;
}

/** From this distance on a change of picture is a cut whatever came before. */
const CERTAIN_CUT = 0.6;
/** A smaller change is a cut when it stands out from those just before by this factor. */
const LEAST_CUT = 0.15;
const STANDS_OUT = 4;
/** Fewer changes than this say nothing on what is usual. */
export const LEAST_HISTORY = 3;

/**
 * Whether a change means a cut, given those before it (newest last): motion grows and fades over several frames, a cut
 * stands alone (adaptive threshold, as PySceneDetect's). What is usual grows with the time that the change had: frames may be
 * dropped, sampled, or frozen in between.
 */
export function isSceneCut({ distance, seconds }: SceneChange, recent: readonly SceneChange[]): boolean {
  if (distance >= CERTAIN_CUT) return true;
  if (distance < LEAST_CUT || recent.length < LEAST_HISTORY) return false;
  const usual = recent.map((change) => change.distance * Math.max(1, seconds / change.seconds));
  return distance >= STANDS_OUT * Math.max(...usual);
}
