import type { Detection } from '../domain/face.js';
import type { Frame } from '../domain/frame.js';
import type { RunModel } from '../domain/tensor.js';
import { elapsedSeconds, type Micros } from '../domain/units.js';
import type { DetectorGeometry } from './decode-detections.js';
import { FaceDetector } from './face-detector.js';
import { inTurn, scanPlan } from './scan-plan.js';
import { addUnseen, dropContained, suppressWeighted } from './suppress.js';
import type { ScanState } from './track-state.js';

export interface FaceScannerOptions {
  readonly runModel: RunModel;
  readonly detectors: readonly DetectorGeometry[];
  /** Smallest face to look for, frame pixels. */
  readonly minFacePx: number;
}

/** Detections down to this score are given out; they may continue a track. */
const WEAK_SCORE = 0.3;
/** Media seconds between other looks at the whole frame, which take turns: while no face is followed, and while one is. */
const LOOK_SECONDS = { searching: 0.4, following: 1.2 } as const;

/** Looks for faces in whole frames: everywhere at first, then by turns. */
export class FaceScanner {
  /** Score from which on a detection is a face. */
  readonly strongScore: number;
  readonly #detectors: readonly FaceDetector[];
  readonly #minFacePx: number;

  constructor({ runModel, detectors, minFacePx }: FaceScannerOptions) {
    this.#detectors = detectors.map((geometry) => new FaceDetector(geometry, runModel));
    this.#minFacePx = minFacePx;
    this.strongScore = Math.min(...detectors.map((geometry) => geometry.minScore));
  }

  /** Detections of one frame, one per face, in frame pixels; changes `state`. */
  async scan(frame: Frame, state: ScanState, following: boolean): Promise<readonly Detection[]> {
    const first = state.lastScanUs === null;
    const lookDue = isLookDue(state, frame.ptsUs, following);
    const seen: Detection[] = [];
    const looked: Detection[] = [];
    for (const detector of this.#detectors) {
      const { inputSizePx } = detector.geometry;
      const plan = scanPlan(frame, { inputSizePx, minFacePx: this.#minFacePx });
      const tiles = first ? plan.tiles : inTurn(plan.tiles, state.scans);
      const looks = first ? plan.looks : lookDue ? inTurn(plan.looks, state.looks) : [];
      const [inView, inLook] = await Promise.all([
        detector.detect(frame, [plan.whole, ...tiles], WEAK_SCORE),
        detector.detect(frame, looks, WEAK_SCORE),
      ]);
      seen.push(...inView);
      looked.push(...inLook);
    }
    state.lastScanUs = frame.ptsUs;
    state.scans += 1;
    if (lookDue) {
      state.lastLookUs = frame.ptsUs;
      state.looks += 1;
    }
    return addUnseen(merged(seen), merged(looked), this.strongScore);
  }
}

function isLookDue({ lastScanUs, lastLookUs }: ScanState, now: Micros, following: boolean): boolean {
  if (lastScanUs === null || lastLookUs === null) return true;
  return elapsedSeconds(lastLookUs, now) >= (following ? LOOK_SECONDS.following : LOOK_SECONDS.searching);
}

function merged(detections: readonly Detection[]): Detection[] {
  return dropContained(suppressWeighted(detections));
}
