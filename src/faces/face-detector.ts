import { cropInputs } from '../domain/crop-inputs.js';
import type { Detection } from '../domain/face.js';
import type { Frame } from '../domain/frame.js';
import type { RunModel } from '../domain/tensor.js';
import { cropMatrices } from './crop-matrix.js';
import { anchorCentres, type DetectorGeometry, decodeDetections } from './decode-detections.js';
import { cutByTile, type ScanView } from './scan-plan.js';

/** Views sampled in one run; bounds a run's memory, and lets lanes share a search. */
const VIEWS_PER_RUN = 2;

/** One BlazeFace network over views of a frame. */
export class FaceDetector {
  readonly #anchors: Float32Array;

  constructor(
    readonly geometry: DetectorGeometry,
    private readonly runModel: RunModel,
  ) {
    this.#anchors = anchorCentres(geometry);
  }

  /** Detections of all views in frame pixels, unsuppressed, with score at least `minScore`. */
  async detect(frame: Frame, views: readonly ScanView[], minScore: number): Promise<Detection[]> {
    const groups: ScanView[][] = [];
    for (let start = 0; start < views.length; start += VIEWS_PER_RUN)
      groups.push(views.slice(start, start + VIEWS_PER_RUN));
    // All at once: the lanes share them.
    const found = await Promise.all(groups.map((group) => this.#detectGroup(frame, group, minScore)));
    return found.flat();
  }

  async #detectGroup(frame: Frame, group: readonly ScanView[], minScore: number): Promise<Detection[]> {
    const matrices = cropMatrices(group.map((view) => view.square));
    const outputs = await this.runModel(this.geometry.modelId, cropInputs(frame, matrices));
    const anchors = this.#anchors.length / 2;
    const found: Detection[] = [];
    for (const [index, view] of group.entries()) {
      const heads = {
        boxes: (outputs.boxes!.data as Float32Array).subarray(index * anchors * 16, (index + 1) * anchors * 16),
        scores: (outputs.scores!.data as Float32Array).subarray(index * anchors, (index + 1) * anchors),
      };
      for (const detection of decodeDetections(heads, this.geometry, this.#anchors, view.square, minScore)) {
        if (!cutByTile(detection.box, view, frame)) found.push(detection);
      }
    }
    return found;
  }
}
