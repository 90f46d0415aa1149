import { type TrackedFace, VALIDITY, type Validity } from '../domain/face.js';
import { type Frame, yuv420pBytes } from '../domain/frame.js';
import { DEFAULT_MAX_SIDE_PX } from '../domain/reading-size.js';
import type { RunModel } from '../domain/tensor.js';
import { microsFromSeconds } from '../domain/units.js';
import { FULL_RANGE, SHORT_RANGE } from '../faces/decode-detections.js';
import { FacesStage } from '../faces/faces-stage.js';
import type { CanonicalFace } from '../faces/head-pose.js';
import { DEFAULT_VALIDITY } from '../faces/validity.js';
import type { GrayImage } from './gray-image.js';
import { fitWithin } from './resize.js';

/** Models that finding faces needs; the detectors are those that `mien analyze` uses by default. */
export const FINDER_MODELS = ['blazeface-full-range', 'blazeface-short-range', 'face-mesh'] as const;

export interface FaceFinderOptions {
  readonly runModel: RunModel;
  readonly canonicalFace: CanonicalFace;
}

/** Share of each judgement among the faces found, for the report. */
export type ValidityCounts = Record<Validity, number>;

/** Limited-range luma of black, and the range up to white (ITU-R BT.601), as frames have it. */
const BLACK = 16;
const RANGE = 219;
const NO_COLOUR = 128;

/**
 * Added on each side for the second search, as a share of the picture's longer side. Chosen on 56 tight crops of 224 px (LFW
 * people): with none no face was found, with 0.5, 1, 1.5, 2, 3 in 45, 48, 53, 55, 50.
 */
const MARGIN = 2;
/** What lies around: middle gray. */
const SURROUND = 128;

const marginOf = ({ widthPx, heightPx }: GrayImage): number => Math.round(Math.max(widthPx, heightPx) * MARGIN);

/** The picture in the middle of a larger, even one. Detectors learnt faces with something around them, and miss one that fills the picture. */
function withMargin(image: GrayImage, margin: number): GrayImage {
  const widthPx = image.widthPx + 2 * margin;
  const heightPx = image.heightPx + 2 * margin;
  const data = new Uint8Array(widthPx * heightPx).fill(SURROUND);
  for (let y = 0; y < image.heightPx; y++) {
    data.set(image.data.subarray(y * image.widthPx, (y + 1) * image.widthPx), (y + margin) * widthPx + margin);
  }
  return { widthPx, heightPx, data };
}

/** A picture as a frame of a still video. */
function frameOf(image: GrayImage, index: number, seconds: number): Frame {
  const { widthPx, heightPx } = image;
  const data = new Uint8Array(new SharedArrayBuffer(yuv420pBytes(widthPx, heightPx))).fill(NO_COLOUR);
  for (const [at, gray] of image.data.entries()) data[at] = Math.round(BLACK + (gray * RANGE) / 255);
  return { index, ptsUs: microsFromSeconds(seconds), widthPx, heightPx, data };
}

/** Times that a still picture is looked at for a face. */
const SIGHTS = 3;

const area = ({ box }: TrackedFace): number => (box.right - box.left) * (box.bottom - box.top);

/** The face of a photograph, and where it was seen. */
export interface FoundFace {
  /** The picture that was searched: as small as the frames of `mien analyze` by default, perhaps with a margin. */
  readonly picture: GrayImage;
  /** Pixels of the margin on each side of it. */
  readonly marginPx: number;
  /** The same as a frame; the face's coordinates are of it. */
  readonly frame: Frame;
  readonly face: TrackedFace;
}

/** Finds the largest face of a photograph with the stages that `mien analyze` uses. */
export class FaceFinder {
  /** How the product judges the faces found; it would not read those that are not `ok`. */
  readonly validity = Object.fromEntries(VALIDITY.map((name) => [name, 0])) as ValidityCounts;
  /** Of the faces found, how many only with a margin around the picture. */
  foundWithMargin = 0;
  readonly #options: FaceFinderOptions;

  constructor(options: FaceFinderOptions) {
    this.#options = options;
  }

  /** The largest face, or null when none is found, neither in the picture as it is nor with a margin around it. */
  async find(image: GrayImage): Promise<FoundFace | null> {
    let found = await this.#largestFace(await fitWithin(image, DEFAULT_MAX_SIDE_PX), 0);
    if (!found) {
      const inner = await fitWithin(image, Math.floor(DEFAULT_MAX_SIDE_PX / (1 + 2 * MARGIN)));
      const marginPx = marginOf(inner);
      found = await this.#largestFace(withMargin(inner, marginPx), marginPx);
      if (found) this.foundWithMargin += 1;
    }
    this.validity[found?.face.validity ?? 'no-face'] += 1;
    return found;
  }

  /** Looks up to three times, a fifth of a second apart, as at a video that stands still: the product believes a weakly seen face only when it lasts. */
  async #largestFace(picture: GrayImage, marginPx: number): Promise<FoundFace | null> {
    const { runModel, canonicalFace } = this.#options;
    const stage = new FacesStage({
      runModel,
      detectors: [FULL_RANGE, SHORT_RANGE],
      canonicalFace,
      validity: DEFAULT_VALIDITY,
      scanIntervalSeconds: 0,
    });
    const frame = frameOf(picture, 0, 0);
    let faces: readonly TrackedFace[] = [];
    for (let index = 0; index < SIGHTS && faces.length === 0; index++)
      ({ faces } = await stage.step({ ...frame, index, ptsUs: microsFromSeconds(0.2 * index) }));
    const face = faces.toSorted((a, b) => area(b) - area(a))[0];
    return face === undefined ? null : { picture, marginPx, frame, face };
  }
}
