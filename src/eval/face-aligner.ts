import { writeAlignedMesh } from '../domain/aligned-mesh.js';
import { alignmentPoints, writeAlignment } from '../domain/alignment.js';
import { MATRIX_VALUES } from '../domain/crop-inputs.js';
import type { TrainedManifest } from '../models/manifest.js';
import { sampleCrop } from './crop.js';
import { FaceFinder, type FaceFinderOptions, type ValidityCounts } from './face-finder.js';
import type { GrayImage } from './gray-image.js';
import type { NetworkFace } from './network-face.js';

export interface FaceAlignerOptions extends FaceFinderOptions {
  readonly alignment: TrainedManifest['alignment'];
  readonly cropPx: number;
}

/** Finds the face of a photograph and cuts out its aligned crop, with the stages that `mien analyze` uses. */
export class FaceAligner {
  readonly #options: FaceAlignerOptions;
  readonly #finder: FaceFinder;

  constructor(options: FaceAlignerOptions) {
    this.#options = options;
    this.#finder = new FaceFinder(options);
  }

  /** How the product judges the faces found; it would not read those that are not `ok`. They are measured nevertheless. */
  get validity(): ValidityCounts {
    return this.#finder.validity;
  }

  /** Of the faces found, how many only with a margin around the picture. */
  get foundWithMargin(): number {
    return this.#finder.foundWithMargin;
  }

  /**
   * The largest face, or null when none is found, neither in the picture as it is nor with a margin around it. One that the
   * mesh does not lie on, as a view from the side, is aligned by the detector's eyes and mouth.
   */
  async align(image: GrayImage): Promise<NetworkFace | null> {
    const { alignment, cropPx } = this.#options;
    const found = await this.#finder.find(image);
    if (!found) return null;
    const matrix = new Float32Array(MATRIX_VALUES);
    const { mesh, keypoints } = found.face;
    const points = mesh ? alignmentPoints(mesh) : keypoints;
    if (points === null) return null;
    writeAlignment(matrix, 0, alignmentTemplate(alignment), points);
    if (mesh === null) return { crop: sampleCrop(found.picture, matrix, cropPx), mesh };
    const aligned = new Float32Array(mesh.length);
    writeAlignedMesh(aligned, 0, matrix, mesh);
    return { crop: sampleCrop(found.picture, matrix, cropPx), mesh: aligned };
  }
}

/** Places of the three alignment points in the crop, as the manifest gives them. */
export function alignmentTemplate(alignment: TrainedManifest['alignment']) {
  return {
    rightEye: { x: alignment.rightEye[0], y: alignment.rightEye[1] },
    leftEye: { x: alignment.leftEye[0], y: alignment.leftEye[1] },
    mouth: { x: alignment.mouth[0], y: alignment.mouth[1] },
  };
}
